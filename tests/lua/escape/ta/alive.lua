-- SPDX-License-Identifier: BSD-2-Clause
-- Uses a little of everything: what a case did to the state would show.
local n = ...
local t = {}
for i = 1, 100 do t[i] = ("%d"):format(i) end
assert(table.concat(t, ","):gsub("%d+", "") == (","):rep(99))
assert(select("#", table.unpack(t)) == 100)
assert(coroutine.wrap(function(...) return coroutine.yield(...) end)(7) == 7)
assert(not pcall(error, "x") and math.max(1, 2) == 2 and utf8.len("äöü") == 3)
return 2 * n
