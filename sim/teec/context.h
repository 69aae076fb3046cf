/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TEEC_CONTEXT_H
#define SIM_TEEC_CONTEXT_H

/* The only TEE name, besides NULL, that TEEC_InitializeContext accepts. */
#define SIM_TEE_NAME "luatee-sim"

#endif
