/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TEST_TA_HEADER_DEFINES_H
#define SIM_TEST_TA_HEADER_DEFINES_H

#include "tests/unit/sim/test_ta/commands.h"

#define TA_UUID SIM_TEST_UUID
#define TA_FLAGS 0
#define TA_STACK_SIZE (64 * 1024)
#define TA_DATA_SIZE (32 * 1024)
#define TA_VERSION "7.0"
#define TA_DESCRIPTION "Tests the simulator"
#define TA_CURRENT_TA_EXT_PROPERTIES \
    {"test.u64", USER_TA_PROP_TYPE_U64, &(const uint64_t){1ull << 40}}, \
        {"test.block", USER_TA_PROP_TYPE_BINARY_BLOCK, "AAECAw=="},

#endif
