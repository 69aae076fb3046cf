-- SPDX-License-Identifier: BSD-2-Clause
return {
    name = "meter",
    version = "1.0",
    sequence = 1,
    memory = 512 * 1024,
    fuel = 5000000,
    permissions = {
        keys = true,        -- the key that signs
        storage = true,     -- the state of the meter, and the last record
        counters = true,    -- the number of all records
    },
}
