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

for suite; do
    case $suite in
        # Samples: a world switch and a signature take their time here. `make check-attacks` sends 100,000 random messages,
        # all sequences of three messages, and tries every bit, every length, and 10,000 races.
        session) part session env LUATEE_TEEC=libteec.so.2 SESSION_MESSAGES=5000 SESSION_ORDERS=pairs /tests/session_test ;;
        attacks)
            part attacks env LUATEE_TEEC=libteec.so.2 ATTACK_APP=/tests/attack_app ATTACK_STEP=397 ATTACK_RACES=20 \
                /tests/package_attack_test
            ;;
        secret)
            part secret env SECRET_APP=/tests/client_app SECRET_OPTEE=/var/lib/optee-client/data/tee /tests/client_secret_test
            ;;
        lua) part lua luatee run --tee=optee -u /tests/lua ;;
        lua-escape) part lua-escape luatee run --tee=optee -u /tests/lua/escape ;;
        lua-cases) part lua-cases luatee run --tee=optee -u /tests/lua/cases ;;
        lua-upstream) part lua-upstream luatee run --tee=optee -u /tests/lua/upstream ;;
        lua-peer) part lua-peer luatee run --tee=optee -u /tests/lua/peer /tests/key_peer ;;
        lua-vectors) part lua-vectors luatee run --tee=optee -u /tests/lua/vectors /tests/vectors.lua ;;
        lua-numbers) part lua-numbers luatee run --tee=optee -u /tests/lua/numbers against /tests/digests ;;
        cli) part cli sh /tests/cli/run.sh ;;
        cli-kill) part cli-kill sh /tests/cli/run.sh kill kill_packages ;;
        xtest) part xtest sh /tests/qemu/xtest.sh ;;
        *) echo "guest.sh: no suite $suite" >&2; exit 2 ;;
    esac
done
