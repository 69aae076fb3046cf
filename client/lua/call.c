/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One call from Lua. While the session is locked nothing here can raise a Lua error: functions of the host, which the
 * TEE calls meanwhile, run protected. Results are decoded after it was unlocked, and protected, since memory may run
 * out and since the collector may run finalizers, which may call again.
 */
#include <string.h>

#include "client/internal.h"
#include "client/lua/request.h"
#include "client/lua/tee.h"
#include "client/scripts.h"
#include "core/codec/codec.h"

/* Their addresses are the registry's keys for the error value that came last from the TEE, and its traceback. */
static const char raised_value_key;
static const char raised_traceback_key;

/* And for the message of the last refusal. */
static const char refused_key;

/* Of the Lua stack, for what is done between messages. */
#define STACK_SLOTS 16

/* --- functions of the host */

/* Resumes with an error: the value at stack index `value`, and the traceback above it. */
static luatee_status resume_raised(lua_State *L, struct call *call, int value, bool *sent)
{
    struct request r = { .command = LUATEE_CMD_HOST_RAISED, .first = value, .count = 2, .role = "error" };
    return tee_request_send(L, call, &r, sent);
}

/* Runs protected: pushes why the results cannot cross, and no traceback. */
static int push_reason(lua_State *L)
{
    const struct call *call = lua_touserdata(L, 1);
    lua_pushfstring(L, "a function of the host: %s", luatee_error_message(&call->error));
    lua_pushliteral(L, "");
    return 2;
}

/* What the host's function gave cannot cross. */
static luatee_status resume_refused(lua_State *L, struct call *call, bool *sent)
{
    lua_pushcfunction(L, push_reason);
    lua_pushlightuserdata(L, call);
    int first = lua_gettop(L) - 1;
    if (lua_pcall(L, 1, 2, 0) != LUA_OK)
        lua_pushvalue(L, -1);
    luatee_error_init(&call->error);
    return resume_raised(L, call, first, sent);
}

/* The call was cancelled meanwhile: what the function gave is of no use. */
static luatee_status resume_cancelled(struct call *call, size_t size)
{
    luatee_session *session = call->self->session;
    return luatee_call_run(session, LUATEE_CMD_CANCEL, luatee_request_room(session), size, &call->response, &call->in,
                           &call->count, &call->answer, &call->error);
}

/* Runs the function of the host that the TEE calls, and goes on with the call. */
static luatee_status answer_host(lua_State *L, struct call *call)
{
    int top = lua_gettop(L);
    struct luatee_buffer question = call->response; /* the function may call again: that gets a buffer of its own */
    struct tee_question q = { .self = call->self, .in = &call->in, .count = call->count };
    call->response = (struct luatee_buffer){ 0 };
    lua_pushcfunction(L, tee_host_explain);
    lua_pushcfunction(L, tee_host_run);
    lua_pushlightuserdata(L, &q);
    bool fine = lua_pcall(L, 1, LUA_MULTRET, top + 1) == LUA_OK;
    luatee_buffer_free(&question);
    if (q.bad)
        return luatee_bad_answer(call->self->session, &call->error);

    luatee_status status;
    bool sent;
    callback_collect(L, &call->self->functions);
    size_t cancel = luatee_cancel_request(call->self->session);
    if (!lua_checkstack(L, STACK_SLOTS)) { /* as many results as there is room for */
        lua_settop(L, top);
        (void)luatee_error_memory(&call->error);
        status = resume_refused(L, call, &sent);
    } else if (cancel > 0) {
        sent = true;
        status = resume_cancelled(call, cancel);
    } else if (fine) {
        struct request r = { .command = LUATEE_CMD_HOST_RETURNED,
                             .first = top + 2,
                             .count = lua_gettop(L) - top - 1,
                             .role = "result" };
        status = tee_request_send(L, call, &r, &sent);
    } else {
        tee_host_push_traceback(L);
        status = resume_raised(L, call, top + 2, &sent);
    }
    if (!sent)
        status = resume_refused(L, call, &sent);
    else if (status == LUATEE_FAILED && !call->self->session->over)
        status = luatee_resume_without_results(call->self->session, &call->response, &call->in, &call->count,
                                               &call->answer, &call->error);
    if (!luatee_got_through(status, call->answer))
        call->self->session->over = true; /* the call waits for an answer that we cannot give */
    lua_settop(L, top);
    return status;
}

static luatee_status run(lua_State *L, struct call *call, struct request *r)
{
    bool sent;
    luatee_status status = tee_request_send(L, call, r, &sent);
    while (status == LUATEE_OK && call->answer == LUATEE_ANSWER_CALL_HOST)
        status = answer_host(L, call);
    return status;
}

/* --- the response */

/* Runs protected. Pushes the results; or the error value and its traceback; or raises an error. */
static int decode(lua_State *L)
{
    struct call *call = lua_touserdata(L, 1);
    lua_settop(L, 0);
    int count = codec_decode(L, &call->in, call->count, &call->self->functions.codec);
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
    static const char heading[] = "stack traceback:";
    const char *text = lua_tostring(L, -1);
    if (strncmp(text, heading, sizeof(heading) - 1) == 0) {
        lua_pushliteral(L, "stack traceback in the TEE:");
        lua_pushstring(L, text + sizeof(heading) - 1);
        lua_concat(L, 2);
        lua_replace(L, -2);
    }
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

/* The TEE gives up functions that it had from us: context is a struct giver. */
struct giver {
    lua_State *L;
    struct callbacks *functions;
};

static void take_back(void *context, uint64_t number)
{
    const struct giver *giver = context;
    callback_reclaim(giver->L, giver->functions, number);
}

/* Locks the session for the whole call, with what it lends. */
static luatee_status run_locked(lua_State *L, struct call *call, struct request *r)
{
    struct tee_session *self = call->self;
    luatee_session *session = self->session;
    struct giver giver = { L, &self->functions };
    luatee_lock(session);
    void (*outer)(void *, uint64_t) = session->take_back;
    void *outer_context = session->take_back_context;
    session->take_back = take_back;
    session->take_back_context = &giver;
    uint64_t outer_end = luatee_running_begin(session, r->deadline);
    self->calls++;
    luatee_status status = run(L, call, r);
    self->calls--;
    luatee_running_end(session, outer_end);
    session->take_back = outer;
    session->take_back_context = outer_context;
    luatee_unlock(session);
    return status;
}

/* Pushes the results and returns how many; or raises an error. */
static int perform(lua_State *L, struct tee_session *self, struct request *r)
{
    struct call call = { .self = self };
    luaL_checkstack(L, STACK_SLOTS, "for a call into the TEE");
    callback_collect(L, &self->functions);
    if (self->session == NULL)
        return luaL_error(L, "the session is closed");
    luatee_error_init(&call.error);
    call.response = self->response;
    self->response = (struct luatee_buffer){ 0 };
    r->role = "argument";
    if (run_locked(L, &call, r) != LUATEE_OK) {
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

static struct request for_name(lua_State *L, enum luatee_command command, int index)
{
    struct request r = { .command = command, .first = index + 1 };
    if (!lua_isstring(L, index)) /* Lua would not always know what was called, and count the session as an argument */
        luaL_error(L, "bad argument #1 to '%s' (the name of a script expected, got %s)",
                   command == LUATEE_CMD_IMPORT ? "import" : "call", luaL_typename(L, index));
    r.name = lua_tolstring(L, index, &r.name_size);
    if (luatee_name_valid(r.name, r.name_size))
        return r;
    luatee_error error;
    luatee_error_init(&error);
    (void)luatee_bad_name(r.name, &error);
    luaL_error(L, "%s", luatee_error_message(&error));
    return r;
}

int tee_session_call(lua_State *L, struct tee_session *self, int first, uint32_t deadline)
{
    struct request r = for_name(L, LUATEE_CMD_CALL, first);
    r.deadline = deadline;
    r.count = lua_gettop(L) - first;
    return perform(L, self, &r);
}

int tee_session_import(lua_State *L, struct tee_session *self, int name, uint32_t deadline)
{
    struct request r = for_name(L, LUATEE_CMD_IMPORT, name);
    r.deadline = deadline;
    lua_settop(L, name);
    tee_session_table(L, self, TEE_MODULES);
    lua_pushvalue(L, name);
    if (lua_rawget(L, -2) != LUA_TNIL)
        return 1;
    lua_settop(L, name);
    if (perform(L, self, &r) != 1)
        return luaL_error(L, "the TA's answer makes no sense: are program and TA of the same release?");
    tee_session_table(L, self, TEE_MODULES);
    if (lua_istable(L, -1)) {
        lua_pushvalue(L, name);
        lua_pushvalue(L, name + 1);
        lua_rawset(L, -3);
    }
    lua_settop(L, name + 1);
    return 1;
}

static struct tee_session *owner_of(struct callbacks *functions)
{
    return (struct tee_session *)((char *)functions - offsetof(struct tee_session, functions));
}

int tee_call_proxy(lua_State *L)
{
    struct request r = { .command = LUATEE_CMD_CALL, .first = 1, .count = lua_gettop(L) };
    struct callbacks *functions = callback_callee(L, lua_upvalueindex(1), &r.number);
    return perform(L, owner_of(functions), &r);
}

int tee_call_function(lua_State *L, const struct tee_session *self, uint32_t deadline)
{
    struct request r = { .command = LUATEE_CMD_CALL, .first = 2, .count = lua_gettop(L) - 1, .deadline = deadline };
    luaL_argcheck(L, callback_owner(L, tee_call_proxy, 1) != NULL, 1,
                  "a script's name or a function of the TEE is expected");
    (void)lua_getupvalue(L, 1, 1);
    struct tee_session *owner = owner_of(callback_callee(L, -1, &r.number));
    lua_pop(L, 1);
    luaL_argcheck(L, self == NULL || owner == self, 1, "the function belongs to another session");
    return perform(L, owner, &r);
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
