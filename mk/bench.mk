# SPDX-License-Identifier: BSD-2-Clause
# `make bench`: the figures of design section 8 from one QEMU boot whose clock counts instructions, into bench/results/.

bench_out  := $(O)/bench
null_uuid  := 5e0c5f0f-0b8f-4d0b-9a3b-0e6c7a41521d
bench_cc   := $(GUEST_CROSS)gcc $(CSTD) $(WARN) -O2 -I.

# A boot of a minute or two under instruction counting, with room for a slow machine.
BENCH_TIMEOUT ?= 900

.PHONY: bench bench-store bench-metering bench-programs
bench:
	@mk/deps/host-packages.sh device
	@$(MAKE) deps-device
	@$(MAKE) $(jobs) qemu-machine bench-programs
	@mkdir -p bench/results
	$(qemu_run) --icount --timeout $(BENCH_TIMEOUT) --job bench/guest.sh --put bench/app:/bench/app \
	  --put $(bench_out)/null_client:/bench/null_client --put $(bench_out)/clock.so:/bench/clock.so \
	  --put $(bench_out)/ta/$(null_uuid).ta:/lib/optee_armtz/$(null_uuid).ta \
	  -- $$(stat -c %s $(O)/ta/$(TA_UUID).ta) >$(bench_out)/output
	awk '/^=== /{ file = $$2; next } { print >("bench/results/latest." (file == "json" ? "json" : "md")) }' $(bench_out)/output
	@cat bench/results/latest.md

# Measures tee.store, for the table of docs/storage.md.
bench-store:
	@mk/deps/host-packages.sh device
	@$(MAKE) deps-device
	@$(MAKE) $(jobs) qemu-machine bench-programs
	$(qemu_run) --icount --timeout $(BENCH_TIMEOUT) --job bench/store.sh --put bench/store:/bench/store \
	  --put $(bench_out)/clock.so:/bench/clock.so

# Measures the cost of fuel: the TA's Lua as a Linux program, with all patches, and without the patches for fuel.
bench-metering:
	@mk/deps/host-packages.sh device
	@$(MAKE) deps-device
	@$(MAKE) $(jobs) qemu-machine $(bench_out)/metering_with $(bench_out)/metering_without
	@mkdir -p bench/results
	$(qemu_run) --icount --timeout $(BENCH_TIMEOUT) --job bench/metering.sh --put bench/app/ta:/bench/ta \
	  --put $(bench_out)/metering_with:/bench/metering_with \
	  --put $(bench_out)/metering_without:/bench/metering_without >$(bench_out)/metering_output
	awk -f bench/metering.awk $(bench_out)/metering_output >$(bench_out)/metering.md
	@cp $(bench_out)/metering.md bench/results/metering.md
	@cat bench/results/metering.md

$(bench_out)/lua_without/stamp: $(lua_patches) | $(DEPS)/ready
	$(Q)rm -rf $(@D) && mkdir -p $(@D) && cp -p $(LUA_SRC)/*.[ch] $(@D)
	$(Q)for patch in $(filter-out %-fuel-vm.patch %-fuel-data.patch %-fuel-libraries.patch,$(lua_patches)); do \
	  patch -s -p1 -F0 -d $(@D) <$$patch || exit 1; done
	$(Q)touch $@

# As the TA has them: the inner loop for speed, the rest for size.
metering_cc    = $(GUEST_CROSS)gcc $(CSTD) -w -I. -isystem $(1) -DLUA_USER_H='"port/lua/luatee_user.h"' -falign-functions=4
metering_build = for src in $(lua_srcs); do case " $(vm_small) " in *" $$src "*) opt=-Os ;; *) opt=-O2 ;; esac; \
                   $(call metering_cc,$(1)) $$opt -c $(1)/$$src.c -o $(2)/$$src.o || exit 1; done; \
                 $(call metering_cc,$(1)) -O2 bench/metering/metering.c port/lua/hash.c $(lua_srcs:%=$(2)/%.o) -o $@ -lm
$(bench_out)/metering_with: bench/metering/metering.c $(LUA_TA_SRC)/stamp | $(DEPS)/ready-qemu
	@mkdir -p $(bench_out)/with
	$(Q)$(call metering_build,$(LUA_TA_SRC),$(bench_out)/with)
$(bench_out)/metering_without: bench/metering/metering.c $(bench_out)/lua_without/stamp | $(DEPS)/ready-qemu
	@mkdir -p $(bench_out)/without
	$(Q)$(call metering_build,$(bench_out)/lua_without,$(bench_out)/without)

bench-programs: $(bench_out)/null_client $(bench_out)/clock.so $(bench_out)/ta/$(null_uuid).ta

$(bench_out)/null_client: bench/null_client.c bench/null_ta/null_ta.h | $(DEPS)/ready-qemu
	@mkdir -p $(@D)
	$(bench_cc) -isystem $(teec_inc) $< -o $@ -L$(guest_lib) -l:libteec.so.2 -Wl,--allow-shlib-undefined
$(bench_out)/clock.so: bench/clock.c | $(DEPS)/ready-qemu
	@mkdir -p $(@D)
	$(bench_cc) -fPIC -shared -isystem $(LUA_SRC) $< -o $@

$(bench_out)/ta/$(null_uuid).ta: $(wildcard bench/null_ta/*) | $(DEPS)/ready-qemu
	@mkdir -p $(@D)
	+@env -u MAKEFLAGS -u MAKEOVERRIDES -u MFLAGS $(MAKE) --no-print-directory -C bench/null_ta -f dev_kit.mk \
	  O=$(abspath $(@D)) TA_DEV_KIT_DIR=$(abspath $(TA_DEV_KIT_DIR)) CROSS_COMPILE=$(CROSS_COMPILE) BINARY=$(null_uuid)
