/* SPDX-License-Identifier: BSD-2-Clause */
/* The client's memories that the TA process has mapped, and the parameters of the running operation. */
#ifndef SIM_TA_PARAMS_H
#define SIM_TA_PARAMS_H

#include <stdbool.h>
#include <tee_internal_api.h>

#include "sim/common/wire.h"

/*
 * Maps the memories that come with a request and closes their descriptors. Maps a memory read-only if the client shares
 * it for input only. Returns false if a memory does not match its description or cannot be mapped.
 */
bool sim_params_map(const struct wire_request *request, const int *fds, size_t fd_count);

/* Unmaps a memory that the client has released. Ignores an unknown id. */
void sim_params_forget(uint32_t memory);

/*
 * Converts the parameters of a request to the TA's; memory references point into the mapped memories. They are the
 * current parameters until sim_params_end. Returns false if a type, a range or a direction is invalid.
 */
bool sim_params_begin(const struct wire_request *request, TEE_Param params[TEE_NUM_PARAMS]);

/* Copies the TA's output values and sizes to the reply. */
void sim_params_end(const TEE_Param params[TEE_NUM_PARAMS], struct wire_reply *reply);

/* Whether the current parameters allow the TA to use this buffer with these TEE_MEMORY_ACCESS_* flags. Buffers outside
 * the parameters are allowed. */
bool sim_params_allow(uint32_t flags, const void *buffer, size_t size);

#endif
