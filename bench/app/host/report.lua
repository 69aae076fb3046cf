-- SPDX-License-Identifier: BSD-2-Clause
-- Formats the figures, beside the project's targets for them.
local report = {}

local function ratio(a, b) return a / b end

local function thousands(n)
    local s = tostring(n)
    repeat
        local more
        s, more = s:gsub("^(%d+)(%d%d%d)", "%1,%2")
    until more == 0
    return s
end

-- Rows of the first table: text, figure, reference, target.
local function rows(f)
    return {
        {"a null command of a minimal C TA, two registered memrefs", f.null_call},
        {"`tee.call` of an empty trusted script, warm", f.call_empty, f.null_call, 1.25},
        {"the same, 1 KiB of records each way (30 tables of three fields)", f.call_records, f.null_call, 1.8},
        {"the same, 1 KiB of strings each way (one table of 16 strings)", f.call_strings, f.null_call, 1.8},
        {"open a session of the minimal C TA, and a null command", f.null_open},
        {"`tee.open` and a first call", f.open, f.null_open, 1.5},
    }
end

local function geometric_mean(kernels)
    local sum = 0
    for _, k in ipairs(kernels) do sum = sum + math.log(ratio(k.ta, k.linux)) end
    return math.exp(sum / #kernels)
end

local allocates = {small_allocations = true, closures = true, sieve = true}

function report.markdown(f)
    local out = {
        "Instructions, counted by QEMU (`make bench`, one boot). All figures are medians of warm repetitions.", "",
        "| figure | instructions | times the reference | target |", "| --- | ---: | ---: | ---: |",
    }
    for _, row in ipairs(rows(f)) do
        local what, figure, reference, target = table.unpack(row, 1, 4)
        out[#out + 1] = string.format("| %s | %s | %s | %s |", what, thousands(figure),
            reference and string.format("%.2f", ratio(figure, reference)) or "", target and "at most " .. target or "")
    end
    local more = {
        "", "| Lua kernel | in the TA | stock Lua 5.4.9 `-O2` on Linux | TA / Linux | target |",
            "| --- | ---: | ---: | ---: | ---: |",
    }
    table.move(more, 1, #more, #out + 1, out)
    for _, k in ipairs(f.kernels) do
        out[#out + 1] = string.format("| %s | %s | %s | %.2f | at most %s |", (k.name:gsub("_", " ")), thousands(k.ta),
            thousands(k.linux), ratio(k.ta, k.linux), allocates[k.name] and "0.70" or "1.05")
    end
    out[#out + 1] = string.format("| geometric mean | | | %.2f | at most 0.90 |", geometric_mean(f.kernels))
    more = {
        "", "| size | bytes | target |", "| --- | ---: | ---: |",
        string.format("| image of the TA | %s | at most %s |", thousands(f.image_size), thousands(320 * 1024)),
        string.format("| memory of a fresh session | %s | at most %s |", thousands(f.session_memory),
            thousands(48 * 1024)),
    }
    table.move(more, 1, #more, #out + 1, out)
    return table.concat(out, "\n")
end

function report.json(f)
    local kernels = {}
    for i, k in ipairs(f.kernels) do
        kernels[i] = string.format('    {"name": "%s", "ta": %d, "linux": %d, "ratio": %.4f}', k.name, k.ta, k.linux,
            ratio(k.ta, k.linux))
    end
    local names = {"null_call", "call_empty", "call_records", "call_strings", "null_open", "open", "session_memory",
        "image_size"}
    local lines = {'  "unit": "instructions (sizes: bytes)"'}
    for _, name in ipairs(names) do
        lines[#lines + 1] = string.format('  "%s": %d', name, f[name])
    end
    lines[#lines + 1] = '  "kernels": [\n' .. table.concat(kernels, ",\n") .. "\n  ]"
    lines[#lines + 1] = string.format('  "kernels_geometric_mean": %.4f', geometric_mean(f.kernels))
    return "{\n" .. table.concat(lines, ",\n") .. "\n}"
end

return report
