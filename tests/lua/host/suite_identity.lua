-- SPDX-License-Identifier: BSD-2-Clause
-- tee.caller: who opened the session, as Linux tells the TEE; tee.info: what runs the script.

local tee = require "tee"
local test = require "test"
local uuid = require "uuid"
local case, equal, raises, raises_text = test.case, test.equal, test.raises, test.raises_text

local NIL = "00000000-0000-0000-0000-000000000000"

local function id(option)
    local pipe = assert(io.popen("id " .. option))
    local text = pipe:read("a")
    pipe:close()
    return text
end

-- Without what the run itself was opened with.
local function open(options)
    options.app, options.plaintext, options.backend = test.app, true, test.backend
    return tee.open(options)
end

local function caller(options)
    local s <close> = open(options)
    return s:call("eval", "return tee.caller()")
end

local user, group, groups = math.tointeger(tonumber(id("-u"))), math.tointeger(tonumber(id("-g"))), {}
for number in id("-G"):gmatch("%d+") do groups[#groups + 1] = math.tointeger(tonumber(number)) end

case("UUIDs of this test are those of others", function()
    -- From Python's uuid.uuid5.
    equal(uuid.of("uid=0"), "ef0180a3-13f3-5d1c-b7f5-888c0e21059a")
    equal(uuid.of("gid=0"), "d93bc168-f863-58d3-a1fe-bb2039421b99")
    equal(uuid.of("uid=3e8"), "fc34275c-d8dd-5ba7-968b-504718363b87")
end)

case("public: nobody", function()
    equal(caller {login = "public"}, {login = "public", uuid = NIL})
    equal(caller {}, test.tee("return tee.caller()"))
end)

case("user: the effective user", function()
    equal(caller {login = "user"}, {login = "user", uuid = uuid.of(string.format("uid=%x", user))})
end)

case("group: each that the process is in", function()
    equal(caller {login = "group", group = group}, {login = "group", uuid = uuid.of(string.format("gid=%x", group))})
    for _, number in ipairs(groups) do
        equal(caller({login = "group", group = number}).uuid, uuid.of(string.format("gid=%x", number)))
    end
end)

case("a group that the process is not in is refused", function()
    for _, number in ipairs {54321, 4294967294} do
        for _, own in ipairs(groups) do test.ok(number ~= own) end
        raises_text("login as group " .. number .. " is refused: this process is not in that group", open,
            {login = "group", group = number})
    end
end)

case("logins that Linux does not offer are refused", function()
    for login, number in pairs {application = false, application_user = false, application_group = group} do
        raises_text("the TEE's driver does not offer it", open, {login = login, group = number or nil})
    end
end)

case("wrong options", function()
    raises_text("login 'root' is not one of public, user", open, {login = "root"})
    raises_text("login 'User' is not one of", open, {login = "User"})
    raises_text("login 'trusted_app' is not one of", open, {login = "trusted_app"})
    raises_text("login '' is not one of", open, {login = ""})
    raises_text("'login' must be a string", open, {login = 1})
    raises_text("login 'group' needs a 'group'", open, {login = "group"})
    raises_text("login 'application_group' needs a 'group'", open, {login = "application_group"})
    raises_text("'group' is for the logins group", open, {login = "user", group = group})
    raises_text("'group' is for the logins group", open, {login = "public", group = group})
    for _, wrong in ipairs {-1, 1 << 32, 0.5, "0", "root", true} do
        raises_text("'group' must be a group's number", open, {login = "group", group = wrong})
    end
end)

case("sessions have callers of their own", function()
    local a <close>, b = open {login = "user"}, open {login = "group", group = group}
    equal(a:call("eval", "return tee.caller().login"), "user")
    equal(b:call("eval", "return tee.caller().login"), "group")
    equal(a:call("eval", "return tee.caller().login"), "user")
    b:close()
end)

case("the caller is the same in scripts that scripts call, and modules", function()
    local s <close> = open {login = "user"}
    equal(s:call("eval", "return tee.call('eval', 'return tee.caller().login')"), "user")
    local first, second = s:call("eval", "return tee.caller().uuid, tee.call('service', 'caller').uuid")
    equal(first, second)
end)

case("what a script does with its copy changes nothing", function()
    equal(test.tee([[
        local c = tee.caller()
        c.login, c.uuid = "user", "me"
        return tee.caller().uuid ~= "me" and tee.caller() ~= tee.caller()]]), true)
end)

case("a trusted script decides by the caller", function()
    local allowed = uuid.of(string.format("uid=%x", user))
    local rule = [[
        local caller = tee.caller()
        if caller.login ~= "user" or caller.uuid ~= ... then error {denied = caller.login} end
        return "welcome"]]
    local s <close> = open {login = "user"}
    equal(s:call("eval", rule, allowed), "welcome")
    equal(raises(s.call, s, "eval", rule, uuid.of("uid=fffffffe")).denied, "user")
    local nobody <close> = open {login = "public"}
    equal(raises(nobody.call, nobody, "eval", rule, allowed).denied, "public")
end)

-- --- tee.info

local both = {"version", "flavour", "lua", "tee", "tee_version", "api", "device", "protocol", "rollback", "app"}

case("tee.info: fields of the host's tee.info have the same names and values here", function()
    local here, there = tee.info(), test.tee("return tee.info()")
    for _, name in ipairs(both) do
        test.ok(here[name] ~= nil, name)
        equal(there[name], here[name], name)
    end
    equal(there.memory_max, here.memory_max)
    equal(there.limits.memory, here.memory_max)
    test.ok(there.memory > 0 and there.memory <= there.memory_peak and there.memory_peak <= there.memory_max)
end)

case("the device's id is a UUID, and stays the same", function()
    local device = test.tee("return tee.info().device")
    test.ok(device:find("^%x%x%x%x%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x$"), device)
    local s <close> = open {login = "user"}
    equal(s:call("eval", "return tee.info().device"), device)
    equal(test.tee("return tee.supports('device-id')"), true)
end)

case("tee.supports knows whether storage can be put back", function()
    test.results(table.pack(test.tee("return tee.supports('rollback-protection') == (tee.info().rollback >= 1000)")), true)
end)

case("limits are those that scripts meet", function()
    local limits = test.tee("return tee.info().limits")
    equal(test.tee("return #tee.random(...)", limits.random), limits.random)
    raises_text("bytes from 0 to", test.tee, "return tee.random(...)", limits.random + 1)
    local hold = "local held = {} for i = 1, ... do held[i] = tee.digest('sha256') end return #held"
    equal(test.tee(hold, limits.objects), limits.objects)
    raises_text("are in use", test.tee, hold, limits.objects + 1)
    equal(test.tee("return select('#', table.unpack({}, 1, ...))", limits.values), limits.values)
    raises_text("too many results", test.tee, "return table.unpack({}, 1, ...)", limits.values + 1)
    test.tee([[
        local key, value = ("k"):rep(tee.info().limits.store_key), ("v"):rep(tee.info().limits.store_value - 8)
        tee.store.put(key, value)
        tee.store.delete(key)]])
    raises_text("a key of 1 to 255 bytes", test.tee, "tee.store.get(('k'):rep(...))", limits.store_key + 1)
    raises_text("and the limit is " .. limits.store_value, test.tee, "tee.store.put('k', ('v'):rep(...))",
        limits.store_value)
    local used, left, fuel = test.tee("local used, left = tee.fuel() return used, left, tee.info().limits.fuel")
    equal(used + left, fuel)
end)

case("a session reports limits of its own", function()
    local s <close> = tee.open {
        app = test.app, plaintext = true, backend = test.backend, fuel = 5000000, memory = 1 << 20,
    }
    local limits = s:call("eval", "return tee.info().limits")
    equal(limits.fuel, 5000000)
    equal(limits.memory, 1 << 20)
end)
