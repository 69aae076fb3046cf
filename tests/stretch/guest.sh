# SPDX-License-Identifier: BSD-2-Clause
# The job of `make stretch`. Arguments: see tests/stretch/app/host/main.lua.
# The machine has just come up; the clock jumps over idle time, so that waiting costs nothing.
sleep 30
exec luatee run --tee=optee -u /tests/stretch/app /tests/tee.lua /tests/lopcodes.h "$@"
