-- SPDX-License-Identifier: BSD-2-Clause
-- The host uses a trusted module like any other. Its functions run in the TEE, and its state exists as long as the
-- session.
local tee = require "tee"
local vault = tee.import "vault"

vault.put("colour", "blue")
vault.put("animal", "heron")
print(vault.count() .. " of " .. vault.capacity)

-- An object: a table of functions that use a secret, which stays in the TEE.
local guard = vault.guard("colour", 2)
print("red?", guard.guess("red"))
print("blue?", guard.guess("blue"))
print(pcall(guard.guess, "green"))
