-- SPDX-License-Identifier: BSD-2-Clause
-- Errors and their messages (manual 2.3, 6.1): stock Lua's words, with positions and the names of variables.
local case = {}

function case.index_a_local() local x; return x.y end
function case.index_a_global() return no_such_global.y end
function case.index_a_field() local t = {}; return t.a.b end
function case.index_an_upvalue() local up; return (function() return up.x end)() end
function case.index_a_number() local n = 5; return n.x.y end
function case.index_a_method() local t = {}; return t:no_such_method() end
function case.call_a_nil_global() no_such_function() end
function case.call_a_field() local t = {}; t.f() end
function case.call_a_number() local n = 1; n() end
function case.call_a_result() (function() end)()() end
function case.assign_to_nil() local t; t.x = 1 end
function case.bad_argument() return ("x"):rep({}) end
function case.bad_argument_of_a_method() local s = "x"; return s:rep() end
function case.bad_argument_to_ipairs() for _ in ipairs() do end end
function case.bad_argument_to_setmetatable() setmetatable(1, {}) end
function case.for_initial() for _ = {}, 1 do end end
function case.for_iterator() for _ in 5 do end end
function case.error_levels()
    local function f(level) error("m", level) end
    local out = {}
    for level = 0, 2 do out[level + 1] = select(2, pcall(f, level)) end
    return out
end
function case.error_without_message() return pcall(error) end
function case.error_with_a_number() return pcall(error, 42) end
function case.error_with_a_number_gets_no_position() return pcall(function() error(42) end) end
function case.pcall_without_a_function() return pcall() end
function case.pcall_of_a_value() return pcall(1) end
function case.xpcall_without_a_handler() return xpcall(print) end
function case.xpcall_arguments() return xpcall(function(...) return ... end, print, 1, nil, 3) end
function case.xpcall_handler_result() return xpcall(error, function(e) return e, "more" end, "e") end
function case.nested_pcall() return pcall(pcall, error, "x") end
function case.error_in_the_handler() return (xpcall(error, function() error("again") end)) end
function case.assert_values()
    return assert(1, "unused", nil), pcall(assert, nil), pcall(assert, false, {1}), pcall(assert)
end
function case.stack_overflow()
    local function f() return 1 + f() end
    local ok, e = pcall(f)
    return ok, (e:find("stack overflow", 1, true)) ~= nil
end
function case.deep_pcall()
    local function f(n) if n == 0 then return "bottom" end return select(2, pcall(f, n - 1)) end
    return f(100)
end
function case.endless_pcall() local function f() return pcall(f) end return (f()) end
function case.c_stack_overflow()
    local function f(s) return (s:gsub(".", f)) end
    local ok, e = pcall(f, "x")
    return ok, (e:find("C stack overflow", 1, true)) ~= nil
end
function case.tostring_overflow()
    local t = setmetatable({}, {})
    getmetatable(t).__tostring = function() return tostring(t) end
    return (pcall(tostring, t))
end
function case.too_many_results() return pcall(function() return table.unpack({}, 1, 1e7) end) end
function case.string_too_large() return pcall(string.rep, "xx", math.maxinteger // 1) end
function case.message_of_a_concat() local t = {}; return "a" .. t end
function case.message_of_arithmetic() local t = {}; return t.x * 2 end
function case.message_of_a_comparison() return {} < 1 end
function case.message_of_a_bit_operation() local x = "a"; return x | 1 end
function case.message_of_a_fraction() local x = 1.5; return x | 1 end
function case.message_of_a_constant() return ("x")() end
function case.long_chunk_lines() return select(2, load("\n\n\nerror('x')", "=c")()) end
function case.line_of_load() return pcall(load("\n\nerror('here')", "=chunk")) end

return case
