-- SPDX-License-Identifier: BSD-2-Clause
-- Ways to globals, files, and the debug library.
local cases = require "cases"
return cases((...), {
    {"what is not there", true, function()
        for _, name in ipairs {"io", "os", "debug", "package", "dofile", "loadfile", "getfenv", "setfenv", "module", "unpack",
            "loadstring", "newproxy", "jit", "ffi"} do assert(_G[name] == nil, name) end
    end},
    {"load's default environment is the caller's", true, function() mark = 1 assert(load("return mark")() == 1) end},
    {"load's environment is what was given", true, function() assert(load("return mark, _ENV", "x", "t", {mark = 2})() == 2) end},
    {"load with nil as environment", "attempt to index", function() return load("return x", "x", "t", nil)() end},
    {"load inside a poor environment gives that script no more", true, function()
        local f = load("return load and load('return _G')", "x", "t", {load = load})
        assert(f()() == _G) -- this load belongs to this script: it hands out what is its own already
    end},
    {"require of debug", "debug", function() return require "debug" end},
    {"require of a path", "bad script name", function() return require "../host/main" end},
    {"require of a path with a NUL", "bad script name", function() return require "cases\0x" end},
    {"collectgarbage cannot be stopped", "invalid option", function() collectgarbage("stop") end},
    {"nor be set", "invalid option", function() collectgarbage("setpause", 1000000) end},
    {"nor be made generational", "invalid option", function() collectgarbage("generational") end},
    {"warn has no switch", true, function() warn("@on") end},
    {"a traceback has no file of ours in it", true, function()
        local _, e = pcall(error, "x", 50)
        assert(e == "x")
    end},
})
