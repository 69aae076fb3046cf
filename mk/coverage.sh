#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# coverage.sh FOLDER MAKE-ARGUMENT...: runs the tests of a build with coverage that lies in FOLDER, prints the lines and
# branches of core/, client/ and cli/ that they reach, a line for each folder, and writes FOLDER/report/index.html.
set -u

folder=$(realpath -m "$1")
shift
: "${MAKE:=make}"
failed=0
state=$(mktemp -d "${TMPDIR:-/tmp}/luatee-coverage.XXXXXX")
trap 'rm -rf "$state"' EXIT
trap 'exit 130' INT TERM HUP
export LUATEE_SIM_STATE="$state"

# A suite's output goes to a log; a suite that fails is named, and makes this fail in the end.
suite() {
    name=$1
    shift
    if ! "$@" >"$folder/$name.log" 2>&1 </dev/null; then
        echo "failed: $name, see $folder/$name.log"
        failed=1
    fi
}
lua_suite() {
    name=$1
    shift
    suite "$name" "$folder/bin/luatee" run --tee=sim -u "$@"
}

mkdir -p "$folder"
find "$folder" -name '*.gcda' -delete
suite unit "$MAKE" "$@" unit-tests
for script in tests/package/*.sh; do
    name=${script##*/}
    suite "package-${name%.sh}" env "LUATEE=$folder/bin/luatee" "EMBED=$folder/keys/embed" "$script"
done
lua_suite lua tests/lua
lua_suite lua-escape tests/lua/escape
lua_suite lua-cases tests/lua/cases
lua_suite lua-upstream tests/lua/upstream
lua_suite lua-peer tests/lua/peer "$folder/tests/key_peer"
suite cli env "LUATEE=$folder/bin/luatee" "OTHER_TA=$folder/tests/other_version" "RELEASE_TA=$folder/tests/release" \
    tests/cli/run.sh

# Some sources are compiled for both worlds: gcovr adds up what was seen of their lines.
rm -rf "$folder/report"
mkdir -p "$folder/report"
gcovr -j "$(nproc)" --root . --filter core/ --filter client/ --filter cli/ --csv "$folder/report/files.csv" \
    --html-details "$folder/report/index.html" "$folder" >"$folder/report/log" 2>&1 || {
    cat "$folder/report/log"
    exit 1
}
awk -F, '
    function add(name) {
        if (!(name in lines))
            names[++count] = name
        lines[name] += $2; lines_seen[name] += $3; branches[name] += $5; branches_seen[name] += $6
    }
    function percent(part, whole) { return whole ? sprintf("%.1f", 100 * part / whole) : "-" }
    FNR > 1 {
        name = $1
        sub("/[^/]*$", "", name)
        add(name)
        if (sub("/.*", "", name) || name == "client")
            add(name ", all of it")
        add("sum")
    }
    END {
        print "| folder | lines | reached | branches | reached |"
        print "| --- | --- | --- | --- | --- |"
        for (i = 1; i <= count; i++) {
            name = names[i]
            printf "| %s | %d | %s %% | %d | %s %% |\n", name, lines[name], percent(lines_seen[name], lines[name]),
                branches[name], percent(branches_seen[name], branches[name]) | "sort"
        }
    }' "$folder/report/files.csv"
echo "each line: $folder/report/index.html"
exit "$failed"
