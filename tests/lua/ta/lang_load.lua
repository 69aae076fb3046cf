-- SPDX-License-Identifier: BSD-2-Clause
-- load (manual 6.1): text only.
local case = {}

function case.values() return load("return ...")(1, nil, 3) end
function case.chunk_name_of_a_string() return pcall(load("error('x')", "=name")) end
function case.chunk_name_by_default() return pcall(load("error('x')")) end
function case.chunk_name_of_source() return pcall(load("error('x')", "error('x')")) end
function case.chunk_name_of_a_file() return pcall(load("error('x')", "@file.lua")) end
function case.chunk_name_that_is_long() return pcall(load("error('x')", "=" .. ("n"):rep(200))) end
function case.chunk_name_of_many_lines() return pcall(load("error('x')", "line one\nline two")) end
function case.from_a_function()
    local parts, i = {"return ", "1", "+2", nil}, 0
    return load(function() i = i + 1 return parts[i] end)()
end
function case.from_a_function_with_an_empty_part()
    local parts, i = {"return 1", "", " + garbage"}, 0
    return load(function() i = i + 1 return parts[i] end)()
end
function case.from_a_function_that_raises() return load(function() error("in the reader", 0) end) end
function case.from_a_function_that_returns_a_number() return load(function() return 1 == 1 end) end
function case.environment() local env = {}; load("x = 5; y = x + 1", "=c", "t", env)(); return env end
function case.environment_nil() return pcall(load("return x", "=c", "t", nil)) end
function case.mode_text() return load("return 1", "=c", "t")() end
function case.mode_binary_refuses_text() return load("return 1", "=c", "b") end
function case.shebang_is_no_lua() return load("#!/usr/bin/lua\nreturn 1", "=c") end
function case.upvalues() local f = load("local x = 0; return function() x = x + 1 return x end")(); return f(), f() end
function case.nothing() return load("") ~= nil, load("-- only a comment") ~= nil end
function case.not_a_string() return load(5) end
function case.nothing_at_all() return load() end

return case
