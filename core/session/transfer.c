/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/session/transfer.h"

#include <string.h>

#include "abi/limits.h"

void transfer_init(struct transfer *t, struct alloc *alloc)
{
    memset(t, 0, sizeof(*t));
    t->alloc = alloc;
}

static void wipe_small(struct transfer *t, size_t size)
{
    memset(t->small, 0, size);
    __asm__ volatile("" : : "r"(t->small) : "memory"); /* the memset is not dead */
}

static void drop(struct transfer *t, struct message *m)
{
    if (m->data == t->small)
        wipe_small(t, m->size);
    else
        alloc_free_wiped(t->alloc, m->data, m->size);
    *m = (struct message){ 0 };
}

void transfer_drop_request(struct transfer *t)
{
    drop(t, &t->request);
}

void transfer_drop_response(struct transfer *t)
{
    drop(t, &t->response);
}

static TEE_Result begin(struct transfer *t, struct message *m, size_t size)
{
    if (size > LUATEE_MESSAGE_MAX)
        return TEE_ERROR_EXCESS_DATA;
    m->data = alloc_block(t->alloc, size);
    if (!m->data)
        return TEE_ERROR_OUT_OF_MEMORY;
    m->size = size;
    m->done = 0;
    return TEE_SUCCESS;
}

static TEE_Result begin_request(struct transfer *t, size_t size)
{
    if (size > sizeof(t->small))
        return begin(t, &t->request, size);
    t->request = (struct message){ .data = t->small, .size = size };
    return TEE_SUCCESS;
}

static void add(struct message *m, const struct session_io *io)
{
    memcpy(m->data + m->done, io->in, io->in_size);
    m->done += io->in_size;
}

TEE_Result transfer_part(struct transfer *t, struct session_io *io)
{
    struct message *m = &t->request;
    size_t total = io->a;
    if (io->b != 0 || io->in_size == 0 || io->in_size >= total)
        return TEE_ERROR_BAD_PARAMETERS;
    if (!m->data) {
        TEE_Result result = begin_request(t, total);
        if (result != TEE_SUCCESS)
            return result;
    }
    /* The last byte is for the command itself. */
    if (m->size != total || io->in_size >= m->size - m->done)
        return TEE_ERROR_BAD_PARAMETERS;
    add(m, io);
    io->a = 0;
    return TEE_SUCCESS;
}

TEE_Result transfer_receive(struct transfer *t, const struct session_io *io)
{
    struct message *m = &t->request;
    if (!m->data) {
        if (io->in_size == 0)
            return TEE_ERROR_BAD_FORMAT;
        TEE_Result result = begin_request(t, io->in_size);
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

TEE_Result transfer_more(struct transfer *t, struct session_io *io)
{
    size_t offset = io->a;
    if (io->in_size != 0 || io->b != 0 || !t->response.data || offset >= t->response.size)
        return TEE_ERROR_BAD_PARAMETERS;
    io->a = 0;
    send_piece(&t->response, offset, io);
    return TEE_SUCCESS;
}

TEE_Result transfer_send(struct transfer *t, struct session_io *io, transfer_writer write, void *ctx)
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
    TEE_Result result = begin(t, &t->response, writer_size(&out));
    if (result != TEE_SUCCESS)
        return result;
    writer_begin(&out, t->response.data, t->response.size);
    /* The fuel was just enough for the first time; or the memory for the message was that of entries of a weak table.
     * What is not written is not sent: the block is not zeroed. */
    if (!write(&out, ctx) || writer_size(&out) != t->response.size) {
        transfer_drop_response(t);
        return TEE_ERROR_BAD_FORMAT;
    }
    send_piece(&t->response, 0, io);
    return TEE_SUCCESS;
}
