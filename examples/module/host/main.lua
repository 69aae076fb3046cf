-- SPDX-License-Identifier: BSD-2-Clause
-- A trusted module looks like any other to the host; its functions run in the TEE, on state that lives as long as the session.
local tee = require "tee"
local vault = tee.import "vault"

vault.put("colour", "blue")
vault.put("animal", "heron")
print(vault.count() .. " of " .. vault.capacity)

-- An object: a table of functions over a secret that stays where it is.
local guard = vault.guard("colour", 2)
print("red?", guard.guess("red"))
print("blue?", guard.guess("blue"))
print(pcall(guard.guess, "green"))
