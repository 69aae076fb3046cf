-- SPDX-License-Identifier: BSD-2-Clause
-- Tables that lose entries to the collector while something in C goes through them, or goes through them twice.
local cases = require "cases"

local function weak(count)
    local t = setmetatable({}, {__mode = "v"})
    for i = 1, count do t["k" .. i] = {i} end
    return t
end

return cases((...), {
    {"encoded as CBOR", true, function()
        for _ = 1, 10 do pcall(tee.cbor.encode, weak(3000)) end
        assert(#tee.cbor.encode {a = 1, b = {2}} == 8)
    end},
    {"stored", true, function()
        tee.store.put("kept", "as it was")
        for _ = 1, 6 do pcall(tee.store.put, "weak", weak(1500)) end
        assert(tee.store.get "kept" == "as it was")
        tee.store.clear()
    end},
    {"returned", "a weak table lost entries", function()
        local kept, t = {}, setmetatable({}, {__mode = "v"})
        for i = 1, 3000 do t[i] = {("x"):rep(40) .. i} kept[i] = t[i] end
        while pcall(function() kept[#kept + 1] = ("y"):rep(40000) end) do end
        return t
    end},
})
