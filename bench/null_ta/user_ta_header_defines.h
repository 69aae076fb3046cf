/* SPDX-License-Identifier: BSD-2-Clause */
/* OP-TEE prescribes the names. Stack and heap have the sizes of its smallest examples. */
#ifndef LUATEE_BENCH_USER_TA_HEADER_DEFINES_H
#define LUATEE_BENCH_USER_TA_HEADER_DEFINES_H

#include "bench/null_ta/null_ta.h"

#define TA_UUID NULL_TA_UUID
#define TA_FLAGS 0
#define TA_STACK_SIZE (2 * 1024)
#define TA_DATA_SIZE (32 * 1024)
#define TA_VERSION "1"
#define TA_DESCRIPTION "luatee's minimal TA for benchmarks: does nothing"

#endif
