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
    {"after an ordinary error, one that never closes", "took more than 2,000,000 units after: ta/swallow_close.lua", function()
        local x <close> = closing(forever)
        error "ordinary"
    end},
    {"the error is told", ": ordinary", function()
        local x <close> = closing(forever)
        error "ordinary"
    end},
    {"after an error that is a table", "after an error that is a table value", function()
        local x <close> = closing(forever)
        error {}
    end},
    {"after an ordinary error, many that never close", "after: ordinary", function()
        local function f(n)
            local x <close> = closing(forever)
            if n == 0 then error("ordinary", 0) end
            f(n - 1)
        end
        f(50)
    end},
    {"after an ordinary error that is caught: the budget is all there is", "its budget of", function()
        pcall(function()
            local x <close> = closing(forever)
            error "ordinary"
        end)
    end},
    {"after an ordinary error, one that closes", ": ordinary", function()
        local x <close> = closing(function() for _ = 1, 100 do end end)
        error "ordinary"
    end},
})
