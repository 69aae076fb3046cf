-- SPDX-License-Identifier: BSD-2-Clause
local class = {}
class.__index = class
return class
