-- SPDX-License-Identifier: BSD-2-Clause
-- Runs Lua source with the other arguments.
return assert(load((...)))(select(2, ...))
