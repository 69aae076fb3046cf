/* SPDX-License-Identifier: BSD-2-Clause */
/* Converts the parameters of a TEEC_Operation to those of a request, and the outputs of a reply back. */
#ifndef SIM_TEEC_OPERATION_H
#define SIM_TEEC_OPERATION_H

#include "sim/common/wire.h"
#include "sim/teec/session.h"
#include "tee_client_api.h"

/*
 * Fills the parameters of a request, and lists the memories that the TA process has not mapped yet. Their descriptors
 * are written to fds; they stay the library's. operation may be NULL. The caller holds session->busy. Returns
 * TEEC_SUCCESS, or
 *   TEEC_ERROR_BAD_PARAMETERS  an unknown type; a reference outside its memory, in a direction that the memory does not
 *                              have, or with a size and no address
 *   TEEC_ERROR_OUT_OF_MEMORY   no memory for a temporary reference
 */
TEEC_Result operation_prepare(struct session *session, const TEEC_Operation *operation, struct wire_request *request,
                              int fds[WIRE_PARAMS]);

/* Copies the outputs of a reply to the client's operation, which may be NULL. The caller holds session->busy. */
void operation_finish(struct session *session, TEEC_Operation *operation, const struct wire_reply *reply);

#endif
