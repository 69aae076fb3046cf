# SPDX-License-Identifier: BSD-2-Clause
# On a terminal, control characters in texts from elsewhere are shown and not sent; elsewhere texts are as they are.

escape=$(printf '\033')
csi=$(printf '\302\233')

# Runs a command (with no quotes in it) with stdout and stderr on a terminal, whose output becomes stdout here. A terminal ends lines by CR LF.
on_terminal() {
    command=
    for word; do
        command="$command '$word'"
    done
    command script -q -c "$command" "$work/typescript" </dev/null >"$work/script.out" 2>&1 || true
    tr -d '\r' <"$work/script.out" >"$work/out"
    : >"$work/err"
}

# Nothing that a terminal obeys.
harmless() {
    ! grep -q "$escape\|$csi" "$work/out" || fail "a control character was sent"
}

on_terminal echo yes
if ! grep -qx yes "$work/out"; then
    skip "terminals: script (util-linux) does not make one here"
    return 0
fi

app terminal 'return TA_call(...)'
script terminal prints 'print("\27[2Jcleared\r\u{9b}m \xff \u{202e}tfel\ttab") print("next")'
script terminal raises 'error("\27[2Jcleared", 0)'
script terminal deep 'local t = {["\27[2J"] = function() local x = nil + 1 end} t["\27[2J"]()'

begin "what a script prints, on a terminal"
on_terminal "$LUATEE" run "--tee=$BACKEND" -u "$work/terminal" prints
prints_like '\\x1b\[2Jcleared\\x0d\\u{9b}m \\xff \\u{202e}tfel'"$tab"'tab$'
prints_like '^next$'
harmless

begin "what a script prints, into a file"
run "$LUATEE" run "--tee=$BACKEND" -u "$work/terminal" prints
exits 0
mentions "${escape}[2Jcleared$(printf '\r')${csi}m $(printf '\377')"

if [ "$BACKEND" = sim ]; then
    begin "what a script prints, in the TEE's own log"
    run env LUATEE_SIM_LOG="$work/log" "$LUATEE" run --tee=sim -u "$work/terminal" prints
    cp "$work/log" "$work/out"
    prints_like '\\x1b\[2Jcleared\\x0d'
    harmless
fi

begin "errors, on a terminal"
on_terminal "$LUATEE" run "--tee=$BACKEND" -u "$work/terminal" raises
prints_like '^luatee: \\x1b\[2Jcleared$'
harmless
run "$LUATEE" run "--tee=$BACKEND" -u "$work/terminal" raises
mentions "luatee: ${escape}[2Jcleared"

begin "tracebacks of both worlds, on a terminal"
on_terminal "$LUATEE" run "--tee=$BACKEND" -u "$work/terminal" deep
prints_like 'ta/deep.lua:1: attempt to perform arithmetic'
harmless

begin "an error of the host's script, on a terminal"
app terminal 'error("\27[2Jcleared\n\tsecond line")'
on_terminal "$LUATEE" run "--tee=$BACKEND" -u "$work/terminal"
prints_like '\\x1b\[2Jcleared$'
prints_like "^${tab}second line"
harmless

begin "paths and words, on a terminal"
for words in "run -u $work/${escape}[2Jnone" "${escape}[2J" "run --${escape}[2J" \
    "verify --key $work/${escape}[2Jnone x" "inspect $work/${escape}[2Jnone"; do
    # shellcheck disable=SC2086 # words
    on_terminal "$LUATEE" $words
    prints_like '\\x1b\[2J'
    harmless
done

begin "a package's path and a key's, on a terminal"
odd="$work/${escape}[2Japp"
rm -rf "$odd"
cp -R "$work/terminal" "$odd"
rm -f "$odd/ta"/*.lua
printf 'return 1\n' >"$odd/ta/one.lua"
printf 'return { name = "terminal" }\n' >"$odd/manifest.lua"
for words in "keygen publisher -o $odd/publisher.pem" "keygen class -o $odd/class.key" \
    "pack $odd --key $odd/publisher.pem --class-key $odd/class.key" "inspect $odd/ta/one.luata" \
    "verify $odd/ta/one.luata --key $odd/publisher.pub"; do
    # shellcheck disable=SC2086 # words
    on_terminal "$LUATEE" $words
    prints_like '\\x1b\[2Japp'
    harmless
done
prints_like 'one.luata: fine: app terminal, script one'
run "$LUATEE" verify "$odd/ta/one.luata" --key "$odd/publisher.pub"
exits 0
prints_like "$escape\[2Japp/ta/one.luata: fine"

begin "a program's own output is its own, on a terminal, too"
app terminal 'io.write("\27[1mbold\27[0m\n") io.stderr:write("\27[1mloud\27[0m\n") return "\27[1mresult"'
on_terminal "$LUATEE" run "--tee=$BACKEND" -u "$work/terminal"
prints_like "^$escape\[1mbold$escape\[0m$"
prints_like "^$escape\[1mloud$escape\[0m$"
prints_like "^$escape\[1mresult$"
