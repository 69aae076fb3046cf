/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the responses of abi/messages.cddl. Each function sets io->a, io->b and io->out_size, and returns TEE_SUCCESS
 * or an error of message_buffer_send(). */
#ifndef LUATEE_CORE_SESSION_ANSWER_H
#define LUATEE_CORE_SESSION_ANSWER_H

#include "core/codec/codec.h"
#include "core/session/state.h"
#include "core/trust/script_store.h"

/*
 * Answers with the state of a call. Results and errors that cannot cross, or are too large, are replaced by an error
 * with the reason. For a host call whose arguments cannot cross, returns an error, with its message in `why`. Returns
 * TEE_ERROR_BAD_FORMAT for CALL_BAD_ARGUMENTS.
 */
TEE_Result answer_call(struct message_buffer *messages, const struct session *s, enum call_outcome outcome,
                       const struct call_result *result, struct session_io *io, char why[CODEC_ERROR_SIZE]);

/* Answers with the list of stored scripts. */
TEE_Result answer_list(struct message_buffer *messages, const struct script_store_list *list, struct session_io *io);

/* Answers, outside of a call, that the script `name` (NULL: the manifest) is refused. why: words that end a
 * sentence. */
TEE_Result answer_refused(struct message_buffer *messages, const char *name, const char *why, struct session_io *io);

/* Answers with the public half of this device's key. May also return errors of the TEE's storage or cryptography. */
TEE_Result answer_device_key(struct message_buffer *messages, struct session_io *io);

/* Answers with the properties of the TEE, the TA and the session. */
TEE_Result answer_info(struct message_buffer *messages, struct session_io *io);

/* Answers "done", without a response. */
TEE_Result answer_nothing(struct session_io *io);

#endif
