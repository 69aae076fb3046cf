# SPDX-License-Identifier: BSD-2-Clause
# Unit tests of libluatee and the tee module (cmocka), against the simulator of the same build. For the sanitizers:
#   make O=build/asan CC=clang EXTRA_CFLAGS=-fsanitize=address,undefined EXTRA_LDFLAGS=-fsanitize=address,undefined \
#        client-tests

client_test_names := client_values_test client_session_test client_functions_test client_threads_test client_lua_test \
                     client_hostile_test client_cancel_test client_secret_test
client_test_bins  := $(addprefix $(O)/tests/,$(client_test_names))

cflags_client_tests := $(cflags_native) $(cflags_client) -DCLIENT_TEST_APP='"$(abspath tests/unit/client_app)"' \
                       -DHOSTILE_TA_DIR='"$(abspath $(O)/tests/hostile)"'

# The simulator's part of a TA, with another one than ours behind it.
hostile_ta      := $(O)/tests/hostile/$(TA_UUID)
hostile_ta_objs := $(obj)/sim/tests/unit/client_hostile_ta.o $(call objs,sim,$(wildcard sim/ta/*.c sim/common/*.c))

.PHONY: client-tests
client-tests: native $(hostile_ta) $(client_test_bins)
	@failed=0; for test in $(client_test_bins); do timeout 300 $$test || failed=1; done; exit $$failed

$(obj)/tests/client_%.o: tests/unit/client_%.c $(settings) | $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(cflags_client_tests) -c $< -o $@

# bin/luatee finds the simulator in ../lib, and so do these.
$(O)/tests/client_lua_test: $(obj)/tests/client_lua_test.o $(teelua_objs) $(codec_objs) $(lua_host_objs) \
                            $(O)/lib/libluatee.a
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) -lcmocka -lm -ldl -lcrypto
$(O)/tests/client_%_test: $(obj)/tests/client_%_test.o $(O)/lib/libluatee.a
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) -lcmocka -lm -ldl -lcrypto
$(hostile_ta): $(hostile_ta_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) -lcrypto
