-- SPDX-License-Identifier: BSD-2-Clause
-- For suite_key_store, as another app: runs Lua source.
return assert(load((...)))()
