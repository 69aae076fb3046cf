# SPDX-License-Identifier: BSD-2-Clause
# Builds the minimal TA with OP-TEE's TA dev kit. mk/bench.mk sets O, TA_DEV_KIT_DIR, BINARY, CROSS_COMPILE.
include $(TA_DEV_KIT_DIR)/mk/ta_dev_kit.mk
