-- SPDX-License-Identifier: BSD-2-Clause
-- Time-based one-time passwords (RFC 6238). There are two kinds of accounts:
--   check   enrolled here; the secret goes to a phone once; the phone's codes are checked here and never made here
--   make    imported here; the secret comes from a service; codes for a login there are made here, never checked here
-- Each account has a stored key named KIND.DIGITS.NAME, which computes MACs and is not extractable. An account to check
-- also has a record in storage, under its name: `step`, the time step of the last accepted code, because a code must
-- not be accepted twice (RFC 6238, section 5.2), and `wrong`, the number of wrong codes in a row (RFC 4226, section
-- 7.3).
local base32 = require "base32"

local STEP = 30             -- seconds for which a code is valid
local SLACK = 1             -- steps by which a phone's clock may be early or late
local SEED_SIZE = 20        -- bytes of a new secret: the size of a SHA-1 digest (RFC 4226, section 4)
local WRONG_MAX = 10        -- wrong codes in a row; 3 in a million are right by chance
local MODULUS = {[6] = 1000000, [8] = 100000000}
local TYPES = {SHA1 = "hmac-sha1", SHA256 = "hmac-sha256", SHA512 = "hmac-sha512"}

-- Arguments come from Linux. Invalid arguments raise an error. Failures that an honest user can meet return nil and the
-- reason.
local function check_name(name)
    if type(name) ~= "string" or #name > 32 or not name:find("^[%w_-]+$") then
        error("a name has 1 to 32 of A-Z a-z 0-9 _ -", 0)
    end
end

-- Linux tells the time, so it cannot be trusted.
local function step_of(time)
    if math.type(time) ~= "integer" or time < 0 or time >= 1 << 40 then
        error("the time must be an integer: seconds since 1970", 0)
    end
    return time // STEP
end

local function find(kind, name)
    check_name(name)
    for _, digits in ipairs {6, 8} do
        local key = tee.key.open(kind .. "." .. digits .. "." .. name)
        if key then return key, digits end
    end
    return nil, "there is no account " .. name .. (kind == "make" and " whose codes are made here" or " to check")
end

-- HOTP (RFC 4226, section 5.3), with the step as its counter.
local function code_of(key, digits, step)
    local mac = key:mac(string.pack(">I8", step))
    local number = string.unpack(">I4", mac, (mac:byte(-1) & 15) + 1) & 0x7fffffff
    return ("%0" .. digits .. "d"):format(number % MODULUS[digits])
end

-- Stores a key. It never replaces one: otherwise an attacker could replace a secret by his own.
local function keep(kind, digits, name, algorithm, seed)
    if find(kind, name) then return nil, "there is an account " .. name .. " already" end
    local key, why = tee.key.import {
        type = TYPES[algorithm], raw = seed, name = kind .. "." .. digits .. "." .. name, usage = {"mac"},
    }
    if not key then return nil, why end
    key:close()
    return true
end

-- A key to check without a record is left from an enrolment that a full disk or a power cut ended. Its secret was never
-- shown.
local function drop_half(t, name)
    if not t.get(name) then tee.key.delete("check.6." .. name) end
end

local totp = {}

-- Makes a secret and returns it as a URI for a phone. It is never shown again.
function totp.enrol(name)
    check_name(name)
    local seed = tee.random(SEED_SIZE)
    -- In one transaction, so that no other session makes a new record for an account that has its key already.
    local done, kept, why = pcall(tee.store.transaction, function(t)
        drop_half(t, name)
        local kept, why = keep("check", 6, name, "SHA1", seed)  -- all authenticators support these
        if kept then t.put(name, {step = -1, wrong = 0}) end
        return kept, why
    end)
    if not done then
        pcall(tee.store.transaction, function(t) drop_half(t, name) end)    -- if it fails, the next enrolment does it
        error(kept, 0)
    end
    if not kept then return nil, why end
    return ("otpauth://totp/luatee:%s?secret=%s&issuer=luatee&algorithm=SHA1&digits=6&period=%d"):format(
        name, base32.encode(seed), STEP)
end

-- Imports a service's secret, in base32. Linux has seen it before, but cannot read it from now on.
function totp.import(name, secret, algorithm, digits)
    check_name(name)
    algorithm, digits = algorithm or "SHA1", digits or 6
    if not TYPES[algorithm] then return nil, "the algorithms are SHA1, SHA256 and SHA512" end
    if not MODULUS[digits] then return nil, "codes have 6 or 8 digits" end
    local seed = type(secret) == "string" and #secret <= 256 and base32.decode(secret)
    if not seed then return nil, "the secret is not in base32" end
    return keep("make", digits, name, algorithm, seed)
end

function totp.code(name, time)
    local step = step_of(time)
    local key <close>, digits = find("make", name)
    if not key then return nil, digits end
    return code_of(key, digits, step)
end

-- Counts a code as wrong before it is checked, so that Linux gains nothing by stopping the call in between.
local function count(t, name)
    local record = t.get(name)
    if not record then return nil, "the enrolment of " .. name .. " was never finished: enrol it again" end
    if record.wrong >= WRONG_MAX then
        return nil, "locked after " .. WRONG_MAX .. " wrong codes: remove the account and enrol it again"
    end
    record.wrong = record.wrong + 1
    t.put(name, record)
    return true
end

function totp.verify(name, code, time)
    local now = step_of(time)
    if type(code) ~= "string" then error("a code is a string of digits", 0) end
    local key <close>, digits = find("check", name)
    if not key then return nil, digits end
    local counted, why = tee.store.transaction(function(t) return count(t, name) end)
    if not counted then return nil, why end
    local right
    for step = math.max(now - SLACK, 0), now + SLACK do
        if tee.equal(code, code_of(key, digits, step)) then right = step end
    end
    if not right then return false end
    return tee.store.transaction(function(t)
        local record = t.get(name)
        if not record or right <= record.step then return false end     -- used before
        t.put(name, {step = right, wrong = 0})
        return true
    end)
end

function totp.list()
    local accounts = {}
    for _, key in ipairs(tee.key.list()) do
        local kind, name = key:match("^(%a+)%.%d%.(.*)$")
        if kind == "make" or tee.store.get(name) then accounts[#accounts + 1] = {kind = kind, name = name} end
    end
    return accounts
end

function totp.remove(name)
    check_name(name)
    local removed = false
    -- By name, because tee.key.list may not have a damaged key.
    for _, account in ipairs {"check.6.", "make.6.", "make.8."} do
        removed = tee.key.delete(account .. name) or removed
    end
    tee.store.delete(name)
    return removed or nil, "there is no account " .. name
end

return totp
