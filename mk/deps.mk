# SPDX-License-Identifier: BSD-2-Clause
# What comes from Debian, in stages: $(DEPS)/ready is all that the simulator needs, $(DEPS)/ready-qemu adds the TA's
# and the machine's parts, $(DEPS)/ready-test what tests compare with. mk/deps/parts is the list, mk/deps/fetch.sh does it.
#
# LUA_TARBALL=FILE: Lua's tarball, when Debian has that version no more. Its sha256 is checked.
ifdef LUA_TARBALL
export LUA_TARBALL
endif

# The front door makes these first, alone: what is built at the same time then finds everything there.
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

# What Debian has that is newer than what is in use: SECURITY.md.
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
