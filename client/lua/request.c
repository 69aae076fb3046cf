/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/lua/request.h"

#include "core/codec/codec.h"

static void encode_beginning(const struct request *r, luatee_session *session, struct writer *out)
{
    if (r->released > 0)
        luatee_released_write(session->borrowed, out);
    if (r->number > 0)
        writer_tagged(out, LUATEE_TAG_TEE_FUNCTION, r->number);
    else if (r->name != NULL)
        writer_text(out, r->name, r->name_size);
}

/* Returns the size needed, maybe above `room`; or 0 with a message. */
static size_t encode(lua_State *L, struct tee_session *self, const struct request *r, uint8_t *data, size_t room,
                     luatee_error *error)
{
    char message[CODEC_ERROR_SIZE];
    struct writer w;
    writer_begin(&w, data, room);
    writer_array(&w, r->released + (r->number > 0 || r->name != NULL) + (size_t)r->count);
    encode_beginning(r, self->session, &w);
    if (codec_encode(L, r->first, r->count, &w, &self->functions.codec, r->role, message))
        return writer_size(&w);
    (void)luatee_error_set(error, LUATEE_USAGE, "%s", message);
    return 0;
}

/* A request that does not fit into shared memory is encoded again, into `large`. */
static size_t encode_large(lua_State *L, struct tee_session *self, const struct request *r, size_t size,
                           struct luatee_buffer *large, luatee_error *error)
{
    if (size > LUATEE_MESSAGE_MAX) {
        (void)luatee_error_set(error, LUATEE_USAGE, "the %ss are too large: they take %zu bytes of at most %u", r->role,
                               size, LUATEE_MESSAGE_MAX);
        return 0;
    }
    if (!luatee_buffer_reserve(large, size)) {
        (void)luatee_error_memory(error);
        return 0;
    }
    return encode(L, self, r, large->data, size, error);
}

luatee_status tee_request_send(lua_State *L, struct call *call, struct request *r, bool *sent)
{
    struct tee_session *self = call->self;
    struct luatee_buffer large = { 0 };
    uint8_t *request = luatee_request_room(self->session);
    uint64_t lent = self->functions.last;
    luatee_status status = LUATEE_USAGE;
    r->released = luatee_released_pick(self->session->borrowed);
    *sent = false;
    if (r->count > LUATEE_VALUES_MAX)
        return luatee_error_set(&call->error, LUATEE_USAGE, "too many %ss: at most %d can cross", r->role,
                                LUATEE_VALUES_MAX);
    size_t size = encode(L, self, r, request, LUATEE_BUFFER_SIZE, &call->error);
    if (size > LUATEE_BUFFER_SIZE) {
        size = encode_large(L, self, r, size, &large, &call->error);
        request = large.data;
    }
    *sent = size > 0;
    if (size > 0)
        status = luatee_call_run(self->session, r->command, request, size, &call->response, &call->in, &call->count,
                                 &call->answer, &call->error);
    if (size > 0 && luatee_got_through(status, call->answer))
        luatee_released_forget(self->session->borrowed);
    else
        callback_roll_back(L, &self->functions, lent);
    luatee_buffer_free(&large);
    return status;
}
