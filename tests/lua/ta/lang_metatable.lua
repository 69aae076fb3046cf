-- SPDX-License-Identifier: BSD-2-Clause
-- Metatables and metamethods (manual 2.4).
local case = {}

local function logged(events)
    local mt = {}
    for _, event in ipairs(events) do
        mt[event] = function(a, b) return event .. " " .. type(a) .. " " .. type(b) end
    end
    return setmetatable({}, mt)
end

function case.arithmetic()
    local x = logged {"__add", "__sub", "__mul", "__div", "__mod", "__pow", "__unm", "__idiv"}
    return x + 1, 1 + x, x - x, x * "s", x / nil, x % 2, x ^ 2, -x, x // 1
end
function case.bitwise()
    local x = logged {"__band", "__bor", "__bxor", "__shl", "__shr", "__bnot"}
    return x & 1, 1 | x, x ~ 2, x << 1, 1 >> x, ~x, x & "s", x | 1.5
end
function case.concat_and_length() local x = logged {"__concat", "__len"}; return x .. "a", "a" .. x, 1 .. x, #x end
function case.comparison()
    local mt = {__eq = function() return true end, __lt = function() return 1 end, __le = function() return nil end}
    local a, b = setmetatable({}, mt), setmetatable({}, mt)
    return a == b, a ~= b, a < b, a > b, a <= b, a >= b, a == 1, rawequal(a, b)
end
function case.index_table()
    local base = {x = 1}
    local t = setmetatable({}, {__index = setmetatable({y = 2}, {__index = base})})
    return t.x, t.y, t.z
end
function case.index_function()
    local t = setmetatable({}, {__index = function(t, k) return k .. "!" end})
    return t.x, t[1], rawget(t, "x")
end
function case.newindex()
    local log = {}
    local t = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, v * 2) log[#log + 1] = k end})
    t.a = 1
    t.a = 5
    t.b = 2
    return t.a, t.b, log
end
function case.newindex_table()
    local store = {}
    local t = setmetatable({}, {__newindex = store})
    t.x = 1
    return rawget(t, "x"), store.x
end
function case.call()
    local t = setmetatable({}, {__call = function(self, ...) return type(self), ... end})
    return t(1, nil, 3), select("#", t())
end
function case.call_chain()
    local inner = setmetatable({}, {__call = function(_, ...) return ... end})
    return setmetatable({}, {__call = inner})(5)
end
function case.tostring()
    return tostring(setmetatable({}, {__tostring = function() return "mine" end})),
        (tostring(setmetatable({}, {__name = "N"})):gsub("0x%x+", "A"))
end
function case.tostring_not_a_string() return tostring(setmetatable({}, {__tostring = function() return 1 end})) end
function case.pairs()
    local out = {} for k, v in pairs(setmetatable({},
        {__pairs = function() return function(_, k) k = (k or 0) + 1 if k < 4 then return k, k * k end end
        end})) do out[k] = v end
    return out
end
function case.close()
    local log = {} do local x <close> = setmetatable({}, {__close = function(_, e) log[#log + 1] = tostring(e) end})
        end
    return log
end
function case.metatable_field()
    local t = setmetatable({}, {__metatable = "locked"})
    return getmetatable(t), pcall(setmetatable, t, {})
end
function case.setmetatable_of_a_number() return setmetatable(1, {}) end
function case.setmetatable_bad_value() return setmetatable({}, 1) end
function case.inheritance()
    local Animal = {}
    Animal.__index = Animal
    function Animal.new(name) return setmetatable({name = name}, Animal) end
    function Animal:speak() return self.name .. " makes a sound" end
    local Dog = setmetatable({}, {__index = Animal})
    Dog.__index = Dog
    function Dog.new(name) return setmetatable(Animal.new(name), Dog) end
    function Dog:speak() return Animal.speak(self) .. ": woof" end
    return Dog.new("Rex"):speak(), Animal.new("Cat"):speak()
end
function case.index_loop() local t = {}; setmetatable(t, {__index = t}); return t.x end
function case.index_loop_of_two()
    local a, b = {}, {}
    setmetatable(a, {__index = b})
    setmetatable(b, {__index = a})
    return a.x
end
function case.error_in_a_metamethod() return setmetatable({}, {__add = function() error({code = 1}) end}) + 1 end
function case.no_arithmetic() return setmetatable({}, {}) + 1 end
function case.no_call() return setmetatable({}, {})() end
function case.no_length() return #nil end
function case.less_equal_from_less_than()
    local mt = {__lt = function(a, b) return a.n < b.n end}
    local a, b = setmetatable({n = 1}, mt), setmetatable({n = 2}, mt)
    return pcall(function() return a <= b end)
end
function case.multiple_results_are_cut() return setmetatable({}, {__add = function() return 1, 2 end}) + 1 end
function case.table_library_uses_metamethods()
    local log = {}
    local t = setmetatable({}, {__index = function(_, k) return k <= 3 and k * 10 or nil end,
        __len = function() return 3 end, __newindex = function(_, k, v) log[#log + 1] = k .. "=" .. v end})
    table.insert(t, 40)
    return table.concat(t, ","), table.unpack(t), log
end
function case.yield_across_metamethods()
    local t = setmetatable({}, {__index = function(_, k) return coroutine.yield(k) end,
        __add = function() return coroutine.yield("add") end,
        __lt = function() return coroutine.yield("lt") end, __concat = function() return coroutine.yield("concat") end})
    local co = coroutine.wrap(function() return t.x, t + 1, t < t, t .. "s" end)
    return co(), co(1), co(2), co(3), table.pack(co(4))
end

return case
