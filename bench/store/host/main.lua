-- SPDX-License-Identifier: BSD-2-Clause
-- Measures tee.store and tee.counter in instructions (see bench/app/host/main.lua). Prints the table of
-- docs/storage.md.

local tee = require "tee"
local clock = require "clock"

local ROUNDS = 7

local function cost(what, n)
    local rounds = {}
    for i = 0, ROUNDS do
        local start = clock()
        tee.call("store", what, n)
        rounds[i] = clock() - start
    end
    table.sort(rounds)
    return rounds[(ROUNDS + 1) // 2]
end

local call = cost("nothing")
local function row(name, spent)
    print(string.format("| %s | %.2f |", name, (spent - call) / 1e6))
end

-- Measures the first access in a new session, which has to read the store.
local function first_get()
    local s <close> = tee.open {app = arg[0]:match("^(.*)/host/[^/]*$"), plaintext = true}
    s:call("store", "nothing")
    local start = clock()
    s:call("store", "get")
    return clock() - start
end

print("| | million instructions |")
print("| --- | --- |")
tee.call("store", "clear")
row("put of 16 bytes into a small store", cost("put"))
row("get of 16 bytes from it", cost("get"))
row("the same as first access of a session", first_get())
row("a transaction of 100 gets", cost("get_in_transaction", 100))
local start = clock()
tee.call("store", "fill", 1000)
row("1000 keys of 16 bytes in one transaction", clock() - start)
row("put into a store of 1000 keys, most of the time", cost("put"))
row("get from it", cost("get"))
row("the same as first access of a session", first_get())
row("`pairs` over it", cost("pairs"))
row("increment of a counter", cost("counter"))
tee.call("store", "clear")
