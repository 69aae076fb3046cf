-- SPDX-License-Identifier: BSD-2-Clause
-- The part in Linux. It keeps the records. If it loses one, the reader notices.
local tee = require "tee"

local usage = [[
meter use LOG UNITS REFERENCE   uses units, and appends the record to the file LOG
meter recover LOG               appends the last record, if LOG lacks it
meter statement NONCE           prints the state of the meter, signed
meter public                    prints the public key of its signatures
meter attack LOG                tries to pay for less than was used; adds records to LOG]]

local meter = tee.import "meter"

-- Appends a record, unless the log has it.
local function append(path, record)
    local log <close> = assert(io.open(path, "a+"))
    log:seek("set")
    for line in log:lines() do
        if line == record then return false end
    end
    assert(log:write(record, "\n"))
    return true
end

local commands = {}

function commands.recover(path)
    local record = meter.last()
    print(record and append(path, record) and "1 record recovered" or "nothing to recover")
end

function commands.use(path, units, reference)
    local record
    repeat
        local last, number = meter.last()   -- it may be missing in the log after a power cut, or with two clients
        if last then append(path, last) end
        record = meter.use(math.tointeger(units) or units, reference, number)
    until record    -- nil: another client was faster
    append(path, record)
end

function commands.statement(nonce)
    print(meter.statement(nonce))
end

function commands.public()
    io.write(meter.public())
end

function commands.attack(log)
    require "attack"(log)
end

local needed = {use = 3, recover = 1, statement = 1, attack = 1}  -- arguments
local command = commands[... or ""]
if not command or select("#", ...) - 1 < (needed[...] or 0) then
    io.stderr:write(usage, "\n")
    os.exit(2)
end
command(select(2, ...))
