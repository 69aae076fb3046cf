-- SPDX-License-Identifier: BSD-2-Clause
-- Calls a function of tee by its path ("aead.seal") with the other arguments.
local path = ...
local at = tee
for name in path:gmatch("[^.]+") do at = at[name] end
return at(select(2, ...))
