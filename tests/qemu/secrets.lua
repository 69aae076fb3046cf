-- SPDX-License-Identifier: BSD-2-Clause
-- lua5.4 secrets.lua OUTPUT LOG...: looks in the consoles of a machine, and in its output, for the secrets whose complements
-- client_secret_test told there. Prints "N passed, N failed".

local SECRET = 32 -- bytes

local function read(path)
    local file <close> = assert(io.open(path, "rb"))
    return file:read("a")
end

local output = read(arg[1])
local told = assert(output:match("complements of secrets: (%x+)\n"), "client_secret_test did not tell")
assert(#told > 0 and #told % (2 * SECRET) == 0)

-- As bytes, and as digits in lower case.
local secrets = {}
for digits in told:gmatch(("%x"):rep(2 * SECRET)) do
    local bytes = digits:gsub("..", function(byte) return string.char(tonumber(byte, 16) ~ 0xff) end)
    secrets[#secrets + 1] = {bytes, (bytes:gsub(".", function(c) return ("%02x"):format(c:byte()) end))}
end

local passed, failed = 0, 0
for _, path in ipairs(arg) do
    local text = read(path)
    local lower, found = text:lower(), #text == 0
    for _, secret in ipairs(secrets) do
        found = found or text:find(secret[1], 1, true) or lower:find(secret[2], 1, true)
    end
    if found then
        failed = failed + 1
        print("FAIL " .. path .. (#text == 0 and ": empty" or ": a secret is there"))
    else
        passed = passed + 1
    end
end
print(("%d passed, %d failed"):format(passed, failed))
os.exit(failed == 0)
