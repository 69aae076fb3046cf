# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# The Lua suites, for tests/run.sh and tests/guest.sh: tests/lua itself is the suite `lua`, and each folder NAME in it that has a
# host/main.lua is the suite `lua-NAME`.

# Prints the names of all suites. lua_suites FOLDER: where tests/lua is
lua_suites() {
    echo lua
    for main in "$1"/*/host/main.lua; do
        main=${main%/host/main.lua}
        echo "lua-${main##*/}"
    done
}

# Prints the folder of a suite: lua_folder FOLDER SUITE
lua_folder() {
    case $2 in lua) echo "$1" ;; *) echo "$1/${2#lua-}" ;; esac
}
