#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# `make install` into an empty folder: what is there works from there, and nothing of it points back here. Prints "N passed, N
# failed".
set -u

. "$(dirname "$0")/standalone.sh"
export LUATEE_SIM_STATE="$work/state"

installed=$work/root/opt/luatee
check "make install" "$MAKE" "O=$O" install "DESTDIR=$work/root" PREFIX=/opt/luatee

runs() {
    [ "$("$installed/bin/luatee" run --tee=sim -u examples/example_lua_app)" = "string1string2
250" ]
}
check "luatee runs an app on the simulator that was installed" runs

module() {
    LUA_CPATH="$installed/lib/lua/5.4/?.so" LUA_PATH='' lua5.4 -e '
        local s <close> = require "tee".open {app = "examples/example_lua_app", backend = "sim", plaintext = true}
        assert(s:call("cubic", 3) == 27)'
}
check "stock Lua finds tee.so" module

program() {
    cat >"$work/program.c" <<'C'
#include <luatee/luatee.h>
#include <stdio.h>
int main(void)
{
    luatee_options options = {.app = "examples/example_lua_app", .backend = LUATEE_SIM, .plaintext = true};
    luatee_session *session;
    luatee_error *error = luatee_error_new();
    luatee_status status = luatee_open(&options, &session, error);
    if (status != LUATEE_OK)
        puts(luatee_error_message(error));
    else
        luatee_close(session);
    luatee_error_free(error);
    return status;
}
C
    gcc -Wall -Werror -I "$installed/include" "$work/program.c" -o "$work/program" -L "$installed/lib" -lluatee &&
        LD_LIBRARY_PATH="$installed/lib" "$work/program"
}
check "a C program is built and runs" program

settings() {
    for world in ta host; do
        folder=$(sed -n 's/.*"workspace.library": \["\(.*\)"\].*/\1/p' "$installed/share/luatee/luals/$world/luarc.json")
        [ "$folder" = "/opt/luatee/share/luatee/luals/$world" ] && [ -s "$work/root$folder/tee.lua" ] || return 1
    done
}
check "the language server's settings name folders that are there" settings

checker() {
    mkdir -p "$work/app/ta" "$work/app/host"
    echo 'return tee.hex.encode(tee.random(4))' >"$work/app/ta/good.lua"
    echo 'print(TA_call("good"))' >"$work/app/host/main.lua"
    sed -n 's/^--     //p' "$installed/share/luatee/luacheck/luatee.lua" |
        sed "s|/usr/local/share|$installed/share|" >"$work/app/.luacheckrc"
    (cd "$work/app" && luacheck -q .) || return 1
    echo 'return io.read(), tee.hexx' >"$work/app/ta/bad.lua"
    (cd "$work/app" && ! luacheck -q --no-color --codes . >"$work/checked")
    grep -q "W113.*'io'\|accessing undefined variable 'io'" "$work/checked" && grep -q "hexx" "$work/checked"
}
check "luacheck with the lines of the file's head" checker

points_back() {
    ! grep -rlF "$PWD/$O" "$installed/bin" "$installed/lib/lua" "$installed/share"
}
check "no text that is installed names the folder of the build" points_back

finish
