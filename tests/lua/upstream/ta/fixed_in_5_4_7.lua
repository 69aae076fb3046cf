-- SPDX-License-Identifier: BSD-2-Clause
-- What Lua 5.4.7 fixed.

local cases = {}

cases["5ab6a575: wrong line number for function calls (5.4.0 to 5.4.6)"] = function()
    local _, e = pcall(load("local t = {x = 13}\nt\n.\nx\n(\n23\n)", "=chunk"))
    assert(e:find("^chunk:5: attempt to call"), e)
    _, e = pcall(load("local f\nf\n(\n23)", "=chunk"))
    assert(e:find("^chunk:3: attempt to call"), e)
end

-- The name of a value for a message was looked for by recursion: one C call for each field on the way to the value.
cases["7923dbbf: recursion in 'getobjname' can stack overflow (5.4.0 to 5.4.6)"] = function()
    local _, e = pcall(load("local a = {_ENV = {}} return a._ENV.x + 1"))
    assert(e:find("(field 'x')", 1, true), e)
    local endless = setmetatable({}, {__index = function(t) return t end})
    _, e = pcall(load("local t = ... return t" .. (".x"):rep(200000) .. " + 1"), endless)
    assert(e:find("attempt to perform arithmetic on a table value (field 'x')", 1, true), e)
end

return cases
