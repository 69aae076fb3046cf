# SPDX-License-Identifier: BSD-2-Clause
# The Trusted Application for OP-TEE: `make ta` makes $(O)/ta/$(TA_UUID).ta. For a board of your own:
#
#   make ta TA_DEV_KIT_DIR=<export-ta_arm64 of the board's OP-TEE> CROSS_COMPILE=... [TA_SIGN_KEY=...]
#
# OP-TEE's libc has no floating-point formatting and no libm, so that Lua, TinyCBOR and number conversion are compiled
# against picolibc and linked with it into one relocatable object, in which only lua* and cbor* stay visible. The dev kit
# compiles the rest (core/, ta/, port/optee/) against its own headers and links both.

CROSS_COMPILE  ?= aarch64-linux-gnu-
TA_DEV_KIT_DIR ?= $(ROOT)/usr/lib/optee-os-dev/vexpress-qemu_armv8a

# The variant that is built for speed. Its mem*() and str*() make unaligned accesses: for an OP-TEE that was built with
# CFG_SCTLR_ALIGNMENT_CHECK=y (it is off unless asked for) set this to empty.
PICOLIBC_VARIANT ?= release
PICOLIBC := $(ROOT)/usr/lib/picolibc/aarch64-linux-gnu

ta_out := $(O)/ta
ta_vm  := $(ta_out)/vm
ta_cc  := $(CROSS_COMPILE)gcc

# The code generation flags that this kit wants of a TA (position independence, stack protector, branch protection).
ta_kit_cflags = $(filter-out -O% -g%,$(shell sed -n 's/^ta_arm64-platform-cflags := //p' $(TA_DEV_KIT_DIR)/mk/conf.mk))

ta_defines := -DLUATEE_VERSION=\"$(VERSION)\" -DLUATEE_FLAVOUR_$(FLAVOUR) $(TA_EXTRA_DEFINES)

cflags_vm = $(CSTD) -O2 -g $(ta_kit_cflags) -ffreestanding -fno-math-errno -MMD -MP -nostdinc \
            -isystem $(shell $(ta_cc) -print-file-name=include) -isystem $(PICOLIBC)/include/$(PICOLIBC_VARIANT) \
            -isystem $(PICOLIBC)/include -I. -isystem $(LUA_SRC) -isystem $(CBOR_SRC) \
            -DLUA_USER_H=\"port/optee/luatee_user.h\" -DNDEBUG $(TA_EXTRA_CFLAGS)

number_srcs := $(wildcard port/lua/number*.c)
vm_objs := $(lua_srcs:%=$(ta_vm)/lua/%.o) $(cbor_srcs:%=$(ta_vm)/cbor/%.o) $(number_srcs:%.c=$(ta_vm)/%.o)

.PHONY: ta
ta: $(ta_out)/$(TA_UUID).ta

$(ta_vm)/lua/%.o: $(LUA_SRC)/%.c mk/ta.mk | $(DEPS)/ready-qemu
	@mkdir -p $(@D)
	$(ta_cc) $(cflags_vm) -w -c $< -o $@
$(ta_vm)/cbor/%.o: $(CBOR_SRC)/%.c mk/ta.mk | $(DEPS)/ready-qemu
	@mkdir -p $(@D)
	$(ta_cc) $(cflags_vm) -w -c $< -o $@
$(ta_vm)/port/%.o: port/%.c mk/ta.mk | $(DEPS)/ready-qemu
	@mkdir -p $(@D)
	$(ta_cc) $(cflags_vm) $(WARN) -c $< -o $@

# picolibc without what the TEE's own library must do: its heap, its end of the world, its stack canary.
$(ta_vm)/libc.a: mk/ta.mk | $(DEPS)/ready-qemu
	@mkdir -p $(@D)
	cp $(PICOLIBC)/lib/$(PICOLIBC_VARIANT)/libc.a $@.tmp
	$(CROSS_COMPILE)ar d $@.tmp $$($(CROSS_COMPILE)ar t $@.tmp | grep -E '^(nano-.*|libc_ssp_.*|libc_stdlib_abort)\.')
	mv $@.tmp $@

$(ta_vm)/vm.o: $(vm_objs) $(ta_vm)/libc.a
	$(CROSS_COMPILE)ld -r $^ -o $@.tmp
	$(CROSS_COMPILE)objcopy --wildcard --keep-global-symbol='lua*' --keep-global-symbol='*cbor*' $@.tmp
	mv $@.tmp $@

# The kit finds out by itself what has changed. Nothing of this make's own variables may reach it (O, V, CC, ...).
.PHONY: ta_force
ta_force:
$(ta_out)/$(TA_UUID).ta: $(ta_vm)/vm.o ta_force | $(DEPS)/ready-qemu
	+env -u MAKEFLAGS -u MAKEOVERRIDES -u MFLAGS $(MAKE) --no-print-directory -s -C ta -f dev_kit.mk \
	  O=$(abspath $(ta_out)) TA_DEV_KIT_DIR=$(abspath $(TA_DEV_KIT_DIR)) CROSS_COMPILE=$(CROSS_COMPILE) BINARY=$(TA_UUID) \
	  VM_OBJECT=$(abspath $(ta_vm)/vm.o) TA_WARNINGS='$(WARN)' $(if $(TA_SIGN_KEY),TA_SIGN_KEY=$(abspath $(TA_SIGN_KEY))) \
	  TA_CPPFLAGS='$(ta_defines) -DLUA_USER_H=\"port/lua/luatee_user.h\" -isystem $(abspath $(LUA_SRC)) -isystem $(abspath $(CBOR_SRC))'

-include $(shell find $(ta_vm) -name '*.d' 2>/dev/null)
