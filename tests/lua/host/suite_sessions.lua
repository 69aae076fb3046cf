-- SPDX-License-Identifier: BSD-2-Clause
-- The module `tee` as a host script uses it: sessions of one's own, <close>, info.

local tee = require "tee"
local test = require "test"
local case, equal, results, raises = test.case, test.equal, test.results, test.raises

local function open(options)
    options = options or {}
    options.app = options.app or test.app
    options.backend = options.backend or test.backend
    if options.plaintext == nil then options.plaintext = true end
    return tee.open(options)
end

case("TA_call is tee.call", function() equal(TA_call == tee.call, true) end)

case("a session of one's own", function()
    local s <close> = open()
    results(table.pack(s:call("echo", 1, nil, "x", nil)), 1, nil, "x", nil)
    equal(s:call("cubic", 3), 27)
    -- With a dot instead of the colon: the message names the method.
    for _, method in ipairs { "call", "info", "with", "import", "export", "release", "close" } do
        for _, wrong in ipairs { {}, "echo", 1 } do
            test.raises_text(("bad argument #1 to '%s' (tee.session expected, got %s): write session:%s(...)"):format(
                method, type(wrong), method), s[method], wrong)
        end
    end
    test.raises_text("bad argument #1 to 'call' (the name of a script expected, got table)", s.call, s, {})
    test.raises_text("bad argument #1 to 'call' (the name of a script expected, got no value)", s.call, s)
    test.raises_text("bad argument #1 to 'import' (the name of a script expected, got nil)", s.import, s, nil)
    test.raises_text("bad argument #1 to 'call' (the name of a script expected, got boolean)", TA_call, true)
end)

case("several sessions at once", function()
    local sessions = {}
    for i = 1, 4 do
        sessions[i] = open()
        sessions[i]:call("eval", "require('module_vault').put('n', ...)", i)
    end
    for i = 4, 1, -1 do
        equal(sessions[i]:call("eval", "return require('module_vault').get('n')"), i)
    end
    for i = 1, 4 do sessions[i]:close() end
end)

case("<close> closes", function()
    local outside
    do
        local s <close> = open()
        outside = s
        equal(s:call("echo", 1), 1)
    end
    test.raises_text("closed", outside.call, outside, "echo", 1)
end)

case("close by hand, twice", function()
    local s = open()
    s:close()
    s:close()
    test.raises_text("closed", s.call, s, "echo", 1)
    test.raises_text("closed", s.info, s)
end)

case("<close> when an error passes", function()
    local outside
    local e = raises(function()
        local s <close> = open()
        outside = s
        s:call("raise_code")
    end)
    equal(e, {code = 7})
    test.raises_text("closed", outside.call, outside, "echo")
end)

-- How many files this process has open: a session has some, on both backends. Pipes do not count: popen may have both ends of
-- its own open when ls looks.
local function open_files()
    local pipe <close> = assert(io.popen("ls -l /proc/$PPID/fd"))
    local count = 0
    for line in pipe:lines() do
        if line:find(" -> ", 1, true) and not line:find("pipe:", 1, true) then count = count + 1 end
    end
    return count
end

case("garbage collection closes", function()
    collectgarbage()
    local before = open_files()
    do
        local s <close> = open()
        equal(s:call("echo", 1), 1)
        test.ok(open_files() > before)
    end
    equal(open_files(), before)
    for _ = 1, 6 do
        open():call("echo", 1)
        collectgarbage()
        equal(open_files(), before)
    end
end)

case("tostring of a session", function()
    local s <close> = open()
    equal(type(tostring(s)), "string")
    test.ok(#tostring(s) > 0)
end)

case("a session cannot cross", function()
    local s <close> = open()
    test.raises_text("userdata", TA_call, "echo", s)
end)

case("an error leaves the session usable", function()
    local s <close> = open()
    for _ = 1, 5 do
        equal(raises(s.call, s, "raise_code"), {code = 7})
        equal(s:call("echo", "on"), "on")
    end
end)

case("sessions in coroutines of the host", function()
    local function worker(n)
        return coroutine.wrap(function()
            local s <close> = open()
            for i = 1, 3 do
                coroutine.yield(s:call("eval", "local a, b = ...; return a * b", n, i))
            end
        end)
    end
    local a, b = worker(10), worker(100)
    for i = 1, 3 do
        equal(a(), 10 * i)
        equal(b(), 100 * i)
    end
    a()
    b()
end)

case("open and close, thirty times", function()
    for i = 1, 30 do
        local s <close> = open()
        if s:call("echo", i) ~= i then error(i) end
    end
end)

case("options that are wrong", function()
    raises(tee.open)
    raises(tee.open, 1)
    raises(tee.open, {})
    raises(tee.open, {app = test.app, backend = "no such backend", plaintext = true})
    raises(tee.open, {app = {}, plaintext = true})
    for _, bytes in ipairs {1, 40000, 65536, (128 << 10) - 1} do
        test.raises_text("memory of " .. bytes .. " bytes is less than a session needs: at least 131072 (128 KiB)", tee.open,
            {app = test.app, plaintext = true, backend = test.backend, memory = bytes})
    end
end)

case("a missing app has no scripts", function()
    local ok, s = pcall(open, {app = test.app .. "/no_such_app"})
    if ok then
        raises(s.call, s, "echo")
        s:close()
    else
        equal(type(s), "string")
    end
end)

case("info", function()
    local info = tee.info()
    equal(info.lua, "Lua 5.4.9")
    equal(info.protocol, 2)
    equal(info.flavour, "dev")
    equal(math.type(info.memory), "integer")
    test.ok(info.memory > 0 and info.memory <= info.memory_peak and info.memory_peak <= info.memory_max,
        test.show(info))
    equal(info.memory_max, 12 * 1024 * 1024)
    equal(type(info.tee), "string")
    equal(type(info.api), "string")
    test.ok(info.version:find("^%d+%.%d+%.%d+"), info.version)
end)

case("info of a session of one's own", function()
    local s <close> = open()
    local before = s:info().memory
    s:call("eval", "require('module_vault').put('big', ('x'):rep(1000000))")
    test.ok(s:info().memory > before + 900000, "the memory in use did not grow")
end)

case("memory does not grow from call to call", function()
    local s <close> = open()
    local function calls(n)
        for i = 1, n do
            s:call("eval", "local t = {} for i = 1, 10 do t[i] = {i} end return t, ...", i, {i})
        end
        s:call("eval", "collectgarbage()")
        return s:info().memory
    end
    calls(200)
    local before = calls(200)
    local after = calls(2000)
    test.ok(after < before + 4096, "from " .. before .. " to " .. after .. " bytes")
end)

case("stored scripts", function()
    -- An app of one script, made for this: what is stored stays stored. tests/cli has the whole story.
    local folder = os.tmpname()
    os.remove(folder)
    local app = folder .. "/stored_by_a_session"
    os.execute("mkdir -p " .. app .. "/ta")
    local file = assert(io.open(app .. "/ta/kept.lua", "w"))
    file:write("return 'kept', ...")
    file:close()
    do
        local s <close> = open {app = app, stored = true}
        results(table.pack(s:call("kept", 1)), "kept", 1)
    end
    os.execute("rm -r " .. app .. "/ta")
    local s <close> = open {app = app, stored = true}
    results(table.pack(s:call("kept", 2)), "kept", 2)
    test.contains(raises(s.call, s, "not_kept"), "not_kept")
    os.execute("rm -r " .. folder)
end)
