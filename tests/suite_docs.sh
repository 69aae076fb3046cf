#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Checks that the documents name what exists: files of the tree, targets of links, and in docs/architecture.md functions and
# structures, too. A function in a table row that begins with a file must be defined in that file. Then checks that wrong
# names are reported. Prints each wrong name, then "N passed, N failed": one check for each document and each wrong name.
set -u

. "$(dirname "$0")/standalone.sh"

map=docs/architecture.md
sources='abi core ta port sim client cli include'

# Names that stand for others, and files that a recipe of CONTRIBUTING.md makes.
examples='NAME|FOLDER|5_4_N|/hello\.c|cmd_protocol\.c|/protocol\.md|test_protocol\.sh|port/demo/|mk/demo\.mk|0013-rep-message'

# Lines "FILE NAME": functions with the file in which their definition begins. A definition begins at the left margin.
# shellcheck disable=SC2086 # folders, one a word
find $sources -name '*.[ch]' -exec grep -H '^[a-zA-Z].*(' {} + | grep -v ';$' |
    sed -n 's/^\([^:]*\):[^(]*[ *]\([A-Za-z_][A-Za-z0-9_]*\) *(.*/\1 \2/p' | sort -u >"$work/functions"
# shellcheck disable=SC2086
grep -rhoE '^struct [a-z_]+ \{' $sources | sed 's/^struct \(.*\) {/\1/' | sort -u >"$work/structures"

# wrong_paths DOCUMENT: files that it names and that do not exist. A path in ta/ can be one of an app.
wrong_paths() {
    grep -noE '(^|[^A-Za-z0-9_/.-])(abi|core|port|sim|client|cli|mk|include|bench|docs|tests)/[A-Za-z0-9_/.-]+\.(c|h|sh|lua|md|mk|cddl|patch)\b' "$1" |
        sed 's/^\([0-9]*\):[^a-z]\{0,1\}/\1 /' | while read -r line path; do
            [ -e "$path" ] || echo "$path" | grep -qE "$examples" || echo "$2:$line: there is no $path"
        done
}

# wrong_links DOCUMENT NAME: targets of links that do not exist. Targets are relative to the folder of NAME.
wrong_links() {
    grep -noE '\]\([^)#: ]+' "$1" | sed 's/:\](/ /' | grep -v ' https\{0,1\}$' | while read -r line target; do
        [ -e "$(dirname "$2")/$target" ] || echo "$2:$line: a link to $target, which does not exist"
    done
}

# wrong_functions DOCUMENT NAME
wrong_functions() {
    awk -v name="$2" '
        NR == FNR { defined[$1, $2] = known[$2] = 1; next }
        {
            file = ""
            if (match($0, /^\| `[a-z_\/]+\.[ch]` \| /))
                file = substr($0, 4, RLENGTH - 7)
            columns = split($0, column, / \| /)
            for (i = 1; i <= columns; i++)
                for (rest = column[i]; match(rest, /[A-Za-z_][A-Za-z0-9_]*\(\)/); rest = substr(rest, RSTART + RLENGTH)) {
                    function_name = substr(rest, RSTART, RLENGTH - 2)
                    if (substr(rest, RSTART - 1, 1) ~ /[.:]/) # a method in Lua
                        continue
                    if (!(function_name in known))
                        print name ":" FNR ": there is no " function_name "()"
                    else if (file != "" && i == 2 && !((file, function_name) in defined))
                        print name ":" FNR ": " function_name "() is not defined in " file
                }
        }' "$work/functions" "$1"
}

# wrong_structures DOCUMENT NAME
wrong_structures() {
    grep -noE '`struct [a-z_]+`' "$1" | tr -d '`' | while read -r line structure; do
        grep -qx "$structure" "$work/structures" || echo "$2:${line%%:*}: there is no struct $structure"
    done
}

# check DOCUMENT NAME: prints what is wrong. The document is read as if it were NAME.
check() {
    wrong_paths "$1" "$2"
    wrong_links "$1" "$2"
    if [ "$2" = "$map" ]; then
        wrong_functions "$1" "$2"
        wrong_structures "$1" "$2"
    fi
}

for document in *.md docs/*.md docs/*/*.md examples/*/*.md bench/results/*.md; do
    check "$document" "$document" >"$work/wrong"
    if [ -s "$work/wrong" ]; then
        failed=$((failed + 1))
        cat "$work/wrong"
    else
        passed=$((passed + 1))
    fi
done

# reports LINE MESSAGE: a line of the map with a wrong name is reported.
reports() {
    { cat "$map" && printf '\n%s\n' "$1"; } >"$work/map"
    if check "$work/map" "$map" | grep -qF -- "$2"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL a wrong name is not reported: $2"
    fi
}

# shellcheck disable=SC2016 # backquotes of Markdown
{
    reports 'See `core/vm/absent.c`.' 'there is no core/vm/absent.c'
    reports 'See [this](absent.md).' 'a link to absent.md, which does not exist'
    reports 'Then `call_absent()` runs.' 'there is no call_absent()'
    reports '| `core/vm/call.c` | `session_open()` | step |' 'session_open() is not defined in core/vm/call.c'
    reports 'The type is `struct absent`.' 'there is no struct absent'
}

finish
