# SPDX-License-Identifier: BSD-2-Clause
# What the tests of packages share. The TA was built with the development keys of whoever runs this (LUATEE_CONFIG).

LUATEE_CONFIG=$builder_config
[ -n "$LUATEE_CONFIG" ] && export LUATEE_CONFIG || unset LUATEE_CONFIG

development=${LUATEE_CONFIG:-${XDG_CONFIG_HOME:-$HOME/.config}/luatee}/dev # the keys that the TA trusts
secret='tell nobody'
# Newer than what ran before in the storage of a real TEE, which outlives the tests.
newest=$(date +%s)

# An app NAME of sequence N, packed with these options: packed NAME N [OPTION...]
packed() {
    folder=$1
    sequence=$2
    shift 2
    app "$folder" 'return TA_call(...)'
    script "$folder" one "local secret = '$secret' return #secret, ..."
    script "$folder" two 'return "two", require "one"'
    script "$folder" try 'return pcall(internal_TA_call, ...)'
    pack "$folder" "$sequence" "$@"
}

pack() {
    folder=$1
    printf 'return { name = "%s", sequence = %d }\n' "${folder##*/}" "$2" >"$work/$folder/manifest.lua"
    shift 2
    luatee pack "$work/$folder" "$@" >"$work/pack.out" 2>&1 || fail "cannot pack: $(cat "$work/pack.out")"
}

called() {
    run luatee run "--tee=$BACKEND" "$@"
}

# Exit status 4, one line that has these words, and nothing of the script.
refused() {
    exits 4
    prints
    mentions "$@"
    ! grep -q "$secret" "$work/out" "$work/err" || fail "the script is in what was printed"
}

# Nothing of an app is left in secure storage: forget FOLDER
forget() {
    luatee store remove "--tee=$BACKEND" "$work/$1" >"$work/out" 2>"$work/err" || true
}
