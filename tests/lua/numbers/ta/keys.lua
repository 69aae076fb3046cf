-- SPDX-License-Identifier: BSD-2-Clause
-- For suite_key_store, suite_store and suite_counter, as another app: runs Lua source with the other arguments.
return assert(load((...)))(select(2, ...))
