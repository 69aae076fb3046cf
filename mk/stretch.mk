# SPDX-License-Identifier: BSD-2-Clause
# `make stretch`: the longest stretch of instructions between two looks at a call's deadline, for the worst input of every
# library function, opcode and service, on real OP-TEE under instruction counting. tests/stretch/app has the inputs.

# The TA with a counter around what looks at the deadline, from the same sources: tests/stretch/marks.c.
stretch_out := $(O)/stretch
stretch_ta  := $(stretch_out)/ta/$(TA_UUID).ta

.PHONY: stretch-ta
stretch-ta:
	@$(MAKE) O=$(stretch_out) TA_EXTRA_SOURCES=tests/stretch/marks.c \
	  TA_EXTRA_LDFLAGS='--wrap=TA_InvokeCommandEntryPoint --wrap=cancel_look --wrap=fuel_tell' ta

# Some minutes. STRETCH="tee.cbor load" measures only inputs whose names have one of the words.
STRETCH_TIMEOUT ?= 1800
.PHONY: stretch
stretch: qemu-machine stretch-ta
	$(qemu_run) --icount --timeout $(STRETCH_TIMEOUT) --consoles $(stretch_out)/consoles --job tests/stretch/guest.sh \
	  --put tests/stretch/app:/tests/stretch/app --put $(stretch_ta):/lib/optee_armtz/$(TA_UUID).ta \
	  -- $(STRETCH) >$(stretch_out)/output
