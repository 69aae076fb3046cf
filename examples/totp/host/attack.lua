-- SPDX-License-Identifier: BSD-2-Clause
-- Tries what a hostile Linux could try. Linux controls the files, the clock, and every message to the TEE.
local tee = require "tee"
local totp = tee.import "totp"

local NAME, PHONE = "victim", "victim-phone"
local won = false

-- Returns an environment variable, or nil if it is unset or empty.
local function set(name)
    local value = os.getenv(name)
    return value ~= "" and value or nil
end

-- Prints how an attempt ended. An attempt that returns a value has succeeded.
local function attempt(what, try)
    local ok, result, why = pcall(try)
    won = won or (ok and result)
    why = ok and (result and "SUCCEEDED" or why or "nothing gained") or tostring(result)
    print(what .. ": " .. why:gsub("^[^\n]-%.lua:%d+: ", ""):match("^[^\n(]*[^\n( ]"))
end

totp.remove(NAME)
totp.remove(PHONE)
assert(totp.enrol(NAME))

attempt("ask for the secret again", function()
    return totp.enrol(NAME)
end)

attempt("replace the secret by our own", function()
    totp.import(NAME, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")  -- makes an account to make codes, with another key
    return totp.verify(NAME, totp.code(NAME, 59), 59)
end)
totp.remove(NAME)

-- The attempts below know the secret, and look for it everywhere. A real Linux sees it at this moment only.
local secret = assert(totp.enrol(NAME)):match("secret=(%w+)")

attempt("have the TEE make the phone's code", function()
    return totp.code(NAME, os.time())
end)

attempt("look for a function that returns the key", function()
    for name in pairs(totp) do
        if not ("enrol import code verify list remove"):find(name, 1, true) then return name end
    end
end)

attempt("look for it in the files of the TEE's storage", function()
    local state = tee.info().backend == "optee" and "/var/lib/optee-client/data/tee" or set "LUATEE_SIM_STATE" or
        (set "XDG_STATE_HOME" or os.getenv "HOME" .. "/.local/state") .. "/luatee/sim"
    local here = arg[0]:match("^(.*)/host/main.lua$")
    local bytes = dofile(here .. "/ta/base32.lua").decode(secret)
    local files <close> = io.popen(("find '%s' -type f"):format(state))
    local count = 0
    for path in files:lines() do
        local file = io.open(path, "rb")    -- files come and go
        local data = file and file:read("a") or ""
        if file then
            file:close()
            count = count + 1
        end
        if data:find(bytes, 1, true) or data:find(secret, 1, true) then return path end
    end
    if count == 0 then
        won = true  -- a search that found no files shows nothing
        return nil, "FAILED: no files in " .. state
    end
    return nil, "not in " .. count .. " files"
end)

-- The owner logs in, with this account in place of a phone, and Linux sees the code.
assert(totp.import(PHONE, secret))
local time = os.time()
assert(totp.verify(NAME, totp.code(PHONE, time), time))

attempt("use a code again, with the clock turned back", function()
    return totp.verify(NAME, totp.code(PHONE, time), time)
end)

attempt("use the code before it", function()
    return totp.verify(NAME, totp.code(PHONE, time - 30), time - 30)
end)

attempt("guess", function()
    for guess = 0, 999999 do
        local right, why = totp.verify(NAME, ("%06d"):format(guess), time + 300)
        if right ~= false then return right, why end
    end
end)

attempt("a right code after the guesses", function()
    return totp.verify(NAME, totp.code(PHONE, time + 300), time + 300)
end)

totp.remove(NAME)
totp.remove(PHONE)
if won then os.exit(1) end
