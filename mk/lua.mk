# SPDX-License-Identifier: BSD-2-Clause
# Lua in the TA: its patches, and a build that checks itself. CONTRIBUTING.md says how to take a new release.
#
#   make lua-patch                          do the patches fit, and are they as a refresh writes them?
#   make lua-patch EDIT=0005-ephemerons     lays out a tree with the patches up to that one, to be changed by hand
#   make lua-patch REFRESH=1                writes the patches anew: from that tree, or for another source
#   make lua-patch LUA_TARBALL=FILE ...     with that source in place of the unpacked one
#   make assert                             $(O)/assert: the simulator's side, built to check itself; then for instance
#                                           $(O)/assert/bin/luatee run --tee=sim -u tests/lua

lua_source := $(or $(LUA_TARBALL),$(LUA_SRC))

.PHONY: lua-patch
lua-patch: $(if $(LUA_TARBALL),,$(DEPS)/ready)
	@mk/lua-patch.sh port/lua/patches $(lua_source) $(O)/lua-patch \
	  $(if $(EDIT),edit $(EDIT),$(if $(REFRESH),refresh,check))

# Lua's assertions and the checks of its API, in the TA and in `luatee`; and in the TA slices of a few units, a stack that moves
# whenever it may, and collections at one of 61 places where there may be one.
assert_flags := -DLUAI_ASSERT -DLUA_USE_APICHECK
assert_make   = $(MAKE) O=$(O)/assert EXTRA_CFLAGS='$(assert_flags)' EXTRA_PATCHES=tests/assert/hard-memory.patch \
                EXTRA_SIM_CFLAGS='-DHARDSTACKTESTS -DHARDMEMTESTS=61 -DLUATEE_SLICE=500'

.PHONY: assert
assert: native # whose tool makes the development keys
	+@$(assert_make) native
