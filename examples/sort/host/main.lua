-- SPDX-License-Identifier: BSD-2-Clause
-- The host sorts by an order that only the TEE knows: `order` returns a function that runs in the TEE.
local tee = require "tee"

local offers = {"bolts", "nuts", "screws", "springs", "washers"}
local before = tee.call("order")
assert(type(before) == "function")
table.sort(offers, before)
print(table.concat(offers, " "))
