# SPDX-License-Identifier: BSD-2-Clause
# The job of `make bench-metering` in the guest: runs the kernels on the TA's Lua without and with fuel, in one boot.
sleep 30
echo "=== without"
/bench/metering_without /bench/ta || exit
echo "=== with"
/bench/metering_with /bench/ta
