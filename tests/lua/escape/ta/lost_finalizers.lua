-- SPDX-License-Identifier: BSD-2-Clause
-- Lua drops a finalizer that it cannot call, and frees the object: before 5.4.9 here, where one more C call would be "C stack
-- overflow". What the TA keeps for the object must not lie in what is freed: strings take that place, and see whether they change.
local cases = require "cases"

local LOST = 6
local HEAD = string.pack("<I8I8I8I8", 0, 0, 0, 0x4142434440)

-- Makes objects and loses them; then makes more, and ends these.
local function lose(size, make, finish)
    local pins, pin, done = {}, ("p"):rep(size), false
    local objects = {make()} -- what the first one needs is there from now on
    local function deep()
        if not pcall(deep) and not done then
            done = true
            for i = 1, LOST do
                pins[2 * i] = pin .. i
                make()
                pins[2 * i + 1] = pin .. i + LOST
            end
            collectgarbage()
            collectgarbage()
            done = "all of it"
        end
    end
    string.gsub("a", "a", function() deep() end)
    assert(done == "all of it")
    local strings, tail = {}, ("A"):rep(size - #HEAD)
    for n = 100, 400 do strings[n] = HEAD .. tail .. n end
    for i = 2, 5 do objects[i] = make() end
    for n = 100, 400 do assert(strings[n] == HEAD .. tail .. n, "a string has changed") end
    for _, o in ipairs(objects) do finish(o) end
    collectgarbage()
    for n = 100, 400 do assert(strings[n] == HEAD .. tail .. n, "a string has changed") end
    return #pins
end

local digest, mac, generate = tee.digest, tee.mac, tee.key.generate
local AES = {type = "aes"}

local function make_mac() return mac("sha256", "k") end
local function make_key() return generate(AES) end
local function make_digest() return digest("sha256") end
local function finish(o) assert(#o:final() == 32) end

return cases((...), {
    {"digests", true, function() for size = 32, 192, 32 do lose(size, make_digest, finish) end end},
    {"MACs", true, function() for size = 32, 192, 32 do lose(size, make_mac, finish) end end},
    {"keys", true, function() for size = 32, 192, 32 do lose(size, make_key, function(k) k:close() end) end end},
    {"and then what is left", "it has ended", function()
        collectgarbage()
        local d <close> = make_digest()
        finish(d)
        d:final()
    end},
})
