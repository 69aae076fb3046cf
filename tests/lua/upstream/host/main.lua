-- SPDX-License-Identifier: BSD-2-Clause
-- Published bugs of Lua 5.4: luatee run -u tests/lua/upstream [FILE...]. Each ta/fixed_in_VERSION.lua holds one case for each bug that
-- this version fixed and a trusted script can reach, named after the report. Each runs in a session of its own, so that a dead
-- TA is the failure of one case. README.md lists the bugs that no script can reach.

local tee = require "tee"

local folder = arg[0]:match("^(.*)/host/[^/]*$")

local function list()
    local names = {}
    local pipe <close> = assert(io.popen("ls '" .. folder .. "/ta'"))
    for file in pipe:lines() do names[#names + 1] = file:match("^(fixed_in_.*)%.lua$") end
    assert(#names > 0, "there are no bugs in " .. folder .. "/ta")
    return names
end

local backend = tee.info().backend
local passed, failed = 0, 0

local function open()
    return tee.open {
        app = folder, backend = backend, plaintext = true, memory = 4 * 1024 * 1024
    }
end

local wanted = {...}
if #wanted == 0 then wanted = list() end
for _, file in ipairs(wanted) do
    local names
    do
        local s <close> = open()
        names = s:call("run", file)
    end
    for _, name in ipairs(names) do
        local s <close> = open()
        local ok, e = pcall(s.call, s, "run", file, name)
        if ok then
            passed = passed + 1
        else
            failed = failed + 1
            print("FAIL " .. name .. ":", e)
            io.stdout:flush()
        end
    end
end

print(string.format("%d passed, %d failed", passed, failed))
if failed > 0 then error(failed .. " failed", 0) end
