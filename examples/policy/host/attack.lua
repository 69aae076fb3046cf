-- SPDX-License-Identifier: BSD-2-Clause
-- Tries what a hostile Linux could try. Linux controls the files, the sessions, and every message to the TEE.
local tee = require "tee"

local app = arg[0]:match("^(.*)/host/main.lua$")
local won = false

-- Prints how an attempt ended. An attempt that returns a value has succeeded.
local function attempt(what, try)
    local ok, result = pcall(try)
    won = won or (ok and result)
    local why = ok and (result and "SUCCEEDED" or "nothing gained") or tostring(result)
    print(what .. ": " .. why:gsub("^[^\n]-%.lua:%d+: ", ""):match("^[^\n(]*[^\n( ]"))
end

local function read(path)
    local file = io.open(path, "rb")
    if not file then error("the attack needs packages: pack the app with `luatee pack`, and run it without -u", 0) end
    local data <close> = file
    return data:read("a")
end

-- Asks a copy of the app in which one file has other bytes. Returns whether it lets `who` into the vault.
local function decide_with(name, bytes, who)
    local copy = os.tmpname()
    os.remove(copy)
    os.execute(("cp -R '%s' '%s'"):format(app, copy))
    local file = assert(io.open(copy .. "/" .. name, "wb"))
    file:write(bytes)
    file:close()
    who = who or "bob"
    local ok, result = pcall(function()
        local session <close> = tee.open {app = copy, plaintext = false}
        return session:call("decide", {who = who, action = "enter", where = "vault", nonce = "1"})
    end)
    os.execute(("rm -rf '%s'"):format(copy))
    if not ok then error(result, 0) end
    return result
end

-- With the right bytes alice gets in, so that the failures below come from the changes.
assert(decide_with("ta/rules.luata", read(app .. "/ta/rules.luata"), "alice"))

for _, name in ipairs {"manifest.luata", "ta/rules.luata", "ta/decide.luata"} do
    attempt("flip a bit of " .. name, function()
        local bytes = read(app .. "/" .. name)
        local middle = #bytes // 2
        local flipped = string.char(bytes:byte(middle) ~ 1)
        return decide_with(name, bytes:sub(1, middle - 1) .. flipped .. bytes:sub(middle + 1), "alice")
    end)
end

attempt("rules in the place of decide", function()
    return decide_with("ta/decide.luata", read(app .. "/ta/rules.luata"))
end)

attempt("rules of our own", function()
    return decide_with("ta/rules.luata", "return {policy = 3, actions = {enter = function() return true end}}")
end)

attempt("a second line in a name", function()
    return tee.call("decide", {who = "carol\nwho alice", action = "enter", where = "lobby", nonce = "1"})
end)

-- Linux can call every script of the app with any arguments. That is harmless here: the rules decide but do not sign,
-- and doors trust only signatures.
attempt("ask the rules for a signature", function()
    local rules = tee.import "rules"
    return rules.actions.sign or rules.key
end)

if won then os.exit(1) end
