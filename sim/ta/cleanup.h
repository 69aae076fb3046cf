/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TA_CLEANUP_H
#define SIM_TA_CLEANUP_H

/* Closes what an instance left open, as a TEE does: objects with their locks, enumerators, operations and storage. */
void sim_cleanup(void);

#endif
