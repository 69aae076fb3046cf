-- SPDX-License-Identifier: BSD-2-Clause
-- A TEE that has run this sequence rejects lower ones. Raise it with every change of ta/rules.lua.
return {
    name = "policy",
    version = "2.0",
    sequence = 2,
    memory = 256 * 1024,
    fuel = 2000000,
    permissions = {keys = true}, -- the key that signs grants is stored
}
