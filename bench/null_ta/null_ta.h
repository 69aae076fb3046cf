/* SPDX-License-Identifier: BSD-2-Clause */
/* The interface of the minimal TA, whose costs are the reference of `make bench`. */
#ifndef LUATEE_BENCH_NULL_TA_H
#define LUATEE_BENCH_NULL_TA_H

#define NULL_TA_UUID \
    { 0x5e0c5f0f, 0x0b8f, 0x4d0b, { 0x9a, 0x3b, 0x0e, 0x6c, 0x7a, 0x41, 0x52, 0x1d } }

/* params[0]: MEMREF_INPUT, params[1]: MEMREF_OUTPUT. The TA accesses neither. */
#define NULL_TA_CMD 1u

#endif
