/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TA_RANDOM_H
#define SIM_TA_RANDOM_H

#include <stddef.h>

/* Fills the buffer with random bytes from the kernel. Panics if the kernel returns none. */
void sim_random(void *buffer, size_t size);

#endif
