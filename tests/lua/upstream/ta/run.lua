-- SPDX-License-Identifier: BSD-2-Clause
-- run(FILE) lists the cases of a file, sorted; run(FILE, NAME) runs one.
local file, name = ...
local cases = require(file)
if name then return cases[name]() end
local names = {}
for case_name in pairs(cases) do names[#names + 1] = case_name end
table.sort(names)
return names
