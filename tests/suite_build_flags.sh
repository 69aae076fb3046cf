#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The compiler's flags, from the commands that make would run: those of the caller, and the defences that depend on them.
# Nothing is built. Prints "N passed, N failed".
set -u

. "$(dirname "$0")/standalone.sh"
unset CPPFLAGS CFLAGS LDFLAGS MAKEFLAGS

# The commands of a build, in $work/commands: commands VARIABLE=VALUE... [-- VARIABLE=VALUE...], where what follows `--`
# is on make's command line and the rest in its environment.
commands() {
    environment=
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        environment="$environment $1"
        shift
    done
    [ $# -eq 0 ] || shift
    # shellcheck disable=SC2086 # variables whose values have no spaces, one a word
    env $environment "$MAKE" -n V=1 "O=$work/build" "$@" native >"$work/commands" 2>"$work/stderr"
}

# The command that writes a file.
command_of() { grep -e " -o $work/build/$1\b" "$work/commands"; }

# All compilations, or all links, match a pattern; or none does.
compiles() { grep -e ' -c .* -o ' "$work/commands"; }
links() { grep -v -e ' -c ' "$work/commands" | grep -e " -o $work/build/\(bin\|lib\|keys\)/" | grep -v -e '^objcopy'; }
all() { ! "$1" | grep -v -e "$2" && "$1" | grep -q .; }
none() { ! "$1" | grep -e "$2" && "$1" | grep -q .; }

commands
cp "$work/commands" "$work/default"
check "the host's objects are compiled with FORTIFY" all compiles '-D_FORTIFY_SOURCE=3'
check "and with stack canaries" all compiles '-fstack-protector-strong'
check "and large frames are probed" all compiles '-fstack-clash-protection'
check "programs and libraries bind at start, and make that read-only" all links '-Wl,-z,relro,-z,now'
for program in bin/luatee lib/luatee/sim/ta/; do
    is_pie() { command_of "$program" | grep -q -e ' -pie '; }
    check "$program is linked as PIE" is_pie
done

same() { cmp "$work/default" "$work/commands"; }
commands CPPFLAGS= CFLAGS= LDFLAGS=
check "empty flags change nothing" same

# What the caller gives comes after our own.
commands CPPFLAGS=-DOF_CPPFLAGS=1 CFLAGS=-DOF_CFLAGS=1 LDFLAGS=-Wl,-O1
check "CPPFLAGS of the environment" all compiles '-fstack-protector-strong.* -I. .* -DOF_CPPFLAGS=1 '
check "CFLAGS of the environment" all compiles '-fstack-protector-strong.* -I. .* -DOF_CFLAGS=1 '
check "LDFLAGS of the environment" all links '-z,now .*-Wl,-O1'
commands -- 'CPPFLAGS=-DOF_CPPFLAGS=1 -DTWO' CFLAGS=-DOF_CFLAGS=1 LDFLAGS=-Wl,-O1
check "CPPFLAGS of make's command line" all compiles '-fstack-protector-strong.* -I. .* -DOF_CPPFLAGS=1 -DTWO '
check "CFLAGS of make's command line" all compiles '-fstack-protector-strong.* -I. .* -DOF_CFLAGS=1 '
check "LDFLAGS of make's command line" all links '-z,now .*-Wl,-O1'
commands -- EXTRA_CFLAGS=-DEXTRA=1 EXTRA_LDFLAGS=-Wl,-O2 CFLAGS=-DOF_CFLAGS=1 LDFLAGS=-Wl,-O1
check "EXTRA_CFLAGS, and after them CFLAGS" all compiles ' -DEXTRA=1 .*-DOF_CFLAGS=1 '
check "EXTRA_LDFLAGS, and after them LDFLAGS" all links ' -Wl,-O2 -Wl,-O1'

commands CPPFLAGS=-D_FORTIFY_SOURCE=2
check "a level of FORTIFY that the caller gives stays" none compiles '-D_FORTIFY_SOURCE=3'
commands CFLAGS=-O0
check "no FORTIFY without optimisation" none compiles '_FORTIFY_SOURCE'
commands -- EXTRA_CFLAGS=-fsanitize=address EXTRA_LDFLAGS=-fsanitize=address
check "no FORTIFY with sanitizers" none compiles '_FORTIFY_SOURCE'

# The TA is made for another machine. Its kit is called by `env ... $(MAKE) -C ta`, also with -n: here that only prints.
cat >"$work/print_flags" <<'SH'
#!/bin/sh
echo "kit has [$CPPFLAGS$CFLAGS$LDFLAGS]"
SH
chmod +x "$work/print_flags"
commands_of_ta() {
    env CPPFLAGS=-DOF_HOST=1 "$MAKE" -n V=1 "MAKE=$work/print_flags" CFLAGS=-DOF_HOST=1 LDFLAGS=-DOF_HOST=1 ta \
        >"$work/commands" 2>"$work/stderr"
}
kit() { commands_of_ta && grep -F -x 'kit has []' "$work/commands"; }
check "the TA's kit sees no flags of the host" kit
lua_in_ta() {
    "$MAKE" -n -B V=1 CPPFLAGS=-DOF_HOST=1 CFLAGS=-DOF_HOST=1 LDFLAGS=-DOF_HOST=1 build/ta/vm/lua/lvm.o |
        grep -e '-o build/ta/vm/lua/lvm.o' >"$work/lvm" && ! grep OF_HOST "$work/lvm"
}
check "Lua in the TA sees no flags of the host" lua_in_ta
guest() {
    "$MAKE" -n V=1 CPPFLAGS=-DOF_HOST=1 CFLAGS=-DOF_HOST=1 LDFLAGS=-DOF_HOST=1 guest |
        grep -e ' CPPFLAGS= CFLAGS= LDFLAGS= '
}
check "and programs for the machine in QEMU see none" guest

finish
