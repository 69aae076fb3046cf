# SPDX-License-Identifier: BSD-2-Clause
# Unit tests of the trusted runtime, and the fuzz targets.

tests_out := $(O)/tests
test_libs := -lcmocka -lcrypto -lpthread -ldl -lm
simulator := $(O)/lib/luatee/sim/libteec.so.2

.PHONY: core-tests fuzz fuzz-corpus

$(tests_out)/codec_test: tests/unit/codec_test.c $(codec_objs) $(cbor_objs) $(lua_host_objs)
	@mkdir -p $(@D)
	$(CC) $(cflags_native) $^ -o $@ $(ldflags_native) $(test_libs)
$(tests_out)/session_test: tests/unit/session_test.c tests/unit/raw_client.c
	@mkdir -p $(@D)
	$(CC) $(cflags_native) $(cflags_client) $^ -o $@ $(ldflags_native) $(test_libs)

core-tests: $(tests_out)/codec_test $(tests_out)/session_test native
	$(tests_out)/codec_test
	LUATEE_TEEC=$(simulator) LUATEE_SIM_STATE=$$(mktemp -d) $(tests_out)/session_test

# Fuzzing: always clang's libFuzzer under ASan and UBSan, in a tree of its own. `make fuzz FUZZ_SECONDS=600` looks for more;
# `make fuzz-corpus` runs what was found before. Each file of a corpus counts as a test.
FUZZ_SECONDS ?= 60
fuzz_out    := build/fuzz
fuzz_names  := codec session
fuzz_corpus := tests/fuzz/corpus
fuzz_cflags := -std=gnu11 -O1 -g -w -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -pthread -I. \
               -isystem $(LUA_SRC) -isystem $(CBOR_SRC) -DLUATEE_VERSION='"$(VERSION)"'
fuzz_trusted := $(core_srcs) $(filter-out sim/ta/main.c,$(simta_srcs)) \
                $(lua_srcs:%=$(LUA_SRC)/%.c) $(cbor_srcs:%=$(CBOR_SRC)/%.c)

$(fuzz_out)/fuzz_codec: tests/fuzz/fuzz_codec.c $(codec_srcs) $(wildcard core/codec/*.h) | $(DEPS)/ready
	@mkdir -p $(@D)
	clang $(fuzz_cflags) $(filter %.c,$^) $(lua_host_srcs:%=$(LUA_SRC)/%.c) $(cbor_srcs:%=$(CBOR_SRC)/%.c) -o $@ -lm
$(fuzz_out)/fuzz_session: tests/fuzz/fuzz_session.c $(fuzz_trusted) $(wildcard core/*/*.h) | $(DEPS)/ready
	@mkdir -p $(@D)
	clang $(fuzz_cflags) $(cflags_ta_sim) $(filter %.c,$^) -o $@ -lm -lcrypto

fuzz-corpus: $(fuzz_names:%=$(fuzz_out)/fuzz_%)
	@for name in $(fuzz_names); do \
	  LUATEE_SIM_STATE=$$(mktemp -d) $(fuzz_out)/fuzz_$$name -runs=0 -rss_limit_mb=4096 $(fuzz_corpus)/$$name >$(fuzz_out)/$$name.log 2>&1 \
	    || { tail -n 40 $(fuzz_out)/$$name.log; echo "0 passed, 1 failed"; exit 1; }; \
	done
	@echo "$$(find $(fuzz_corpus) -type f | wc -l) passed, 0 failed"

fuzz: $(fuzz_names:%=$(fuzz_out)/fuzz_%)
	@for name in $(fuzz_names); do \
	  mkdir -p $(fuzz_out)/$$name.found && \
	  LUATEE_SIM_STATE=$$(mktemp -d) $(fuzz_out)/fuzz_$$name -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=4096 \
	    -artifact_prefix=$(fuzz_out)/ $(fuzz_out)/$$name.found $(fuzz_corpus)/$$name || exit 1; \
	done
