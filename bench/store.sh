# SPDX-License-Identifier: BSD-2-Clause
# The job of `make bench-store`; see bench/guest.sh.
sleep 30
export LUA_CPATH='/bench/?.so'
exec luatee run --tee=optee -u /bench/store
