-- SPDX-License-Identifier: BSD-2-Clause
local nothing_to_return = 1
