# SPDX-License-Identifier: BSD-2-Clause
# `make stretch`: the longest stretch of instructions between two looks at a call's deadline, for the worst input of every
# library function, opcode and service, on real OP-TEE under instruction counting. tests/stretch/app has the inputs.

# The TA with a counter around what looks at the deadline, from the same sources: tests/stretch/marks.c.
stretch_out := $(O)/stretch
stretch_ta  := $(stretch_out)/ta/$(TA_UUID).ta

.PHONY: stretch-ta
stretch-ta:
	@$(MAKE) O=$(stretch_out) TA_EXTRA_SOURCES=tests/stretch/marks.c \
	  TA_EXTRA_LDFLAGS='--wrap=TA_InvokeCommandEntryPoint --wrap=cancel_check --wrap=fuel_query' ta

# Takes some minutes. STRETCH="in_base tee.cbor" measures the inputs of that group and those with that word in their name,
# STRETCH=1/8 the first of every eight inputs; only a whole run is recorded.
STRETCH_TIMEOUT ?= 3000
.PHONY: stretch
stretch:
	@mk/deps/host-packages.sh device
	@$(MAKE) deps-device
	@$(MAKE) $(jobs) qemu-machine stretch-ta
	@rm -f $(stretch_out)/output
	@$(qemu_run) --icount --timeout $(STRETCH_TIMEOUT) --consoles $(stretch_out)/consoles --job tests/stretch/guest.sh \
	  --put tests/stretch/app:/tests/stretch/app --put tests/lua/host/definitions.lua:/tests/stretch/app/host/definitions.lua \
	  --put share/luals/ta/tee.lua:/tests/tee.lua --put $(LUA_SRC)/lopcodes.h:/tests/lopcodes.h \
	  --put $(stretch_ta):/lib/optee_armtz/$(TA_UUID).ta -- $(STRETCH) >$(stretch_out)/output 2>$(stretch_out)/progress; \
	  status=$$?; cat $(stretch_out)/output; \
	  if [ $$status -gt 1 ]; then tail -n 30 $(stretch_out)/progress >&2; \
	  elif [ -z "$(STRETCH)" ]; then sed -n '1,/^$$/p;/^|/p' $(stretch_out)/output >bench/results/stretch.md; fi; \
	  exit $$status
