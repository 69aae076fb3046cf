/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/session/message_buffer.h"

#include <string.h>

#include "abi/limits.h"
#include "core/base/wipe.h"

void message_buffer_init(struct message_buffer *b, struct alloc *alloc)
{
    memset(b, 0, sizeof(*b));
    b->alloc = alloc;
}

static void drop(struct message_buffer *b, struct message *m)
{
    if (m->data == b->small)
        wipe(b->small, m->size);
    else
        alloc_free_wiped(b->alloc, m->data, m->size);
    *m = (struct message){ 0 };
}

void message_buffer_drop_request(struct message_buffer *b)
{
    drop(b, &b->request);
}

void message_buffer_drop_response(struct message_buffer *b)
{
    drop(b, &b->response);
}

static TEE_Result begin(struct message_buffer *b, struct message *m, size_t size)
{
    if (size > LUATEE_MESSAGE_MAX)
        return TEE_ERROR_EXCESS_DATA;
    m->data = alloc_block(b->alloc, size);
    if (!m->data)
        return TEE_ERROR_OUT_OF_MEMORY;
    m->size = size;
    m->done = 0;
    return TEE_SUCCESS;
}

static TEE_Result begin_request(struct message_buffer *b, size_t size)
{
    if (size > sizeof(b->small))
        return begin(b, &b->request, size);
    b->request = (struct message){ .data = b->small, .size = size };
    return TEE_SUCCESS;
}

static void add(struct message *m, const struct session_io *io)
{
    if (io->in_size > 0) /* a buffer of no bytes may be NULL */
        memcpy(m->data + m->done, io->in, io->in_size);
    m->done += io->in_size;
}

TEE_Result message_buffer_part(struct message_buffer *b, struct session_io *io)
{
    struct message *m = &b->request;
    size_t total = io->a;
    if (io->b != 0 || io->in_size == 0 || io->in_size >= total)
        return TEE_ERROR_BAD_PARAMETERS;
    if (!m->data) {
        TEE_Result result = begin_request(b, total);
        if (result != TEE_SUCCESS)
            return result;
    }
    /* The command itself must bring at least the last byte. */
    if (m->size != total || io->in_size >= m->size - m->done)
        return TEE_ERROR_BAD_PARAMETERS;
    add(m, io);
    io->a = 0;
    return TEE_SUCCESS;
}

TEE_Result message_buffer_receive(struct message_buffer *b, const struct session_io *io)
{
    struct message *m = &b->request;
    if (!m->data) {
        TEE_Result result = begin_request(b, io->in_size);
        if (result != TEE_SUCCESS)
            return result;
    }
    if (io->in_size != m->size - m->done)
        return TEE_ERROR_BAD_PARAMETERS;
    add(m, io);
    return TEE_SUCCESS;
}

static void send_piece(const struct message *m, size_t offset, struct session_io *io)
{
    size_t left = m->size - offset;
    io->out_size = left < io->out_room ? left : io->out_room;
    if (io->out_size > 0) /* a buffer of no bytes may be NULL */
        memcpy(io->out, m->data + offset, io->out_size);
    io->b = (uint32_t)(left - io->out_size);
}

TEE_Result message_buffer_more(struct message_buffer *b, struct session_io *io)
{
    size_t offset = io->a;
    if (io->in_size != 0 || io->b != 0 || !b->response.data || offset >= b->response.size)
        return TEE_ERROR_BAD_PARAMETERS;
    io->a = 0;
    send_piece(&b->response, offset, io);
    return TEE_SUCCESS;
}

TEE_Result message_buffer_send(struct message_buffer *b, struct session_io *io, message_buffer_writer write, void *ctx)
{
    struct writer out;
    writer_begin(&out, io->out, io->out_room);
    if (!write(&out, ctx))
        return TEE_ERROR_BAD_FORMAT;
    if (writer_fits(&out)) {
        io->out_size = writer_size(&out);
        io->b = 0;
        return TEE_SUCCESS;
    }
    TEE_Result result = begin(b, &b->response, writer_size(&out));
    if (result != TEE_SUCCESS)
        return result;
    writer_begin(&out, b->response.data, b->response.size);
    /* The second run can fail: the first run used up the fuel, or allocating the block collected entries of a weak
     * table. Unwritten bytes must not be sent: the block is not zeroed. */
    if (!write(&out, ctx) || writer_size(&out) != b->response.size) {
        message_buffer_drop_response(b);
        return TEE_ERROR_BAD_FORMAT;
    }
    send_piece(&b->response, 0, io);
    return TEE_SUCCESS;
}
