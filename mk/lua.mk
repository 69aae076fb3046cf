# SPDX-License-Identifier: BSD-2-Clause
# Lua in the TA: its patches, and a build that checks itself. CONTRIBUTING.md says how to take a new release.
#
#   make lua-patch                          do the patches fit, and are they as a refresh writes them?
#   make lua-patch EDIT=0005-ephemerons     lays out a tree with the patches up to that one, to be changed by hand
#   make lua-patch REFRESH=1                writes the patches anew: from that tree, or for another source
#   make lua-patch LUA_TARBALL=FILE ...     with that source in place of the unpacked one

lua_source := $(or $(LUA_TARBALL),$(LUA_SRC))

.PHONY: lua-patch
lua-patch: $(if $(LUA_TARBALL),,$(DEPS)/ready)
	@mk/lua-patch.sh port/lua/patches $(lua_source) $(O)/lua-patch \
	  $(if $(EDIT),edit $(EDIT),$(if $(REFRESH),refresh,check))
