# SPDX-License-Identifier: BSD-2-Clause
# Names and flags that every other piece of the build uses.

VERSION := 0.1.0

# The folder for all output, and the folder for downloads, which does not depend on O.
O     ?= build
DEPS  := build/deps
SRC   := $(DEPS)/src
ROOT  := $(DEPS)/root

LUA_SRC  := $(SRC)/lua-5.4.9/src
# The Lua of the Trusted Application, with port/lua/patches. All other programs use Lua without patches.
LUA_TA_SRC := $(O)/lua-ta

# The UUID of the TA, from abi/uuid.h.
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

# Flags for the make that builds: a job for each processor, unless the caller chose a number of jobs.
jobs = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

# `make V=1` shows the commands themselves.
Q := $(if $(V),,@)
