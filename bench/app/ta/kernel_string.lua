-- SPDX-License-Identifier: BSD-2-Clause
-- Strings: concatenation, formats, patterns, bytes.
local n = ...
local total = 0
for i = 1, n do
    local s = string.format("%d:%s:%05x", i, "name" .. i % 10, i * 31)
    local a, b = s:match("^(%d+):name(%d)")
    s = s:gsub("%d", "x"):upper():rep(3, "-")
    for j = 1, #s, 5 do
        total = total + s:byte(j)
    end
    total = total + #a + tonumber(b)
end
return total
