# SPDX-License-Identifier: BSD-2-Clause
# Tests of packages: the parser, the host's tools, and what implementations that are not ours make of them.

package_test_names := package_parse_test package_make_test package_files_test
package_test_bins  := $(addprefix $(O)/tests/,$(package_test_names))

.PHONY: package-tests
.SECONDARY: $(call objs,host,$(package_test_names:%=tests/unit/%.c) tests/unit/package_support.c)
package-tests: native $(package_test_bins)
	@failed=0; for test in $(package_test_bins); do timeout 300 $$test || failed=1; done; exit $$failed
	LUATEE=$(O)/bin/luatee timeout 300 tests/cli/run.sh pack
	LUATEE=$(O)/bin/luatee timeout 300 tests/package/run.sh

$(O)/tests/package_%_test: $(obj)/host/tests/unit/package_%_test.o $(obj)/host/tests/unit/package_support.o \
                           $(pkg_objs) $(O)/lib/libluatee.a
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) -lcmocka -ldl -lcrypto
