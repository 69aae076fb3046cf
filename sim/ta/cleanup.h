/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TA_CLEANUP_H
#define SIM_TA_CLEANUP_H

/* The TEE reclaims what an instance left open: objects (and their locks), enumerators, operations, storage. */
void sim_cleanup(void);

#endif
