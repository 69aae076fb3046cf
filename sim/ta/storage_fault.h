/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Faults of the storage, for tests: LUATEE_SIM_STORAGE_FAULT="cut N" or "full N", where N counts the steps in which
 * this process changes files, from 1. At the N-th the process dies, as if the power were cut, or it and all after it
 * find the disk full. A file takes a step to be created, two to be written, and one each to be synced, renamed and
 * removed.
 */
#ifndef SIM_TA_STORAGE_FAULT_H
#define SIM_TA_STORAGE_FAULT_H

#include <stdbool.h>

/* To be called before each step. False: it shall fail, for the reason in errno. */
bool sim_storage_step(void);

#endif
