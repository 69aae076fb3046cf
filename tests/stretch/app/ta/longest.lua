-- SPDX-License-Identifier: BSD-2-Clause
-- Returns the longest stretch since the last call of this script, and the longest one of `loop` in measure.lua alone. What the
-- input left is collected, so that the next one does not pay for it.
local _, _, whole, loop = tee.fuel()
collectgarbage()
tee.fuel("read")
return whole, loop
