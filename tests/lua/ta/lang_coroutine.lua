-- SPDX-License-Identifier: BSD-2-Clause
-- Coroutines (manual 2.6, 6.2).
local case = {}
local create, resume, yield, status, wrap = coroutine.create, coroutine.resume, coroutine.yield, coroutine.status,
    coroutine.wrap

function case.generator()
    local t = {} for i in wrap(function() for i = 1, 5 do yield(i) end end) do t[#t + 1] = i end
    return t
end
function case.values_both_ways()
    local co = create(function(a, b) local c, d = yield(a + b, nil); local e = yield(c, d, nil); return e, nil, "end"
        end)
    return table.pack(resume(co, 1, 2)), table.pack(resume(co, nil, 4)), table.pack(resume(co, "last")), status(co)
end
function case.statuses()
    local out, co = {}, nil
    co = create(function()
        out[1] = status(co)
        local inner = create(function() out[2] = status(co) end)
        resume(inner)
        yield()
    end)
    out[3] = status(co)
    resume(co)
    out[4] = status(co)
    resume(co)
    out[5] = status(co)
    return out
end
function case.resume_dead() local co = create(function() end); resume(co); return resume(co) end
function case.resume_itself() local co; co = create(function() return resume(co) end); return resume(co) end
function case.error_inside() return resume(create(function() error("inside") end)) end
function case.error_value_inside() return resume(create(function() error({code = 1}) end)) end
function case.wrap_passes_errors() return wrap(function() error("inside") end)() end
function case.wrap_passes_error_values() return pcall(wrap(function() error({code = 2}) end)) end
function case.wrap_dead() local f = wrap(function() return 1 end); f(); return f() end
function case.yield_outside_of_functions() return select("#", resume(create(function() yield() end))) end
function case.yield_in_pcall()
    local co = wrap(function() return pcall(function() local x = yield("in"); error("e" .. x, 0) end) end)
    return co(), co("!")
end
function case.yield_in_xpcall()
    local co = wrap(function() return xpcall(function() yield(1); error("e", 0) end,
        function(e) return e .. " handled" end) end)
    return co(), co()
end
function case.yield_in_a_for_iterator()
    local co = wrap(function() for v in function() return yield("next") end do return "got " .. v end end)
    return co(), co("v")
end
-- In the TEE the message goes on with the place.
local function refused(f)
    local fine, e = resume(create(f))
    return fine, e:match("attempt to yield across a C%-call boundary")
end
function case.yield_in_sort() return refused(function() table.sort({3, 2, 1}, function() yield() end) end) end
function case.yield_in_gsub() return refused(function() ("x"):gsub("x", function() yield() end) end) end
function case.running()
    local co, main = coroutine.running()
    local inner = create(function() local c, m = coroutine.running(); return type(c), m end)
    return type(co), resume(inner)
end
function case.isyieldable() return resume(create(function() return coroutine.isyieldable() end)) end
function case.isyieldable_of_a_coroutine() return coroutine.isyieldable(create(print)) end
function case.close_suspended()
    local log = {}
    local co = create(function() local x <close> = setmetatable({},
        {__close = function(_, e) log[#log + 1] = tostring(e) end}) yield() end)
    resume(co)
    return coroutine.close(co), log, status(co), coroutine.close(co)
end
function case.close_with_an_error()
    local co = create(function() local x <close> = setmetatable({},
        {__close = function() error("on close", 0) end}) yield() end)
    resume(co)
    return coroutine.close(co)
end
function case.close_after_an_error()
    local co = create(function() error("e", 0) end)
    resume(co)
    return coroutine.close(co)
end
function case.close_running() return resume(create(function() return coroutine.close(coroutine.running()) end)) end
function case.create_of_no_function() return create(1) end
function case.resume_of_no_coroutine() return resume(1) end
function case.status_of_no_coroutine() return status({}) end
function case.producer_and_consumer()
    local producer = create(function() for i = 1, 3 do yield("item " .. i) end return nil end)
    local out = {}
    while true do
        local _, item = resume(producer)
        if not item then break end
        out[#out + 1] = item
    end
    return out
end
function case.permutations()
    local out = {}
    local function permute(a, n)
        if n <= 1 then yield(table.concat(a)) return end
        for i = 1, n do
            a[n], a[i] = a[i], a[n]
            permute(a, n - 1)
            a[n], a[i] = a[i], a[n]
        end
    end
    for p in wrap(function() permute({1, 2, 3, 4}, 4) end) do out[#out + 1] = p end
    return out
end
function case.nested()
    return wrap(function() return wrap(function() return wrap(function() return "deep" end)() end)() end)()
end
function case.yields_through_levels()
    local co = wrap(function() local inner = wrap(function() yield(1); yield(2) end); yield(inner()); yield(inner());
        return "end" end)
    return co(), co(), co()
end
function case.round_robin()
    local out, tasks = {}, {}
    for i = 1, 3 do tasks[i] = wrap(function() for j = 1, i do out[#out + 1] = i .. "." .. j; yield(true) end end) end
    while #tasks > 0 do
        for i = #tasks, 1, -1 do if not tasks[i]() then table.remove(tasks, i) end end
    end
    return out
end
function case.many() local n = 0 for i = 1, 500 do n = n + wrap(function() return i end)() end return n end
function case.many_values()
    local co = wrap(function(...) return select("#", yield(...)) end)
    return select("#", co(table.unpack({}, 1, 200))), co(table.unpack({}, 1, 150))
end
function case.too_deep()
    local function f() return wrap(f)() end
    local ok, e = pcall(f)
    return ok, (e:find("C stack overflow", 1, true)) ~= nil
end
function case.goto_and_yield()
    local co = wrap(function() local i = 0 ::again:: i = i + 1 yield(i) if i < 3 then goto again end end)
    return co(), co(), co()
end

return case
