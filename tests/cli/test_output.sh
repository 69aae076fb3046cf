# SPDX-License-Identifier: BSD-2-Clause
# What main.lua gets, prints and returns.

main() {
    app main "$1"
    script main echo 'return ...'
    shift
    run luatee run "--tee=$BACKEND" -u "$work/main" "$@"
}

begin "returned values are printed, tab-separated"
main 'return 1, "two", 3.0, true, nil'
exits 0
prints "1${tab}two${tab}3.0${tab}true${tab}nil"
silent

begin "returned values go through __tostring"
main 'return setmetatable({}, {__tostring = function() return "mine" end})'
prints mine

begin "a returned nil is printed"
main 'return nil'
prints nil

begin "no returned value: nothing is printed"
main 'local x = 1'
exits 0
prints

begin "an empty main.lua"
main ''
exits 0
prints

begin "results of the TEE, as they are"
main 'return TA_call("echo", 1, 1.0, nil, "x", -0.0)'
prints "1${tab}1.0${tab}nil${tab}x${tab}-0.0"

begin "print and io.write come before the results, in order"
main 'print("one") io.write("two\n") print("three") return "four"'
prints one two three four

begin "arguments as ..."
main 'return select("#", ...), ...' a "b c" '' '*'
prints "4${tab}a${tab}b c${tab}${tab}*"

begin "arguments as arg"
main 'return #arg, arg[1], arg[2]' x y
prints "2${tab}x${tab}y"

begin "arg[0] is the path of main.lua"
main 'return arg[0]:match("[^/]+/host/main.lua$")'
prints main/host/main.lua

begin "arguments that look like options belong to the app"
main 'return ...' -s --help -x --
prints "-s${tab}--help${tab}-x${tab}--"

begin "no arguments"
main 'return select("#", ...), #arg'
prints "0${tab}0"

begin "arguments of any bytes"
main 'return (...):byte(1, -1)' "$(printf 'a\377\001')"
prints "97${tab}255${tab}1"

begin "standard input is the app's"
app main 'return io.read("n"), io.read("L"), io.read("a")'
status=0
printf '42\nrest\n' | luatee run "--tee=$BACKEND" -u "$work/main" >"$work/out" 2>"$work/err" || status=$?
exits 0
prints "42${tab}" "${tab}rest" ""

begin "io.stderr is stderr"
main 'io.stderr:write("to stderr\n")'
prints
mentions "to stderr"

begin "main.lua may require modules beside it"
app main 'return require("helper").answer'
echo 'return {answer = 42}' >"$work/main/host/helper.lua"
run luatee run "--tee=$BACKEND" -u "$work/main"
exits 0
prints 42

begin "modules beside main.lua are found from any working directory"
cd / || exit 1
run luatee run "--tee=$BACKEND" -u "$work/main"
cd "$work" || exit 1
prints 42

begin "the module tee, and TA_call its function"
main 'local tee = require "tee"; return tee.call == TA_call, tee.call("echo", 7)'
prints "true${tab}7"

begin "all of stock Lua's libraries"
main 'return type(io), type(os), type(debug), type(package), _VERSION'
prints "table${tab}table${tab}table${tab}table${tab}Lua 5.4"

begin "os.exit with a status"
main 'print("before") os.exit(7)'
exits 7
prints before

begin "os.exit(true)"
main 'io.write("no newline") os.exit(true)'
exits 0
printf 'no newline' >"$work/expected"
cmp -s "$work/expected" "$work/out" || fail "stdout is not flushed"

begin "os.exit(false) and os.exit(0, true)"
main 'os.exit(false)'
exits 1
main 'TA_call("echo") os.exit(0, true)'
exits 0

begin "a megabyte of output"
main 'for i = 1, 16384 do print(("x"):rep(63)) end'
exits 0
[ "$(wc -c <"$work/out")" -eq 1048576 ] || fail "$(wc -c <"$work/out") bytes"

begin "a reader that goes away ends the program quietly"
app main 'for i = 1, 100000 do print(("x"):rep(63)) end'
luatee run "--tee=$BACKEND" -u "$work/main" 2>"$work/err" | head -n 1 >"$work/out"
prints xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
[ "$(wc -l <"$work/err")" -le 2 ] || fail "too much on stderr"

if [ -w /dev/full ]; then
    begin "a full disk is noticed"
    app main 'print("x")'
    status=0
    luatee run "--tee=$BACKEND" -u "$work/main" >/dev/full 2>"$work/err" || status=$?
    [ "$status" -ne 0 ] || fail "exit status 0 though nothing could be written"
else
    skip "a full disk is noticed: no /dev/full"
fi

begin "print inside the TEE goes to stderr, in the dev flavour"
app main 'print("host") TA_call("talk") print("host again")'
script main talk 'print("from the TEE", 1, nil)'
run luatee run "--tee=$BACKEND" -u "$work/main"
exits 0
prints host "host again"
mentions "from the TEE${tab}1${tab}nil"
