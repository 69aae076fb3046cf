-- SPDX-License-Identifier: BSD-2-Clause
-- For tests/lua: the persistent time of another app than its own; set first, if there is an argument.
local time = ...
if time then tee.time.set_persistent(time) end
return tee.time.persistent()
