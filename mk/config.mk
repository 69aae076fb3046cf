# SPDX-License-Identifier: BSD-2-Clause
# Names and flags that every other piece of the build uses.

VERSION := 0.1.0

# Where everything that is made goes, and where what was downloaded goes (one place, whatever O is).
O     ?= build
DEPS  := build/deps
SRC   := $(DEPS)/src
ROOT  := $(DEPS)/root

LUA_SRC  := $(SRC)/lua-5.4.9/src
# Lua as the Trusted Application has it: with port/lua/patches. Everything else has the pristine one.
LUA_TA_SRC := $(O)/lua-ta

# The one UUID, as abi/uuid.h gives it.
TA_UUID := $(shell sed -n 's/^#define LUATEE_TA_UUID_TEXT "\(.*\)"/\1/p' abi/uuid.h)

FLAVOUR ?= dev
$(if $(filter dev release,$(FLAVOUR)),,$(error FLAVOUR is dev or release, and not '$(FLAVOUR)'))

ALLOC   ?= slabs
$(if $(filter slabs malloc,$(ALLOC)),,$(error ALLOC is slabs or malloc, and not '$(ALLOC)'))

CC      := $(if $(filter default,$(origin CC)),gcc,$(CC))
AR      := $(if $(filter default,$(origin AR)),ar,$(AR))
OBJCOPY ?= objcopy
OPT     ?= -O2 -g
WARN    := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla
CSTD    := -std=gnu11

# For `env`, before a make that builds for another machine: the caller's flags are meant for this one.
no_host_flags := -u CPPFLAGS -u CFLAGS -u LDFLAGS

# What the front door gives to the make that builds: a job for each processor, unless its own caller said how many.
jobs = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

# `make V=1` shows the commands themselves.
Q := $(if $(V),,@)
