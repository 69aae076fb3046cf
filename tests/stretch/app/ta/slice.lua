-- SPDX-License-Identifier: BSD-2-Clause
-- Returns how many million instructions a slice of the plainest loop takes: the mean of ten.
local SLICE <const> = 2000000
local began = tee.time.system()
for _ = 1, 10 * SLICE do end
return (tee.time.system() - began) * 1000 / 10
