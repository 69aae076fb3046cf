-- SPDX-License-Identifier: BSD-2-Clause
return {
    name = "totp",
    version = "1.0",
    sequence = 1,
    memory = 512 * 1024,
    fuel = 20000000,
    permissions = {
        keys = true,        -- the secrets of the accounts
        storage = true,     -- the last code that was used, and the number of wrong ones
    },
}
