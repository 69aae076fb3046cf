# SPDX-License-Identifier: BSD-2-Clause
# The module tee.so in a stock Lua 5.4.

lib=$(dirname "$(dirname "$LUATEE")")/lib

# Under sanitizers it lacks their functions, which the program does not hand on.
if [ -f "$lib/tee.so" ] && ! grep -q __asan_init "$lib/tee.so"; then
    begin "luatee run loads Lua modules written in C"
    app module 'return type(package.loadlib(..., "luaopen_tee"))'
    run luatee run "--tee=$BACKEND" -u "$work/module" "$lib/tee.so"
    exits 0
    prints function
fi

# Sanitizers want to be first in a process, which a stock interpreter is not built for.
if [ ! -f "$lib/tee.so" ] || ! command -v lua5.4 >/dev/null || grep -q __asan_init "$lib/tee.so"; then
    finish
    skip "tee.so in stock lua5.4: not on this machine, or built with sanitizers"
    return 0
fi

stock() {
    run env "LUA_CPATH=$lib/?.so" "EXAMPLE=$EXAMPLE" "BACKEND=$BACKEND" lua5.4 -e "$1"
}

begin "require and open"
stock 'local tee = require "tee"
local s <close> = tee.open {app = os.getenv "EXAMPLE", backend = os.getenv "BACKEND", plaintext = true}
print(s:call("stringappend", {"string1", "string2"}), s:call("2cubicx", 5))'
exits 0
prints "string1string2${tab}250"
silent

begin "without a session: says how to open one"
stock 'print(select(2, pcall(require("tee").call, "x")))'
exits 0
prints_like 'tee.open'

begin "several sessions, closed by the collector at the end"
stock 'local tee = require "tee"
for i = 1, 5 do
    local s = tee.open {app = os.getenv "EXAMPLE", backend = os.getenv "BACKEND", plaintext = true}
    io.write(s:call("cubic", i), " ")
end'
exits 0
printf '1 8 27 64 125 ' >"$work/expected"
cmp -s "$work/expected" "$work/out" || fail "other results"

begin "an error of the TEE is a Lua error"
stock 'local tee = require "tee"
local s <close> = tee.open {app = os.getenv "EXAMPLE", backend = os.getenv "BACKEND", plaintext = true}
s:call("cubic", {})'
exits 1
mentions "cubic.lua:2: attempt to perform arithmetic on a table value"
