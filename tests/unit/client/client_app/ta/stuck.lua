-- SPDX-License-Identifier: BSD-2-Clause
-- Cannot stop at the end of its slice; goes round for ever, or as often as it is told.
local rounds = ... or math.huge
table.sort({2, 1}, function()
    local i = 0
    while i < rounds do i = i + 1 end
end)
