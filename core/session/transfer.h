/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages in pieces: requests that come in LUATEE_CMD_PART, responses that go out by LUATEE_CMD_MORE. */
#ifndef LUATEE_CORE_SESSION_TRANSFER_H
#define LUATEE_CORE_SESSION_TRANSFER_H

#include <stdbool.h>

#include "core/codec/writer.h"
#include "core/session/session.h"
#include "core/vm/alloc.h"

struct message {
    uint8_t *data;
    size_t size; /* the whole message */
    size_t done; /* bytes received */
};

/* A request up to this size needs no memory: a session whose memory is full can still be told to go on, or to end a
 * call. */
#define TRANSFER_SMALL 1024u

struct transfer {
    struct alloc *alloc;
    uint8_t small[TRANSFER_SMALL];
    struct message request;  /* its pieces so far */
    struct message response; /* a response that did not fit into the buffer */
};

void transfer_init(struct transfer *t, struct alloc *alloc);
/* Both wipe what they drop. */
void transfer_drop_request(struct transfer *t);
void transfer_drop_response(struct transfer *t);

/* LUATEE_CMD_PART and LUATEE_CMD_MORE. */
TEE_Result transfer_part(struct transfer *t, struct session_io *io);
TEE_Result transfer_more(struct transfer *t, struct session_io *io);

/*
 * Copies the request, or completes it if pieces came before, into t->request: from here on nobody else can write it.
 * TEE_ERROR_BAD_PARAMETERS (the pieces do not add up), TEE_ERROR_EXCESS_DATA, TEE_ERROR_OUT_OF_MEMORY.
 */
TEE_Result transfer_receive(struct transfer *t, const struct session_io *io);

/* Writes a message; the same bytes each time it is called, or a message of another size. Returns false when there is
 * something that cannot be written. */
typedef bool (*transfer_writer)(struct writer *out, void *ctx);

/*
 * Writes a response into io->out; if it is longer, keeps it and sends its first piece. Sets out_size and b. Returns
 * TEE_ERROR_BAD_FORMAT when the writer refused, TEE_ERROR_EXCESS_DATA above LUATEE_MESSAGE_MAX,
 * TEE_ERROR_OUT_OF_MEMORY.
 */
TEE_Result transfer_send(struct transfer *t, struct session_io *io, transfer_writer write, void *ctx);

#endif
