-- SPDX-License-Identifier: BSD-2-Clause
-- A handle was part of a userdata and linked into a list of the session until its finalizer ran. Lua drops a finalizer that it
-- cannot call: the script read an address of the TA, and chose where the TA jumped when the session ended.

local case = require "case"
local test = require "test"

case.run("lost_handle", "no address leaks, and the sessions end in order", function(s)
    for _ = 1, 3 do
        local other <close> = case.open "lost_handle"
        local leaked, keep = other:call "main"
        test.equal(leaked, nil)
        test.equal(type(keep), "function")
    end
    test.equal(s:call "main", nil)
end)
