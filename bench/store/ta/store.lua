-- SPDX-License-Identifier: BSD-2-Clause
-- The operations that bench/store measures. The first argument is the name of one.
local what, n = ...
local value = ("v"):rep(16)
local store = tee.store

local function fill(from, to)
    store.transaction(function(t)
        for i = from, to do t.put("key" .. i, value) end
    end)
end

local work = {
    nothing = function() end,
    clear = function() store.clear() end,
    put = function() store.put("key", value) end,
    get = function() assert(store.get("key") == value) end,
    get_in_transaction = function() store.transaction(function(t) for _ = 1, n do t.get("key") end end) end,
    fill = function() fill(1, n) end,
    pairs = function() for key, v in store.pairs("key") do assert(key and v) end end,
    counter = function() tee.counter("bench"):increment() end,
}
return work[what]()
