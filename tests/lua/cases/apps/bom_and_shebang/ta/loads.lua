-- SPDX-License-Identifier: BSD-2-Clause
-- load takes text and no file: as in stock Lua, it skips nothing.
local results = {}
for i, source in ipairs {"\u{feff}return 1", "#!/usr/bin/env lua\nreturn 1", "#", "return 1"} do
    local f = load(source)
    results[i] = f ~= nil
end
return results
