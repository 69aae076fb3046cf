-- SPDX-License-Identifier: BSD-2-Clause
-- Returns the longest stretch since the last call of this script, and the longest one of `loop` in measure.lua alone.
local _, _, whole, phase = tee.fuel("read")
return whole, phase
