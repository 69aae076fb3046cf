-- SPDX-License-Identifier: BSD-2-Clause
-- Runs the functions of a module of cases, each under pcall.
local module = ...
local out = {}
for name, case in pairs(require(module)) do
    out[name] = table.pack(pcall(case))
end
return out
