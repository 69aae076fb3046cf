-- SPDX-License-Identifier: BSD-2-Clause
-- What the tests against OpenSSL share.

local tee = require "tee"
local program = assert(arg[1], "the program key_peer is missing (make key-peer)")
-- In QEMU, looking for the primes of an RSA key takes most of a minute, and its private operation a second.
local TESTS = os.getenv "LUATEE_TESTS"
local SLOW = TESTS == "few" or tee.info().backend ~= "sim" and TESTS ~= "all"
local ROUNDS = SLOW and 1 or 20

local passed, failed = 0, 0

local function check(ok, what)
    if ok then
        passed = passed + 1
    else
        failed = failed + 1
        print("FAIL " .. what)
    end
end

local function to_hex(bytes)
    return (bytes:gsub(".", function(c) return string.format("%02x", c:byte()) end))
end

-- Runs key_peer; arguments after the first `words` are bytes.
local function peer(words, ...)
    local command = {"'" .. program .. "'"}
    for i, argument in ipairs {...} do command[#command + 1] = "'" .. (i <= words and argument or to_hex(argument)) ..
        "'" end
    local pipe <close> = assert(io.popen(table.concat(command, " ")))
    return (pipe:read("l") or ""):gsub("..", function(digits) return string.char(tonumber(digits, 16)) end)
end

local function run(source, ...)
    return TA_call("run", source, ...)
end

local function finish()
    print(string.format("%d passed, %d failed", passed, failed))
    if failed > 0 then error(failed .. " failed", 0) end
end

return {peer = peer, run = run, check = check, finish = finish, SLOW = SLOW, ROUNDS = ROUNDS}
