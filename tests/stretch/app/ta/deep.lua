-- SPDX-License-Identifier: BSD-2-Clause
-- Raises an error that has a long traceback.
local what = ...
local raise = {}
function raise.recursion()
    local function f(n) if n == 0 then error("deep") end return 1 + f(n - 1) end
    f(15000)
end
function raise.overflow()
    local function f() return 1 + f() end
    f()
end
function raise.coroutines()
    local function f(n)
        if n == 0 then error("deep") end
        coroutine.wrap(f)(n - 1)
    end
    f(150)
end
function raise.globals()
    -- The names of functions are looked for among the loaded libraries.
    local function f(n)
        if n == 0 then error("deep") end
        pcall(nil)
        return (select(1, f(n - 1)))
    end
    f(150)
end
raise[what]()
