/* SPDX-License-Identifier: BSD-2-Clause */
/* The responses of abi/messages.cddl. Each sets io->a, io->b and io->out_size; errors are those of message_buffer_send. */
#ifndef LUATEE_CORE_SESSION_ANSWER_H
#define LUATEE_CORE_SESSION_ANSWER_H

#include "core/session/message_buffer.h"
#include "core/trust/script_store.h"
#include "core/vm/vm.h"

/* How a call stands. Results and errors that cannot cross, or are too large, become an error that says so; for
 * arguments to the host the script gets that error, and *outcome becomes VM_SLICE_OVER. */
TEE_Result answer_call(struct message_buffer *t, struct vm *vm, enum vm_outcome *outcome, const struct vm_result *result,
                       struct session_io *io);

TEE_Result answer_list(struct message_buffer *t, const struct script_store_list *list, struct session_io *io);

/* The script `name` (NULL: the manifest) is refused, outside of a call. why: words that end a sentence. */
TEE_Result answer_refused(struct message_buffer *t, const char *name, const char *why, struct session_io *io);

/* The public half of this device's key; also errors of the TEE's storage or cryptography. */
TEE_Result answer_device_key(struct message_buffer *t, struct session_io *io);

TEE_Result answer_info(struct message_buffer *t, struct session_io *io);

/* No response but "done". */
TEE_Result answer_nothing(struct session_io *io);

#endif
