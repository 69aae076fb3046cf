-- SPDX-License-Identifier: BSD-2-Clause
-- The message of a shortage has the number of bytes that the script could not get. A session that fills the whole TA has
-- no page left for the words, but for those that it has set aside: tests/cli/test_errors.sh reads the traceback.

local case = require "case"
local test = require "test"

local function check(s, ...)
    local message = test.raises(s.call, s, ...)
    local needed = message:match("^not enough memory: needed ([%d,]+) more bytes;")
    test.ok(needed, message)
    test.ok(needed ~= "0", message)
end

for length = 0, 3 do
    case.run("needed_zero", "strings of " .. length .. " words", function(s)
        check(s, "fill", length)
    end)
end

case.run("needed_zero", "inside many functions", function(s)
    check(s, "deep")
end)
