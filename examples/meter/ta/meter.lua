-- SPDX-License-Identifier: BSD-2-Clause
-- A franking machine: a record is a stamp that is worth something because it is signed, and each one is counted. Record
-- N names the digest of record N - 1, so that none can be left out, changed, or moved.
--
-- Stored are the last record ("last"), as what Linux was given may get lost on its way, and a counter of all records.
-- The record is stored first, then the counter goes up, then the record is given out. So, when a call begins,
--   record N + 1, counter N    the power failed in between: nobody has record N + 1, and it still counts
--   record N, counter N        all is well
--   record M < N               somebody put an old storage back, to make the same record again with other contents
local NONE = ("0"):rep(64)      -- what the first record names as the one before
local UNITS_MAX = 1000000       -- of one record

local counter = tee.counter("records")

local function key()
    return tee.key.open("meter") or tee.key.generate {type = "ecdsa-p256", usage = {"sign"}, name = "meter"}
end

-- Arguments come from Linux. Words only: nothing in them can look like another field of the line.
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

-- The last record, with the counter brought up to it; t is a transaction, so that no two sessions do it at once.
local function settle(t)
    local last = t.get("last") or {number = 0, total = 0, digest = NONE}
    local value = counter:value()
    if last.number == value + 1 then
        counter:increment()
    elseif last.number ~= value then
        error(("record %d is the last one in storage, and %d were made: an old storage was put back"):format(
            last.number, value), 0)
    end
    return last
end

local meter = {}

-- Uses some units, for something: returns the record of it, one line. `after` is the number of the last record that the
-- caller has written down. If that is not the last one, nothing is used, and nil and why are returned: only the last
-- one is kept here, and another on top of it would be a gap in the log when whoever made it has died.
function meter.use(units, reference, after)
    if math.type(units) ~= "integer" or units < 1 or units > UNITS_MAX then
        error("units: an integer from 1 to " .. UNITS_MAX .. " expected", 0)
    end
    word(reference, "reference")
    if math.type(after) ~= "integer" then error("after: the number of the last record expected", 0) end
    local record, why = tee.store.transaction(function(t)
        local last = settle(t)
        if last.number ~= after then return nil, ("record %d is the last one: write it down first"):format(last.number) end
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

-- The last record again, or nil if there is none, and its number, or 0: for a Linux that was cut off before it had
-- written it down.
function meter.last()
    local last = tee.store.transaction(settle)
    return last.line, last.number
end

-- Where the meter stands. The nonce is the reader's: without it an old statement could be shown, and the records
-- after it kept back.
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
