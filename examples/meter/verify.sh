#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# verify.sh PUBLIC.PEM LOG [STATEMENT NONCE]: what the reader of the meter does, with openssl and nothing of luatee.
# Each record must be signed, have the number after that of the record before, name its digest, and add up. What only
# the meter can tell is whether there are more: STATEMENT is the file with its answer to NONCE, which the reader
# chose. Prints what is to be paid; exits with 0 if all is there, 1 if not, and says from which line on.
set -eu

public=$1
log=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

bad() {
    echo "$1" >&2
    exit 1
}

# Splits a line at its signature, and checks that: the text is in $work/text and $text then.
check() {
    text=${1% signature=*}
    printf %s "$text" >"$work/text"
    printf %s "${1##* signature=}" | openssl base64 -d -A >"$work/signature" 2>/dev/null || : >"$work/signature"
    openssl dgst -sha256 -verify "$public" -signature "$work/signature" "$work/text" >/dev/null 2>&1
}

# A field of $text: it is signed, and has its fields in one order.
field() {
    expr " $text " : ".* $1=\([^ ]*\) "
}

number=0
total=0
digest=0000000000000000000000000000000000000000000000000000000000000000
while IFS= read -r line; do
    number=$((number + 1))
    check "$line" || bad "line $number: not signed by this meter"
    [ "${text%% number=*}" = "meter record" ] || bad "line $number: signed, but not a record"
    [ "$(field number)" = "$number" ] || bad "line $number: this is record $(field number)"
    [ "$(field previous)" = "$digest" ] || bad "line $number: does not follow the one before"
    total=$((total + $(field units)))
    [ "$(field total)" = "$total" ] || bad "line $number: does not add up"
    digest=$(openssl dgst -sha256 -r "$work/text" | cut -d ' ' -f 1)
done <"$log"

if [ $# -gt 2 ]; then
    check "$(cat "$3")" || bad "statement: not signed by this meter"
    [ "${text%% number=*}" = "meter statement" ] || bad "statement: signed, but not a statement"
    [ "$(field nonce)" = "$4" ] || bad "statement: an old one"
    [ "$(field number)" = "$number" ] || bad "the log has $number records, the meter made $(field number)"
    [ "$(field last)" = "$digest" ] || bad "the last record is another one"
fi
echo "$number records, $total units"
