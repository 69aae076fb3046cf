# SPDX-License-Identifier: BSD-2-Clause
# The sources that OP-TEE's dev kit compiles, against its own headers. It runs in this folder (ta/dev_kit.mk).

global-incdirs-y += . ..

srcs-y += entry.c

srcs_ext_base-y := ..
# port/lua/table.c is there in place of core/codec/table.c.
srcs_ext-y := $(filter-out core/codec/table.c,$(patsubst ../%,%,$(wildcard ../core/*/*.c ../port/optee/*.c))) \
              $(addprefix port/lua/,clone.c frame.c hash.c hide.c seed.c table.c) $(TA_EXTRA_SOURCES)

# The kit compiles for size, which is right for most: the image is loaded and hashed at every open. Nothing unwinds, and
# nobody outside of the image calls in but through the kit's entry points.
cflags-y += -ffunction-sections -fno-asynchronous-unwind-tables -fno-unwind-tables -fvisibility=hidden

# What runs for every value that crosses, or every block of memory, is built for speed. This comes later on the command
# line, and pads as little as mk/ta.mk does.
fast := core/codec/decode core/codec/encode core/base/alloc port/lua/clone port/lua/table
fast_flags := -O2 -falign-functions=4 -falign-loops=4 -falign-jumps=4 -falign-labels=4
$(foreach file,$(fast),$(eval cflags-$(file).c-y += $(fast_flags)))
