-- SPDX-License-Identifier: BSD-2-Clause
-- Reads a definition file of share/luals: what it declares, and how well. A line at a time, in the form those files have.

local definitions = {}

-- "Sized" names of types that need no class or alias.
local KNOWN = {}
for name in ([[any boolean string number integer function table userdata nil fun true false self]]):gmatch("%S+") do
    KNOWN[name] = true
end

-- Names in a type that must be declared somewhere: quoted literals, and names before a ':' (of parameters), are none.
local function type_names(text)
    local names = {}
    text = text:gsub('"[^"]*"', "")
    for name, after in text:gmatch("([%a_][%w_.]*)(%??:?)") do
        if not after:find(":") then names[#names + 1] = name end
    end
    return names
end

-- Returns tables: values (path to "function", "table" or "value"), methods (name of the local to its methods), fields (class
-- to its fields), absent (path of what is deprecated), and complaints, a list of strings.
function definitions.read(path)
    local d = {values = {}, methods = {}, fields = {}, absent = {}, complaints = {}}
    local types, used = {}, {}
    local class, pending = nil, {params = {}}
    local number = 0

    local function complain(text)
        d.complaints[#d.complaints + 1] = path .. ":" .. number .. ": " .. text
    end

    local function use(text, whole)
        -- A description may follow a type; it begins after a blank that no type goes on after.
        local kind = whole and text or text:match("^fun%b():?%s*[%w_.|?\"]*") or text:match("^%b{}") or
            text:match("^table<[^>]*>") or text:match("^%S+")
        for _, name in ipairs(type_names(kind or "")) do used[#used + 1] = {name, number} end
    end

    local function declare_function(name, parameters)
        local expected = {}
        for parameter in parameters:gmatch("[^,%s]+") do expected[#expected + 1] = parameter end
        if table.concat(expected, " ") ~= table.concat(pending.params, " ") then
            complain(name .. ": its ---@param lines tell of " .. table.concat(pending.params, " "))
        end
        local object, method = name:match("^([%w_]+):([%w_]+)$")
        if pending.deprecated then
            d.absent[name] = true
        elseif object then
            if not d.methods[object] then return complain("nothing is called " .. object) end
            d.methods[object][method] = true
        elseif d.values[name] then
            complain(name .. " is declared twice")
        else
            d.values[name] = "function"
        end
        if not (pending.text or pending.documented) then complain(name .. " is not described") end
    end

    for line in io.lines(path) do
        number = number + 1
        local tag, rest = line:match("^%-%-%-@(%a+)%s*(.*)$")
        if tag == "param" then
            local name, kind = rest:match("^([%w_.]+)%??%s+(.+)$")
            pending.params[#pending.params + 1] = name or "?"
            pending.documented = true
            use(kind or "")
        elseif tag == "return" or tag == "type" then
            pending.documented = true
            use(rest)
        elseif tag == "deprecated" then
            pending.deprecated, pending.text = true, rest ~= ""
        elseif tag == "class" then
            local name, parent = rest:match("^([%w_.]+):?%s*([%w_.]*)")
            class = name
            types[name] = true
            d.fields[name] = {}
            if parent ~= "" then use(parent) end
        elseif tag == "alias" then
            local name, kind = rest:match("^([%w_.]+)%s+(.+)$")
            types[name] = true
            use(kind, true)
        elseif tag == "field" then
            local name, optional, kind = rest:match("^([%w_]+)(%??)%s+(.+)$")
            d.fields[class][name] = optional == "?" and "optional" or "there"
            use(kind)
        elseif tag == "meta" or tag == "overload" then
            if tag == "overload" then use(rest) end
        elseif tag then
            complain("unknown tag " .. tag)
        elseif line:find("^%-%-%-") then
            pending.text = true
        else
            local name, parameters = line:match("^function ([%w_.:]+)%((.*)%) end$")
            local made = line:match("^([%w_.]+) = {}$")
            local value = line:match("^([%w_.]+) = nil$")
            local object = line:match("^local ([%w_]+) = {}$")
            if name then
                declare_function(name, parameters)
            elseif made or value then
                d.values[made or value] = made and "table" or "value"
            elseif object then
                d.methods[object] = {}
            elseif line ~= "" and not line:find("^%-%-") and not line:find("^return ") then
                complain("not understood: " .. line)
            end
            pending = {params = {}}
        end
    end
    for _, use_of in ipairs(used) do
        if not (KNOWN[use_of[1]] or types[use_of[1]]) then
            number = use_of[2]
            complain("no such type: " .. use_of[1])
        end
    end
    return d
end

return definitions
