-- SPDX-License-Identifier: BSD-2-Clause
-- The host sorts by an order that only the TEE knows: what `order` returns is a function that runs there.
local tee = require "tee"

local offers = {"bolts", "nuts", "screws", "springs", "washers"}
local before = tee.call("order")
assert(type(before) == "function")
table.sort(offers, before)
print(table.concat(offers, " "))
