# SPDX-License-Identifier: BSD-2-Clause
# kill -9 of the client in the middle of store operations: every stored script is whole afterwards, old or new.
# On OP-TEE alone: killing clients can make OP-TEE panic as a whole (tests/run.sh).

# Two scripts that know what they are: each checks a long filler for the version it was made with. make_scripts VERSION
make_scripts() {
    for kept in first second; do
        awk -v version="$1" 'BEGIN {
            filler = version "."
            while (length(filler) < 20000) filler = filler filler
            printf "local filler, n = \"%s\", 0\n", filler
            print "for part in filler:gmatch(\"([^.]+)%.\") do"
            print "if part ~= \"" version "\" then error(\"torn\") end n = n + 1 end"
            print "if #filler ~= " length(filler) " then error(\"torn: \" .. #filler) end"
            print "return \"" version "\", n"
        }' >"$work/cli_kill/ta/$kept.lua"
    done
}

# What is stored, "FIRST SECOND", told by an app of the same name without scripts of its own. The TA of a client that was
# killed may still be at work on the object: the TA that is asked waits for it.
stored_versions() {
    run luatee run "--tee=$BACKEND" -s -u "$work/reader/cli_kill"
    tr '\t' ' ' <"$work/out"
}

app cli_kill 'return TA_call(...)'
mkdir -p "$work/reader/cli_kill/host"
echo 'return (TA_call("first")), (TA_call("second"))' >"$work/reader/cli_kill/host/main.lua"
make_scripts v0
luatee store -u add "--tee=$BACKEND" "$work/cli_kill" >/dev/null 2>&1

# How long an undisturbed operation takes: the mean of four that change both scripts.
mkdir -p "$work/other"
cp -R "$work/cli_kill" "$work/other/"
make_scripts before
started=$(awk '{ printf "%d", $1 * 100 }' /proc/uptime)
for _ in 1 2; do
    luatee store -u add "--tee=$BACKEND" "$work/cli_kill" >/dev/null 2>&1
    luatee store -u add "--tee=$BACKEND" "$work/other/cli_kill" >/dev/null 2>&1
done
ended=$(awk '{ printf "%d", $1 * 100 }' /proc/uptime)
whole_ms=$(((ended - started) * 10 / 4 + 1))

begin "kill -9 in a loop of $KILLS store operations"
first=v0
second=v0
old=0
new=0
i=1
aim_kills "$whole_ms"
while [ "$i" -le "$KILLS" ]; do
    make_scripts "v$i"
    # The program itself: a shell function in the background is a shell that runs it, and the shell would be killed.
    "$LUATEE" store -u add "--tee=$BACKEND" "$work/cli_kill" >/dev/null 2>&1 &
    client=$!
    wait_for_kill "$i"
    kill -9 "$client" 2>/dev/null
    wait "$client" 2>/dev/null
    versions=$(stored_versions)
    for kept in first second; do
        [ "$kept" = first ] && before=$first seen=${versions% *} || before=$second seen=${versions#* }
        # The TA may finish, after its client's death and our look, what it was told: a version never goes back.
        version=${seen#v}
        case $version in
            "$i") new=$((new + 1)) ;;
            '' | *[!0-9]*) fail "after kill $i: $kept is '$seen': $(head -n 1 "$work/err")" ;;
            *)
                old=$((old + 1))
                [ "$version" -ge "${before#v}" ] && [ "$version" -lt "$i" ] ||
                    fail "after kill $i: $kept went from $before to $seen"
                ;;
        esac
        [ "$kept" = first ] && first=$seen || second=$seen
    done
    [ "$first" = "v$i" ] && killed_late || killed_early
    [ -z "$why" ] || break
    i=$((i + 1))
done
echo "kill -9: $old times the old script was there, $new times the new one; an operation takes $whole_ms ms"

begin "kills fell before and after the change"
[ "$old" -gt 0 ] || fail "no kill came before the new script was in place"
[ "$new" -gt 0 ] || fail "no kill came after the new script was in place"

begin "the store works on after the kills"
make_scripts last
run luatee store -u add "--tee=$BACKEND" "$work/cli_kill"
exits 0
[ "$(stored_versions)" = "last last" ] || fail "not the last versions: $(cat "$work/out")"

if [ "$BACKEND" = sim ]; then
    begin "no temporary file is left"
    # The TA of the last client that was killed may still be at it.
    left() { find "$work/state" -name '*tmp*' -o -name '*.new' | grep -q .; }
    until_not left || fail "temporary files are left"
fi

luatee store -u remove "--tee=$BACKEND" "$work/cli_kill" first second >/dev/null 2>&1
