-- SPDX-License-Identifier: BSD-2-Clause
local point = {}
point.__index = point

function point.new(x, y) return setmetatable({x = x, y = y}, point) end
function point.__add(a, b) return point.new(a.x + b.x, a.y + b.y) end
function point:__tostring() return "(" .. self.x .. ", " .. self.y .. ")" end

return point
