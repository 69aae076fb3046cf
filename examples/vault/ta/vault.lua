-- SPDX-License-Identifier: BSD-2-Clause
-- A password vault. The entries are encrypted with a random key, and this key with one derived from the password.
-- Without the password even this code cannot read them. A weak password is acceptable, because only the TEE can try
-- passwords, and it stops after LIMIT.
--
-- The counter `guesses` counts all guesses. It goes up before a password is tried, so that a guess also counts if the
-- power is cut or the client is killed. `good` is the count at the last right guess; all guesses after that were wrong.
local LIMIT = 5             -- wrong guesses in a row
local ITERATIONS = 5000     -- of PBKDF2: few suffice, because guesses are counted
local ENTRY = "entry/"

local guesses = tee.counter("guesses")

-- Arguments come from Linux.
local function check_text(value, what, most)
    if type(value) ~= "string" or #value < 1 or #value > most then
        error(what .. ": 1 to " .. most .. " bytes expected", 0)
    end
end

-- Makes the record of a lock. It has the number of iterations, which a later version of this script may raise.
local function lock(password, key)
    local salt = tee.random(16)
    local kek = tee.kdf.pbkdf2("sha256", password, salt, ITERATIONS, 32)
    return {salt = salt, iterations = ITERATIONS, box = tee.aead.seal("aes-gcm", kek, key, "vault key")}
end

local function unlock(password, it)
    local kek = tee.kdf.pbkdf2("sha256", password, it.salt, it.iterations, 32)
    return (tee.aead.open("aes-gcm", kek, it.box, "vault key"))
end

local LOCKED = "locked after " .. LIMIT .. " wrong passwords: it can only be erased"
local LOST = "locked, because its counter of guesses was damaged: it can only be erased"

-- Returns the number of guesses left, and the message if it is 0. A counter below `good` was deleted, or restored from
-- an older state.
local function left(vault)
    local ok, value = pcall(guesses.value, guesses)
    if not ok and value:find("its value is lost", 1, true) then return 0, LOST end
    if not ok then error(value, 0) end
    local wrong = value - vault.good
    return wrong < 0 and 0 or math.max(LIMIT - wrong, 0), LOCKED
end

-- Returns the functions for entries, which only a right password gives access to. They exist as long as the session.
local function opened(key)
    local entries = {}

    function entries.put(name, secret)
        check_text(name, "name", 64)
        check_text(secret, "secret", 4096)
        -- The name is associated data, so that entries cannot be swapped.
        tee.store.put(ENTRY .. name, tee.aead.seal("aes-gcm", key, secret, name))
    end

    function entries.get(name)
        check_text(name, "name", 64)
        local box = tee.store.get(ENTRY .. name)
        if not box then return nil, "there is no entry " .. name end
        return tee.aead.open("aes-gcm", key, box, name)
    end

    function entries.remove(name)
        check_text(name, "name", 64)
        if not tee.store.get(ENTRY .. name) then return nil, "there is no entry " .. name end
        tee.store.delete(ENTRY .. name)
        return true
    end

    function entries.list()
        local names = {}
        for name in tee.store.pairs(ENTRY) do names[#names + 1] = name:sub(#ENTRY + 1) end
        table.sort(names)
        return names
    end

    function entries.change(password)
        check_text(password, "password", 128)
        local new = lock(password, key)
        tee.store.transaction(function(t)
            local vault = t.get("vault")
            vault.lock = new
            t.put("vault", vault)
        end)
    end

    return entries
end

local vault = {}

function vault.create(password)
    check_text(password, "password", 128)
    local new = lock(password, tee.random(32))
    return tee.store.transaction(function(t)
        if t.get("vault") then return nil, "there is a vault already" end
        t.put("vault", {lock = new, good = guesses:increment()})    -- above 0, the value of a deleted counter
        return true
    end)
end

function vault.open(password)
    check_text(password, "password", 128)
    local it = tee.store.get("vault")
    if not it then return nil, "there is no vault: create one" end
    local guesses_left, locked = left(it)
    if guesses_left == 0 then return nil, locked end
    local guess = guesses:increment()
    if guess - it.good > LIMIT then return nil, LOCKED end      -- another session was faster
    local key = unlock(password, it.lock)
    if not key then return nil, ("wrong password; guesses left: %d"):format((left(it))) end
    tee.store.transaction(function(t)
        local now = t.get("vault")
        now.good = math.max(now.good, guess)    -- guesses of other sessions meanwhile still count
        t.put("vault", now)
    end)
    return opened(key)
end

function vault.left()
    local it = tee.store.get("vault")
    if not it then return nil, "there is no vault: create one" end
    return (left(it))
end

-- Deletes the vault, which Linux can do anyway, with the files. The counter of guesses goes on. A damaged counter
-- restarts at a random number: a restored vault was not made at that number, so it stays locked.
function vault.erase()
    tee.store.clear()
    pcall(guesses.restart, guesses, string.unpack(">I8", tee.random(8)) >> 2)
end

return vault
