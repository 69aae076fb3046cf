-- SPDX-License-Identifier: BSD-2-Clause
-- What several groups of inputs need.
local shapes = {}

shapes.K = 1024
shapes.M = 1024 * 1024

-- The text over and over, about `size` bytes in all: in large pieces, as string.rep itself is one of the inputs.
function shapes.bytes(text, size)
    local piece = text:rep(4096)
    return #piece < size and piece:rep(size // #piece) or text:rep(size // #text)
end

-- `count` integers that hash to one place in a table of 2^bits nodes, unless the hash has a secret seed.
function shapes.colliding_integers(bits, count)
    local keys, step = {}, (1 << bits) - 1
    for i = 1, count do keys[i] = i * step end
    return keys
end

-- Floats with one exponent and nothing in the low bits of the mantissa.
function shapes.colliding_floats(count)
    local keys = {}
    for i = 1, count do keys[i] = 65536 + i + 0.5 end
    return keys
end

-- A table with `count` integer keys of which all were removed again, but one.
function shapes.emptied(count)
    local t = {}
    for i = 1, count do t[-i] = true end
    local last
    for key in pairs(t) do last = key end
    for i = 1, count do
        if -i ~= last then t[-i] = nil end
    end
    return t
end

-- `count` small tables, each with a string of its own.
function shapes.small_objects(count)
    local t = {}
    for i = 1, count do t[i] = {i, "object " .. i} end
    return t
end

-- A list of `count` values.
function shapes.list(count, value)
    local t = {}
    for i = 1, count do t[i] = value or i end
    return t
end

-- A chunk with `count` times the text, in which %d is the number.
function shapes.source(before, text, count, after)
    local parts = {}
    for i = 1, count do parts[i] = (text:gsub("%%d", tostring(i))) end
    return before .. table.concat(parts) .. after
end

return shapes
