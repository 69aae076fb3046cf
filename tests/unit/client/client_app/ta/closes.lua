-- SPDX-License-Identifier: BSD-2-Clause
-- Runs until somebody stops it, and remembers that its variable was closed. With an argument: was it?
local state = require "closed"
if ... then return state.closed end
local guard <close> = setmetatable({}, {__close = function() state.closed = true end})
while true do pcall(function() while true do end end) end
