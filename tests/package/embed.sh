#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The keys that a TA is built with (mk/keys/embed.c): embed.sh
#   LUATEE  the program (default build/bin/luatee); EMBED  the tool (default build/keys/embed)
# Prints what fails, then "N passed, N failed".
set -u

here=$(cd "$(dirname "$0")" && pwd)
: "${LUATEE:=$here/../../build/bin/luatee}"
: "${EMBED:=$here/../../build/keys/embed}"
work=$(mktemp -d "${TMPDIR:-/tmp}/luatee-embed.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
LUATEE_CONFIG=$work/config
export LUATEE_CONFIG
out=$work/built_in.c
passed=0
failed=0

fail() {
    failed=$((failed + 1))
    echo "embed: $1"
    cat "$work/err"
}

# embeds COUNT WHAT ARGUMENT...: it writes so many publisher keys
embeds() {
    count=$1
    what=$2
    shift 2
    if "$EMBED" "$@" 2>"$work/err" && grep -q "^const unsigned publisher_keys_count = $count;" "$out"; then
        passed=$((passed + 1))
    else
        fail "$what"
    fi
}

# refuses WORDS WHAT ARGUMENT...: it says so, and leaves the file as it is
refuses() {
    words=$1
    what=$2
    shift 2
    echo untouched >"$out"
    if ! "$EMBED" "$@" 2>"$work/err" && grep -q "$words" "$work/err" && [ "$(cat "$out")" = untouched ]; then
        passed=$((passed + 1))
    else
        fail "$what"
    fi
}

# holds WORDS WHAT
holds() {
    if grep -q "$1" "$out"; then passed=$((passed + 1)); else fail "$2"; fi
}

cd "$work" || exit 1
for i in 1 2 3 4 5 6 7 8 9; do
    "$LUATEE" keygen publisher -o "$i.pem" >log || exit 1
done
"$LUATEE" keygen class -o class.key >log || exit 1
: >err

refuses "none is given" "release without a publisher" release "$out"
refuses "none is given" "release with a class key only" release "$out" "" class.key
[ -e config ] && fail "a release makes development keys"
embeds 1 "a publisher" release "$out" 1.pub
holds "publisher_keys_class = NULL" "a class key that was not given"
embeds 1 "a publisher and a class key" release "$out" 1.pub class.key
holds "publisher_keys_class = &class_key" "a class key"
[ "$(stat -c %a "$out")" = 600 ] || fail "the file with the class key is open to others"
embeds 8 "eight publishers" release "$out" 1.pub,2.pub,3.pub,4.pub,5.pub,6.pub,7.pub,8.pub
refuses "at most 8" "nine publishers" release "$out" 1.pub,2.pub,3.pub,4.pub,5.pub,6.pub,7.pub,8.pub,9.pub
refuses "private key" "a private key" release "$out" 1.pem
refuses "missing.pub" "a file that is not there" release "$out" 1.pub,missing.pub
refuses "does not contain a class key" "another file as the class key" release "$out" 1.pub 1.pub
refuses "twice" "a publisher twice" release "$out" 1.pub,2.pub,1.pub
refuses "FLAVOUR" "another flavour" fast "$out" 1.pub

embeds 1 "dev makes its keys" dev "$out"
holds "publisher_keys_class = &class_key" "the development class key"
embeds 2 "dev with a publisher" dev "$out" 1.pub
refuses "development key" "release with the development publisher" release "$out" config/dev/publisher.pub
refuses "development key" "release with it among others" release "$out" 1.pub,config/dev/publisher.pub
cp config/dev/publisher.pub renamed.pub
refuses "development key" "release with it under another name" release "$out" renamed.pub
refuses "development key" "release with the development class key" release "$out" 1.pub config/dev/class.key
embeds 1 "release while there are development keys" release "$out" 1.pub class.key
# Those of before the mark, and those whose mark an editor has lost.
for key in publisher.pub class.key; do sed -n '/^-----BEGIN/,$p' config/dev/$key >unmarked.$key; done
refuses "development key" "release with the unmarked development publisher" release "$out" unmarked.publisher.pub
refuses "development key" "release with the unmarked development class key" release "$out" 1.pub unmarked.class.key

# Somebody else's, who builds elsewhere.
mv config colleague
refuses "development key" "release with a colleague's development publisher" release "$out" colleague/dev/publisher.pub
refuses "development key" "release with it among others" release "$out" 1.pub,colleague/dev/publisher.pub,2.pub
refuses "development key" "release with a colleague's development class key" release "$out" 1.pub colleague/dev/class.key
cp colleague/dev/publisher.pub renamed.pub
refuses "renamed.pub" "release with it under another name" release "$out" renamed.pub
sed 's/$/\r/' colleague/dev/class.key >carried.key
refuses "development key" "release with it after a journey" release "$out" 1.pub carried.key
[ -e config ] && fail "a release makes development keys"
embeds 2 "dev with a colleague's development publisher" dev "$out" colleague/dev/publisher.pub colleague/dev/class.key
rm -rf config
if command -v openssl >log; then
    if openssl pkey -in colleague/dev/publisher.pem -pubout -out half.pub 2>err &&
        openssl pkey -pubin -in colleague/dev/publisher.pub -noout 2>>err; then
        passed=$((passed + 1))
    else
        fail "openssl does not read marked keys"
    fi
fi

embeds 1 "a release after all that" release "$out" 1.pub class.key
touch -d 2001-01-01 "$out"
embeds 1 "the same keys" release "$out" 1.pub class.key
[ "$(stat -c %Y "$out")" -lt 1000000000 ] || fail "the file is touched when nothing has changed"
embeds 1 "another key" release "$out" 2.pub class.key
[ "$(stat -c %Y "$out")" -gt 1000000000 ] || fail "the file is not written when the keys are others"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
