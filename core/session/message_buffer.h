/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages in pieces: requests that arrive by LUATEE_CMD_PART, and responses that LUATEE_CMD_MORE fetches. */
#ifndef LUATEE_CORE_SESSION_MESSAGE_BUFFER_H
#define LUATEE_CORE_SESSION_MESSAGE_BUFFER_H

#include <stdbool.h>

#include "core/base/alloc.h"
#include "core/codec/writer.h"
#include "core/session/session.h"

struct message {
    uint8_t *data;
    size_t size; /* the whole message */
    size_t done; /* bytes received */
};

/* In bytes. A request up to this size needs no memory: a session whose memory is full can still continue or end a
 * call. */
#define MESSAGE_BUFFER_SMALL 1024u

struct message_buffer {
    struct alloc *alloc;
    uint8_t small[MESSAGE_BUFFER_SMALL];
    struct message request;  /* its pieces so far */
    struct message response; /* a response that did not fit into the buffer */
};

/* Prepares an empty buffer. Messages are allocated from alloc, which must outlive the buffer. */
void message_buffer_init(struct message_buffer *b, struct alloc *alloc);
/* Wipe and release a message. Do nothing when there is none. */
void message_buffer_drop_request(struct message_buffer *b);
void message_buffer_drop_response(struct message_buffer *b);

/* Run LUATEE_CMD_PART and LUATEE_CMD_MORE. Return TEE_ERROR_BAD_PARAMETERS when the parameters do not fit the message
 * so far. message_buffer_part() also returns TEE_ERROR_EXCESS_DATA and TEE_ERROR_OUT_OF_MEMORY. */
TEE_Result message_buffer_part(struct message_buffer *b, struct session_io *io);
TEE_Result message_buffer_more(struct message_buffer *b, struct session_io *io);

/*
 * Copies the request into b->request, or completes it if pieces arrived before. The rich OS cannot write the copy.
 * Returns TEE_ERROR_BAD_PARAMETERS when the sizes of the pieces do not add up, TEE_ERROR_EXCESS_DATA above
 * LUATEE_MESSAGE_MAX, and TEE_ERROR_OUT_OF_MEMORY.
 */
TEE_Result message_buffer_receive(struct message_buffer *b, const struct session_io *io);

/* Writes a message. Each call must write the same bytes, or a message of another size, which message_buffer_send()
 * detects. Returns false when a value cannot be written. */
typedef bool (*message_buffer_writer)(struct writer *out, void *ctx);

/*
 * Writes a response into io->out. Keeps a longer response in b->response, and sends its first piece. Sets io->out_size
 * and io->b. Returns TEE_ERROR_BAD_FORMAT when the writer fails, TEE_ERROR_EXCESS_DATA above LUATEE_MESSAGE_MAX, and
 * TEE_ERROR_OUT_OF_MEMORY.
 */
TEE_Result message_buffer_send(struct message_buffer *b, struct session_io *io, message_buffer_writer write, void *ctx);

#endif
