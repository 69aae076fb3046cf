/* SPDX-License-Identifier: BSD-2-Clause */
/* The parameters of a TEEC_Operation, on their way to the TA and back. */
#ifndef SIM_TEEC_OPERATION_H
#define SIM_TEEC_OPERATION_H

#include "sim/common/wire.h"
#include "sim/teec/session.h"
#include "tee_client_api.h"

/*
 * Fills the parameters of a request, and the memories that the TA process has not seen yet, with their descriptors in
 * fds (the library's, not to be closed). operation may be NULL. Needs session->busy. Returns TEEC_SUCCESS, or
 *   TEEC_ERROR_BAD_PARAMETERS  a type that is none; a reference out of its memory, in a direction that the memory is
 *                              not for, or with a size and no address
 *   TEEC_ERROR_OUT_OF_MEMORY   no memory for a temporary reference
 */
TEEC_Result operation_prepare(struct session *session, const TEEC_Operation *operation, struct wire_request *request,
                              int fds[WIRE_PARAMS]);

/* Hands the outputs of a reply to the client. */
void operation_finish(struct session *session, TEEC_Operation *operation, const struct wire_reply *reply);

#endif
