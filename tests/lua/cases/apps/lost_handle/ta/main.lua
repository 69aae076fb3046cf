-- SPDX-License-Identifier: BSD-2-Clause
-- Loses keys, puts strings where their userdata were, with what a handle's links and its release function were once, and makes
-- another key. Returns an address of the TA, if one came into a string; and a function that keeps the strings.
local generate, collect = tee.key.generate, collectgarbage
local options, done = {type = "aes"}, false
local pins, pin = {}, ("p"):rep(117) -- strings of the same size, which stay: so their pages do
local head = string.pack("<I8I8I8I8", 0, 0, 0, 0x4142434440)
local tail = ("A"):rep(118 - #head - 3)

local function deep()
    if not pcall(deep) and not done then -- the deepest function: one more C call would be "C stack overflow"
        done = true
        for i = 1, 8 do
            pins[i] = pin .. i
            generate(options)
            pins[i + 8] = pin .. i
        end
        collect() -- until Lua 5.4.9 the finalizers could not be called here ...
        collect() -- ... and the objects were freed
    end
end

string.gsub("a", "a", function() deep() end) -- where pcall keeps its C frames
local strings = {}
for n = 100, 400 do strings[n] = head .. tail .. n end
local key = generate(options)
local leaked
for n = 100, 400 do
    if strings[n]:sub(1, #head) ~= head then leaked = string.unpack("<I8", strings[n], 17) end
end
return leaked, function() return pins, strings, key end
