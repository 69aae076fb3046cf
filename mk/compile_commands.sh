#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# compile_commands.sh OTHERWISE SOURCE... <commands
#
# Reads what `make -n V=1` prints, and prints compile_commands.json: one entry for each source. Where a source is compiled
# for both worlds, that of the trusted side (obj/sim) is taken; where no command compiles it, OTHERWISE and its name.
set -eu

OTHERWISE=$1
export OTHERWISE
shift
exec awk '
    function quoted(text) {
        gsub(/\\/, "\\\\", text)
        gsub(/"/, "\\\"", text)
        return "\"" text "\""
    }
    BEGIN {
        for (count = ARGC - 1; ARGC > 1; ARGC--)
            sources[ARGC - 1] = ARGV[ARGC - 1]
    }
    {
        source = object = ""
        for (i = 1; i < NF; i++) {
            if ($i == "-c")
                source = $(i + 1)
            if ($i == "-o")
                object = $(i + 1)
        }
        trusted = object ~ /\/obj\/sim\//
        if (source != "" && (!(source in command) || (trusted && !of_trusted[source]))) {
            command[source] = $0
            of_trusted[source] = trusted
        }
    }
    END {
        print "["
        for (i = 1; i <= count; i++) {
            source = sources[i]
            if (!(source in command))
                command[source] = ENVIRON["OTHERWISE"] " -c " source " -o " source ".o"
            printf "{\"directory\": %s, \"file\": %s, \"command\": %s}%s\n", quoted(ENVIRON["PWD"]), quoted(source),
                quoted(command[source]), i < count ? "," : ""
        }
        print "]"
    }' "$@"
