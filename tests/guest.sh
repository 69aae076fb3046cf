# SPDX-License-Identifier: BSD-2-Clause
# The job of `make check-qemu`: guest.sh SUITE... tests/run.sh takes the output apart at the lines that begin "===".

part() {
    name=$1
    shift
    echo "=== $name"
    started=$(date +%s)
    status=0
    # Apart, so that no text without a line's end runs into a count.
    "$@" 2>/tmp/stderr || status=$?
    cat /tmp/stderr
    echo
    echo "=== end of $name: $status $(($(date +%s) - started))"
}

# The TA was built with the development keys in /tests/config.
export LUATEE_CONFIG=/tests/config RELEASE_TA=/tests/release
export LUATEE=/usr/bin/luatee BACKEND=optee EXAMPLE=/examples/example_lua_app KILLS=20

. /tests/lua/suites.sh

# For the unit tests. Samples: a world switch and a signature take their time here. `make check-attacks` sends 100,000 random
# messages, all sequences of three messages, and tries every bit, every length, and 10,000 races.
export LUATEE_TEEC=libteec.so.2 SESSION_MESSAGES=5000 SESSION_ORDERS=pairs
export ATTACK_APP=/tests/attack_app ATTACK_STEP=397 ATTACK_RACES=20
export SECRET_APP=/tests/client_app SECRET_OPTEE=/var/lib/optee-client/data/tee

# What a Lua suite is told: lua SUITE
lua() {
    suite=$1
    set --
    case $suite in
        lua-peer) set -- /tests/key_peer ;;
        lua-vectors) set -- /tests/vectors.lua ;;
        lua-numbers) set -- against /tests/digests ;;
    esac
    part "$suite" luatee run --tee=optee -u "$(lua_folder /tests/lua "$suite")" "$@"
}

for suite; do
    case $suite in
        unit:*) part "$suite" "/tests/unit/${suite#unit:}" ;;
        lua | lua-*) lua "$suite" ;;
        cli) part cli sh /tests/cli/run.sh ;;
        cli-kill) part cli-kill sh /tests/cli/run.sh --alone ;;
        xtest) part xtest sh /tests/qemu/xtest.sh ;;
        *) echo "guest.sh: no suite $suite" >&2; exit 2 ;;
    esac
done
