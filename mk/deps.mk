# SPDX-License-Identifier: BSD-2-Clause
# Downloads from Debian, in stages: $(DEPS)/ready has all parts for the simulator, $(DEPS)/ready-qemu also those for the
# TA and the machine, $(DEPS)/ready-test also those that tests compare with. mk/deps/fetch.sh downloads the list
# mk/deps/parts.
#
# LUA_TARBALL=FILE: Lua's tarball, if Debian no longer has that version. Its sha256 is verified.
ifdef LUA_TARBALL
export LUA_TARBALL
endif

# The front door makes these first, alone, so that parallel builds find all downloads.
.PHONY: deps deps-device deps-test
deps: $(DEPS)/ready
	@:
deps-device: $(DEPS)/ready-qemu
	@:
deps-test: $(DEPS)/ready-test
	@:

$(DEPS)/ready: mk/deps/parts mk/deps/fetch.sh mk/deps/apt.sh
	@mk/deps/fetch.sh run $(DEPS)
	@touch $@
$(DEPS)/ready-qemu: mk/deps/parts mk/deps/fetch.sh mk/deps/apt.sh | $(DEPS)/ready
	@mk/deps/fetch.sh qemu $(DEPS)
	@touch $@
$(DEPS)/ready-test: mk/deps/parts mk/deps/fetch.sh mk/deps/apt.sh | $(DEPS)/ready
	@mk/deps/fetch.sh test $(DEPS)
	@touch $@

# Lists newer versions in Debian than those in use: SECURITY.md.
.PHONY: outdated
outdated: deps-device
	@mk/deps/outdated.sh $(DEPS)

# On a fresh tree the sources are not there yet when make looks for a rule that fits their objects: say where they
# come from.
$(SRC)/lua-%: | $(DEPS)/ready
	@:
$(SRC)/picolibc-%: | $(DEPS)/ready-qemu
	@:
.PRECIOUS: $(SRC)/lua-% $(SRC)/picolibc-%
