-- SPDX-License-Identifier: BSD-2-Clause
local missing
return missing.field
