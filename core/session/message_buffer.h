/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages in pieces: requests that come in LUATEE_CMD_PART, responses that go out by LUATEE_CMD_MORE. */
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

/* A request up to this size needs no memory: a session whose memory is full can still be told to go on, or to end a
 * call. */
#define MESSAGE_BUFFER_SMALL 1024u

struct message_buffer {
    struct alloc *alloc;
    uint8_t small[MESSAGE_BUFFER_SMALL];
    struct message request;  /* its pieces so far */
    struct message response; /* a response that did not fit into the buffer */
};

void message_buffer_init(struct message_buffer *b, struct alloc *alloc);
/* Both wipe what they drop. */
void message_buffer_drop_request(struct message_buffer *b);
void message_buffer_drop_response(struct message_buffer *b);

/* LUATEE_CMD_PART and LUATEE_CMD_MORE. */
TEE_Result message_buffer_part(struct message_buffer *b, struct session_io *io);
TEE_Result message_buffer_more(struct message_buffer *b, struct session_io *io);

/*
 * Copies the request, or completes it if pieces came before, into b->request: from here on nobody else can write it.
 * TEE_ERROR_BAD_PARAMETERS (the pieces do not add up), TEE_ERROR_EXCESS_DATA, TEE_ERROR_OUT_OF_MEMORY.
 */
TEE_Result message_buffer_receive(struct message_buffer *b, const struct session_io *io);

/* Writes a message; the same bytes each time it is called, or a message of another size. Returns false when there is
 * something that cannot be written. */
typedef bool (*message_buffer_writer)(struct writer *out, void *ctx);

/*
 * Writes a response into io->out; if it is longer, keeps it and sends its first piece. Sets out_size and b. Returns
 * TEE_ERROR_BAD_FORMAT when the writer refused, TEE_ERROR_EXCESS_DATA above LUATEE_MESSAGE_MAX,
 * TEE_ERROR_OUT_OF_MEMORY.
 */
TEE_Result message_buffer_send(struct message_buffer *b, struct session_io *io, message_buffer_writer write, void *ctx);

#endif
