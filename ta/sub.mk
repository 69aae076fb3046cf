# SPDX-License-Identifier: BSD-2-Clause
# The sources that OP-TEE's dev kit compiles, with its own headers. It runs in this folder (ta/dev_kit.mk).

global-incdirs-y += . ..

srcs-y += entry.c

srcs_ext_base-y := ..
# port/lua/table.c replaces core/codec/table.c.
srcs_ext-y := $(filter-out core/codec/table.c,$(patsubst ../%,%,$(wildcard ../core/*/*.c ../port/optee/*.c))) \
              $(addprefix port/lua/,clone.c frame.c hash.c hide.c seed.c table.c) $(TA_EXTRA_SOURCES)

# The kit compiles for size, which suits most files: the image is loaded and hashed whenever a session opens. The image
# needs no unwind tables, and only the kit's entry points are called from outside.
cflags-y += -ffunction-sections -fno-asynchronous-unwind-tables -fno-unwind-tables -fvisibility=hidden

# Code that runs for every value that crosses, or for every block of memory, is compiled for speed. These flags come
# later on the command line, and align as little as mk/ta.mk does.
fast := core/codec/decode core/codec/encode core/base/alloc port/lua/clone port/lua/table
fast_flags := -O2 -falign-functions=4 -falign-loops=4 -falign-jumps=4 -falign-labels=4
$(foreach file,$(fast),$(eval cflags-$(file).c-y += $(fast_flags)))
