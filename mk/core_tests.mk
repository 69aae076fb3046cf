# SPDX-License-Identifier: BSD-2-Clause
# Unit tests of the trusted runtime, and the fuzz targets.

tests_out := $(O)/tests
test_libs := -lcmocka -lcrypto -lpthread -ldl -lm
simulator := $(O)/lib/luatee/sim/libteec.so.2

.PHONY: core-tests fuzz fuzz-corpus fuzz-targets

$(tests_out)/cbor_test: $(call objs,host,tests/unit/cbor_test.c) $(cbor_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) $(test_libs)
$(tests_out)/codec_test: $(call objs,host,tests/unit/codec_test.c) $(codec_objs) $(lua_host_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) $(test_libs)
$(tests_out)/visible_test: $(call objs,host,tests/unit/visible_test.c core/codec/visible.c)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) $(test_libs)
$(tests_out)/session_test: $(call objs,host,tests/unit/session_test.c tests/unit/session_calls.c \
                                    tests/unit/session_cancels.c tests/unit/session_order.c tests/unit/raw_client.c)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) $(test_libs)

$(tests_out)/package_attack_test: $(call objs,host,tests/unit/package_attack_test.c tests/unit/raw_client.c \
                                                  core/package/parse.c core/codec/cursor.c)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) $(test_libs)

# The allocator, and beside it the one on malloc, whatever ALLOC is.
$(tests_out)/alloc_test $(tests_out)/alloc_poison_test: $(tests_out)/%: $(obj)/sim/tests/unit/%.o \
                        $(call objs,sim,core/base/alloc.c core/base/pages.c port/sim/memory.c)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) $(test_libs)
$(tests_out)/alloc_malloc_test: $(call objs,sim,tests/unit/alloc_malloc_test.c core/base/pages.c port/sim/memory.c) \
                                $(malloc_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) $(test_libs)

$(tests_out)/key_permission_test: $(call objs,sim,tests/unit/key_permission_test.c tests/unit/trusted_vm.c) \
                                  $(filter-out %/sim/ta/main.o,$(simta_objs)) $(lua_sim_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) $(test_libs)

store_test_bins := $(tests_out)/store_fault_test $(tests_out)/store_test $(tests_out)/key_lost_test
$(store_test_bins): $(tests_out)/%: $(obj)/sim/tests/unit/%.o $(call objs,sim,tests/unit/store_support.c) \
                    $(filter-out %/sim/ta/main.o,$(simta_objs)) $(lua_sim_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) $(test_libs)

$(tests_out)/print_log_test: $(call objs,sim,tests/unit/print_log_test.c core/vm/print_log.c core/base/text.c)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -Wl,--wrap=port_log -Wl,--wrap=TEE_GetSystemTime $^ -o $@ $(ldflags_native) $(test_libs)

$(tests_out)/deadline_test: $(call objs,sim,tests/unit/deadline_test.c tests/unit/trusted_vm.c) \
                            $(filter-out %/sim/ta/main.o,$(simta_objs)) $(lua_sim_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -Wl,--wrap=TEE_GetSystemTime $^ -o $@ $(ldflags_native) $(test_libs)

# On a clock of the test's.
$(tests_out)/clock_test: $(call objs,sim,tests/unit/clock_test.c tests/unit/trusted_vm.c) \
                         $(filter-out %/sim/ta/main.o,$(simta_objs)) $(lua_sim_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -Wl,--wrap=TEE_GetTAPersistentTime -Wl,--wrap=TEE_SetTAPersistentTime $^ -o $@ $(ldflags_native) $(test_libs)

$(tests_out)/object_wait_test: $(call objs,sim,tests/unit/object_wait_test.c tests/unit/trusted_vm.c) \
                               $(filter-out %/sim/ta/main.o,$(simta_objs)) $(lua_sim_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -Wl,--wrap=TEE_Wait -Wl,--wrap=TEE_GetSystemTime $^ -o $@ $(ldflags_native) $(test_libs)

vm_test_bins := $(addprefix $(tests_out)/,definitions_test intern_test hash_test fuel_test clone_test frames_test)
$(vm_test_bins): $(tests_out)/%: $(obj)/sim/tests/unit/%.o \
                               $(call objs,sim,tests/unit/trusted_vm.c) \
                               $(filter-out %/sim/ta/main.o,$(simta_objs)) $(lua_sim_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) $(test_libs)

# What the TEE gives and gets back is counted.
counted := TEE_AllocateOperation TEE_FreeOperation TEE_AllocateTransientObject TEE_FreeTransientObject
$(tests_out)/handle_test: $(call objs,sim,tests/unit/handle_test.c tests/unit/trusted_vm.c) \
                          $(filter-out %/sim/ta/main.o,$(simta_objs)) $(lua_sim_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $(counted:%=-Wl,--wrap=%) $^ -o $@ $(ldflags_native) $(test_libs)

# OpenSSL, for tests/lua/peer, also in the machine in QEMU.
$(tests_out)/key_peer: $(call objs,host,tests/unit/key_peer.c tests/unit/service_peer.c)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) -lcrypto
.PHONY: key-peer
key-peer: $(tests_out)/key_peer

# The trusted side in one process, with allocations that the test makes fail.
$(tests_out)/shortage_test: $(call objs,sim,tests/unit/shortage_test.c) $(filter-out %/sim/ta/main.o,$(simta_objs)) \
                            $(lua_sim_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -Wl,--wrap=alloc_lua -Wl,--wrap=alloc_block $^ -o $@ $(ldflags_native) $(test_libs)

# The same, with the mappings of its memory looked at: so with its own allocator, whatever ALLOC is.
$(tests_out)/wipe_test: $(call objs,sim,tests/unit/wipe_test.c) $(filter-out %/sim/ta/main.o,$(slabs_simta_objs)) $(lua_sim_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -Wl,--wrap=port_map -Wl,--wrap=munmap $^ -o $@ $(ldflags_native) $(test_libs)

# What AddressSanitizer has to see needs AddressSanitizer.
alloc_test_bins := $(tests_out)/alloc_test $(tests_out)/alloc_malloc_test \
                   $(if $(findstring address,$(EXTRA_CFLAGS)),$(tests_out)/alloc_poison_test)
core_test_bins := $(tests_out)/visible_test $(tests_out)/cbor_test $(tests_out)/codec_test $(alloc_test_bins) \
                  $(tests_out)/shortage_test $(tests_out)/wipe_test $(tests_out)/handle_test $(vm_test_bins) \
                  $(tests_out)/deadline_test $(tests_out)/print_log_test \
                  $(tests_out)/session_test $(tests_out)/package_attack_test $(tests_out)/key_permission_test \
                  $(tests_out)/clock_test $(tests_out)/object_wait_test \
                  $(store_test_bins)
core-tests: $(core_test_bins) native
	$(tests_out)/cbor_test
	$(tests_out)/codec_test
	$(tests_out)/visible_test
	for test in $(alloc_test_bins); do $$test || exit 1; done
	LUATEE_SIM_STATE=$$(mktemp -d) $(tests_out)/shortage_test
	$(tests_out)/wipe_test
	$(tests_out)/intern_test
	$(tests_out)/hash_test
	$(tests_out)/fuel_test
	$(tests_out)/clone_test
	$(tests_out)/frames_test
	LUATEE_SIM_STATE=$$(mktemp -d) $(tests_out)/handle_test
	$(tests_out)/deadline_test
	$(tests_out)/print_log_test
	LUATEE_SIM_STATE=$$(mktemp -d) $(tests_out)/key_permission_test
	LUATEE_SIM_STATE=$$(mktemp -d) $(tests_out)/store_test
	LUATEE_SIM_STATE=$$(mktemp -d) $(tests_out)/store_fault_test
	LUATEE_SIM_STATE=$$(mktemp -d) $(tests_out)/key_lost_test
	LUATEE_SIM_STATE=$$(mktemp -d) $(tests_out)/clock_test
	LUATEE_SIM_STATE=$$(mktemp -d) $(tests_out)/object_wait_test
	LUATEE_SIM_STATE=$$(mktemp -d) $(tests_out)/definitions_test share/luals/ta/tee.lua
	LUATEE_TEEC=$(simulator) LUATEE_SIM_STATE=$$(mktemp -d) $(tests_out)/session_test
	$(O)/bin/luatee pack tests/unit/attack_app --out $(tests_out)/attack_app >$(tests_out)/attack_app.log 2>&1
	ATTACK_APP=$(tests_out)/attack_app LUATEE_TEEC=$(simulator) LUATEE_SIM_STATE=$$(mktemp -d) $(tests_out)/package_attack_test

# --- fuzzing: libFuzzer, under ASan and UBSan ---------------------------------------------------------------------------

# `make fuzz FUZZ_SECONDS=600` looks for more, in a tree of its own that tells libFuzzer which code runs, and is slower for it.
# `make fuzz-corpus` runs what was found before, in the sanitizers' tree: a test for each file.
FUZZ_SECONDS ?= 60
fuzz_names  := codec session package cbor open key store lua
fuzz_corpus := tests/fuzz/corpus
fuzz_found  := $(O)/fuzz
# Slices are short, so that calls stop and go on in all places: what a program sees must not depend on that.
fuzz_flags   = $(asan_flags) -fsanitize=fuzzer-no-link -DLUATEE_SLICE=5000
# What Lua compares, in its lexer and for each key of a table, teaches the fuzzers little and takes a third of their time.
fuzz_make    = $(MAKE) O=$(O)/coverage CC=clang ALLOC=malloc EXTRA_CFLAGS='$(fuzz_flags)' EXTRA_LDFLAGS='$(fuzz_flags)' \
               LUA_EXTRA_CFLAGS=-fno-sanitize-coverage=trace-cmp

$(tests_out)/fuzz_codec: $(call objs,host,tests/fuzz/fuzz_codec.c) $(codec_objs) $(lua_host_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -fsanitize=fuzzer $^ -o $@ $(ldflags_native) -lm
$(tests_out)/fuzz_session: $(call objs,sim,tests/fuzz/fuzz_session.c) $(filter-out %/sim/ta/main.o,$(simta_objs)) \
                           $(lua_sim_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -fsanitize=fuzzer $^ -o $@ $(ldflags_native) -lm -lcrypto
$(tests_out)/fuzz_cbor $(tests_out)/fuzz_store: $(tests_out)/fuzz_%: $(obj)/sim/tests/fuzz/fuzz_%.o \
                        $(filter-out %/sim/ta/main.o,$(simta_objs)) $(lua_sim_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -fsanitize=fuzzer $^ -o $@ $(ldflags_native) -lm -lcrypto
$(tests_out)/fuzz_package: $(call objs,host,tests/fuzz/fuzz_package.c client/package/encode.c client/buffer.c) \
                           $(filter %/core/package/parse.o %/core/package/structures.o,$(pkg_objs)) \
                           $(call objs,host,core/package/manifest.c core/package/manifest_parse.c) \
                           $(cbor_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -fsanitize=fuzzer $^ -o $@ $(ldflags_native) -lcrypto

$(tests_out)/fuzz_key: $(call objs,sim,tests/fuzz/fuzz_key.c $(addprefix core/key/,parts.c cose.c der.c type.c curve.c field.c)) \
                       $(filter %/core/codec/cursor.o %/core/codec/writer.o,$(simta_objs))
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -fsanitize=fuzzer $^ -o $@ $(ldflags_native)

# Random programs run in the session's Lua and in stock Lua, which is one object with all but lua_stock_run hidden: two
# Luas cannot have the same names in one program. It is compiled without sanitizers, since it is not what is tested.
stock_flags := $(CSTD) -O2 -g -fPIC -I. -isystem $(LUA_SRC) -DLUA_USE_LINUX -DLUA_COMPAT_5_3 -DLUA_USER_H='"tests/fuzz/lua_stock_user.h"'
$(obj)/stock/lua/%.o: $(LUA_SRC)/%.c tests/fuzz/lua_stock_user.h mk/core_tests.mk | $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(stock_flags) -w -c $< -o $@
$(obj)/stock/%.o: %.c tests/fuzz/lua_stock_user.h mk/core_tests.mk | $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(stock_flags) $(WARN) -MD -MP -c $< -o $@
$(obj)/stock/lua.o: $(obj)/stock/tests/fuzz/lua_stock.o $(lua_host_srcs:%=$(obj)/stock/lua/%.o)
	@echo "  LD      $@"
	$(Q)ld -r $^ -o $@.all && objcopy --keep-global-symbol=lua_stock_run $@.all $@ && rm $@.all
$(tests_out)/fuzz_lua: $(call objs,sim,$(addprefix tests/fuzz/,fuzz_lua.c lua_program.c lua_grammar.c lua_trusted.c)) \
                       $(filter-out %/sim/ta/main.o,$(simta_objs)) $(lua_sim_objs) $(obj)/stock/lua.o
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -fsanitize=fuzzer $^ -o $@ $(ldflags_native) -lm -ldl -lcrypto

# In the tree named by O.
fuzz-targets: $(fuzz_names:%=$(tests_out)/fuzz_%)

fuzz-corpus:
	+@$(asan_make) fuzz-targets
	@mkdir -p $(fuzz_found)
	@for name in $(fuzz_names); do \
	  LUATEE_SIM_STATE=$$(mktemp -d) $(O)/asan/tests/fuzz_$$name -rss_limit_mb=4096 $(fuzz_corpus)/$$name/* \
	    >$(fuzz_found)/$$name.log 2>&1 || { tail -n 40 $(fuzz_found)/$$name.log; echo "0 passed, 1 failed"; exit 1; }; \
	done
	@echo "$$(find $(fuzz_corpus) -type f | wc -l) passed, 0 failed"

fuzz:
	+@$(fuzz_make) fuzz-targets
	@for name in $(fuzz_names); do \
	  mkdir -p $(fuzz_found)/$$name && \
	  LUATEE_SIM_STATE=$$(mktemp -d) $(O)/coverage/tests/fuzz_$$name -max_total_time=$(FUZZ_SECONDS) -timeout=10 \
	    -rss_limit_mb=4096 -artifact_prefix=$(fuzz_found)/ $(fuzz_found)/$$name $(fuzz_corpus)/$$name || exit 1; \
	done
