-- SPDX-License-Identifier: BSD-2-Clause
return {
    name = "vectors",
    version = "1.2.3",
    sequence = 4294967296,
    memory = 1024 * 1024,
    fuel = 1000000,
    permissions = { storage = true, host = { "confirm", "log" } },
}
