-- SPDX-License-Identifier: BSD-2-Clause
local cases = require "cases"
local function forever() while true do end end
local function closing(f) return setmetatable({}, {__close = f}) end
return cases((...), {
    {"a variable that never closes", "out of fuel", function() local x <close> = closing(forever) forever() end},
    {"fifty of them", "out of fuel", function()
        local function f(n)
            local x <close> = closing(forever)
            if n == 0 then forever() end
            f(n - 1)
        end
        f(50)
    end},
    {"one that raises another error", "out of fuel", function()
        local x <close> = closing(function() error "another" end)
        forever()
    end},
    {"one that raises another error, in pcall", "out of fuel", function()
        pcall(function()
            local x <close> = closing(function() error "another" end)
            forever()
        end)
        return "swallowed"
    end},
    {"one that closes by pcall", "out of fuel", function()
        local x <close> = closing(function() while true do pcall(forever) end end)
        forever()
    end},
    {"in a for loop", "out of fuel", function()
        for _ in function() forever() end, nil, nil, closing(forever) do end
    end},
    {"one that asks for a script", "out of fuel", function()
        local x <close> = closing(function() tee.call "never_sent" end)
        forever()
    end},
    {"after an ordinary error, one that never closes", "", function()
        local x <close> = closing(forever)
        error "ordinary"
    end},
})
