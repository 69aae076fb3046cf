-- SPDX-License-Identifier: BSD-2-Clause
-- The line below is wrong on purpose.
local x = = 1
