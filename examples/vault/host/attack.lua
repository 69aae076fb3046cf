-- SPDX-License-Identifier: BSD-2-Clause
-- Tries what a hostile Linux could try on a closed vault. It knows the right password, to show that it does not help
-- after too many wrong ones.
local tee = require "tee"
local vault = tee.import "vault"

local PASSWORD, SECRET = "correct horse battery staple", "the secret that was kept"
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

if vault.left() then
    io.stderr:write("vault: there is a vault, which the attack would lock: erase it first with `vault erase`\n")
    os.exit(1)
end
assert(vault.create(PASSWORD))
assert(vault.open(PASSWORD)).put("mail", SECRET)

attempt("replace the vault by another one", function()
    return vault.create("another password")
end)

attempt("look for a function that needs no password", function()
    for name in pairs(vault) do
        if not ("create open left erase"):find(name, 1, true) then return name end
    end
end)

attempt("look for secret and password in the files of the TEE's storage", function()
    local state = tee.info().backend == "optee" and "/var/lib/optee-client/data/tee" or set "LUATEE_SIM_STATE" or
        (set "XDG_STATE_HOME" or os.getenv "HOME" .. "/.local/state") .. "/luatee/sim"
    local files <close> = io.popen(("find '%s' -type f"):format(state))
    local count = 0
    for path in files:lines() do
        local file = io.open(path, "rb")    -- files come and go
        local data = file and file:read("a") or ""
        if file then
            file:close()
            count = count + 1
        end
        if data:find(PASSWORD, 1, true) or data:find(SECRET, 1, true) then return path end
    end
    if count == 0 then
        won = true  -- a search that found no files shows nothing
        return nil, "FAILED: no files in " .. state
    end
    return nil, "not in " .. count .. " files"
end)

-- Each guess uses a new session, so that only stored state can stop it.
for guess = 1, vault.left() do
    attempt("guess " .. guess, function()
        local session <close> = tee.open {app = arg[0]:match("^(.*)/host/main.lua$")}
        return session:import("vault").open("password" .. guess)
    end)
end

attempt("the right password, too late", function()
    return vault.open(PASSWORD)
end)

vault.erase()
if won then os.exit(1) end
