-- SPDX-License-Identifier: BSD-2-Clause
return {
    name = "vault",
    version = "1.0",
    sequence = 1,
    memory = 512 * 1024,
    fuel = 20000000,
    permissions = {
        storage = true,     -- the vault and its entries
        counters = true,    -- the number of all guesses
    },
}
