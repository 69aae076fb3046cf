# SPDX-License-Identifier: BSD-2-Clause
# Tests of packages: the parser, the host's tools, and what implementations that are not ours make of them.

package_test_names := package_manifest_test package_parse_test package_make_test package_files_test
package_test_bins  := $(addprefix $(O)/tests/,$(package_test_names))
trusted_test_names := package_unwrap_test package_witness_test package_record_test package_state_test \
                      package_open_test package_verified_test package_junk_test
trusted_test_bins  := $(addprefix $(O)/tests/,$(trusted_test_names))
trusted_keys       := $(O)/tests/keys

.PHONY: package-tests
.SECONDARY: $(call objs,host,$(package_test_names:%=tests/unit/%.c) tests/unit/package_support.c)
package-tests: native $(package_test_bins) $(trusted_test_bins)
	@failed=0; for test in $(package_test_bins); do timeout 300 $$test || failed=1; done; exit $$failed
	@failed=0; for test in $(trusted_test_bins); do \
	  LUATEE_SIM_STATE=$$(mktemp -d) LUATEE_TEST_KEYS=$(trusted_keys) timeout 300 $$test || failed=1; \
	done; exit $$failed
	LUATEE=$(O)/bin/luatee timeout 300 tests/cli/run.sh pack
	LUATEE=$(O)/bin/luatee timeout 300 tests/package/run.sh
	LUATEE=$(abspath $(O)/bin/luatee) EMBED=$(abspath $(keys_tool)) timeout 300 tests/package/embed.sh

$(O)/tests/package_%_test: $(obj)/host/tests/unit/package_%_test.o $(obj)/host/tests/unit/package_support.o \
                           $(pkg_objs) $(O)/lib/libluatee.a
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) -lcmocka -ldl -lcrypto

# The trusted half: all of the TA but its keys, which are made for the test, on the simulator's Internal Core API. The
# parser is in both halves: once is enough; verify.c is the host's counterpart of open.c and has its names.
trusted_objs := $(filter-out %/sim/ta/main.o %/keys/built_in.o %/core/package/parse.o \
                  %/core/package/structures.o,$(simta_objs)) $(lua_sim_objs)

$(obj)/trusted/%.o: %.c $(settings) | $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(cflags_native) $(cflags_ta_sim) $(cflags_client) -c $< -o $@

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

$(O)/tests/package_witness_test: wrapped := -Wl,--wrap=TEE_OpenPersistentObject \
                                            -Wl,--wrap=TEE_GetNextPersistentObject
$(O)/tests/package_junk_test: wrapped := -Wl,--wrap=TEE_CreatePersistentObject -Wl,--wrap=TEE_OpenPersistentObject \
                                         -Wl,--wrap=TEE_GetNextPersistentObject
$(O)/tests/package_verified_test: wrapped := -Wl,--wrap=TEE_AsymmetricVerifyDigest
$(trusted_test_bins): $(O)/tests/%: $(obj)/trusted/tests/unit/%.o $(obj)/trusted/tests/unit/trusted_support.o \
                      $(obj)/trusted/keys/built_in.o $(trusted_objs) \
                      $(filter-out %/client/package/verify.o,$(pkg_objs)) $(O)/lib/libluatee.a
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $(wrapped) $^ -o $@ $(ldflags_native) -lcmocka -lm -ldl -lcrypto

# With the keys of the test vectors in the TA: mk/core_tests.mk runs it.
$(tests_out)/fuzz_open_keys/built_in.c: $(keys_tool)
	@mkdir -p $(@D)
	$(Q)$(keys_tool) release $@ tests/package/vectors/keys/publisher.pub tests/package/vectors/keys/class.key
$(obj)/trusted/fuzz_open_keys/built_in.o: $(tests_out)/fuzz_open_keys/built_in.c
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(cflags_native) $(cflags_ta_sim) -c $< -o $@
$(tests_out)/fuzz_open: $(obj)/trusted/tests/fuzz/fuzz_open.o $(obj)/trusted/fuzz_open_keys/built_in.o $(trusted_objs) \
                        $(filter-out %/client/package/verify.o,$(pkg_objs)) $(O)/lib/libluatee.a
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -fsanitize=fuzzer $^ -o $@ $(ldflags_native) -lm -ldl -lcrypto
