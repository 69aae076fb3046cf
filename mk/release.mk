# SPDX-License-Identifier: BSD-2-Clause
# A TA of the release flavour with two publisher keys, for the tests of which packages it accepts: on the simulator,
# $(release_ta)/$(TA_UUID), and for OP-TEE $(release_ta)/$(TA_UUID).ta. Its keys, made for it alone, lie in $(release_ta)/keys.

release_ta   := $(O)/tests/release
release_keys := $(release_ta)/keys
release_build = $(MAKE) FLAVOUR=release PUBLISHER=$(release_keys)/old.pub,$(release_keys)/new.pub \
                CLASS_KEY=$(release_keys)/class.key O=$(release_ta)/build

.PHONY: release-ta-sim release-ta-optee
$(release_keys)/made: | $(O)/bin/luatee
	@rm -rf $(@D) && mkdir -p $(@D)
	$(O)/bin/luatee keygen publisher -o $(@D)/old.pem
	$(O)/bin/luatee keygen publisher -o $(@D)/new.pem
	$(O)/bin/luatee keygen class -o $(@D)/class.key
	@touch $@

release-ta-sim: $(release_keys)/made
	+@$(release_build) $(release_ta)/build/lib/luatee/sim/ta/$(TA_UUID)
	@cp $(release_ta)/build/lib/luatee/sim/ta/$(TA_UUID) $(release_ta)/
release-ta-optee: $(release_keys)/made
	+@$(release_build) ta
	@cp $(release_ta)/build/ta/$(TA_UUID).ta $(release_ta)/
