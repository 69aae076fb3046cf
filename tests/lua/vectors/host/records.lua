-- SPDX-License-Identifier: BSD-2-Clause
-- Reads files of NIST's Cryptographic Algorithm Validation Program (CAVP): records of lines "NAME = VALUE" between empty
-- lines. What a paragraph in front of the records says holds for those after it, and so does what stands in brackets.

-- Calls f(record, section) for each record: each paragraph that has the field `mark`. record.NAME is the text after "=",
-- of a word alone true; section is the text of the last brackets. Every step-th record, from the first on.
return function(path, mark, step, f)
    local file <close> = assert(io.open(path, "rb"))
    local text = file:read("a"):gsub("\r", "") .. "\n\n"
    local said, section, number = {}, nil, 0
    for paragraph in text:gmatch("(.-)\n\n") do
        local record = {}
        for line in paragraph:gmatch("[^\n]+") do
            local brackets, name, value = line:match("^%[(.*)%]"), line:match("^([%w ]-) *= ?(.*)$")
            if brackets then
                section = brackets
                for key, setting in brackets:gmatch("(%w+) = (%w+)") do said[key] = setting end
            elseif name then
                record[name] = value
            elseif line:find("^%u+$") then
                record[line] = true
            end
        end
        if record[mark] then
            number = number + 1
            if (number - 1) % step == 0 then f(setmetatable(record, {__index = said}), section) end
        else
            for key, value in pairs(record) do said[key] = value end
        end
    end
end
