-- SPDX-License-Identifier: BSD-2-Clause
-- Lua itself: each ta/lang_*.lua returns a table of named functions. They run in the TEE and, from the same file, in
-- the host's stock Lua; results and error messages must be the same to the byte.

local test = require "test"

local parts = {
    "lang_arithmetic", "lang_math", "lang_format", "lang_string", "lang_pattern", "lang_pack", "lang_table",
        "lang_metatable",
    "lang_coroutine", "lang_syntax", "lang_utf8", "lang_error", "lang_load",
}

-- Error messages begin with the chunk's name: the host's chunks get the name that the TEE gives to its own.
local before, after = select(2, pcall(TA_call, "raise_text")):match("^(.-)raise_text(.-):4: boom$")

local function host_cases(name)
    local file = assert(io.open(test.app .. "/ta/" .. name .. ".lua"))
    local source = file:read("a")
    file:close()
    return assert(load(source, "=" .. before .. name .. after))(name)
end

for _, name in ipairs(parts) do
    local ok, seen = pcall(TA_call, "run_cases", name)
    local cases = host_cases(name)
    local names = {}
    for case_name in pairs(cases) do names[#names + 1] = case_name end
    table.sort(names)
    for _, case_name in ipairs(names) do
        test.case(name:sub(6) .. ": " .. case_name, function()
            test.ok(ok, seen)
            test.equal(seen[case_name], table.pack(pcall(cases[case_name])))
        end)
    end
end
