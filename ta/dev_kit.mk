# SPDX-License-Identifier: BSD-2-Clause
# Builds the Trusted Application with OP-TEE's TA dev kit. mk/ta.mk runs this in this folder and sets, with absolute
# paths:
#
#   O, TA_DEV_KIT_DIR, BINARY (the UUID), CROSS_COMPILE
#   VM_OBJECT      one relocatable object with Lua, number conversion and their libc
#   KIT_LIBRARIES  folder of the libraries to link with
#   TA_CPPFLAGS    defines and include folders
#   TA_EXTRA_SOURCES, TA_EXTRA_LDFLAGS
#                  for special builds, such as tests/stack
#   TA_WARNINGS    warning flags

CPPFLAGS := $(TA_CPPFLAGS)
# Replaces the kit's warning levels, which enforce OP-TEE's own style.
WARNS := 0
CFLAGS_WARNS := $(TA_WARNINGS)

LDADD := $(VM_OBJECT)
additional-link-deps := $(VM_OBJECT)

# Searched before the kit's own folder.
libdirs := $(KIT_LIBRARIES)

# lauxlib.c contains file functions that nothing calls. --gc-sections drops them, and with them their need for stdio.
link-ldflagsta_arm64 := --gc-sections $(TA_EXTRA_LDFLAGS)

include $(TA_DEV_KIT_DIR)/mk/ta_dev_kit.mk
