/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Programs have variables by type: n1 to n4 numbers, s1 to s4 strings, t1 to t4 tables, f1 to f4 functions, c1 and c2
 * coroutines, x1 to x4 anything. What is assigned to them is forced to the type, so that most statements do something.
 * Tables of programs that are compared are sequences with names besides: the border of a table with holes depends on
 * the hash.
 */
#include "tests/fuzz/lua_grammar.h"

#include <stddef.h>

const char lua_grammar_begin[] =
    "local emitted, ticks, overflow = {}, 0, ''\n"
    "local type, select, pcall, error, rawget, next, tostring = type, select, pcall, error, rawget, next, tostring\n"
    "local format, sub, find, mtype = string.format, string.sub, string.find, math.type\n"
    "local sort, concat, setmetatable = table.sort, table.concat, setmetatable\n"
    /* The metatable of strings is hidden in the TA. */
    "local raw_getmetatable = getmetatable\n"
    "local function getmetatable(v) return type(v) ~= 'string' and raw_getmetatable(v) or nil end\n"
    "local function sorted(t)\n"
    "  local names = {}\n"
    "  for k in next, t do if type(k) == 'string' then names[#names + 1] = k end end\n"
    "  sort(names)\n"
    "  return names\n"
    "end\n"
    "local function show(v, depth)\n"
    "  local kind = type(v)\n"
    "  if kind == 'string' then\n"
    "    if find(v, 'overflow', 1, true) then overflow = '\\noverflow' return 'overflow' end\n"
    "    return #v < 90 and format('%q', v) or format('%d %q %q', #v, sub(v, 1, 40), sub(v, -40))\n"
    "  elseif kind == 'number' then\n"
    "    if v ~= v then return 'nan' end\n"
    "    return mtype(v) == 'integer' and format('%d', v) or format('%.14g', v)\n"
    "  elseif kind == 'table' and depth < 3 then\n"
    "    local parts = {}\n"
    "    for i = 1, 6 do local e = rawget(v, i) if e == nil then break end parts[i] = show(e, depth + 1) end\n"
    "    for i, k in next, sorted(v) do if i > 6 then break end\n"
    "      parts[#parts + 1] = show(k, 3) .. '=' .. show(rawget(v, k), depth + 1) end\n"
    "    return '{' .. concat(parts, ',') .. '}'\n"
    "  end\n"
    "  return kind == 'boolean' and tostring(v) or kind\n"
    "end\n"
    "local function emit(...)\n"
    "  if #emitted >= 200 then return end\n"
    "  local parts = {}\n"
    "  for i = 1, select('#', ...) do parts[i] = show((select(i, ...)), 0) end\n"
    "  emitted[#emitted + 1] = concat(parts, ' ')\n"
    "end\n"
    "local function try(f, ...) emit('try', pcall(f, ...)) end\n"
    "local function tick() ticks = ticks + 1 return ticks % 12 == 0 end\n"
    "local function num(v) return mtype(v) and v or 7 end\n"
    "local function str(v) return type(v) == 'string' and #v < 4000 and v or type(v) end\n"
    "local function tab(v) return type(v) == 'table' and v or {v} end\n"
    "local function fun(v) return type(v) == 'function' and v or function(...) return v, ... end end\n"
    "local function plain(v) return (mtype(v) or type(v) == 'string') and v or type(v) end\n"
    "local function nn(v) if v == nil then return 0 end return v end\n"
    "local function closer(n) return setmetatable({}, {__close = function(_, e) emit('close', n, e) end}) end\n"
    /* Where it cannot yield a session says more than stock Lua. */
    "local isyieldable, raw_yield = coroutine.isyieldable, coroutine.yield\n"
    "local function yield(...) if isyieldable() then return raw_yield(...) end error('no yield', 0) end\n"
    "local steps = {\n"
    "  function(go) ('a'):gsub('a', go) end,\n"
    "  function(go) sort({1, 2}, function() go() end) end,\n"
    "  function(go) return setmetatable({}, {__index = function() go() end}).x end,\n"
    "  function(go) local ok, e = pcall(go) if not ok then error(e, 0) end end,\n"
    "  function(go) return setmetatable({}, {__concat = function() go() end}) .. 'x' end,\n"
    "  function(go) return tostring(setmetatable({}, {__tostring = function() go() return '' end})) end,\n"
    "  function(go) coroutine.wrap(go)() end,\n"
    "  function(go) local x <close> = setmetatable({}, {__close = function() go() end}) end,\n"
    "  function(go) return setmetatable({}, {__lt = function() go() end}) < {} end,\n"
    "  function(go) local e = select(2, xpcall(go, function(e) return {e} end)) if e then error(e[1], 0) end end,\n"
    "  function(go) for _ in ('a'):gmatch('a') do go() end end,\n"
    "  function(go) return setmetatable({}, {__call = function(_, f) f() end})(go) end,\n"
    "}\n"
    /* Runs f inside n calls of one kind. */
    "local nested = 0\n"
    "local function nest(kind, n, f)\n"
    "  if nested + n > 60 then return f() end\n"
    "  nested = nested + n\n"
    "  local step = steps[kind % #steps + 1]\n"
    "  local left = n\n"
    "  local function go() left = left - 1 if left < 0 then f() else step(go) end end\n"
    "  local ok, e = pcall(go)\n"
    "  nested = nested - n\n"
    "  if not ok then error(e, 0) end\n"
    "end\n"
    "local n1, n2, n3, n4, s1, s2, s3, s4 = 1, 2.5, -3, 1 << 40, 'a', 'hello', '', 'x=1, y=2'\n"
    "local t1, t2, t3, t4 = {}, {1, 2, 3}, {name = 'n', 'b', 'c', 'a'}, {}\n"
    "local x1, x2, x3, x4\n"
    "local function f1(...) return ... end\n"
    "local function f2(x, y) n1 = num(n1 + 1) return y, x end\n"
    "local f3, f4 = function(x) return x end, function() error('f4') end\n"
    "local c1, c2 = coroutine.create(f1), coroutine.create(function(...)\n"
    "  while true do emit('c2', coroutine.yield(...)) end end)\n";

const char lua_grammar_begin_wild[] =
    "local host, host_other, argument = ...\n"
    /* Runs f inside as many calls as the C stack has room for, but for `less`. */
    "local function descend(kind, less, f)\n"
    "  local step, depth, deepest, limit = steps[kind % #steps + 1], 0, 0, nil\n"
    "  local function go()\n"
    "    depth = depth + 1\n"
    "    if depth > deepest then deepest = depth end\n"
    "    if depth == limit then f() else step(go) end\n"
    "    depth = depth - 1\n"
    "  end\n"
    "  pcall(go)\n"
    "  limit, depth = deepest - less, 0\n"
    "  pcall(go)\n"
    "end\n"
    "local function all(t, n) for k, v in pairs(t) do n = n - 1 if n < 0 then break end emit(k, v) end end\n"
    "local w1, w2, w3 = setmetatable({}, {__mode = 'k'}), setmetatable({}, {__mode = 'v'}),\n"
    "  setmetatable({}, {__mode = 'kv'})\n";

const char lua_grammar_end[] = "return concat(emitted, '\\n') .. overflow\n";

/* --- small things ------------------------------------------------------------------------------------------------- */

static const char *const number_variables[] = { "n1", "n2", "n3", "n4" };
static const char *const string_variables[] = { "s1", "s2", "s3", "s4" };
static const char *const table_variables[] = { "t1", "t2", "t3", "t4" };
static const char *const table_variables_wild[] = { "w1", "w2", "w3" };
static const char *const function_variables[] = { "f1", "f2", "f3", "f4" };
static const char *const function_variables_wild[] = { "host", "host_other", "tee.host.echo", "tee.host.again" };
static const char *const coroutine_variables[] = { "c1", "c2" };
static const char *const variables[] = { "x1", "x2", "x3", "x4", "n1", "s1", "t1", "f1", "c1" };

static const char *const names[] = {
    "a", "b", "n", "name", "__index", "__newindex", "__call", "__len", "__eq", "__close",
};

static const char *const operators[] = { "+", "-", "*", "/", "//", "%%", "^", "&", "|", "~", "<<", ">>", ".." };

static const char *const comparisons[] = { "<", "<=", ">", ">=", "==", "~=" };

static const char *const number_literals[] = {
    "0", "1", "-1", "3.0", "0.1", "-0.0", "1e308", "5e-324", "(0/0)", "(1/0)", "(-1/0)", "2^53", "2^63", "1e15", "0x7f",
    "math.maxinteger", "math.mininteger", "0xffffffffffffffff", "255", "1000", "65536", "math.pi",
};

static const char *const string_literals[] = {
    "''", "'a'", "'abc'", "'hello world'", "'\\0x\\0'", "'%%d'", "'1e1'", "'0x10'", "'  12  '",
    "'\\u{20AC}\\u{10FFFF}'",
    "'aXbXc'", "'key=val, k2=v2'", "'((nested)(x))'", "'....'", "'10'", "'\\xff\\xfe'", "'\\n'", "'nan'",
    "'9223372036854775808'",
    "'return 1'", "'a\\0b'", "'0x1p4'", "'[[x]]'", "'\\u{7FFFFFFF}'",
};

static const char *const patterns[] = {
    "'.'", "'%%a+'", "'(.)'", "'^%%s*(.-)%%s*$'", "'(%%w+)=(%%w+)'", "'[^,]*'", "'%%b()'", "'%%f[%%w]%%w+'", "'()'",
    "'.-'",
    "'x*'", "'[%%a-z]'", "'%%'", "'('", "'[a'", "'%%1'", "'(a)%%1'", "'^'", "'$'", "'[]]'", "'\\0'", "'(()'",
    "'a?a?a?aaa'",
    "'%%g*'", "'[^%%z]'", "'(((((((((x)))))))))'", "'.*.*.*x'", "'%%b'", "'%%f'", "'(.*)(.*)'", "'[%%]x]'",
    "'%%d*%%.?%%d+'",
    "'^(l+)'", "'()l()'",
};

static const char *const formats[] = {
    "'%%d'", "'%%5.2f'", "'%%x'", "'%%g'", "'%%s'", "'%%q'", "'%%i|%%5s|%%-5s|'", "'%%c'", "'%%e'", "'%%a'", "'%%%%'",
    "'%%'",
    "'%%.3s'", "'%%+d'", "'%%010d'", "'%%.20f'", "'%%99d'", "'%%.99f'", "'%%100d'", "'%%o %%u'", "'%%#x'", "'%% d'",
};

static const char *const packs[] = {
    "'<i4'", "'>I8'", "'z'", "'s1'", "'!4 b i4'", "'b'", "'n'", "'d'", "'f'", "'j'", "'<i16'", "'i3Xi4'", "'s'", "'c5'",
    "'i17'", "'!'", "'>!8 b Xi8 i8'", "'h'", "'T'", "'=I2'", "'c0'", "'x'", "'s8'", "'B'",
};

/* --- expressions -------------------------------------------------------------------------------------------------- */

static const char *const numbers[] = {
    "1", "%1", "%i", "%0", "(%n %o %n)", "(%n %o %n)", "(- %n)", "(~ %n)", "#%s", "#%t", "math.floor(%n)",
    "math.fmod(%n, %n)", "math.max(%n, %n, %i)", "(math.tointeger(%a) or 0)", "math.abs(%n)", "(tonumber(%a) or 3)",
    "(tonumber(%s, %i) or 4)", "num((%f)(%a))", "((%s):byte(%i) or 0)", "select('#', %a, (%f)(%a))",
    "(%b and %n or %n)",
    "(string.find(%s, %p, %i) or 0)", "(utf8.len(%s, %i) or -1)", "(utf8.offset(%s, %i) or 5)", "utf8.codepoint(%s)",
    "string.packsize(%k)", "rawlen(%t)", "num((%t).n)", "(math.ult(%i, %n) and 1 or 2)", "(%n // %i)", "(%n %% %n)",
    "#tostring(%n)", "(math.type(%n) == 'float' and 1.5 or 2)", "math.ceil(%n)", "math.sqrt(%n)", "(%n << %i)",
};
static const char *const numbers_wild[] = {
    "collectgarbage('count')", "math.random(%n)", "tee.fuel()", "num(tee.info().memory)", "#tee.random(%i)",
};

static const char *const strings[] = {
    "'a'", "%2", "%9", "str(%s .. %s)", "str(%s .. %n)", "(%s):rep(%i)", "(%s):rep(%i, %s)", "(%s):sub(%i, %i)",
    "(%s):upper()",
    "(%s):reverse()", "string.format(%m, plain(%a))", "string.format(%m, %n, %s)", "str(table.concat(%t, %s))",
    "str(((%s):gsub(%p, %r)))", "str(((%s):gsub(%p, %r, %i)))", "str(((%s):match(%p)))", "str(((%s):match(%p, %i)))",
    "string.char(%i, %n)", "utf8.char(%i, %n)", "string.pack(%k, %n)", "string.pack(%k, %s, %i)",
    "str((string.unpack(%k, %s)))", "tostring(%n)", "type(%a)", "str((%f)(%a))", "(%b and %s or %s)",
    "(%s):lower():rep(3)",
    "str((%t).name)", "str(select(2, pcall(error, %s)))", "str(select(2, load(%s)))", "string.rep(%s, %i * 100)",
};
static const char *const strings_wild[] = {
    "argument", "tostring(%a)", "tee.random(%i)", "tee.digest(%d, %s)", "tee.mac(%d, %s, %s)", "tee.hex.encode(%s)",
    "str((tee.hex.decode(%s)))", "tee.base64.encode(%s)", "str((tee.base64.decode(%s)))", "tee.cbor.encode(%a)",
    "tee.aead.seal(%h, %y, %s, %s)", "str((tee.aead.open(%h, %y, %s, %s)))", "tee.cipher.encrypt(%h, %y, %s)",
    "tee.cipher.encrypt('aes-ctr', %y, %s)", "str((tee.cipher.decrypt(%h, %y, %s)))",
    "tee.kdf.hkdf(%d, %s, %s, %s, %i)",
    "tee.kdf.pbkdf2(%d, %s, %s, %i, %i)", "string.rep(%s, %n)", "str(tee.host.echo(%s))", "string.format('%%p', %a)",
    "%y",
};

static const char *const tables[] = {
    "{}", "%3", "%3", "{nn(%a), nn(%a)}", "{%z = %a, %z = %a}", "{n = %n, nn(%a), name = %s}", "setmetatable(%t, %u)",
    "setmetatable({}, %u)", "tab((%f)(%a))", "{table.unpack(%3)}", "table.move(%3, 1, #%3, 1, {})", "tab(%3[%i])",
    "{%s, %n, %f}", "tab(getmetatable(%3))", "setmetatable(%3, nil)", "{%t, %t}", "%u",
};
static const char *const tables_wild[] = {
    "setmetatable(%t, {__mode = %s})", "setmetatable(%t, {__mode = 'kv', __index = %f})", "table.pack(%a, nil, %a)",
    "table.move(%t, %i, %i, %i, %t)", "{[%a] = %a, [%n] = %a}", "{%a, nil, %a, (%f)(%a)}", "tee", "_G", "_ENV",
    "tab(tee.cbor.decode(%s))", "tab(tee.cbor.decode(tee.cbor.encode(%a)))", "tee.info()", "tee.caller()",
    "tee.key.list()", "tee.cbor.array(%t)", "tab(tee.host.echo(%t))", "tab(require('m'))", "tab(tee.store.get(%s))",
};

static const char *const metatables[] = {
    "{}", "%3", "{__index = %f}", "{__index = %t}", "{__newindex = %f}", "{__newindex = %t}", "{__call = %f}",
    "{__add = %f, __concat = %f, __unm = %f, __idiv = %f}", "{__eq = %f}", "{__lt = %f, __le = %f}", "{__len = %f}",
    "{__close = %f}", "{__metatable = %a}", "{__tostring = %f}", "{__name = %s}", "{__pairs = %f}",
    "{__band = %f, __shl = %f, __bnot = %f}", "{__index = function(t, k) return yield(k) end}",
    "{__len = function() yield(1) return 2 end, __eq = function(a, b) return yield(b) end}",
    "{__close = function(_, e) emit('c', e) yield(e) error(e) end}",
    "{__add = function(a, b) local x <close> = closer(1) return yield(b) end}",
};
static const char *const metatables_wild[] = { "{__mode = 'k'}", "{__mode = 'v'}", "{__mode = 'kv'}", "{__gc = %f}" };

static const char *const functions[] = {
    "f1", "%4", "%4", "function(...) return ... end", "function(x, y) %B return %a end",
    "function(...) local a <const>, b = ... %B return a, b, %n end", "function(x) return %4(x) end",
    "coroutine.wrap(%f)",
    "function(...) %B return %4(%a, ...) end", "string.rep", "math.floor", "math.max", "rawget",
    "type", "select",
    "error", "pcall", "rawequal", "table.concat", "table.unpack", "string.gsub", "table.insert", "yield",
    "coroutine.resume", "coroutine.wrap", "ipairs", "string.char", "tonumber", "setmetatable", "getmetatable", "emit",
    "utf8.char", "string.byte", "xpcall", "assert", "rawset", "string.find", "string.unpack",
    "function(...) local t <close> = setmetatable({nn((...))}, {__close = %f}) %B return t end",
    "function(x) local y, z = x return function(v) y, z = z, v %B return y end end",
    "function(f) return pcall(fun(f), %a) end", "function(...) yield(...) %B return select('#', ...) end",
};
static const char *const functions_wild[] = {
    "next", "tostring", "string.format", "collectgarbage", "coroutine.yield", "print", "pairs", "table.sort", "table.move", "load",
    "require", "tee.call",
    "internal_TA_call", "tee.digest", "tee.key.generate", "tee.store.put", "tee.store.get", "tee.cbor.encode",
    "tee.cbor.decode", "tee.release", "tee.key.import", "tee.host.fail", "tee.host.nothing", "tee.counter",
    "table.remove", "coroutine.close", "function() return tee.digest(%d) end", "tee.store.transaction",
};


static const char *const any[] = {
    "nil", "%x", "%1", "%2", "%0", "%9", "%3", "%4", "%n", "%s", "%t", "%f", "%b", "(%t)[%a]", "(%t).%z", "%n",
    "(%f)(%a, %a)", "(%t)(%a)", "(%a %o %a)", "(%a .. %a)", "- %n",
    "(%b and %a or %a)", "select(%i, %a, %a, %a)", "pcall(%f, %a)",
    "(function(...) local n, m = ... %B return m, n end)(%a, %a)",
    "rawget(%t, %a)", "coroutine.isyieldable()", "#%t", "true", "false", "(%a)", "string.find(%s, %p)", "(%s):%z(%a)",
    "(%s):gsub(%p, %r)", "coroutine.resume(%5, %a)", "coroutine.status(%5)", "xpcall(%f, %f, %a)", "table.remove(%3)",
    "load(%[local x = ... return x, %n%])", "string.unpack(%k, %s, %i)", "string.byte(%s, %i, %i)", "table.unpack(%3)",
    "math.tointeger(%a)", "tonumber(%a)", "%1 < %2",
};
static const char *const any_wild[] = {
    "tee.digest(%d)", "tee.mac(%d, %s)", "tee.key.generate {type = %e}", "tee.key.generate {type = 'aes', name = %s}",
    "tee.key.import {type = 'aes', raw = %y}", "tee.key.import {type = %e, %z = %s, raw = %s}", "tee.key.open(%s)",
    "tee.key.delete(%s)", "%x:sign(%s)", "%x:verify(%s, %s)", "%x:encrypt(%s)", "%x:decrypt(%s)", "%x:public()",
    "%x:export()",
    "%x:update(%s)", "%x:final()", "%x:close()", "%x:mac(%s)", "%x:derive {type = 'aes', peer = %s}",
    "tee.store.put(%s, %a)",
    "tee.store.get(%s)", "tee.store.delete(%s)", "tee.store.transaction(%f)", "tee.store.clear()", "tee.counter(%s)",
    "%x:increment(%i)", "%x:value()", "tee.time.system()", "tee.supports(%s, %d)", "tee.equal(%s, %s)",
    "tee.call('inner', %a, %a)", "internal_TA_call('inner', %f)", "require('m').add(%n)", "tee.call(%s)",
    "host(%a, %f)",
    "host_other(%f, %a)", "tee.host.echo(%a, %a)", "tee.host.again(%f, %a)", "tee.host.fail(%a)",
    "tee.host.call(%f, %a)",
    "tee.release(%f)", "next(%t)", "coroutine.close(%5)", "coroutine.running()", "load(%s, %s, 't', %t)", "load(%f)",
    "tee.cbor.decode(%s)", "collectgarbage()", "getmetatable(%a)", "tee[%s]", "table.sort(%t, %f)",
};

static const char *const booleans[] = {
    "true", "false", "(%n %v %n)", "(%s %v %s)", "(%a == %a)", "not %a", "rawequal(%a, %a)", "(%t == %t)", "(%t < %t)",
    "(%b and %b)", "(%b or %b)", "((%s):find(%p) ~= nil)", "(next(%t) == nil)", "(%t <= %t)", "(%a ~= %a)",
    "(pcall(%f, %a))",
};
static const char *const booleans_wild[] = { "(%a %v %a)" };

static const char *const replacements[] = {
    "'<%%0>'", "'%%1'", "'%%2'", "'%%%%'", "'%%'", "''", "%s", "%f", "%t", "function(x) %B return %a end",
};

static const char *const digests[] = { "'sha256'", "'sha384'", "'sha512'", "'sha3-256'", "'sha1'", "%s" };
static const char *const modes[] = { "'aes-gcm'", "'aes-ccm'", "'aes-cbc'", "'aes-ctr'", "%s" };
static const char *const key_types[] = {
    "'aes'", "'ecdsa-p256'", "'hmac-sha256'", "'x25519'", "'ed25519'", "'ecdh-p256'", "%s",
};
/* Objects of the TEE, and others that somebody outside the Lua state knows of. */
static const char *const handles[] = {
    "tee.digest('sha256')", "tee.mac('sha256', 'key')", "tee.key.generate {type = 'aes'}",
    "tee.key.import {type = 'aes', raw = ('k'):rep(16)}", "tee.digest(%d)", "tee.mac(%d, %s)",
    "tee.key.generate {type = %e}",
    "tee.key.generate {type = 'aes', name = %s}", "tee.key.open(%s)", "tee.counter(%s)", "tee.store.pairs(%s)",
    "tee.host.echo(%f)",
    "tee.host.echo(function() %B end)", "coroutine.wrap(%f)", "%x:derive {type = 'aes', peer = %s}",
};
static const char *const aes_keys[] = { "('k'):rep(16)", "('k'):rep(32)", "%s" };

/* --- statements --------------------------------------------------------------------------------------------------- */

static const char *const statements[] = {
    "", "%1 = num(%n)", "%2 = str(%s)", "%3 = tab(%t)", "%4 = fun(%f)", "x1 = %a", "x2, x3 = %a, %a", "emit(%a)",
    "emit(%a, %a)", "emit(%n, %s)", "try(function() %B end)", "if %b then %B elseif %b then %B else %B end",
    "for i = %i, %i do %B end", "for i = %n, %n, %n do if tick() then break end %B end",
    "while %b do if tick() then break end %B end", "repeat if tick() then break end local z = %a %B until z",
    "do local v <close> = setmetatable({}, {__close = %f}) %B end", "do local v <close> = closer(%i) %B end",
    "do local i = 0 ::l%l:: i = i + 1 if i < 4 then %B goto l%l end end",
    "for k, v in ipairs(%t) do if tick() then break end emit(k, v) %B end",
    "for _, k in ipairs(sorted(%t)) do emit(k, (%t)[k]) %B end",
    "for k, v in (%s):gmatch(%p) do if tick() then break end emit(k, v) %B end",
    "table.insert(%3, nn(%a))", "table.insert(%3, %i, nn(%a))", "table.remove(%3)", "table.remove(%3, %i)",
    "if #%3 < 90 then table.sort(%3, %f) end", "if #%3 < 90 then table.sort(%3) end", "%3[#%3 + 1] = nn(%a)",
    "%3.%z = %a", "%3[%s] = %a", "%3[%t] = %a", "setmetatable(%3, %u)", "setmetatable(%3, nil)",
    "%5 = coroutine.create(%f)", "emit(coroutine.resume(%5, %a))", "emit(coroutine.status(%5))",
    "emit(coroutine.close(%5))",
    "yield(%a)",
    "do local co = coroutine.wrap(function(...) while true do %B yield(...) end end) emit(co(%a)) emit(co(%a)) end",
    "emit(pcall(function() yield(%a) %B error(%a) end))",
    "error(%a)", "error(%s, %i)", "assert(%b, %a)", "do return %a end", "do return %4(%a) end",
    "local function rec%l(n) if n > 0 then return 1 + rec%l(n - 1) end %B return 0 end emit(rec%l(%i * 10))",
    "nest(%i, %i * 4, function() %B end)", "emit(nest(%i, %i, %f))", "collectgarbage()", "collectgarbage('step', %i)",
    "local a%l <const>, b%l <close> = %a, nil emit(a%l)",
    "emit(load(%[local x = ... %B return x%])(%a))", "goto out%l do %B end ::out%l::",
    "do local up%l = %a %4 = function(v) up%l, v = v, up%l return v end end",
    "for p, c in utf8.codes(%s) do if tick() then break end emit(p, c) end",
    "emit((%s):find(%p), (%s):match(%p))", "emit(pcall(string.rep, %s, %n))", "emit(table.unpack(%3, %i, %i))",
    "emit(xpcall(%f, function(e) %B return %a end, %a))", "emit(coroutine.wrap(%f)(%a))",
    "s1 = str(s1) .. %s .. %n .. %s", "emit(%a %o %a)", "emit(#%t, rawlen(%t))", "t1, t2 = t2, t1 f1, f2 = f2, f1",
    "for i = 1, 3 do local co = coroutine.create(%f) emit(coroutine.resume(co, %a)) emit(coroutine.close(co)) end",
};
static const char *const statements_wild[] = {
    "for k, v in pairs(%t) do if tick() then break end %B end", "all(%t, %i)", "%3[%a] = %a", "%3[%n] = %a", "%x = %a",
    "w1[%a] = %a w2[%a] = %a w3[{}] = {}", "for i = 1, 12 do x4 = tee.digest('sha256') end",
    "for i = 1, 12 do local k = tee.key.generate {type = 'aes'} end", "for i = 1, 12 do pcall(%f, %a) end",
    "descend(%i, %i // 4, function() %B end)", "descend(0, 0, function() %B end)", "descend(3, 0, function() %B end)",
    "descend(%i, 0, function() for i = 1, 12 do x4 = %g end %B end)", "for i = 1, 12 do x4 = %g %B end",
    "descend(%i, 0, function() for i = 1, 12 do x4 = %g end x4 = nil collectgarbage() collectgarbage() %B end)",
    "collectgarbage() collectgarbage()", "collectgarbage(%s, %i)", "collectgarbage('generational')",
    "x4 = nil collectgarbage()",
    "for i = 1, 100 do x4 = {x4, i} end", "for i = 1, 200 do w1[{}] = {i} w2[i] = {} end",
    "x1 = string.rep(%s, 1 << %i)",
    "x2 = table.pack(table.unpack({}, 1, %i * 50))", "print(%a)", "for i = 1, 40 do t1[i] = host end",
    "tee.store.transaction(function(t) t.put(%s, %a) %B end)",
    "for k, v in tee.store.pairs() do if tick() then break end %B end",
    "_ENV = %t", "string.rep = %f", "tee.host.again(function(...) %B end, %a)",
    "tee.host.call(function(...) %B return ... end, %a)",
    "host(function(...) %B return %a end)", "x1 = tee.call('inner', function(...) %B return ... end)",
    "x3 = {host, f1, {%f}}",
    "for i = 1, 60 do host(function() return i end) end", "table.sort(%3, function() %B return %b end)",
    "emit(pcall(string.pack, %k, %a, %a, %a))", "do local d <close> = tee.digest('sha256') d:update(%s) %B end",
    "for i = 1, 9 do coroutine.wrap(function() %B yield() end)() end", "t4[#t4 + 1] = w2 t4.w = w1 x4 = w3",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LEAF(array) { array, COUNT(array), COUNT(array), NULL, 0 }
#define SAME(array, leaves) { array, COUNT(array), leaves, NULL, 0 }
#define BOTH(array, leaves) { array, COUNT(array), leaves, array##_wild, COUNT(array##_wild) }

static const struct lua_rule rules[256] = {
    ['1'] = LEAF(number_variables), ['2'] = LEAF(string_variables), ['3'] = BOTH(table_variables, 4),
    ['4'] = BOTH(function_variables, 4), ['5'] = LEAF(coroutine_variables), ['x'] = LEAF(variables),
    ['z'] = LEAF(names),
    ['o'] = LEAF(operators), ['v'] = LEAF(comparisons), ['0'] = LEAF(number_literals), ['9'] = LEAF(string_literals),
    ['p'] = LEAF(patterns), ['m'] = LEAF(formats), ['k'] = LEAF(packs), ['n'] = BOTH(numbers, 4),
    ['s'] = BOTH(strings, 3),
    ['t'] = BOTH(tables, 3), ['u'] = BOTH(metatables, 2), ['f'] = BOTH(functions, 4), ['a'] = BOTH(any, 8),
    ['b'] = BOTH(booleans, 2), ['r'] = SAME(replacements, 6), ['d'] = SAME(digests, 5), ['g'] = SAME(handles, 4),
    ['h'] = SAME(modes, 4),
    ['e'] = SAME(key_types, 6), ['y'] = SAME(aes_keys, 2), [';'] = BOTH(statements, 1),
};

const struct lua_rule *lua_grammar_rule(char character)
{
    const struct lua_rule *rule = &rules[(unsigned char)character];
    return rule->same ? rule : NULL;
}
