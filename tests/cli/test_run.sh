# SPDX-License-Identifier: BSD-2-Clause
# The historical app prints its two lines, however it is called.

two_lines() {
    exits 0
    prints string1string2 250
    silent
}

for flags in -u -su -us "-s -u" "-u -s"; do
    begin "invoke_lua_interpreter $flags"
    # shellcheck disable=SC2086 # the flags are words
    run "$invoke" $flags "$EXAMPLE"
    two_lines

    begin "luatee run --tee=$BACKEND $flags"
    # shellcheck disable=SC2086
    run luatee run "--tee=$BACKEND" $flags "$EXAMPLE"
    two_lines
done

begin "luatee run, the backend found by itself"
run luatee run -u "$EXAMPLE"
two_lines

begin "luatee run --tee=auto"
run luatee run --tee=auto -u "$EXAMPLE"
two_lines

begin "a trailing slash"
run "$invoke" -u "$EXAMPLE/"
two_lines

begin "two trailing slashes"
run "$invoke" -u "$EXAMPLE//"
two_lines

begin "a relative path"
cd "$(dirname "$EXAMPLE")" || exit 1
run "$invoke" -u "$(basename "$EXAMPLE")"
two_lines

begin "a relative path with a trailing slash, stored"
run "$invoke" -su "./$(basename "$EXAMPLE")/"
two_lines

begin "the folder itself as the working directory"
cd "$EXAMPLE" || exit 1
run "$invoke" -u .
two_lines

begin "a path through .."
cd "$EXAMPLE/host" || exit 1
run "$invoke" -u ..
two_lines

begin "another working directory"
cd / || exit 1
run "$invoke" -u "$EXAMPLE"
two_lines
cd "$work" || exit 1

begin "a symbolic link"
ln -s "$EXAMPLE" "$work/link"
run "$invoke" -u "$work/link"
two_lines

begin "a path with a blank in it"
mkdir -p "$work/with blank"
cp -R "$EXAMPLE" "$work/with blank/app"
run "$invoke" -u "$work/with blank/app"
two_lines

begin "the program through a symbolic link"
ln -s "$invoke" "$work/invoke_lua_interpreter"
run "$work/invoke_lua_interpreter" -u "$EXAMPLE"
two_lines

begin "without packages: says so, and what to do"
mkdir -p "$work/bare"
cp -R "$EXAMPLE" "$work/bare/cli_bare"
rm -f "$work"/bare/cli_bare/*.luata "$work"/bare/cli_bare/ta/*.luata
run "$invoke" "$work/bare/cli_bare"
exits 2
prints
says "luatee pack" -u

begin "-s without packages, here or stored"
run luatee run "--tee=$BACKEND" -s "$work/bare/cli_bare"
exits 1
prints
mentions "luatee store add"
