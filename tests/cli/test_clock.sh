# SPDX-License-Identifier: BSD-2-Clause
# Persistent time of an app: it outlives the program, and storage that somebody changed gives no time.

app clock 'return TA_call("clock", ...)'
script clock clock 'if ... then tee.time.set_persistent(5) end return tee.time.persistent()'

begin "it is set, and the next program has it"
run luatee run "--tee=$BACKEND" -u clock set
exits 0
prints_like '^[5-9]\.[0-9]*$'
run luatee run "--tee=$BACKEND" -u clock
exits 0
prints_like '^[0-9][0-9]*\.[0-9]*$'

begin "an app of another name has none"
cp -r clock "clock.$$"
run luatee run "--tee=$BACKEND" -u "clock.$$"
exits 0
prints_like '^nil.the persistent time is not set'

begin "a damaged clock needs a reset"
objects >"$work/objects"
run luatee run "--tee=$BACKEND" -u clock set
damage_since "$work/objects"
run luatee run "--tee=$BACKEND" -u clock
exits 0
prints_like '^nil.the persistent time needs a reset'
run luatee run "--tee=$BACKEND" -u clock set
exits 0
prints_like '^[5-9]\.[0-9]*$'

# The simulator's files of the TA: two objects and its own clock, when this is all that is stored.
if [ "$BACKEND" = sim ]; then
    for first in look set; do
        begin "damaged storage gives no time, and does not last ($first first)"
        good=$LUATEE_SIM_STATE.clock
        changed=0
        LUATEE_SIM_STATE=$good luatee run --tee=sim -u clock set >/dev/null
        for object in $(cd "$good" && find . -type f -path '*/[ot].*'); do
            rm -rf "$good.damaged"
            cp -r "$good" "$good.damaged"
            damage "$good.damaged/$object"
            changed=$((changed + 1))
            export LUATEE_SIM_STATE="$good.damaged"
            if [ "$first" = look ]; then
                run luatee run --tee=sim -u clock
                exits 0
                prints_like '^nil.the persistent time needs a reset'
            fi
            run luatee run --tee=sim -u clock set
            exits 0
            prints_like '^[5-9]\.[0-9]*$'
            export LUATEE_SIM_STATE="$work/state"
        done
        [ "$changed" -eq 3 ] || fail "$changed files, expected 3"
        rm -rf "$good" "$good.damaged"
    done
fi
