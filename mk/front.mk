# SPDX-License-Identifier: BSD-2-Clause
# The front door: the targets that a newcomer types.

APP   ?= examples/example_lua_app
FLAGS ?=
ARGS  ?=

# Packs the app for the TA that was built here, unless its plaintext is wanted, or it comes as packages only. What pack says
# on stdout is not the app's output.
pack_app = case '$(FLAGS)' in *u*) ;; *) ! ls '$(APP)'/ta/*.lua >/dev/null 2>&1 || $(O)/bin/luatee pack '$(APP)' >&2 ;; esac

.PHONY: run help clean distclean
run:
	@mk/deps/host-packages.sh run
	@$(MAKE) deps
	@$(MAKE) $(jobs) native
	@$(pack_app)
	@$(O)/bin/luatee run --tee=sim $(FLAGS) '$(APP)' $(ARGS)

define help_text
make                     build luatee, the simulator, tee.so and libluatee into build/
make run                 install what is missing, build, and pack and run an app on the simulator
    APP=dir                the app (default: $(APP))
    FLAGS=...              flags of `luatee run`, such as -s; -u for plaintext scripts (default: the app is packed)
    ARGS=...               the app's arguments
    LUA_TARBALL=file       Lua's source, when Debian's mirrors have that version no more
make check               every test; check-sim and check-qemu are the two halves, check-quick is for the inner loop
make qemu-run            the app on real OP-TEE in QEMU; APP, FLAGS and ARGS as above
make qemu-shell          the machine with OP-TEE, with a prompt
make ta                  the Trusted Application; for a board: TA_DEV_KIT_DIR=... CROSS_COMPILE=...
    FLAVOUR=release PUBLISHER=a.pub[,b.pub...] CLASS_KEY=class.key   for the field, see docs/release.md
make bench               measure on real OP-TEE in QEMU, next to the targets
make bench-metering      measure what fuel costs the VM
make install             luatee, tee.so, libluatee, the simulator, and definitions for editors and luacheck
    DESTDIR= PREFIX=/usr/local
make lua-patch           check or refresh the patches of Lua, see CONTRIBUTING.md
make outdated            compare the parts in use with what Debian has today, see SECURITY.md
make lint                static checks of C, sh and Lua; FILES="..." for some files alone
make format              lay out C files as .clang-format says; FILES="..." for some alone
make luacheck            luacheck over all Lua that lies here
make coverage            lines and branches that the tests on the simulator reach
make compile_commands.json   the compile commands, for editors
make clean               remove what was built; distclean removes the downloads as well
endef
help:
	@:$(info $(help_text))

# The downloads stay: they cost a network and minutes.
clean:
	@[ ! -d build ] || find build -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf {} +
distclean:
	rm -rf build
