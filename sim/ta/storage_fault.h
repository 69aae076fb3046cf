/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Faults of the storage, for tests. LUATEE_SIM_STORAGE_FAULT="cut N" kills the process at its N-th step, as if the
 * power were cut. "full N" makes the N-th step and all later ones find a full disk. Steps are counted from 1: creating
 * a file is one step, writing it two, and syncing, renaming and removing a file one each.
 */
#ifndef SIM_TA_STORAGE_FAULT_H
#define SIM_TA_STORAGE_FAULT_H

#include <stdbool.h>

/* Called before each step. Returns false with errno set if the step must fail. */
bool sim_storage_step(void);

#endif
