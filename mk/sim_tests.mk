# SPDX-License-Identifier: BSD-2-Clause
# Unit tests of the simulator itself (cmocka), with a small TA of their own.

sim_test_uuid := $(shell sed -n 's/.*UUID_TEXT "\(.*\)"/\1/p' tests/unit/sim_ta/commands.h)
sim_test_ta   := $(O)/tests/sim/$(sim_test_uuid)
sim_test_names := sim_client_test sim_core_test sim_storage_test sim_asymmetric_test
sim_test_bins := $(addprefix $(O)/tests/,$(sim_test_names))

cflags_sim_test_ta := $(cflags_ta_sim) -DSIM_TA_HEADER='"tests/unit/sim_ta/user_ta_header_defines.h"'
cflags_sim_tests   := $(cflags_client) -DSIM_TEST_TA_DIR='"$(abspath $(O)/tests/sim)"'

# header.c is compiled anew, for this TA; the rest of the simulator is what every TA gets.
sim_test_ta_objs := $(patsubst %.c,$(obj)/tests/%.o,$(wildcard tests/unit/sim_ta/*.c) sim/ta/header.c) \
                    $(call objs,sim,$(filter-out sim/ta/header.c,$(wildcard sim/ta/*.c sim/common/*.c)))

.PHONY: sim-tests
sim-tests: $(sim_test_ta) $(sim_test_bins)
	@failed=0; for test in $(sim_test_bins); do timeout 300 $$test || failed=1; done; exit $$failed

$(obj)/tests/tests/unit/sim_ta/%.o: tests/unit/sim_ta/%.c $(settings) | $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(cflags_native) $(cflags_sim_test_ta) -c $< -o $@
$(obj)/tests/sim/ta/header.o: sim/ta/header.c | $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(cflags_native) $(cflags_sim_test_ta) -c $< -o $@
$(obj)/tests/sim_%.o: tests/unit/sim_%.c $(settings) | $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(cflags_native) $(cflags_sim_tests) -c $< -o $@

$(sim_test_ta): $(sim_test_ta_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) -lcrypto
$(sim_test_bins): $(O)/tests/%: $(obj)/tests/%.o $(obj)/tests/sim_support.o $(O)/lib/luatee/sim/libteec.so.2
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) -Wl,-rpath,'$$ORIGIN/../lib/luatee/sim' -lcmocka -lcrypto
