-- SPDX-License-Identifier: BSD-2-Clause
local caller = tee.caller()
return caller.login, caller.uuid
