-- SPDX-License-Identifier: BSD-2-Clause
-- The TEE against published vectors: luatee run -u tests/lua/vectors FOLDER [STEP]. FOLDER is that of Debian's package
-- python3-cryptography-vectors; every STEP-th vector is tried. Prints "N passed, N failed".
--
-- Where reading so much takes too long: lua5.4 tests/lua/vectors/host/main.lua write FOLDER STEP >FILE elsewhere, and
-- luatee run -u tests/lua/vectors FILE.

package.path = arg[0]:match("^.*/") .. "?.lua;" .. package.path
local vectors = require "vectors"

if arg[1] == "write" then
    print("local vectors = {}")
    vectors(assert(arg[2]), math.tointeger(arg[3]), function(...)
        local written = {}
        for i, value in ipairs {...} do written[i] = type(value) == "string" and ("%q"):format(value) or tostring(value) end
        print("vectors[#vectors + 1] = {" .. table.concat(written, ", ") .. "}")
    end)
    print("return vectors")
    return
end

local passed, failed = 0, 0

-- What a call is to compute, and what must come out.
local work, wanted, names, size = {}, {}, {}, 0
local BATCH, BATCH_BYTES = 64, 100000

local function flush()
    if #work == 0 then return end
    for i, result in ipairs(TA_call("compute", work)) do
        if result == wanted[i] then
            passed = passed + 1
        else
            failed = failed + 1
            print("FAIL " .. names[i])
        end
    end
    work, wanted, names, size = {}, {}, {}, 0
end

local function try(name, good, ...)
    work[#work + 1], wanted[#wanted + 1], names[#names + 1] = {...}, good, name
    for _, argument in ipairs {...} do size = size + (type(argument) == "string" and #argument or 0) end
    if #work == BATCH or size > BATCH_BYTES then flush() end
end

local source = assert(arg[1], "the folder with the vectors is missing")
if source:find("%.lua$") then
    for _, vector in ipairs(dofile(source)) do try(table.unpack(vector)) end
else
    vectors(source, math.tointeger(arg[2] or 1), try)
end
flush()
print(string.format("%d passed, %d failed", passed, failed))
if failed > 0 then error(failed .. " failed", 0) end
