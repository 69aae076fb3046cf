/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One call from Lua. While the session is locked nothing here can raise a Lua error; results are decoded after it was
 * unlocked, and protected, since memory may run out and since the collector may run finalizers, which may call again.
 */
#include <string.h>

#include "client/internal.h"
#include "client/lua/tee.h"
#include "client/scripts.h"
#include "core/codec/value.h"

/* Their addresses are the registry's keys for the error value that came last from the TEE, and its traceback. */
static const char raised_value_key;
static const char raised_traceback_key;

/* And for the message of the last refusal. */
static const char refused_key;

/* What one call needs and the Lua stack cannot hold. */
struct call {
    struct tee_session *self;
    struct luatee_buffer response; /* taken out of self while it is read */
    struct cursor in; /* at the first of `count` values in response */
    uint64_t count;
    enum luatee_answer answer;
    luatee_error error;
};

/* --- the request */

/* Encodes [script: name, * argument: value]. Returns the size needed, maybe above `room`; or 0 with a message. */
static size_t encode_call(lua_State *L, int first, int count, uint8_t *data, size_t room, luatee_error *error)
{
    char message[CODEC_ERROR_SIZE];
    size_t name_size;
    const char *name = lua_tolstring(L, first, &name_size);
    struct writer w;
    writer_begin(&w, data, room);
    writer_array(&w, 1 + (size_t)count);
    writer_text(&w, name, name_size);
    if (codec_encode(L, first + 1, count, &w, "argument", message))
        return writer_size(&w);
    (void)luatee_error_set(error, LUATEE_USAGE, "%s", message);
    return 0;
}

/* A request that does not fit into shared memory is encoded again, into `large`. */
static size_t encode_large(lua_State *L, int first, int count, size_t size, struct luatee_buffer *large,
                           luatee_error *error)
{
    if (size > LUATEE_MESSAGE_MAX) {
        (void)luatee_error_set(error, LUATEE_USAGE, "the arguments are too large: they take %zu bytes of at most %u",
                               size, LUATEE_MESSAGE_MAX);
        return 0;
    }
    if (!luatee_buffer_reserve(large, size)) {
        (void)luatee_error_memory(error);
        return 0;
    }
    return encode_call(L, first, count, large->data, size, error);
}

/* Encodes, sends, and receives into call->response, while the session is locked. */
static luatee_status run(lua_State *L, luatee_session *session, int first, struct call *call)
{
    int count = lua_gettop(L) - first;
    struct luatee_buffer large = { 0 };
    uint8_t *request = luatee_request_room(session);
    size_t size = encode_call(L, first, count, request, LUATEE_BUFFER_SIZE, &call->error);
    if (size > LUATEE_BUFFER_SIZE) {
        size = encode_large(L, first, count, size, &large, &call->error);
        request = large.data;
    }
    luatee_status status = luatee_error_status(&call->error);
    if (size > 0)
        status = luatee_call_run(session, request, size, &call->response, &call->in, &call->count, &call->answer,
                                 &call->error);
    luatee_buffer_free(&large);
    return status;
}

/* --- the response */

/* Runs protected. Pushes the results; or the error value and its traceback; or raises an error. */
static int decode(lua_State *L)
{
    struct call *call = lua_touserdata(L, 1);
    lua_settop(L, 0);
    int count = codec_decode(L, &call->in, call->count);
    bool ok = count >= 0 && cursor_finish(&call->in);
    if (call->answer == LUATEE_ANSWER_RAISED)
        ok = ok && count == 2 && lua_type(L, 2) == LUA_TSTRING;
    if (!ok)
        return luaL_error(L, "the TA's answer makes no sense: are program and TA of the same release?");
    return count;
}

/* Gives the response's memory back to the session, for the next call. */
static void return_response(struct call *call)
{
    struct tee_session *self = call->self;
    if (self->session != NULL && self->response.data == NULL) {
        luatee_buffer_trim(&call->response);
        self->response = call->response;
    } else {
        luatee_buffer_free(&call->response); /* closed, or used again, by a finalizer */
    }
}

/* Raises the value at -2, after remembering it with its traceback at -1. */
static int raise(lua_State *L)
{
    lua_rawsetp(L, LUA_REGISTRYINDEX, &raised_traceback_key);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &raised_value_key);
    return lua_error(L);
}

int tee_raise_error(lua_State *L, const luatee_error *error)
{
    luaL_where(L, 1);
    lua_pushstring(L, luatee_error_message(error));
    lua_concat(L, 2);
    if (luatee_error_status(error) == LUATEE_REFUSED) {
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &refused_key);
    }
    return lua_error(L);
}

bool tee_is_refusal(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &refused_key);
    bool same = lua_type(L, -1) == LUA_TSTRING && lua_rawequal(L, index, -1);
    lua_pop(L, 1);
    return same;
}

int tee_session_call(lua_State *L, struct tee_session *self, int first, uint32_t deadline)
{
    size_t name_size;
    struct call call;
    const char *name = luaL_checklstring(L, first, &name_size);
    luatee_error_init(&call.error);
    if (!luatee_name_valid(name, name_size)) {
        (void)luatee_bad_name(name, &call.error);
        return luaL_error(L, "%s", luatee_error_message(&call.error));
    }
    if (lua_gettop(L) - first > LUATEE_VALUES_MAX)
        return luaL_error(L, "too many arguments: a call takes at most %d", LUATEE_VALUES_MAX);
    luaL_checkstack(L, 3, "for a call into the TEE");

    call.self = self;
    call.response = self->response;
    self->response = (struct luatee_buffer){ 0 };
    luatee_session *session = self->session;
    luatee_lock(session);
    session->deadline = deadline;
    luatee_status status = run(L, session, first, &call);
    luatee_unlock(session);
    if (status != LUATEE_OK) {
        return_response(&call);
        return tee_raise_error(L, &call.error);
    }

    int top = lua_gettop(L);
    lua_pushcfunction(L, decode);
    lua_pushlightuserdata(L, &call);
    int result = lua_pcall(L, 1, LUA_MULTRET, 0);
    return_response(&call);
    if (result != LUA_OK)
        return lua_error(L);
    if (call.answer == LUATEE_ANSWER_RAISED)
        return raise(L);
    return lua_gettop(L) - top;
}

void tee_call_register(lua_State *L)
{
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &raised_traceback_key);
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &raised_value_key);
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &refused_key);
}

bool tee_push_traceback(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &raised_value_key);
    bool same = lua_rawequal(L, index, -1);
    lua_pop(L, 1);
    if (!same)
        return false;
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &raised_traceback_key) == LUA_TSTRING)
        return true;
    lua_pop(L, 1);
    return false;
}
