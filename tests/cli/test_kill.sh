# SPDX-License-Identifier: BSD-2-Clause
# kill -9 of the client in the middle of store operations: every stored script is whole afterwards, the old or the new one.

# Two scripts that know what they are: each computes a sum over a filler and tells whether it is the one it was made with.
make_scripts() {
    for name_ in first second; do
        awk -v version="$1" 'BEGIN {
            filler = ""
            while (length(filler) < 60000) filler = filler version "."
            printf "local filler = \"%s\"\nlocal n = 0\n", filler
            print "for part in filler:gmatch(\"([^.]+)%.\") do if part ~= \"" version "\" then error(\"torn\") end n = n + 1 end"
            print "if #filler ~= " length(filler) " then error(\"torn: \" .. #filler) end"
            print "return \"" version "\", n"
        }' >"$work/cli_kill/ta/$name_.lua"
    done
}

# What is stored, told by an app of the same name without scripts of its own.
stored_version() {
    run luatee run "--tee=$BACKEND" -s -u "$work/reader/cli_kill" "$1"
    cut -f 1 <"$work/out"
}

app cli_kill 'return TA_call(...)'
mkdir -p "$work/reader/cli_kill/host"
cp "$work/cli_kill/host/main.lua" "$work/reader/cli_kill/host/"
make_scripts v0
luatee store add "--tee=$BACKEND" "$work/cli_kill" >/dev/null 2>&1

# How long an undisturbed operation takes, so that the kills fall all over it.
uptime_ms() {
    awk '{ printf "%d", $1 * 1000 }' /proc/uptime
}

started=$(uptime_ms)
for version in v0a v0b v0c v0d; do
    make_scripts $version
    luatee store add "--tee=$BACKEND" "$work/cli_kill" >/dev/null 2>&1
done
whole_ms=$((($(uptime_ms) - started) / 4 + 1))

begin "kill -9 in a loop of $KILLS store operations"
first=v0d
second=v0d
old=0
new=0
i=1
while [ "$i" -le "$KILLS" ]; do
    make_scripts "v$i"
    luatee store add "--tee=$BACKEND" "$work/cli_kill" >/dev/null 2>&1 &
    client=$!
    # Spread over the whole time of an operation, in an order that looks random.
    delay=$(((i * 37 % 101) * whole_ms / 100))
    sleep "$((delay / 1000)).$(printf '%03d' $((delay % 1000)))"
    kill -9 "$client" 2>/dev/null
    wait "$client" 2>/dev/null
    for name_ in first second; do
        seen=$(stored_version "$name_")
        [ "$name_" = first ] && before=$first || before=$second
        if [ "$seen" = "v$i" ]; then
            new=$((new + 1))
        elif [ "$seen" = "$before" ]; then
            old=$((old + 1))
        else
            fail "after kill $i: $name_ is '$seen', neither $before nor v$i"
        fi
        [ "$name_" = first ] && first=$seen || second=$seen
    done
    [ -z "$why" ] || break
    i=$((i + 1))
done
echo "kill -9: $old times the old script was there, $new times the new one; an operation takes $whole_ms ms"

begin "kills fell before and after the change"
[ "$old" -gt 0 ] || fail "no kill came before the new script was in place"
[ "$new" -gt 0 ] || fail "no kill came after the new script was in place"

begin "the store works on after the kills"
make_scripts last
run luatee store add "--tee=$BACKEND" "$work/cli_kill"
exits 0
[ "$(stored_version first)" = last ] || fail "first is not the last version"
[ "$(stored_version second)" = last ] || fail "second is not the last version"

if [ "$BACKEND" = sim ]; then
    begin "no TA process is left, and no temporary file"
    sleep 0.5
    left=$(find "$work/state" -name '*tmp*' -o -name '*.new' | wc -l)
    [ "$left" -eq 0 ] || fail "$left temporary files are left"
fi

luatee store remove "--tee=$BACKEND" "$work/cli_kill" first second >/dev/null 2>&1
