# SPDX-License-Identifier: BSD-2-Clause
# Unit tests. Every tests/unit/FOLDER/NAME_test.c is a test of FOLDER/NAME.c and becomes $(O)/tests/unit/FOLDER/NAME_test;
# tests/unit/run.sh runs it. The other sources in those folders are support, which a test is linked with when it uses them.
#
# The folder says what a test may use:
#   host       libluatee, the tee module, the CLI, packages, the host's Lua. Needs no TA in its own process
#   sim        the simulator's client library; a small TA (tests/unit/sim/test_ta)
#   trusted    everything in the TA, with keys made for the tests, and what makes packages. All other folders
#
# A test that needs more says so in lines of its own: /* link: WORD... */. A word is a source (of the trusted side, or
# beside the test), --wrap=FUNCTION, or an object named by a variable of make.

unit_host_folders := client/% cli/% ta/% core/codec/% core/package/%
unit_world = $(if $(filter $(unit_host_folders),$(1)),host,$(if $(filter sim/%,$(1)),sim,trusted))

unit_out     := $(O)/tests/unit
unit_sources := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*/*.c tests/unit/*/*/*.c))
unit_tests   := $(filter %_test,$(unit_sources))
# TAs of their own.
hostile_ta  := $(O)/tests/hostile/$(TA_UUID)
sim_test_ta := $(O)/tests/sim/$(shell sed -n 's/.*UUID_TEXT "\(.*\)"/\1/p' tests/unit/sim/test_ta/commands.h)
hostile_sources := $(filter client/hostile_ta/%,$(unit_sources))
sim_ta_sources  := $(filter sim/test_ta/%,$(unit_sources))
unit_support := $(filter-out %_test $(hostile_sources) $(sim_ta_sources),$(unit_sources))
unit_objs     = $(patsubst %,$(obj)/unit/%.o,$(1))

# `make unit-tests UNIT="core/codec client/values_test"` runs some: by folder, or by name.
UNIT ?=
unit_chosen := $(if $(UNIT),$(filter $(foreach word,$(UNIT),$(word) $(word)/%),$(unit_tests)),$(unit_tests))

.PHONY: unit-tests unit-build core-tests client-tests sim-tests port-tests ta-tests
unit-build: native unit-programs
unit-tests: unit-build
	@tests/unit/run.sh $(O) $(unit_chosen)
core-tests client-tests sim-tests port-tests ta-tests:
	@$(MAKE) unit-tests UNIT=$(@:-tests=)

# --- objects ------------------------------------------------------------------------------------------------------------

cflags_unit_host    := $(cflags_native) $(cflags_client) -DCLIENT_TEST_APP='"$(abspath tests/unit/client/client_app)"' \
                       -DHOSTILE_TA_DIR='"$(abspath $(O)/tests/hostile)"'
cflags_unit_sim     := $(cflags_native) $(cflags_client) -DSIM_TEST_TA_DIR='"$(abspath $(O)/tests/sim)"'
cflags_unit_trusted := $(cflags_sim) $(cflags_client)

$(obj)/unit/%.o: tests/unit/%.c mk/unit.mk $(settings) | $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(cflags_unit_$(call unit_world,$*)) -c $< -o $@
unit_trusted := $(foreach source,$(unit_sources),$(if $(filter trusted,$(call unit_world,$(source))),$(source)))
$(call unit_objs,$(unit_trusted)): | $(LUA_TA_SRC)/stamp

# Archives, of which the linker takes what a test uses. The trusted side comes with the tests' own keys, and before the
# host's, which has some of the same names: client/package/verify.c is the counterpart of core/trust/package_open.c.
unit_support_objs = $(call unit_objs,$(foreach source,$(unit_support),$(if $(filter $(1),$(call unit_world,$(source))),$(source))))
unit_keys_objs   := $(obj)/trusted/keys/built_in.o
$(O)/tests/libtrusted.a: $(call unit_support_objs,trusted) $(filter-out %/sim/ta/main.o %/keys/built_in.o,$(simta_objs)) \
                         $(unit_keys_objs) $(lua_sim_objs)
$(O)/tests/libhost.a: $(sort $(call unit_support_objs,host) $(filter-out %/cli/main.o,$(cli_objs)) $(pkg_objs) $(teelua_objs) \
                        $(client_objs) $(codec_objs) $(lua_host_objs))
$(O)/tests/libsim.a: $(call unit_support_objs,sim)
$(O)/tests/libtrusted.a $(O)/tests/libhost.a $(O)/tests/libsim.a:
	@mkdir -p $(@D)
	@echo "  AR      $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $^

unit_libs_host    := $(O)/tests/libhost.a
unit_libs_sim     := $(O)/tests/libsim.a $(O)/lib/luatee/sim/libteec.so.2
unit_libs_trusted := $(O)/tests/libtrusted.a $(unit_libs_host)
test_libs         := -lcmocka -lcrypto -lpthread -ldl -lm

# The keys of the trusted side, made for the tests alone: LUATEE_TEST_KEYS.
trusted_keys := $(O)/tests/keys
$(trusted_keys)/built_in.c: $(keys_tool) | $(O)/bin/luatee
	@mkdir -p $(@D)
	@rm -f $(@D)/*.pem $(@D)/*.pub $(@D)/*.key
	$(Q)for name in old middle new; do $(O)/bin/luatee keygen publisher -o $(@D)/$$name.pem || exit; done >$(@D)/log
	$(Q)$(O)/bin/luatee keygen class -o $(@D)/class.key >>$(@D)/log
	$(Q)$(keys_tool) release $@ $(@D)/old.pub,$(@D)/middle.pub,$(@D)/new.pub $(@D)/class.key
$(obj)/trusted/keys/built_in.o: $(trusted_keys)/built_in.c
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(cflags_native) $(cflags_ta_sim) -c $< -o $@

# --- programs -----------------------------------------------------------------------------------------------------------

# "SOURCE|WORD" for each word of a link line.
link_words := $(shell grep -H '^/\* link: ' $(unit_tests:%=tests/unit/%.c) $(wildcard tests/fuzz/fuzz_*.c) | \
    sed 's|:/\* link:||; s| \*/$$||' | while read -r source words; do for word in $$words; do echo "$$source|$$word"; done; done)
link_of    = $(patsubst $(1)|%,%,$(filter $(1)|%,$(link_words)))
# Flags, and objects: $(call link_objects,source,world)
link_flags   = $(patsubst --%,-Wl$(comma)--%,$(filter -%,$(call link_of,$(1))))
link_objects = $(patsubst %.c,$(obj)/$(2)/%.o,$(filter-out -%,$(call link_of,$(1))))
comma       := ,

define unit_program
$(unit_out)/$(1): $(obj)/unit/$(1).o $(call link_objects,tests/unit/$(1).c,sim) $(unit_libs_$(call unit_world,$(1)))
	@mkdir -p $$(@D)
	@echo "  LD      $$@"
	$$(Q)$$(CC) $(call link_flags,tests/unit/$(1).c) $$^ -o $$@ $(ldflags_native) $(test_libs) \
	  $(if $(filter sim/%,$(1)),-Wl$(comma)-rpath$(comma)$(abspath $(O)/lib/luatee/sim))
endef
$(foreach test,$(unit_tests),$(eval $(call unit_program,$(test))))

.PHONY: unit-programs
unit-programs: $(unit_chosen:%=$(unit_out)/%) $(hostile_ta) $(sim_test_ta)

# The simulator's part of a TA, with another one than ours behind it.
$(hostile_ta): $(call objs,sim,$(hostile_sources:%=tests/unit/%.c) $(wildcard sim/ta/*.c sim/common/*.c))
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) -lcrypto

# The TA of the simulator's tests. header.c is compiled anew, for this TA; the rest of the simulator is what every TA gets.
cflags_sim_test_ta := $(cflags_native) $(cflags_ta_sim) -DSIM_TA_HEADER='"tests/unit/sim/test_ta/user_ta_header_defines.h"'
$(obj)/test_ta/%.o: %.c $(settings) | $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(cflags_sim_test_ta) -c $< -o $@
$(sim_test_ta): $(call objs,test_ta,$(sim_ta_sources:%=tests/unit/%.c) sim/ta/header.c) \
                $(call objs,sim,$(filter-out sim/ta/header.c,$(wildcard sim/ta/*.c sim/common/*.c)))
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) -lcrypto

# OpenSSL as the peer of tests/lua/peer, also in the machine in QEMU.
$(O)/tests/key_peer: $(call objs,host,$(wildcard tests/lua/peer/openssl/*.c))
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) -lcrypto
.PHONY: key-peer
key-peer: $(O)/tests/key_peer
