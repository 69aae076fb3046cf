# SPDX-License-Identifier: BSD-2-Clause
# Static checks, the database of compile commands, and coverage.
#
#   make lint                    clang-format, clang-tidy, cppcheck, shellcheck, luacheck, tests/layers.sh. Looks again only at
#                                files that have changed, or whose headers have, since they were clean
#     FILES="cli/main.c ..."     these files alone, without luacheck and layers
#     LINT_NODES=225000          lets clang's analyzer follow ten times as many paths: finds more, takes an hour
#   make format                  lets clang-format write: all C files, or FILES="..."
#   make compile_commands.json   for editors, and for clang-tidy; `make lint` writes it, too
#   make coverage                runs the tests of the simulator and prints how many lines and branches they reach
#
# .clang-format, .clang-tidy, .cppcheck, .shellcheckrc and .luacheckrc choose the checks; what is left out has its reason there.

lint_out := $(O)/lint

# What belongs to the tree, whether it is committed yet or not. Shell scripts: by name, or by their first line.
lint_tree   = $(wildcard $(or $(FILES),$(shell git ls-files -co --exclude-standard)))
lint_c      = $(filter-out tests/fuzz/corpus/%,$(filter %.c %.h,$(lint_tree)))
lint_srcs   = $(filter %.c,$(lint_c))
lint_shell  = $(filter %.sh,$(lint_tree)) \
              $(shell awk 'FNR == 1 && /^\#!\/bin\/((ba|da)?sh|busybox sh)/ { print FILENAME } { nextfile }' /dev/null \
                $(filter-out %.c %.h %.lua %.md %.json %.sh tests/fuzz/corpus/%,$(lint_tree)))
lint_stamps = $(lint_c:%=$(lint_out)/format/%) $(lint_srcs:%=$(lint_out)/tidy/%) \
              $(lint_srcs:%=$(lint_out)/cppcheck/%) $(lint_shell:%=$(lint_out)/shell/%)
lint_logs   = $(if $(FILES),,$(lint_out)/luacheck.log $(lint_out)/layers.log)

.PHONY: lint lint-checks format lint_force
lint_force:

lint:
	@mk/deps/host-packages.sh lint
	@$(MAKE) deps
	@$(MAKE) $(jobs) native
	@$(MAKE) compile_commands.json
	@$(MAKE) $(jobs) lint-checks

format:
	@mk/deps/host-packages.sh lint
	@clang-format -i $(lint_c)

# The files are listed only here: other targets do not wait for git.
ifneq ($(filter lint-checks,$(MAKECMDGOALS)),)
lint-checks: $(lint_stamps) $(lint_logs)
	$(file >$(lint_out)/stamps,$(lint_stamps))
	@tests/lint.sh sum $(lint_out)/stamps $(lint_logs)
-include $(patsubst %,$(lint_out)/tidy/%.d,$(lint_srcs))
endif

# A check that finds something leaves no stamp, and is done again the next time.
$(lint_out)/format/%: % .clang-format tests/lint.sh
	@tests/lint.sh format $< $@
$(lint_out)/tidy/%: % .clang-tidy sim/.clang-tidy tests/.clang-tidy tests/lint.sh tests/lint.h $(obj)/settings
	@tests/lint.sh tidy $< $@
$(lint_out)/cppcheck/%: % .cppcheck tests/lint.sh
	@tests/lint.sh cppcheck $< $@
$(lint_out)/shell/%: % .shellcheckrc tests/lint.sh
	@tests/lint.sh shell $< $@
$(lint_out)/luacheck.log: lint_force
	@mkdir -p $(@D)
	@$(MAKE) luacheck >$@ 2>&1 || :
$(lint_out)/layers.log: lint_force
	@mkdir -p $(@D)
	@tests/layers.sh $(obj) >$@ 2>&1 || :

# From the commands that would build the programs and their tests. Sources that are built in another way (for the TA alone,
# for measurements) are read as the trusted side is.
compile_commands.json: lint_force
	@$(MAKE) -k -n -B V=1 native unit-build fuzz-targets key-peer 2>/dev/null | \
	  mk/compile_commands.sh '$(CC) $(subst ','\'',$(cflags_sim) $(cflags_client) $(cflags_elsewhere))' \
	    $(shell git ls-files -co --exclude-standard '*.c') >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
# Headers that only a TA for OP-TEE has: our own for its kit, and the kit's, behind those of this system.
cflags_elsewhere := -Ita -idirafter $(TA_DEV_KIT_DIR)/include

# Which lines and branches of core/, client/ and cli/ the tests on the simulator reach, each folder's figures and a page
# for each file: $(O)/coverage/report/index.html. bench/results/coverage.md has recorded figures.
# Without optimisation of ranges gcc warns of text that could be cut; the ordinary build looks at that.
coverage_cflags := --coverage -fprofile-update=atomic -include mk/coverage.h -Wno-format-truncation
coverage_args := O=$(O)/coverage CC=gcc OPT='-O1 -g' EXTRA_CFLAGS='$(coverage_cflags)' \
                 EXTRA_LDFLAGS='--coverage -Wl,--wrap=_exit'
.PHONY: coverage
coverage:
	@mk/deps/host-packages.sh coverage
	@$(MAKE) deps
	@$(MAKE) $(jobs) native
	@$(MAKE) $(jobs) $(coverage_args) native key-peer release-ta-sim $(O)/coverage/tests/other_version/$(TA_UUID)
	@MAKE='$(MAKE)' mk/coverage.sh $(O)/coverage $(coverage_args)
