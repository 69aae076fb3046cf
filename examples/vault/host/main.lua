-- SPDX-License-Identifier: BSD-2-Clause
-- The part in Linux. It asks for the password and shows the secrets. A hostile Linux could keep both: see README.md.
local tee = require "tee"

local usage = [[
vault create             makes a vault
vault put NAME SECRET    stores a secret
vault get NAME           prints it
vault remove NAME, vault list, vault change
vault left               prints the number of guesses left; needs no password
vault erase              deletes everything
vault attack             tries what a hostile Linux could try
Passwords are read from standard input, a line each.]]

local vault = tee.import "vault"

local function fail(why)
    io.stderr:write("vault: ", why, "\n")
    os.exit(1)
end

local function check(value, why)
    if value == nil then fail(why) end
    return value
end

local function ask(what)
    io.stderr:write(what, ": ")
    return io.read() or fail("no " .. what .. " on standard input")
end

local function open()
    return check(vault.open(ask "password"))
end

local commands = {}

function commands.create()
    check(vault.create(ask "new password"))
end

function commands.put(name, secret)
    open().put(name, secret)
end

function commands.get(name)
    print(check(open().get(name)))
end

function commands.remove(name)
    check(open().remove(name))
end

function commands.list()
    for _, name in ipairs(open().list()) do print(name) end
end

function commands.change()
    open().change(ask "new password")
end

function commands.left()
    print(check(vault.left()))
end

function commands.erase()
    vault.erase()
end

function commands.attack()
    require "attack"
end

local needed = {put = 2, get = 1, remove = 1}     -- arguments
local command = commands[... or ""]
if not command or select("#", ...) - 1 < (needed[...] or 0) then
    io.stderr:write(usage, "\n")
    os.exit(2)
end
command(select(2, ...))
