# SPDX-License-Identifier: BSD-2-Clause
# The sources that OP-TEE's dev kit compiles, against its own headers. It runs in this folder (ta/dev_kit.mk).

global-incdirs-y += . ..

srcs-y += entry.c

srcs_ext_base-y := ..
srcs_ext-y := $(patsubst ../%,%,$(wildcard ../core/*/*.c ../port/optee/*.c)) port/lua/seed.c port/lua/hide.c \
              $(TA_EXTRA_SOURCES)

# The kit compiles for size; the trusted runtime is worth its speed. This comes later on the command line. Nothing
# unwinds.
cflags-y += -O2 -ffunction-sections -fno-asynchronous-unwind-tables -fno-unwind-tables

# What is not on the way of every call is built for size: the image is loaded and hashed at every open.
small := $(addprefix core/lualib/,aead algorithm base64 cipher digest equal hex hmac kdf mac operation random service supports host import) \
         $(addprefix core/package/,curve device_key keys object open parse state structures unwrap) core/vm/handle \
         core/vm/host core/codec/functions core/codec/held
$(foreach file,$(small),$(eval cflags-$(file).c-y += -Os))
