-- SPDX-License-Identifier: BSD-2-Clause
-- A password vault. The entries are encrypted with a random key, and that with a key made of the password: without
-- the password not even this code reads them. A weak password does not matter much, as only the TEE can try one, and
-- it stops.
--
-- `guesses` counts every guess ever made, and goes up before a password is tried: whoever cuts the power, kills the
-- client, or starts again in the middle of a guess has spent it. `good` is the count at the last right one; what is
-- between them was wrong.
local LIMIT = 5             -- wrong guesses in a row
local ITERATIONS = 5000     -- of PBKDF2: little is needed where guesses are counted
local ENTRY = "entry/"

local guesses = tee.counter("guesses")

-- Arguments come from Linux.
local function check_text(value, what, most)
    if type(value) ~= "string" or #value < 1 or #value > most then
        error(what .. ": 1 to " .. most .. " bytes expected", 0)
    end
end

-- What is stored of a lock: another version of this script may make new ones with more iterations.
local function lock(password, key)
    local salt = tee.random(16)
    local kek = tee.kdf.pbkdf2("sha256", password, salt, ITERATIONS, 32)
    return {salt = salt, iterations = ITERATIONS, box = tee.aead.seal("aes-gcm", kek, key, "vault key")}
end

local function unlock(password, it)
    local kek = tee.kdf.pbkdf2("sha256", password, it.salt, it.iterations, 32)
    return (tee.aead.open("aes-gcm", kek, it.box, "vault key"))
end

local LOCKED = "locked after " .. LIMIT .. " wrong passwords: all that is left is to erase it"
local LOST = "locked, as its counter of guesses was damaged: all that is left is to erase it"

-- Below `good` the counter is not the one that the vault was made with: somebody deleted it, or put an old one back.
local function left(vault)
    local ok, value = pcall(guesses.value, guesses)
    if not ok and value:find("its value is lost", 1, true) then return 0, LOST end
    if not ok then error(value, 0) end
    local wrong = value - vault.good
    return wrong < 0 and 0 or math.max(LIMIT - wrong, 0), LOCKED
end

-- What a right password opens. It lives as long as the session, or until it is closed.
local function opened(key)
    local entries = {}

    function entries.put(name, secret)
        check_text(name, "name", 64)
        check_text(secret, "secret", 4096)
        -- With the name as associated data: no entry passes for another.
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
        t.put("vault", {lock = new, good = guesses:increment()})    -- not 0: a counter that was deleted is
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
        now.good = math.max(now.good, guess)    -- not what others guessed meanwhile
        t.put("vault", now)
    end)
    return opened(key)
end

function vault.left()
    local it = tee.store.get("vault")
    if not it then return nil, "there is no vault: create one" end
    return (left(it))
end

-- Linux can do that anyway, with the files. Guesses go on being counted; a counter that was damaged begins again, anywhere:
-- no vault that is put back has been made at that number, so that it stays locked.
function vault.erase()
    tee.store.clear()
    pcall(guesses.restart, guesses, string.unpack(">I8", tee.random(8)) >> 2)
end

return vault
