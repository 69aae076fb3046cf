-- SPDX-License-Identifier: BSD-2-Clause
-- Inputs whose stretch may be longer than two slices, as they are one step of the TEE: how many slices each may take, and why.
local exceptions = {}

-- The search for two primes ends when it has found them; ten times what it took when it was measured.
exceptions["tee.key.generate: rsa"] = {slices = math.huge}

return exceptions
