# SPDX-License-Identifier: BSD-2-Clause
# Unit tests of libluatee and the tee module (cmocka), against the simulator of the same build. For the sanitizers:
#   make O=build/asan CC=clang EXTRA_CFLAGS=-fsanitize=address,undefined EXTRA_LDFLAGS=-fsanitize=address,undefined client-tests

client_test_names := client_values_test client_session_test client_threads_test client_lua_test
client_test_bins  := $(addprefix $(O)/tests/,$(client_test_names))

cflags_client_tests := $(cflags_native) $(cflags_client) -DCLIENT_TEST_APP='"$(abspath tests/unit/client_app)"'

.PHONY: client-tests
client-tests: native $(client_test_bins)
	@failed=0; for test in $(client_test_bins); do timeout 300 $$test || failed=1; done; exit $$failed

$(obj)/tests/client_%.o: tests/unit/client_%.c | $(DEPS)/ready
	@mkdir -p $(@D)
	$(CC) $(cflags_client_tests) -c $< -o $@

# bin/luatee finds the simulator in ../lib, and so do these.
$(O)/tests/client_lua_test: $(obj)/tests/client_lua_test.o $(teelua_objs) $(codec_objs) $(lua_host_objs) $(O)/lib/libluatee.a
	@mkdir -p $(@D)
	$(CC) $^ -o $@ $(ldflags_native) -lcmocka -lm -ldl -lcrypto
$(O)/tests/client_%_test: $(obj)/tests/client_%_test.o $(O)/lib/libluatee.a
	@mkdir -p $(@D)
	$(CC) $^ -o $@ $(ldflags_native) -lcmocka -lm -ldl -lcrypto
