# SPDX-License-Identifier: BSD-2-Clause
# `make check`: builds everything, the simulator's side a second time under ASan and UBSan, and hands over to
# tests/run.sh, which runs the suites and sums up.

asan_flags := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
asan_make   = $(MAKE) O=$(O)/asan CC=clang ALLOC=malloc EXTRA_CFLAGS='$(asan_flags)' EXTRA_LDFLAGS='$(asan_flags)'
run_suites  = MAKE='$(MAKE)' O='$(O)' DEPS='$(DEPS)' tests/run.sh

.PHONY: check check-attacks check-quick check-quick-fuzz check-sim check-qemu check-sim-build check-qemu-build asan
check:
	@mk/deps/host-packages.sh check
	@$(MAKE) deps-device deps-test
	@$(MAKE) $(jobs) check-sim-build
	@$(MAKE) $(jobs) check-qemu-build
	@$(run_suites) sim qemu
check-sim:
	@mk/deps/host-packages.sh check
	@$(MAKE) deps-test
	@$(MAKE) $(jobs) check-sim-build
	@$(run_suites) sim
check-qemu:
	@mk/deps/host-packages.sh check
	@$(MAKE) deps-device deps-test
	@$(MAKE) $(jobs) check-qemu-build
	@$(run_suites) qemu

# For the inner loop: the tests on the simulator that are most likely to fail after a mistake.
check-quick:
	@$(MAKE) $(jobs) native unit-build check-quick-fuzz
	@$(run_suites) quick
check-quick-fuzz: native
	+@$(asan_make) fuzz-targets

# Runs in full the tests that check only samples, on the simulator and then on OP-TEE.
check-attacks: native qemu-machine
	LUATEE_TESTS=all $(O)/bin/luatee run --tee=sim -u tests/lua objects
	@$(O)/bin/luatee pack tests/unit/ta/attack_app --out $(O)/tests/attack_app >&2
	@$(qemu_run) --timeout 36000 --job tests/qemu/attacks.sh --put $(O)/tests/attack_app:/tests/attack_app \
	  --put $(O)/guest/tests/unit/ta/package_attack_test:/tests/package_attack_test \
	  --put $(O)/guest/tests/unit/ta/session_test:/tests/session_test

check-sim-build: native asan assert unit-build $(O)/tests/key_peer release-ta-sim $(O)/tests/other_version/$(TA_UUID)
check-qemu-build: native qemu-machine release-ta-optee stretch-ta
asan: native # whose tool makes the development keys
	+@$(asan_make) native unit-build fuzz-targets $(O)/asan/tests/key_peer

# A TA with another protocol version, for the test of the message that reports it. The objects that contain the version
# are compiled with another one.
other_version := $(O)/tests/other_version
other_srcs    := $(shell grep -l LUATEE_PROTOCOL_VERSION core/*/*.c ta/*.c)
other_objs    := $(other_srcs:%.c=$(obj)/other_version/%.o)

$(other_version)/abi/commands.h: abi/commands.h
	@mkdir -p $(@D)
	sed 's/\(define LUATEE_PROTOCOL_VERSION\) .*/\1 99u/' $< >$@
$(obj)/other_version/%.o: %.c $(other_version)/abi/commands.h $(settings)
	@mkdir -p $(@D)
	$(CC) -iquote $(other_version) $(cflags_sim) -c $< -o $@
$(other_version)/$(TA_UUID): $(other_objs) $(filter-out $(call objs,sim,$(other_srcs)),$(simta_objs)) \
                             $(lua_sim_objs)
	@mkdir -p $(@D)
	$(CC) $^ -o $@ $(ldflags_native) -lm -lcrypto
