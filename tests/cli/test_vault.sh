# SPDX-License-Identifier: BSD-2-Clause
# examples/vault: guesses are counted in the TEE, whatever happens to the client.

# vault PASSWORD COMMAND...
vault() {
    printf '%s\n' "$1" >"$work/password"
    shift
    run luatee run "--tee=$BACKEND" "$work/cli_vault" "$@" <"$work/password"
}

# What the vault says that is left, is: left N
left() {
    vault "" left
    exits 0
    prints "$1"
}

begin "vault: it packs"
example vault "$(date +%s)"
vault "" erase

begin "vault: what is kept is there after a restart, for the right password"
vault horse create
exits 0
vault horse put mail "s3cret, with blanks"
exits 0
vault horse get mail
exits 0
prints "s3cret, with blanks"
vault horse get none
exits 1
prints
mentions "vault: there is no entry none"

begin "vault: a second one is not made, nor an empty password taken"
vault battery create
exits 1
mentions "there is a vault already"
vault "" get mail
exits 1
mentions "password: 1 to 128 bytes expected"
left 5

begin "vault: the password is changed"
printf 'horse\nstaple\n' >"$work/password"
run luatee run "--tee=$BACKEND" "$work/cli_vault" change <"$work/password"
exits 0
vault horse get mail
exits 1
mentions "wrong password; guesses left: 4"
vault staple list
exits 0
prints mail
left 5

begin "vault: kill -9 in the middle of a guess gives none back"
known=5
i=1
while [ "$i" -le 4 ]; do
    echo wrong >"$work/password"
    "$LUATEE" run "--tee=$BACKEND" "$work/cli_vault" list <"$work/password" >/dev/null 2>"$work/guess" &
    client=$!
    sleep "0.$((i * 7 % 10))"
    kill -9 "$client" 2>/dev/null
    wait "$client" 2>/dev/null
    vault "" left
    exits 0
    now=$(cat "$work/out")
    # Who was told that the password is wrong has paid for it.
    ! grep -q "wrong password" "$work/guess" || [ "$now" -lt "$known" ] || fail "a guess for nothing: $known, then $now"
    [ "$now" -le "$known" ] || fail "$known guesses were left, and then $now"
    known=$now
    i=$((i + 1))
done
vault staple list
exits 0
left 5

begin "vault: after the last guess nothing opens it any more"
for guess in 4 3 2 1 0; do
    vault wrong list
    exits 1
    prints
    mentions "wrong password; guesses left: $guess"
done
for word in staple wrong; do
    vault $word get mail
    exits 1
    prints
    mentions "locked after 5 wrong passwords"
done
left 0

begin "vault: a hostile host"
vault "" erase
exits 0
vault "" attack
exits 0
silent
prints_like '^put another vault in its place: there is a vault already$'
prints_like '^look for a function that needs no password: nothing gained$'
prints_like "^look for secret and password in the files of the TEE's storage: not in [1-9][0-9]* files$"
for guess in 1 2 3 4 5; do
    prints_like "^guess $guess: wrong password; guesses left: $((5 - guess))$"
done
prints_like '^the right password, too late: locked after 5 wrong passwords'
