# SPDX-License-Identifier: BSD-2-Clause
# Installs luatee, and checks all Lua files of the tree.
#
#   make install [DESTDIR=] [PREFIX=/usr/local]    on the machine that this was built for; the TA is not in it (mk/ta.mk)

PREFIX  ?= /usr/local
DESTDIR ?=

into     = $(DESTDIR)$(PREFIX)
lua_path = $(into)/lib/lua/5.4
share    = $(into)/share/luatee

# Where luatee and libluatee look for the simulator: client/engine/teec.c.
sim_path = $(into)/lib/luatee/sim

.PHONY: install luacheck
install: native
	install -d $(into)/bin $(into)/lib $(into)/include/luatee $(lua_path) $(sim_path)/ta $(share)/luals/ta \
	  $(share)/luals/host $(share)/luacheck
	install -m 755 $(O)/bin/luatee $(into)/bin/luatee
	ln -sf luatee $(into)/bin/invoke_lua_interpreter
	ln -sf luatee $(into)/bin/encrypt_lua
	install -m 644 $(O)/lib/libluatee.a $(into)/lib/libluatee.a
	install -m 755 $(O)/lib/libluatee.so $(into)/lib/libluatee.so.0
	ln -sf libluatee.so.0 $(into)/lib/libluatee.so
	install -m 755 $(O)/lib/tee.so $(lua_path)/tee.so
	install -m 755 $(O)/lib/luatee/sim/libteec.so.2 $(sim_path)/libteec.so.2
	install -m 755 $(O)/lib/luatee/sim/ta/$(TA_UUID) $(sim_path)/ta/$(TA_UUID)
	install -m 644 include/luatee/luatee.h $(into)/include/luatee/luatee.h
	install -m 644 share/luacheck/luatee.lua $(share)/luacheck/luatee.lua
	for world in ta host; do \
	  install -m 644 share/luals/$$world/tee.lua $(share)/luals/$$world/tee.lua && \
	  sed 's|@SHARE@|$(PREFIX)/share/luatee|' share/luals/$$world/luarc.json >$(share)/luals/$$world/luarc.json || exit; \
	done

# In the form that tests/run.sh counts.
luacheck:
	@luacheck -q --no-color .luacheckrc bench examples share/luacheck tests/lua tests/qemu | awk '/./ && !/OK$$/ { print } \
	  /^Total:/ { wrong = $$2 + $$5; print $$8 - wrong " passed, " wrong " failed"; exit wrong > 0 }'
