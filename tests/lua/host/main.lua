-- SPDX-License-Identifier: BSD-2-Clause
-- The Lua tests: luatee run -u tests/lua [SUITE...]. The same files run on the simulator and on real OP-TEE.
-- One line per failed case, then "N passed, N failed"; exits 0 when none failed.

local test = require "test"

-- The limits come first: the largest messages need megabytes of secure memory in one piece, and OP-TEE in QEMU, with 15 MiB for
-- everything, has such a piece only as long as sessions have not come and gone.
local suites = {
    "limits", "values", "refused", "errors", "language", "sandbox", "isolation", "calls", "modules", "sessions", "metering",
    "shortage", "host", "functions", "import", "objects", "deep",
    "digest", "kdf", "aead", "cipher", "text", "key", "key_store", "store", "counter", "service", "time", "identity",
    "cbor", "reference", "definitions",
}

local wanted = {...}
if #wanted == 0 then wanted = suites end

for _, name in ipairs(wanted) do
    local started = os.time()
    test.suite(name)
    require("suite_" .. name)
    local seconds = os.time() - started
    if seconds >= 10 then print(name .. ": " .. seconds .. " s") end
end

print(string.format("%d passed, %d failed", test.passed, test.failed))
if test.failed > 0 then
    error(test.failed .. " failed", 0)
end
