# SPDX-License-Identifier: BSD-2-Clause
# The job of `make bench` in the guest. Argument: the size of the TA's image in bytes.
# Waits until the machine has finished booting. Its clock skips idle time, so that the wait costs nothing.
sleep 30
export LUA_CPATH='/bench/?.so'
exec luatee run --tee=optee -u /bench/app /bench/null_client "$1"
