-- SPDX-License-Identifier: BSD-2-Clause
-- What a hostile Linux tries. It owns the files, the sessions, and everything that it says to the TEE.
local tee = require "tee"

local app = arg[0]:match("^(.*)/host/main.lua$")
local won = false

-- Says how an attempt ended: it has won if it returned something.
local function attempt(what, try)
    local ok, result = pcall(try)
    won = won or (ok and result)
    local why = ok and (result and "SUCCEEDED" or "nothing gained") or tostring(result)
    print(what .. ": " .. why:gsub("^[^\n]-%.lua:%d+: ", ""):match("^[^\n(]*[^\n( ]"))
end

local function read(path)
    local file = io.open(path, "rb")
    if not file then error("no packages here: this attack needs them, run without -u", 0) end
    local data <close> = file
    return data:read("a")
end

-- A copy of the app where one file has other bytes; whether it lets somebody into the vault.
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

-- What is refused below is so for what was changed: with the right bytes alice gets in.
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

-- Linux may call every script of the app, with any arguments. The rules are not secret to the device: they have an
-- opinion and no key, and it is the key that doors believe.
attempt("ask the rules for a signature", function()
    local rules = tee.import "rules"
    return rules.actions.sign or rules.key
end)

if won then os.exit(1) end
