/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TA_RANDOM_H
#define SIM_TA_RANDOM_H

#include <stddef.h>

/* Fills the buffer from the kernel's generator; ends the process if that cannot be. */
void sim_random(void *buffer, size_t size);

#endif
