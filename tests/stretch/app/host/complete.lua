-- SPDX-License-Identifier: BSD-2-Clause
-- Whether every function that a script can call, every method, and every instruction of the VM has an input.
local tee = require "tee"

local complete = {}

-- Instructions that take a few steps, whatever their operands.
local CONSTANT = {}
for name in ([[
    MOVE LOADI LOADF LOADK LOADKX LOADFALSE LFALSESKIP LOADTRUE GETUPVAL SETUPVAL NOT JMP EQI LTI LEI GTI GEI TEST TESTSET
    RETURN0 RETURN1 FORLOOP TFORPREP TFORLOOP EXTRAARG ADDI ADDK SUBK MULK SHRI SHLI]]):gmatch("%S+") do
    CONSTANT["OP_" .. name] = true
end

-- Instructions that do the same as another one.
local LIKE = {
    OP_POWK = "OP_POW", OP_DIVK = "OP_DIV", OP_IDIVK = "OP_IDIV", OP_MODK = "OP_MOD", OP_BANDK = "OP_BAND", OP_BORK = "OP_BAND",
    OP_BXORK = "OP_BAND", OP_BOR = "OP_BAND", OP_BXOR = "OP_BAND", OP_SHL = "OP_BAND", OP_SHR = "OP_BAND", OP_BNOT = "OP_BAND",
    OP_SUB = "OP_ADD", OP_MUL = "OP_ADD", OP_MMBIN = "OP_ADD", OP_MMBINI = "OP_ADD", OP_MMBINK = "OP_ADD",
}

-- What input names begin with, up to ": ".
local function subjects(names)
    local found = {}
    for _, name in ipairs(names) do found[name:match("^(.-): ") or name] = true end
    return found
end

local function opcodes(path)
    local names = {}
    for line in io.lines(path) do
        local name = line:match("^(OP_[A-Z0-9]+)[,/]")
        if name then names[#names + 1] = name end
    end
    return names
end

-- names: of all inputs. definitions: the path of share/luals/ta/tee.lua; opcodes: of lopcodes.h. Returns what has no input,
-- and how many have one.
function complete.missing(names, definitions, header)
    local have, missing, count = subjects(names), {}, 0
    local function need(name)
        if have[name] then count = count + 1 else missing[#missing + 1] = name end
    end
    for _, name in ipairs(tee.call("functions")) do need(name) end
    for object, methods in pairs(require("definitions").read(definitions).methods) do
        for method in pairs(methods) do need(object .. ":" .. method) end
    end
    local seen = 0
    for _, name in ipairs(opcodes(header)) do
        seen = seen + 1
        if not CONSTANT[name] then need(LIKE[name] or name) end
    end
    if seen ~= 83 then missing[#missing + 1] = ("83 instructions in %s, not %d"):format(header, seen) end
    table.sort(missing)
    return missing, count
end

return complete
