-- SPDX-License-Identifier: BSD-2-Clause
-- The part in Linux. It knows names, codes, and the time.
local tee = require "tee"

local usage = [[
totp enrol NAME                               makes an account to check; prints the URI for the phone, once
totp verify NAME CODE [TIME]                  checks a code of the phone
totp import NAME SECRET [ALGORITHM] [DIGITS]  stores a service's secret (base32), to make codes here
totp code NAME [TIME]                         prints the code for that service
totp list, totp remove NAME
totp attack                                   tries what a hostile Linux could try]]

local function fail(why)
    io.stderr:write("totp: ", why, "\n")
    os.exit(1)
end

local function check(value, why)
    if value == nil then fail(why) end
    return value
end

local function seconds(time)
    return time and (math.tointeger(time) or fail("TIME must be an integer: seconds since 1970")) or os.time()
end

local totp = tee.import "totp"
local commands = {}

function commands.enrol(name)
    print(check(totp.enrol(name)))
end

function commands.verify(name, code, time)
    if not check(totp.verify(name, code, seconds(time))) then fail("wrong code") end
    print("right")
end

function commands.import(name, secret, algorithm, digits)
    check(totp.import(name, secret, algorithm, digits and (math.tointeger(digits) or digits)))
end

function commands.code(name, time)
    print(check(totp.code(name, seconds(time))))
end

function commands.list()
    for _, account in ipairs(totp.list()) do print(account.kind, account.name) end
end

function commands.remove(name)
    check(totp.remove(name))
end

function commands.attack()
    require "attack"
end

local needed = {enrol = 1, verify = 2, import = 2, code = 1, remove = 1}     -- arguments
local command = commands[... or ""]
if not command or select("#", ...) - 1 < (needed[...] or 0) then
    io.stderr:write(usage, "\n")
    os.exit(2)
end
command(select(2, ...))
