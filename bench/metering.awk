# SPDX-License-Identifier: BSD-2-Clause
# Converts the output of metering.sh to a Markdown table.
/^=== / { part = $2; next }
NF != 2 { next }
part == "without" { without[$1] = $2; next }
part == "with" { names[++n] = $1; with[$1] = $2 }
END {
    print "Instructions, counted by QEMU (`make bench-metering`, one boot): the TA's Lua in a Linux program, without and with the patches"
    print "for fuel. Medians of five."
    print ""
    print "| Lua kernel | without fuel | with fuel | with / without |"
    print "| --- | ---: | ---: | ---: |"
    for (i = 1; i <= n; i++) {
        ratio = with[names[i]] / without[names[i]]
        sum += log(ratio)
        printf "| %s | %d | %d | %.3f |\n", names[i], without[names[i]], with[names[i]], ratio
    }
    if (n == 0)
        exit 1
    printf "| geometric mean | | | %.3f |\n", exp(sum / n)
}
