-- SPDX-License-Identifier: BSD-2-Clause
-- A module has the libraries of its own set of globals.
local string = require "string"
string.marked = "by the module"
return {own = function() return require "string" == string and string.marked end}
