-- SPDX-License-Identifier: BSD-2-Clause
-- Statements, scopes and functions (manual 3.3, 3.5).
local case = {}

function case.goto_continue()
    local t = {} for i = 1, 6 do if i % 2 == 0 then goto continue end t[#t + 1] = i ::continue:: end
    return t
end
function case.goto_loop() local i = 1 ::top:: if i < 10 then i = i * 2 goto top end return i end
function case.goto_out_of_nested_loops()
    for i = 1, 3 do for j = 1, 3 do if i * j == 4 then goto done end end end ::done::
    return "done"
end
function case.const() local x <const> = 5; local y <const> = "s"; return x + 1, y .. x end
function case.const_is_checked() return load("local x <const> = 1; x = 2", "=c") end
function case.close_order()
    local log = {}
    local function closing(name) return setmetatable({}, {__close = function() log[#log + 1] = name end}) end
    do local a <close>, b = closing "a", 1; local c <close> = closing "c" end
    for _ = 1, 2 do local x <close> = closing "loop" end
    return log
end
function case.close_on_break()
    local log = {} for i = 1, 3 do local x <close> = setmetatable({}, {__close = function() log[#log + 1] = i end})
        if i == 2 then break end end
    return log
end
function case.close_on_return()
    local log = {}
    local function f() local x <close> = setmetatable({}, {__close = function() log[#log + 1] = "closed" end})
        return "value" end
    return f(), log
end
function case.close_of_nil() local a <close>, b <const> = nil, 1; return "fine" end
function case.close_of_a_bad_value() local x <close> = 42 end
function case.close_in_a_generic_for()
    local log = {}
    for i in function(_, i) i = (i or 0) + 1 return i < 4 and i or nil end, nil, nil,
        setmetatable({}, {__close = function() log[#log + 1] = "closed" end}) do if i == 2 then break end end
    return log
end
function case.two_attributes_are_an_error() return load("local x <const> <close> = 1", "=c") end
function case.unknown_attribute() return load("local x <mutable> = 1", "=c") end
function case.closures_are_fresh_each_time()
    local t = {} for i = 1, 3 do t[i] = function() i = i + 1 return i end end
    return t[1](), t[1](), t[2](), t[3]()
end
function case.upvalues_are_shared()
    local x = 0
    local function up() x = x + 1 end
    local function get() return x end up() up()
    return get()
end
function case.varargs()
    local function f(...) local a, b = ... return select("#", ...), a, b, ... end
    return f(), f(nil), f(1, 2, 3)
end
function case.varargs_are_cut() local function f(...) return (...), ... end return f(1, 2, 3) end
function case.tail_calls()
    local function f(n) if n == 0 then return "bottom" end return f(n - 1) end
    return f(100000)
end
function case.recursion() local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end return fib(15) end
function case.local_function_sees_itself() local function f(n) return n == 0 and 1 or n * f(n - 1) end return f(10) end
function case.while_and_repeat()
    local i, n = 0, 0 while i < 5 do i = i + 1 end repeat local done = n >= 3; n = n + 1 until done
    return i, n
end
function case.break_inside() local n = 0 while true do n = n + 1 if n > 4 then break end end return n end
function case.if_chain()
    local function f(x) if x == 1 then return "one" elseif x == 2 then return "two" else return "many" end end
    return f(1), f(2), f(3)
end
function case.shadowing() local x = 1; do local x = x + 1; do local x = x + 1 end end return x end
function case.method_calls()
    local o = {n = 1}
    function o:add(k) self.n = self.n + k return self end
    return o:add(1):add(2).n, o["n"]
end
function case.call_without_parens() local function f(x) return type(x) end return f "s", f {}, f [[long]] end
function case.semicolons() ;;; local a = 1; ; return a; end
function case.comments() --[[ block ]] --[==[ another
]] ]==] return 1 -- end
end
function case.environment() local _ENV = {x = 5}; return x end
function case.environment_of_a_function() local function f(_ENV) return y end return f({y = 7}) end
function case.multiple_assignment()
    local a, b, c = 1
    local d, e = (function() return 1, 2, 3 end)()
    return a, b, c, d, e
end
function case.integer_for_is_exact() local n = 0 for i = 1, 1000 do n = n + i end return n, math.type(n) end
function case.for_counts_down() local t = {} for i = 3, 1, -1 do t[#t + 1] = i end return t end
function case.for_of_floats() local t = {} for i = 1.0, 2, 0.5 do t[#t + 1] = i end return t end
function case.loop_variable_is_a_copy() local n = 0 for i = 1, 3 do local j = i; i = 10; n = n + j end return n end
function case.two_hundred_locals()
    local s = "" for i = 1, 200 do s = s .. "local v" .. i .. " = " .. i .. "\n" end
    return load(s .. "return v200")()
end
function case.too_many_locals()
    local s = "" for i = 1, 201 do s = s .. "local v" .. i .. "\n" end
    return load(s, "=c")
end
function case.too_many_upvalues()
    local s = "" for i = 1, 256 do s = s .. "local v" .. i .. ";"
        if i % 150 == 0 then s = s .. "local function f() " end end
    return (load(s, "=c"))
end
function case.large_constant_table()
    local s = "return {" for i = 1, 5000 do s = s .. i .. "," end
    return #load(s .. "}")()
end
function case.long_expression() return load("return 1" .. ("+1"):rep(2000))() end
function case.many_returns() return select("#", load("return " .. ("1,"):rep(200) .. "1")()) end
function case.deep_parens() return load("return " .. ("("):rep(150) .. "1" .. (")"):rep(150))() end
function case.too_deep_parens()
    local f, e = load("return " .. ("("):rep(10000) .. "1" .. (")"):rep(10000), "=c")
    return f, e
end
function case.too_deep_blocks() local f, e = load(("do "):rep(10000) .. ("end "):rep(10000), "=c"); return f, e end
function case.error_texts()
    local out = {}
    for i, source in ipairs {
        "x =", "= 1", "local 1", "for i do end", "if x then", "return return", "goto nowhere", "::a:: ::a::", "break",
            "x = 'unfinished", "x = [[unfinished",
        "x = '\\q'", "x = '\\300'", "x = '\\xZZ'", "x = '\\u{110000000}'", "x = 1..2", "x = 0x", "x = 3e", "f(",
            "a.b:c = 1", "local function f() end end", "x = }",
        "for i = 1 do end", "return ...", "function f() return ... end", "--[[ unfinished", "@", "x = 'a\nb'",
            "(a) = 1", "a + 1", "local x <close>, y <close> = 1, 2",
        "do goto a; local x; ::a:: print(x) end", "x = ~= 1", "else", "until 1", "\27Lua",
    } do
        local _, e = load(source, "=c", "t")
        out[i] = e or "compiles"
    end
    return out
end

return case
