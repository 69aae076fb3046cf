# SPDX-License-Identifier: BSD-2-Clause
# --help, --version, info.

begin "luatee --version"
run luatee --version
exits 0
prints_like '[0-9][0-9]*\.[0-9][0-9]*\.[0-9]'
[ "$(wc -l <"$work/out")" -eq 1 ] || fail "more than one line"

begin "luatee help"
run luatee help
exits 0
for command in run store info; do
    prints_like "$command"
done
silent

begin "luatee --help"
run luatee --help
exits 0
prints_like run

for command in run store info; do
    begin "luatee $command --help"
    run luatee "$command" --help
    exits 0
    prints_like "luatee $command"
    silent
done

begin "invoke_lua_interpreter --help"
run "$invoke" --help
exits 0
prints_like -u

begin "luatee info"
run luatee info "--tee=$BACKEND"
exits 0
prints_like 'Lua 5\.4\.9'
prints_like dev
silent

begin "luatee info says what the simulator is worth"
if [ "$BACKEND" = sim ]; then
    prints_like simulator
fi
