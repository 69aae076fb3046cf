# SPDX-License-Identifier: BSD-2-Clause
# Each thing that goes wrong: one line that says what and what to do, and its exit status.

start() {
    run luatee run "--tee=$BACKEND" -u "$work/main"
}

begin "an error in main.lua: message, traceback, status 1"
app main 'local function inner() error("the message") end
inner()'
start
exits 1
prints
mentions "main.lua:1: the message" "stack traceback:" "main.lua:2:"

begin "an error in a trusted script: the tracebacks of both worlds"
app main 'local function caller() return TA_call("fails") end
print(caller())'
script main fails 'local function deep() error("in the TEE") end
deep()'
start
exits 1
prints
mentions "fails.lua:1: in the TEE" "fails.lua:2:" "main.lua:1:" "main.lua:2:"
[ "$(grep -c 'traceback' "$work/err")" -ge 2 ] || fail "fewer than two tracebacks"

begin "output that came before an error is there"
app main 'print("before") io.write("and this") error("x")'
start
exits 1
printf 'before\nand this' >"$work/expected"
cmp -s "$work/expected" "$work/out" || fail "stdout is not what was written"

begin "an error that is a table"
app main 'TA_call("fails")'
script main fails 'error {code = 7}'
start
exits 1
mentions table

begin "an error that is a table with __tostring"
app main 'error(setmetatable({}, {__tostring = function() return "my own text" end}))'
start
exits 1
mentions "my own text"

begin "an error that is nil"
app main 'error(nil)'
start
exits 1
mentions nil

begin "a raised {code=7} is caught in the host"
app main 'local ok, e = pcall(TA_call, "fails") return ok, type(e), e.code'
script main fails 'error {code = 7}'
start
exits 0
prints "false${tab}table${tab}7"

begin "no such app"
run luatee run "--tee=$BACKEND" -u "$work/no_such_app"
exits 2
prints
says no_such_app

begin "an app that is a file"
echo >"$work/file"
run luatee run "--tee=$BACKEND" -u "$work/file"
exits 2
says file

begin "no main.lua"
mkdir -p "$work/no_main/host"
run luatee run "--tee=$BACKEND" -u "$work/no_main"
exits 2
prints
says no_main host/main.lua

begin "a syntax error in main.lua"
app main 'x = = 1'
start
exits 1
prints
says "main.lua:1:" "near '='"

begin "no such trusted script: the message names the file"
app main 'TA_call("missing")'
start
exits 1
prints
mentions "ta/missing.lua"

begin "no such trusted script, asked for inside the TEE"
app main 'TA_call("asks")'
script main asks 'return internal_TA_call("missing")'
start
exits 1
mentions "ta/missing.lua"

begin "no such trusted script: the error can be caught"
app main 'local ok, e = pcall(TA_call, "missing") return ok, (e:gsub("\n", "|"))'
start
exits 0
prints_like "^false.*ta/missing.lua"

begin "a syntax error in a trusted script"
app main 'TA_call("broken")'
script main broken 'local x = = 1'
start
exits 1
prints
mentions "ta/broken.lua:1:" "near '='"

begin "a trusted script that is a folder"
app main 'TA_call("folder")'
mkdir -p "$work/main/ta/folder.lua"
start
exits 1
mentions "folder.lua"

begin "an app without a ta folder"
app main 'print("host only")'
rm -r "$work/main/ta"
start
exits 0
prints "host only"

begin "an app name that breaks the rule"
mkdir -p "$work/a name with blanks"
cp -R "$work/main/host" "$work/a name with blanks/"
run luatee run "--tee=$BACKEND" -u "$work/a name with blanks"
exits 2
says name

begin "no app given"
run luatee run
exits 2
prints
[ -s "$work/err" ] || fail "nothing on stderr"

begin "an unknown option"
run luatee run --no-such-option "$EXAMPLE"
exits 2
prints
mentions no-such-option

begin "an unknown short option"
run "$invoke" -x "$EXAMPLE"
exits 2
mentions x

begin "an unknown backend"
run luatee run --tee=nonsense -u "$EXAMPLE"
exits 2
mentions nonsense

begin "an unknown command"
run luatee no_such_command
exits 2
prints
mentions no_such_command

begin "no command"
run luatee
exits 2
prints
[ -s "$work/err" ] || fail "nothing on stderr"

begin "arguments that cannot cross: the path to the culprit"
app main 'local t = {peers = {1, 2, {}}} t.peers[3].self = t TA_call("echo", 1, t)'
script main echo 'return ...'
start
exits 1
mentions "argument 2 .peers[3].self: cycle"

begin "out of memory in the TEE, in a session that has filled all of the TA, with a traceback"
app full 'TA_call("fill", tonumber(...))'
script full fill 'local length, depth, kept = (...), 60, {}
local function a_function_of_which_the_name_is_long(n)
    if n > 0 then return 1 + a_function_of_which_the_name_is_long(n - 1) end
    for i = 1, math.maxinteger do
        kept[#kept + 1] = {i .. (" or nil"):rep(length)}
        kept[#kept + 1] = {"not " .. kept[#kept][1], i}
    end
end
a_function_of_which_the_name_is_long(depth)'
for length in 0 1 2 3; do
    run luatee run "--tee=$BACKEND" -u "$work/full" "$length"
    exits 1
    mentions "not enough memory: needed " "stack traceback in the TEE:" "in main chunk" a_function_of_which
    ! grep -q "needed 0 more" "$work/err" || fail "nothing more was needed"
done

begin "out of memory in the TEE is an error of the script"
app main 'print(pcall(TA_call, "greedy")) return TA_call("echo", "still here")'
script main greedy 'local t = {} while true do t[#t + 1] = ("x"):rep(10000) .. #t end'
script main echo 'return ...'
start
exits 0
prints_like "^false.*memory"
prints_like "^still here$"

# The trusted script calls the host, which has Ctrl-C's signal sent to the program: a call runs then, and until it is cancelled.
# A shell that runs this in the background has it ignore the signal: timeout takes that back, and ends a hang.
interruptible() {
    run timeout 1800 "$LUATEE" run "--tee=$BACKEND" -u "$work/cli_interrupt"
}
interrupted='
    tee.export("begun", function() io.popen("kill -INT $PPID"):close() end)
    print(pcall(TA_call, "forever")) print(TA_call("alive"))'

begin "Ctrl-C cancels the trusted call, and the program goes on"
app cli_interrupt "local tee = require 'tee' $interrupted"
script cli_interrupt forever 'tee.host.begun() while true do pcall(function() while true do end end) end'
script cli_interrupt alive 'return 7'
interruptible
prints "false${tab}cancelled" 7
silent

# Nor can it stop there to ask: the TEE has to be told while it runs.
begin "Ctrl-C cancels a trusted call inside table.sort"
app cli_interrupt "local tee = require 'tee' $interrupted"
script cli_interrupt forever 'tee.host.begun() table.sort({2, 1}, function() while true do end end)'
script cli_interrupt alive 'return 7'
interruptible
prints "false${tab}cancelled" 7
silent

begin "Ctrl-C is not kept from programs that the script starts"
app cli_interrupt 'TA_call("alive") os.execute("grep SigBlk /proc/self/status")'
script cli_interrupt alive 'return 7'
run "$LUATEE" run "--tee=$BACKEND" -u "$work/cli_interrupt"
prints "SigBlk:${tab}0000000000000000"

begin "Ctrl-C while no trusted call runs ends the program"
app cli_interrupt 'print(TA_call("alive")) io.stdout:flush() io.popen("kill -INT $PPID"):close() while true do end'
script cli_interrupt alive 'return 7'
interruptible
prints 7
[ "$status" -eq 130 ] || fail "exit status $status, and not that of SIGINT"
