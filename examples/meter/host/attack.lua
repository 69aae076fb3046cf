-- SPDX-License-Identifier: BSD-2-Clause
-- Tries what a hostile Linux could try to pay for less than it used: first with the TEE, then with the log. Its
-- argument is the log, to which it adds some records. They cannot be removed from the meter again.
local tee = require "tee"
local meter = tee.import "meter"

local won = false

-- Prints how an attempt ended. An attempt that returns a value has succeeded.
local function attempt(what, try)
    local ok, result, why = pcall(try)
    won = won or (ok and result)
    why = ok and (result and "SUCCEEDED" or why or "nothing gained") or tostring(result)
    print(what .. ": " .. why:gsub("^[^\n]-%.lua:%d+: ", ""):match("^[^\n(]*[^\n( ]"))
end

-- Uses units as an honest client does.
local function use(units, reference)
    local _, number = meter.last()
    return assert(meter.use(units, reference, number))
end

local function write(path, lines)
    local file <close> = assert(io.open(path, "w"))
    for _, line in ipairs(lines) do assert(file:write(line, "\n")) end
end

local function read(path)
    local lines = {}
    for line in io.lines(path) do lines[#lines + 1] = line end
    return lines
end

local function with_openssl(log, lines)
    local verify = arg[0]:gsub("host/main.lua$", "verify.sh")
    local folder = os.tmpname()
    os.remove(folder)
    assert(os.execute("mkdir " .. folder))
    local public, changed, statement, old = folder .. "/pem", folder .. "/log", folder .. "/now", folder .. "/old"

    local function verified(records, which, nonce)
        write(changed, records)
        local command = ("'%s' %s %s %s %s 2>&1"):format(verify, public, changed, which, nonce)
        local out <close> = io.popen(command)
        local said = out:read("a"):match("[^\n]*")
        return out:close() and said, said
    end

    write(public, {(meter.public():gsub("\n$", ""))})
    write(old, {meter.statement("then")})
    lines[#lines + 1] = use(30, "third")
    write(log, lines)
    write(statement, {meter.statement("now")})
    -- The unchanged log is good, so that the failures below come from the changes.
    assert(verified(lines, statement, "now"))

    local last = #lines
    local function change(what, edit, which, nonce)
        local copy = table.move(lines, 1, last, 1, {})
        attempt(what, function()
            edit(copy)
            return verified(copy, which or statement, nonce or "now")
        end)
    end
    change("drop a record", function(l) table.remove(l, last - 1) end)
    change("drop the first", function(l) table.remove(l, 1) end)
    change("drop the last", function(l) table.remove(l) end)
    change("drop all", function(l) for i = 1, last do l[i] = nil end end)
    change("drop the last, and show an old statement", function(l) table.remove(l) end, old)
    change("swap two", function(l) l[last], l[last - 1] = l[last - 1], l[last] end)
    change("show a cheap record twice, in place of an expensive one", function(l) l[last] = l[last - 1] end)
    change("change the units", function(l) l[last] = l[last]:gsub("units=30 ", "units=3 ") end)
    change("change the number", function(l) l[last] = l[last]:gsub("number=%d+", "number=" .. last + 1) end)
    change("use the signature of another record", function(l)
        l[last] = l[last]:gsub("signature=.*", l[last - 1]:match("signature=.*"))
    end)
    change("show a statement as a record", function(l) l[last] = read(statement)[1] end)
    os.execute("rm -r " .. folder)
end

return function(log)
    attempt("use less than nothing", function() return meter.use(-100, "credit") end)
    attempt("use nothing", function() return meter.use(0, "free") end)
    attempt("use more than an integer holds", function() return meter.use(math.maxinteger, "overflow") end)
    attempt("add a field to the reference", function() return meter.use(50, "x units=1") end)
    attempt("make a record while the last one is not logged", function() return meter.use(1, "gap", -1) end)
    attempt("put a record into a statement", function() return meter.statement("x number=1") end)

    local lines = io.open(log) and read(log) or {}
    lines[#lines + 1] = use(10, "first")
    lines[#lines + 1] = use(20, "second")
    write(log, lines)
    if os.execute("command -v openssl >/dev/null") then
        with_openssl(log, lines)
    else
        print("openssl is not installed: the attacks on the log are skipped")
    end
    if won then os.exit(1) end
end
