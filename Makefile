# SPDX-License-Identifier: BSD-2-Clause
# luatee: pure-Lua applications for Arm TrustZone. `make help` lists the targets.
#
# mk/native.mk describes the programs for Linux (the client, the CLI, the simulator). They are built in three folders, by
# calling make again with another O, CC and flags: build/ (this machine), build/asan/ (the same under ASan and
# UBSan) and build/guest/ (arm64, for the machine in QEMU). mk/ta.mk builds the Trusted Application.

MAKEFLAGS += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

include mk/config.mk
include mk/front.mk
include mk/deps.mk
include mk/native.mk
include mk/lua.mk
include mk/keys.mk
include mk/ta.mk
include mk/qemu.mk
include mk/tests.mk
include mk/unit.mk
include mk/fuzz.mk
include mk/release.mk
include mk/bench.mk
include mk/stretch.mk
include mk/share.mk
include mk/lint.mk
