-- SPDX-License-Identifier: BSD-2-Clause
local secret = "tell nobody"
return #secret
