# SPDX-License-Identifier: BSD-2-Clause
# The number conversion of the TA, built for this machine and compared with its glibc.

number_test := $(O)/tests/number_test

.PHONY: number-tests
number-tests: $(number_test)
	$<

$(number_test): tests/unit/number_test.c $(wildcard port/lua/number*.c port/lua/number*.h)
	@mkdir -p $(@D)
	$(CC) $(CSTD) $(WARN) $(OPT) -I. $(EXTRA_CFLAGS) $(filter %.c,$^) -o $@ $(EXTRA_LDFLAGS) -lm
