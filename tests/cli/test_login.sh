# SPDX-License-Identifier: BSD-2-Clause
# luatee run --login=...: what the TEE is told of who runs the app.

app who 'return TA_call("who")'
script who who 'local caller = tee.caller() return caller.login, caller.uuid'

# OP-TEE's client library says on standard output that the driver refuses.
prints_nothing() {
    [ "$BACKEND" != sim ] || prints
}
nil_uuid=00000000-0000-0000-0000-000000000000

begin "nobody, unless asked for"
run luatee run "--tee=$BACKEND" -u who
exits 0
prints "public${tab}$nil_uuid"
silent

begin "--login=public"
run luatee run "--tee=$BACKEND" --login=public -u who
exits 0
prints "public${tab}$nil_uuid"

begin "--login=user"
run luatee run "--tee=$BACKEND" --login=user -u who
exits 0
prints_like "^user${tab}[0-9a-f]\{8\}-[0-9a-f]\{4\}-5[0-9a-f]\{3\}-[89ab][0-9a-f]\{3\}-[0-9a-f]\{12\}\$"
[ "$(id -u)" -ne 0 ] || prints "user${tab}ef0180a3-13f3-5d1c-b7f5-888c0e21059a"

begin "--login=group:GID"
run luatee run "--tee=$BACKEND" "--login=group:$(id -g)" -u who
exits 0
prints_like "^group${tab}[0-9a-f]\{8\}-[0-9a-f]\{4\}-5"
[ "$(id -g)" -ne 0 ] || prints "group${tab}d93bc168-f863-58d3-a1fe-bb2039421b99"

begin "the historical name takes it, too; options in any order"
run "$invoke" -u --login=user "--tee=$BACKEND" who
exits 0
prints_like "^user$tab"

begin "sessions that the app opens are as the run's"
app who2 'local s <close> = require "tee".open {app = "who"}
    local p <close> = require "tee".open {app = "who", login = "public"}
    return s:call("who"), (p:call("who"))'
run luatee run "--tee=$BACKEND" --login=user -u who2
exits 0
prints_like "^user${tab}public\$"

begin "a group that this process is not in"
run luatee run "--tee=$BACKEND" --login=group:54321 -u who
exits 2
prints_nothing
mentions "login as group 54321 is refused: this process is not in that group"

for login in application application_user "application_group:$(id -g)"; do
    begin "--login=$login, which Linux does not offer"
    run luatee run "--tee=$BACKEND" "--login=$login" -u who
    exits 3
    prints_nothing
    mentions "the TEE's driver does not offer it"
done

for wrong in "" root User users trusted_app application_groups_of_all_kinds; do
    begin "--login=$wrong"
    run luatee run "--tee=$BACKEND" "--login=$wrong" -u who
    exits 2
    mentions "--login=$wrong: the login must be one of public, user, group, application, application_user, application_group"
done

for wrong in group application_group; do
    begin "--login=$wrong, and no group"
    run luatee run "--tee=$BACKEND" "--login=$wrong" -u who
    exits 2
    mentions "the group's number is missing: write it as in group:29"
done

for wrong in user:0 public:0 application:1; do
    begin "--login=$wrong"
    run luatee run "--tee=$BACKEND" "--login=$wrong" -u who
    exits 2
    mentions "only group and application_group have a group"
done

for wrong in "" -1 +1 " 1" 0x10 1.5 root 4294967296 18446744073709551616 99999999999999999999999 1:2; do
    begin "--login=group:$wrong"
    run luatee run "--tee=$BACKEND" "--login=group:$wrong" -u who
    exits 2
    mentions "the group must be a number from 0 to 4294967295"
done

begin "no other command takes it"
run luatee info "--tee=$BACKEND" --login=user
exits 2
mentions "there is no option --login=user"
run luatee run -= who
exits 2
mentions "there is no option -="

# As somebody else: uid 1000 is 3e8.
if [ "$BACKEND" = sim ] && [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    begin "another user and group"
    mkdir "$work/somebody"
    chown 1000:1001 "$work/somebody"
    chmod a+rx "$work"
    as_other() {
        LUATEE_SIM_STATE=$work/somebody/state setpriv --reuid 1000 --regid 1001 --clear-groups "$@"
    }
    if as_other test -x "$LUATEE"; then
        run as_other "$LUATEE" run --tee=sim --login=user -u who
        exits 0
        prints "user${tab}fc34275c-d8dd-5ba7-968b-504718363b87"
        run as_other "$LUATEE" run --tee=sim --login=group:0 -u who
        exits 2
        mentions "this process is not in that group"
        run as_other "$LUATEE" run --tee=sim --login=group:1001 -u who
        exits 0
    else
        skip "another user and group: that user cannot run $LUATEE"
    fi
fi
