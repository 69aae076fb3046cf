-- SPDX-License-Identifier: BSD-2-Clause
-- The examples of the reference, blocks that begin with ```lua trusted, run in the TEE; and what is there is told there.

local test = require "test"

-- Pages, and whether they must have examples.
local pages = {reference = false, services = true, keys = true, storage = true, identity = true}

local function read(page)
    local file = assert(io.open(test.app .. "/../../docs/" .. page .. ".md"))
    local text = file:read("a")
    file:close()
    return text
end

local everything = ""
for page, must in pairs(pages) do
    local text, examples, line = read(page), 0, 1
    everything = everything .. text
    for before, source in text:gmatch("(.-\n)```lua trusted\n(.-)\n```") do
        line = line + select(2, before:gsub("\n", "")) + 1
        examples = examples + 1
        local first = line
        test.case(page .. ".md, line " .. first, function() test.tee(source) end)
        line = line + select(2, source:gsub("\n", "")) + 1
    end
    test.case(page .. ".md has examples", function() test.ok(examples > 0 or not must) end)
end

test.case("every function of tee is in the reference", function()
    local names = test.tee([[
        local names = {}
        local function add(path, t)
            for name, value in pairs(t) do
                if type(value) == "table" then add(path .. name .. ".", value) else names[#names + 1] = path .. name end
            end
        end
        add("tee.", tee)
        return names]])
    for _, name in ipairs(names) do
        test.ok(everything:find("`" .. name:gsub("%.", "%%.") .. "%f[^%w_]"), name .. " is not in the reference")
    end
end)

-- What is declared is what is there: tests/unit/core/lualib/definitions_test.c.
test.case("every method of the TEE's objects is in the reference", function()
    local count = 0
    for line in io.lines(test.app .. "/../../share/luals/ta/tee.lua") do
        local method = line:match("^function %w+:([%w_]+)%(")
        if method then
            count = count + 1
            test.ok(everything:find("`%w+:" .. method .. "%f[^%w_]"), method .. " is not in the reference")
        end
    end
    test.ok(count > 10, count .. " methods are declared")
end)
