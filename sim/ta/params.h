/* SPDX-License-Identifier: BSD-2-Clause */
/* The client's memories as the TA process has them mapped, and the parameters of the operation under way. */
#ifndef SIM_TA_PARAMS_H
#define SIM_TA_PARAMS_H

#include <stdbool.h>
#include <tee_internal_api.h>

#include "sim/common/wire.h"

/*
 * Maps the memories that come with a request and closes their descriptors. A memory that the client shares for input
 * only is mapped read-only. False: a memory that is not what it says, or cannot be mapped.
 */
bool sim_params_map(const struct wire_request *request, const int *fds, size_t fd_count);

/* Unmaps a memory that the client released. */
void sim_params_forget(uint32_t memory);

/*
 * Makes a TA's parameters of those of a request; memory references point into the mapped memories. They are the current
 * parameters until sim_params_end. False: types, ranges or directions that cannot be.
 */
bool sim_params_begin(const struct wire_request *request, TEE_Param params[TEE_NUM_PARAMS]);

/* Puts what the TA left in its parameters into the reply. */
void sim_params_end(const TEE_Param params[TEE_NUM_PARAMS], struct wire_reply *reply);

/* May the TA use this buffer, as far as the current parameters are concerned? flags: TEE_MEMORY_ACCESS_*. */
bool sim_params_allow(uint32_t flags, const void *buffer, size_t size);

#endif
