-- SPDX-License-Identifier: BSD-2-Clause
-- Tables and the table library (manual 3.4.9, 6.6).
local case = {}

function case.constructors()
    return {1, 2, 3; x = 1, ["y z"] = 2, [10] = 3}, {(function() return 1, 2 end)()},
        {((function() return 1, 2 end)())}
end
function case.varargs_in_a_constructor()
    return (function(...) return {...}, {n = select("#", ...), ...} end)(1, 2, nil)
end
function case.length() return #{}, #{1, 2, 3}, #{n = 1}, #{1, 2, nil} end
function case.insert() local t = {1, 2}; table.insert(t, 3); table.insert(t, 1, 0); table.insert(t, 5, 4); return t end
function case.insert_out_of_bounds() table.insert({1}, 5, 1) end
function case.insert_too_many() table.insert({}, 1, 2, 3) end
function case.insert_nothing() table.insert({}) end
function case.remove()
    local t = {1, 2, 3, 4}
    return table.remove(t), table.remove(t, 1), t, table.remove({}), table.remove({}, 0)
end
function case.remove_out_of_bounds() table.remove({1, 2}, 7) end
function case.concat()
    return table.concat({}), table.concat({1, 2, 3}), table.concat({1, 2, 3}, ", "), table.concat({1, 2, 3}, ",", 2),
        table.concat({1, 2, 3}, ",", 2, 2), table.concat({1}, ",", 3)
end
function case.concat_of_a_bad_value() return table.concat({1, {}, 3}) end
function case.unpack() return table.unpack({1, 2, 3}), table.unpack({1, 2, 3}, 2), table.unpack({1, 2, 3}, 2, 5) end
function case.unpack_far() return table.unpack({}, math.maxinteger - 1, math.maxinteger) end
function case.unpack_too_many() return table.unpack({}, 1, 1e8) end
function case.pack() return table.pack(), table.pack(nil), table.pack(1, nil, 3) end
function case.move()
    return table.move({1, 2, 3}, 1, 3, 2), table.move({1, 2, 3}, 2, 3, 1), table.move({1, 2}, 1, 2, 1, {9, 9, 9}),
        table.move({1}, 1, 0, 5)
end
function case.move_too_many() return table.move({}, math.mininteger, math.maxinteger, 1) end
function case.sort() local t = {5, 2, 8, 1, 9, 3}; table.sort(t); return t end
function case.sort_descending()
    local t = {5, 2, 8, 1, 9, 3}
    table.sort(t, function(a, b) return a > b end)
    return t
end
function case.sort_strings() local t = {"b", "a", "", "B", "aa", "\0"}; table.sort(t); return t end
function case.sort_mixed_numbers() local t = {3, 1.5, -2, 2^53, math.mininteger, 0.1}; table.sort(t); return t end
function case.sort_large()
    local t, x = {}, 12345
    for i = 1, 3000 do x = (x * 1103515245 + 12345) & 0x7fffffff; t[i] = x end
    table.sort(t)
    for i = 2, #t do if t[i - 1] > t[i] then return "not sorted at " .. i end end
    return t[1], t[1500], t[3000]
end
function case.sort_equal() local t = {} for i = 1, 200 do t[i] = 1 end table.sort(t) return #t end
function case.sort_sorted() local t = {} for i = 1, 500 do t[i] = i end table.sort(t) return t[1], t[500] end
function case.sort_reversed() local t = {} for i = 1, 500 do t[i] = 500 - i end table.sort(t) return t[1], t[500] end
function case.sort_by_field()
    local t = {{n = 3}, {n = 1}, {n = 2}}
    table.sort(t, function(a, b) return a.n < b.n end)
    return t
end
function case.sort_of_mixed_kinds() table.sort({1, "x"}) end
function case.sort_with_an_error() table.sort({3, 2, 1}, function() error("in the comparator", 0) end) end
function case.sort_with_a_bad_comparator()
    local ok, e = pcall(table.sort, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, function() return true end)
    return ok, e
end
function case.next_and_pairs()
    local t, seen, n = {1, 2, 3, x = 1, y = 2, [2.5] = 3, [true] = 4}, {}, 0
    for k, v in pairs(t) do seen[tostring(k)] = v; n = n + 1 end
    return seen, n, next({}), next({1})
end
function case.next_of_a_bad_key() return next({}, "no such key") end
function case.removing_while_walking()
    local t, n = {}, 0
    for i = 1, 100 do t[i] = i; t["k" .. i] = i end
    for k in pairs(t) do t[k] = nil; n = n + 1 end
    return n, next(t)
end
function case.ipairs() local t = {} for i, v in ipairs({1, 2, nil, 4}) do t[i] = v end return t end
function case.ipairs_with_index()
    local t = {} for i, v in ipairs(setmetatable({},
        {__index = function(_, i) if i <= 3 then return i * i end end})) do t[i] = v end
    return t
end
function case.select() return select("#"), select("#", nil, nil), select(2, "a", "b", "c"), select(-1, "a", "b") end
function case.select_out_of_range() return select(-5, 1) end
function case.select_zero() return select(0, 1) end
function case.rawset_rawget()
    local t = setmetatable({}, {__index = error, __newindex = error})
    rawset(t, 1, 2)
    return rawget(t, 1), rawget(t, 2), rawlen(t), rawequal(t, t)
end
function case.rawlen_of_kinds() return rawlen("abc"), rawlen({1, 2}), pcall(rawlen, 1) end
function case.integer_and_float_keys()
    local t = {}
    t[1.0] = "a"
    t[2] = "b"
    t[2^53] = "c"
    return t[1], t[2.0], t[1 << 53], math.type(next({[3.0] = 1}))
end
function case.nan_key() local t = {}; t[0 / 0] = 1 end
function case.nil_key() local t = {}; t[nil] = 1 end
function case.nil_key_reads() return ({})[nil], ({})[0 / 0] end
function case.large_and_emptied()
    local t = {}
    for i = 1, 20000 do t[i] = i end
    for i = 20000, 1, -1 do t[i] = nil end
    return #t, next(t)
end
function case.weak_keys_and_values()
    local k, v = setmetatable({}, {__mode = "k"}), setmetatable({}, {__mode = "v"})
    k[{}], v[1] = 1, {}
    collectgarbage()
    return next(k), v[1]
end
function case.ephemeron()
    local t = setmetatable({}, {__mode = "k"})
    do local key = {}; t[key] = {key} end collectgarbage() collectgarbage()
    return next(t)
end
function case.assignment_order() local i, t = 1, {}; i, t[i] = i + 1, 20; return i, t end
function case.swap() local a, b = 1, 2; a, b = b, a; return a, b end

return case
