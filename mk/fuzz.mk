# SPDX-License-Identifier: BSD-2-Clause
# Fuzzing: libFuzzer, under ASan and UBSan. Every tests/fuzz/fuzz_NAME.c is a fuzzer; what it found is in
# tests/fuzz/corpus/NAME. It may use all of the trusted side (mk/unit.mk has the archives, and says what a `link:` line is);
# with `link: host` the host's side alone.
#
# `make fuzz FUZZ_SECONDS=600` looks for more, in a tree of its own that tells libFuzzer which code runs, and is slower for it.
# `make fuzz-corpus` runs what was found before, in the sanitizers' tree: a test for each file.

.PHONY: fuzz fuzz-corpus fuzz-targets

FUZZ_SECONDS ?= 60
fuzz_names  := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
fuzz_corpus := tests/fuzz/corpus
fuzz_found  := $(O)/fuzz
# Slices are short, so that calls stop and go on in all places: what a program sees must not depend on that.
fuzz_flags   = $(asan_flags) -fsanitize=fuzzer-no-link -DLUATEE_SLICE=5000
# What Lua compares, in its lexer and for each key of a table, teaches the fuzzers little and takes a third of their time.
fuzz_make    = $(MAKE) O=$(O)/fuzz-build CC=clang ALLOC=malloc EXTRA_CFLAGS='$(fuzz_flags)' EXTRA_LDFLAGS='$(fuzz_flags)' \
               LUA_EXTRA_CFLAGS=-fno-sanitize-coverage=trace-cmp

# Objects that fuzzers name in their `link:` lines.
fuzz_open_keys := $(obj)/fuzz_open_keys/built_in.o
fuzz_stock     := $(obj)/stock/lua.o

fuzz_world = $(if $(filter host,$(call link_of,tests/fuzz/fuzz_$(1).c)),host,trusted)
define fuzz_program
$(O)/tests/fuzz_$(1): $(obj)/fuzz_$(call fuzz_world,$(1))/tests/fuzz/fuzz_$(1).o \
                      $(filter-out host,$(call link_objects,tests/fuzz/fuzz_$(1).c,fuzz_$(call fuzz_world,$(1)))) \
                      $(unit_libs_$(call fuzz_world,$(1)))
	@mkdir -p $$(@D)
	@echo "  LD      $$@"
	$$(Q)$$(CC) -fsanitize=fuzzer $$^ -o $$@ $(ldflags_native) -lcrypto -ldl -lm
endef
$(foreach name,$(fuzz_names),$(eval $(call fuzz_program,$(name))))

$(obj)/fuzz_host/%.o: %.c $(settings) | $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(cflags_native) $(cflags_client) -c $< -o $@
$(obj)/fuzz_trusted/%.o: %.c $(settings) | $(LUA_TA_SRC)/stamp $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(cflags_sim) $(cflags_client) -c $< -o $@

# A TA with the keys of the test vectors, for fuzz_open.
$(O)/tests/fuzz_open_keys/built_in.c: $(keys_tool)
	@mkdir -p $(@D)
	$(Q)$(keys_tool) release $@ tests/package/vectors/keys/publisher.pub tests/package/vectors/keys/class.key
$(fuzz_open_keys): $(O)/tests/fuzz_open_keys/built_in.c
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(cflags_native) $(cflags_ta_sim) -c $< -o $@

# For fuzz_lua: random programs run in the session's Lua and in stock Lua, which is one object with all but lua_stock_run hidden: two
# Luas cannot have the same names in one program. It is compiled without sanitizers, since it is not what is tested.
stock_flags := $(CSTD) -O2 -g -fPIC -I. -isystem $(LUA_SRC) -DLUA_USE_LINUX -DLUA_COMPAT_5_3 -DLUA_USER_H='"tests/fuzz/lua_stock_user.h"'
$(obj)/stock/lua/%.o: $(LUA_SRC)/%.c tests/fuzz/lua_stock_user.h mk/fuzz.mk | $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(stock_flags) -w -c $< -o $@
$(obj)/stock/%.o: %.c tests/fuzz/lua_stock_user.h mk/fuzz.mk | $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(stock_flags) $(WARN) -MD -MP -c $< -o $@
$(fuzz_stock): $(obj)/stock/tests/fuzz/lua_stock.o $(lua_host_srcs:%=$(obj)/stock/lua/%.o)
	@echo "  LD      $@"
	$(Q)ld -r $^ -o $@.all && objcopy --keep-global-symbol=lua_stock_run $@.all $@ && rm $@.all

# In the tree named by O.
fuzz-targets: $(fuzz_names:%=$(O)/tests/fuzz_%)

fuzz-corpus:
	+@$(asan_make) fuzz-targets
	@tests/fuzz/run.sh $(O)/asan

fuzz:
	+@$(fuzz_make) fuzz-targets
	@for name in $(fuzz_names); do \
	  mkdir -p $(fuzz_found)/$$name && \
	  LUATEE_SIM_STATE=$$(mktemp -d) $(O)/fuzz-build/tests/fuzz_$$name -max_total_time=$(FUZZ_SECONDS) -timeout=10 \
	    -rss_limit_mb=4096 -artifact_prefix=$(fuzz_found)/ $(fuzz_found)/$$name $(fuzz_corpus)/$$name || exit 1; \
	done
