/* SPDX-License-Identifier: BSD-2-Clause */
/* One command with its response, in as many pieces as they need. Knows nothing of what they mean. The caller holds the
 * session's lock. */
#ifndef LUATEE_CLIENT_ENGINE_EXCHANGE_H
#define LUATEE_CLIENT_ENGINE_EXCHANGE_H

#include "client/engine/call.h"

/* Returns the half of the shared memory that is for requests: LUATEE_BUFFER_SIZE bytes. */
uint8_t *luatee_request_room(luatee_session *session);

/*
 * Sends one command and receives its whole response. request: in luatee_request_room() when it fits there, otherwise
 * anywhere else; up to LUATEE_MESSAGE_MAX bytes. response->buffer is overwritten, response->answer when the TA took the
 * request. Returns LUATEE_OK; LUATEE_USAGE when the request is too large; LUATEE_NO_TEE when the session is over; what
 * luatee_teec_invoke_error() makes of the TA's error; LUATEE_FAILED without memory for the response, or for a bad
 * answer.
 */
LUATEE_CHECKED luatee_status luatee_exchange(luatee_session *session, enum luatee_command command,
                                             const uint8_t *request, size_t size, struct luatee_response *response,
                                             luatee_error *error);

/* Sends a command that does nothing. */
void luatee_exchange_nothing(luatee_session *session);

/* luatee_exchange() for a message of a call: it also reads what every answer of a call begins with, and leaves call->in
 * at the call->items items after that. Defined in call.c. Returns in addition LUATEE_REFUSED, for
 * LUATEE_ANSWER_REFUSED. */
LUATEE_CHECKED luatee_status luatee_call_send(struct call *call, enum luatee_command command, const uint8_t *request,
                                              size_t size);

#endif
