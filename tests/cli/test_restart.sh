# SPDX-License-Identifier: BSD-2-Clause
# tee-supplicant is started again, on a machine with a TEE: what was stored stays, and so does what was refused. This comes last:
# OP-TEE 4.5 keeps memory of the first supplicant, and has been seen to panic when a client is killed afterwards.

if [ "$BACKEND" = sim ]; then
    skip "restart of tee-supplicant: the simulator has none"
    return 0
fi

# An app of one script, packed as of this sequence.
packed_restart() {
    app cli_restart 'return TA_call("one")'
    script cli_restart one 'return "ran"'
    printf 'return { name = "cli_restart", sequence = %d }\n' "$1" >"$work/cli_restart/manifest.lua"
    run luatee pack "$work/cli_restart"
    exits 0
}

LUATEE_CONFIG=$builder_config
[ -n "$LUATEE_CONFIG" ] && export LUATEE_CONFIG || unset LUATEE_CONFIG
newest=$(date +%s)

begin "an older sequence is refused, also after tee-supplicant was started again"
packed_restart "$newest"
run luatee run "--tee=$BACKEND" -s "$work/cli_restart"
exits 0
prints ran
mkdir -p "$work/gone/cli_restart"
cp -R "$work/cli_restart/host" "$work/gone/cli_restart/"
packed_restart "$((newest - 1))"
run luatee run "--tee=$BACKEND" "$work/cli_restart"
exits 4
for process in /proc/[0-9]*; do
    [ "$(cat "$process/comm" 2>/dev/null)" = tee-supplicant ] || continue
    preloaded=$(tr '\000' '\n' <"$process/environ" | sed -n 's/^LD_PRELOAD=//p')
    kill "${process#/proc/}"
done
sleep 1
LD_PRELOAD=$preloaded tee-supplicant -d
run luatee run "--tee=$BACKEND" "$work/cli_restart"
exits 4
mentions manifest sequence

begin "what is stored runs after it"
run luatee run "--tee=$BACKEND" -s "$work/gone/cli_restart"
exits 0
prints ran
