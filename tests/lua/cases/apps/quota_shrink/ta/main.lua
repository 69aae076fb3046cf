-- SPDX-License-Identifier: BSD-2-Clause
-- Fills the memory, then shrinks the array parts of `count` tables from 256 to 32 places in steps, and takes what memory there is
-- after each step. A shrinking array needs a block of another size before it frees its own.
local count = ...
local pack, unpack, pcall = table.pack, table.unpack, pcall
local tables, reserve, hoard, nothing, names = {}, {}, {}, {}, {}
for i = 1, count do
    local t = {k = 1}
    for j = 1, 256 do t[j] = true end
    tables[i] = t
end
for i = 1, 1200 do -- tables of a few fields, most of which go: their blocks serve the new hash parts
    local name = i % 4
    reserve[i] = name < 2 and {a = i} or name == 2 and {a = 1, b = 1, c = 1} or {a = 1, b = 1, c = 1, d = 1, e = 1}
end
for i = 1, 64 do names[i] = "n" .. i end
for i = 1, 6000 do hoard[i] = false end
unpack(nothing, 1, 200) -- the stack has room for it from now on

local taken = 0
local function take(size)
    while taken < 5990 do
        local t = pack(unpack(nothing, 1, size))
        taken = taken + 1
        hoard[taken] = t
    end
end

local function fill()
    for _, size in ipairs {140, 64, 32} do pcall(take, size) end
end

local function add(t, from, to)
    for i = from, to do t[names[i]] = 1 end
end

local shrunk = 0
local function run()
    fill()
    for level = 1, 3 do
        local keep = (256 >> (level + 1)) + 1
        for i = 1, count do
            local t = tables[i]
            for j = keep + 1, 256 >> (level - 1) do t[j] = nil end
            -- The hash part is full: the table is made anew, with a smaller array part.
            if pcall(add, t, 1 << (level - 1), (1 << level) - 1) then shrunk = shrunk + 1 end
            fill()
        end
    end
end

for i = 1, 1200 do
    local kept = i % 12
    if kept ~= 0 and kept ~= 1 and kept ~= 3 and kept ~= 6 then reserve[i] = nil end
end
collectgarbage()
pcall(run)
for i = 1, #hoard do hoard[i] = false end
collectgarbage()
return shrunk
