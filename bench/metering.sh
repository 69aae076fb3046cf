# SPDX-License-Identifier: BSD-2-Clause
# The job of `make bench-metering`: the kernels on the TA's Lua with and without fuel, in one boot.
sleep 30
/bench/metering_without /bench/ta >/tmp/without || exit
/bench/metering_with /bench/ta >/tmp/with || exit
echo "Instructions, counted by QEMU (\`make bench-metering\`, one boot): the TA's Lua in a Linux program, with and without the"
echo "patches for fuel. Medians of five."
echo
echo "| Lua kernel | without fuel | with fuel | with / without |"
echo "| --- | ---: | ---: | ---: |"
awk 'NR == FNR { without[$1] = $2; next }
    { sum += log($2 / without[$1]); n++; printf "| %s | %d | %d | %.3f |\n", $1, without[$1], $2, $2 / without[$1] }
    END { printf "| geometric mean | | | %.3f |\n", exp(sum / n) }' /tmp/without /tmp/with
