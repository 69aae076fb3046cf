#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# verify.sh PUBLIC.PEM LOG [STATEMENT NONCE]: reads the log of the meter, with openssl and without luatee. Each record
# must be signed, have the next number, have the digest of the record before it, and the right total. Only the meter
# knows whether there are more records: STATEMENT is the file with its answer to NONCE, which the reader chose. Prints
# the units to pay. Exits with 0 if the log is complete, otherwise with 1, and prints the first bad line.
set -eu

public=$1
log=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

bad() {
    echo "$1" >&2
    exit 1
}

# Splits a line at its signature, and verifies that. Sets $text, and writes it to $work/text.
check() {
    text=${1% signature=*}
    printf %s "$text" >"$work/text"
    printf %s "${1##* signature=}" | openssl base64 -d -A >"$work/signature" 2>/dev/null || : >"$work/signature"
    openssl dgst -sha256 -verify "$public" -signature "$work/signature" "$work/text" >/dev/null 2>&1
}

# Prints a field of $text. The text is signed, and its fields have a fixed order.
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
    [ "$(field previous)" = "$digest" ] || bad "line $number: it has not the digest of the record before it"
    total=$((total + $(field units)))
    [ "$(field total)" = "$total" ] || bad "line $number: its total is wrong"
    digest=$(openssl dgst -sha256 -r "$work/text" | cut -d ' ' -f 1)
done <"$log"

if [ $# -gt 2 ]; then
    check "$(cat "$3")" || bad "statement: not signed by this meter"
    [ "${text%% number=*}" = "meter statement" ] || bad "statement: signed, but not a statement"
    [ "$(field nonce)" = "$4" ] || bad "statement: its nonce is another one: it is old"
    [ "$(field number)" = "$number" ] || bad "the log has $number records, the meter made $(field number)"
    [ "$(field last)" = "$digest" ] || bad "the last record of the log is not the meter's last record"
fi
echo "$number records, $total units"
