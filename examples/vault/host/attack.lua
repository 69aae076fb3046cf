-- SPDX-License-Identifier: BSD-2-Clause
-- What a hostile Linux tries on a vault that somebody left closed. It knows the right password, to see what that is
-- worth after all the wrong ones.
local tee = require "tee"
local vault = tee.import "vault"

local PASSWORD, SECRET = "correct horse battery staple", "the secret that was kept"
local won = false

-- An environment variable; an empty one is none.
local function set(name)
    local value = os.getenv(name)
    return value ~= "" and value or nil
end

-- Says how an attempt ended: it has won if it returned something.
local function attempt(what, try)
    local ok, result, why = pcall(try)
    won = won or (ok and result)
    why = ok and (result and "SUCCEEDED" or why or "nothing gained") or tostring(result)
    print(what .. ": " .. why:gsub("^[^\n]-%.lua:%d+: ", ""):match("^[^\n(]*[^\n( ]"))
end

if vault.left() then
    io.stderr:write("vault: there is a vault, which this would lock: erase it first\n")
    os.exit(1)
end
assert(vault.create(PASSWORD))
assert(vault.open(PASSWORD)).put("mail", SECRET)

attempt("put another vault in its place", function()
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
        won = true  -- for all that this shows
        return nil, "FAILED: no files in " .. state
    end
    return nil, "not in " .. count .. " files"
end)

-- Each in a session of its own: nothing that only a session remembers would stop them.
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
