-- SPDX-License-Identifier: BSD-2-Clause
-- A franking machine. A record is a stamp, which is worth something because it is signed, and each one is counted.
-- Record N has the digest of record N - 1, so that no record can be left out, changed or moved.
--
-- Storage holds the last record ("last"), because Linux may lose it, and a counter of all records. The record is stored
-- first, then the counter goes up, then the record is returned. So when a call begins, there are three cases:
--   record N + 1, counter N    the power failed in between: record N + 1 was not returned, and still counts
--   record N, counter N        the normal case
--   record M < N               an older state of the storage was restored, to make a record again with other contents
local NONE = ("0"):rep(64)      -- the digest that the first record has for the record before it
local UNITS_MAX = 1000000       -- largest number of units in one record

local counter = tee.counter("records")

local function key()
    return tee.key.open("meter") or tee.key.generate {type = "ecdsa-p256", usage = {"sign"}, name = "meter"}
end

-- Arguments come from Linux. They must be words, so that no argument can look like another field of the line.
local function word(value, what)
    if type(value) ~= "string" or #value > 64 or not value:find("^[%w_.-]+$") then
        error(what .. ": 1 to 64 of A-Z a-z 0-9 _ . - expected", 0)
    end
    return value
end

local function sign(text)
    local k <close> = key()
    return text .. " signature=" .. tee.base64.encode(k:sign(text))
end

-- Returns the last record, and raises the counter if the power failed before. t is a transaction, so that two sessions
-- do not do this at once.
local function settle(t)
    local last = t.get("last") or {number = 0, total = 0, digest = NONE}
    local value = counter:value()
    if last.number == value + 1 then
        counter:increment()
    elseif last.number ~= value then
        error(("storage has %d records, but %d were made: an older state of it was restored, so the meter stops")
            :format(last.number, value), 0)
    end
    return last
end

local meter = {}

-- Uses units and returns the record, one line. `after` is the number of the last record in the caller's log. If it is
-- not the last record of the meter, uses nothing and returns nil and the reason: the meter keeps only its last record,
-- so a new one would leave a gap in the log if the client died before it logged that.
function meter.use(units, reference, after)
    if math.type(units) ~= "integer" or units < 1 or units > UNITS_MAX then
        error("units: an integer from 1 to " .. UNITS_MAX .. " expected", 0)
    end
    word(reference, "reference")
    if math.type(after) ~= "integer" then error("after: the number of the last record (an integer) expected", 0) end
    local record, why = tee.store.transaction(function(t)
        local last = settle(t)
        if last.number ~= after then
            return nil, ("record %d is the last one: append it to the log first"):format(last.number)
        end
        local number, total = last.number + 1, last.total + units
        local text = ("meter record number=%d units=%d total=%d for=%s previous=%s"):format(
            number, units, total, reference, last.digest)
        local digest = tee.hex.encode(tee.digest("sha256", text))
        local line = sign(text)
        t.put("last", {number = number, total = total, digest = digest, line = line})
        return line
    end)
    if not record then return nil, why end
    tee.store.transaction(settle)
    return record
end

-- Returns the last record and its number, or nil and 0, for a client that died before it logged the record.
function meter.last()
    local last = tee.store.transaction(settle)
    return last.line, last.number
end

-- Returns the state of the meter, signed. The reader chooses the nonce: without it, Linux could show an old statement
-- and withhold the records after it.
function meter.statement(nonce)
    word(nonce, "nonce")
    local last = tee.store.transaction(settle)
    return sign(("meter statement number=%d total=%d last=%s nonce=%s"):format(
        last.number, last.total, last.digest, nonce))
end

function meter.public()
    local k <close> = key()
    return k:public()
end

return meter
