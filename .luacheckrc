-- SPDX-License-Identifier: BSD-2-Clause
-- `make luacheck`. Whoever writes an app may begin with the same lines: docs/guide.md.
stds = dofile("share/luacheck/luatee.lua")
std = "lua54+luatee_host"
max_line_length = false
files["**/ta/*.lua"].std = "luatee_ta"

-- Functions are let go by assignments of nil that nobody reads.
files["tests/lua/host/suite_functions.lua"].ignore = {"241", "311", "331"}
-- It holds memory, and lets it go.
files["tests/lua/cases/apps/quota_shrink/ta/main.lua"].ignore = {"241"}
-- Code that tries out the language, or does what it must not.
exclude_files = {
    "tests/lua/cases/apps/bom_and_shebang", "tests/lua/escape/ta", "tests/lua/ta/broken_syntax.lua", "tests/lua/ta/counter.lua", "tests/lua/ta/deep_cases.lua",
    "tests/lua/ta/lang_*.lua", "tests/lua/ta/module_nothing.lua", "tests/lua/ta/raise_index.lua",
    "tests/lua/upstream/ta/fixed_in_*.lua",
}
