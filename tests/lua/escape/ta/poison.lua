-- SPDX-License-Identifier: BSD-2-Clause
-- What a hostile script does to everything that it can reach.
for _, name in ipairs {"string", "table", "math", "coroutine", "utf8"} do
    for key in pairs(_G[name]) do _G[name][key] = nil end
end
for key in pairs(_G) do if key ~= "_G" then _G[key] = nil end end
return true
