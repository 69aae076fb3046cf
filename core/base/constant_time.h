/* SPDX-License-Identifier: BSD-2-Clause */
/* Selection without branches, for data that may be secret. */
#ifndef LUATEE_CORE_BASE_CONSTANT_TIME_H
#define LUATEE_CORE_BASE_CONSTANT_TIME_H

/* Returns a word with all bits set when a <= x <= b, else 0. x, a and b are below 2^31. */
static inline unsigned constant_time_within(unsigned x, unsigned a, unsigned b)
{
    return 0u - (~((x - a) | (b - x)) >> 31);
}

#endif
