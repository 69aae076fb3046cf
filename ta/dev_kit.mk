# SPDX-License-Identifier: BSD-2-Clause
# Hands the Trusted Application to OP-TEE's TA dev kit. mk/ta.mk runs this in this folder and gives, as absolute paths:
#
#   O, TA_DEV_KIT_DIR, BINARY (the UUID), CROSS_COMPILE
#   VM_OBJECT      Lua, number conversion and the libc below them, in one relocatable object
#   KIT_LIBRARIES  the folder of the libraries to link with
#   TA_CPPFLAGS    defines and include folders
#   TA_EXTRA_SOURCES, TA_EXTRA_LDFLAGS
#                  for special builds, such as tests/stack
#   TA_WARNINGS    warning flags

CPPFLAGS := $(TA_CPPFLAGS)
# Our warnings instead of the kit's levels, which ask for OP-TEE's house style.
WARNS := 0
CFLAGS_WARNS := $(TA_WARNINGS)

LDADD := $(VM_OBJECT)
additional-link-deps := $(VM_OBJECT)

# Comes before the kit's own folder.
libdirs := $(KIT_LIBRARIES)

# Lua's file functions are linked in with the rest of lauxlib.c; nothing calls them, and their stdio need not be there.
link-ldflagsta_arm64 := --gc-sections $(TA_EXTRA_LDFLAGS)

include $(TA_DEV_KIT_DIR)/mk/ta_dev_kit.mk
