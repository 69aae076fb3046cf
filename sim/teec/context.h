/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TEEC_CONTEXT_H
#define SIM_TEEC_CONTEXT_H

/* The name that TEEC_InitializeContext knows besides NULL. */
#define SIM_TEE_NAME "luatee-sim"

#endif
