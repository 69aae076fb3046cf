# SPDX-License-Identifier: BSD-2-Clause
# The Trusted Application for OP-TEE: `make ta` makes $(O)/ta/$(TA_UUID).ta. For a board of your own:
#
#   make ta O=build/board TA_DEV_KIT_DIR=<export-ta_arm64 of the board's OP-TEE> [CROSS_COMPILE=...] [TA_SIGN_KEY=...]
#
# mk/keys.mk describes FLAVOUR, and the keys of the packages that the TA accepts.
#
# OP-TEE's libc has no floating-point formatting and no libm, so that Lua and number conversion are compiled against
# picolibc and linked with it into one relocatable object. In it only lua* stays visible, and mem*(): picolibc's are the
# faster ones, for strings that lie anywhere in a message. The dev kit compiles the rest (core/, ta/, port/optee/)
# against its own headers and links both.

CROSS_COMPILE  ?= aarch64-linux-gnu-
TA_DEV_KIT_DIR ?= $(ROOT)/usr/lib/optee-os-dev/vexpress-qemu_armv8a

# The variant that is built for speed. Its mem*() and str*() make unaligned accesses: for an OP-TEE that was built with
# CFG_SCTLR_ALIGNMENT_CHECK=y (it is off unless asked for) set this to empty.
PICOLIBC_VARIANT ?= release
PICOLIBC := $(ROOT)/usr/lib/picolibc/aarch64-linux-gnu
LIBM_SRC := $(SRC)/picolibc-1.8.10/newlib/libm/common

ta_out := $(O)/ta
ta_vm  := $(ta_out)/vm
ta_cc  := $(CROSS_COMPILE)gcc

# The code generation flags that this kit wants of a TA (position independence, stack protector, branch protection).
ta_kit_cflags = $(filter-out -O% -g%,$(shell sed -n 's/^ta_arm64-platform-cflags := //p' $(TA_DEV_KIT_DIR)/mk/conf.mk))

ta_defines := -DLUATEE_VERSION=\"$(VERSION)\" -DLUATEE_FLAVOUR_$(FLAVOUR) $(TA_EXTRA_DEFINES)

# Nothing unwinds in a TA. Sections are apart so that the linker can leave out what nobody calls.
cflags_vm = $(CSTD) $(vm_opt) -g $(ta_kit_cflags) -fvisibility=hidden -ffunction-sections -fdata-sections \
            -fno-unwind-tables -fno-asynchronous-unwind-tables -MMD -MP -nostdinc -isystem $(shell $(ta_cc) -print-file-name=include) \
            -isystem $(PICOLIBC)/include/$(PICOLIBC_VARIANT) -isystem $(PICOLIBC)/include -I. -isystem $(LUA_TA_SRC) \
            -DLUA_USER_H=\"port/optee/luatee_user.h\"

# The image is loaded and hashed at every open: code outside the inner loop of a script is built for size. Functions,
# loops and jumps need no more alignment than instructions do.
vm_opt = -O2 -falign-functions=4 -falign-loops=4 -falign-jumps=4 -falign-labels=4
vm_small := lauxlib lbaselib lcode lcorolib ldebug ldump llex lmathlib lobject lparser lstate lstrlib ltablib ltm \
            lundump lutf8lib
$(vm_small:%=$(ta_vm)/lua/%.o): vm_opt = -Os
$(ta_vm)/port/lua/number_decimal.o $(ta_vm)/port/lua/number_float.o $(ta_vm)/port/lua/number_parse.o: vm_opt = -Os

# pow, exp and log as glibc has them (Arm's optimized routines), so that results agree; the library that comes built has
# older ones, which often differ in the last bit.
libm_srcs := exp exp_data log log2 log2_data log_data pow pow_log_data math_err_divzero math_err_invalid \
             math_err_oflow math_err_uflow

number_srcs := $(wildcard port/lua/number*.c)
vm_objs := $(lua_srcs:%=$(ta_vm)/lua/%.o) $(libm_srcs:%=$(ta_vm)/libm/%.o) \
           $(number_srcs:%.c=$(ta_vm)/%.o)

.PHONY: ta ta_force
ta: $(ta_out)/$(TA_UUID).ta
ta_force:

# The objects depend on this file, too. It changes only when one of these variables changes.
ta_settings := $(CROSS_COMPILE) $(TA_DEV_KIT_DIR) $(PICOLIBC_VARIANT)
$(ta_out)/settings: ta_force
	@mkdir -p $(@D)
	@echo '$(ta_settings)' | cmp -s - $@ || echo '$(ta_settings)' >$@

$(vm_objs) $(ta_vm)/libc.a $(ta_out)/kit/stamp: mk/ta.mk $(ta_out)/settings | $(DEPS)/ready-qemu

$(ta_vm)/lua/%.o: $(LUA_TA_SRC)/%.c
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(ta_cc) $(cflags_vm) -w -c $< -o $@
$(ta_vm)/libm/%.o: $(LIBM_SRC)/%.c
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(ta_cc) $(cflags_vm) -I$(LIBM_SRC) -D__OBSOLETE_MATH_DEFAULT=0 -w -c $< -o $@
$(ta_vm)/port/%.o: port/%.c
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(ta_cc) $(cflags_vm) $(WARN) -c $< -o $@

# picolibc without the parts that the TEE's own library provides: heap, abort, stack canary.
$(ta_vm)/libc.a:
	@mkdir -p $(@D)
	cp $(PICOLIBC)/lib/$(PICOLIBC_VARIANT)/libc.a $@.tmp
	$(CROSS_COMPILE)ar d $@.tmp $$($(CROSS_COMPILE)ar t $@.tmp | grep -E '^(nano-.*|libc_ssp_.*|libc_stdlib_abort)\.')
	mv $@.tmp $@

$(ta_vm)/vm.o: $(vm_objs) $(ta_vm)/libc.a
	$(CROSS_COMPILE)ld -r $^ -o $@.tmp
	$(CROSS_COMPILE)objcopy --wildcard --keep-global-symbol='lua*' \
	  --keep-global-symbol=memcpy --keep-global-symbol=memmove --keep-global-symbol=memset --keep-global-symbol=memcmp \
	  --remove-section=.eh_frame --remove-section=.rela.eh_frame $@.tmp
	mv $@.tmp $@

# The kit's libraries without their unwind tables.
$(ta_out)/kit/stamp:
	rm -rf $(@D) && mkdir -p $(@D)
	for lib in $(TA_DEV_KIT_DIR)/lib/*.a; do \
	  $(CROSS_COMPILE)objcopy --remove-section=.eh_frame --remove-section=.rela.eh_frame $$lib $(@D)/$${lib##*/} || exit; \
	done
	touch $@

ta_cppflags = $(ta_defines) -DLUA_USER_H=\"port/lua/luatee_user.h\" -isystem $(abspath $(LUA_TA_SRC))

# The kit finds out by itself what has changed. Nothing of this make's own variables may reach it (O, V, CC, ...).
$(ta_out)/$(TA_UUID).ta: $(ta_vm)/vm.o $(ta_out)/kit/stamp $(keys_src) ta_force | $(DEPS)/ready-qemu
	+@env $(no_host_flags) -u MAKEFLAGS -u MAKEOVERRIDES -u MFLAGS $(MAKE) --no-print-directory -C ta -f dev_kit.mk \
	  O=$(abspath $(ta_out)) TA_DEV_KIT_DIR=$(abspath $(TA_DEV_KIT_DIR)) CROSS_COMPILE=$(CROSS_COMPILE) BINARY=$(TA_UUID) \
	  VM_OBJECT=$(abspath $(ta_vm)/vm.o) KIT_LIBRARIES=$(abspath $(ta_out)/kit) TA_WARNINGS='$(WARN)' \
	  TA_EXTRA_SOURCES='$(keys_src) $(TA_EXTRA_SOURCES)' TA_EXTRA_LDFLAGS='$(TA_EXTRA_LDFLAGS)' \
	  $(if $(TA_SIGN_KEY),TA_SIGN_KEY=$(abspath $(TA_SIGN_KEY))) \
	  TA_CPPFLAGS='$(ta_cppflags)'

-include $(shell find $(ta_vm) -name '*.d' 2>/dev/null)
