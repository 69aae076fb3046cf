-- SPDX-License-Identifier: BSD-2-Clause
return {
    name = "totp",
    version = "1.0",
    sequence = 1,
    memory = 512 * 1024,
    fuel = 20000000,
    permissions = {
        keys = true,        -- the secrets of the accounts
        storage = true,     -- which codes were used, and how many were wrong
    },
}
