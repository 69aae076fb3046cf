/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One call from Lua: a user of client/engine/call.h, with the values of messages on the Lua stack. While the session is
 * locked nothing here can raise a Lua error: functions of the host, which the TEE calls meanwhile, run protected.
 * Results are decoded after that, and protected, since memory may run out and since the collector may run finalizers,
 * which may call again.
 */
#include <string.h>

#include "abi/name.h"
#include "client/base/error.h"
#include "client/base/scripts.h"
#include "client/engine/call.h"
#include "client/lua/tee.h"
#include "core/codec/codec.h"

/* Slots of the Lua stack that are needed between messages. */
#define STACK_SLOTS 16

/* A call that is to be made. Its arguments lie on the Lua stack. */
struct request {
    enum luatee_command command;
    struct call_target target;
    int first;         /* argument, a stack index */
    int count;         /* of arguments */
    uint32_t deadline; /* in ms; 0: none */
};

/* One call, and the context of the engine's callbacks. */
struct tee_call {
    struct call call;
    lua_State *L;
    struct tee_session *self;
    int top;          /* of the Lua stack, without the results of an export */
    int first;        /* stack index of the first of call.count values of the next message */
    const char *role; /* "argument", "result" or "error": what error messages call a value */
    luatee_error error;
};

/* --- callbacks of the engine */

static luatee_status encode(void *context, struct writer *out, luatee_error *error)
{
    struct tee_call *c = context;
    char message[CODEC_ERROR_SIZE];
    if (codec_encode(c->L, c->first, (int)c->call.count, out, &c->self->functions.codec, c->role, message))
        return LUATEE_OK;
    return luatee_error_set(error, LUATEE_USAGE, "%s", message);
}

/* Leaves the results, or the error value and its traceback, on the Lua stack. */
static luatee_status run_export(void *context, struct call *call)
{
    struct tee_call *c = context;
    lua_State *L = c->L;
    struct tee_question q = { .self = c->self, .in = &call->in, .count = call->items };
    lua_settop(L, c->top);
    lua_pushcfunction(L, tee_export_explain);
    lua_pushcfunction(L, tee_export_run);
    lua_pushlightuserdata(L, &q);
    bool fine = lua_pcall(L, 1, LUA_MULTRET, c->top + 1) == LUA_OK;
    if (q.bad)
        return luatee_bad_answer(call->session, call->error);
    callback_collect(L, &c->self->functions);
    if (!lua_checkstack(L, STACK_SLOTS)) { /* the results fill the stack */
        lua_settop(L, c->top);
        return luatee_error_memory(call->error);
    }
    if (!fine)
        tee_export_push_traceback(L);
    call->command = fine ? LUATEE_CMD_HOST_RETURNED : LUATEE_CMD_HOST_RAISED;
    c->role = fine ? "result" : "error";
    c->first = c->top + 2;
    call->count = (size_t)(lua_gettop(L) - c->top - 1);
    return LUATEE_OK;
}

static void reclaim(void *context, uint64_t number)
{
    struct tee_call *c = context;
    callback_reclaim(c->L, &c->self->functions, number);
}

static uint64_t mark(void *context)
{
    const struct tee_call *c = context;
    return c->self->functions.last;
}

static void roll_back(void *context, uint64_t number)
{
    struct tee_call *c = context;
    callback_roll_back(c->L, &c->self->functions, number);
}

static const struct call_user lua_user = {
    .encode = encode,
    .run_export = run_export,
    .reclaim = reclaim,
    .mark = mark,
    .roll_back = roll_back,
};

/* --- the response */

/* Runs protected. Pushes the results; or the error value and its traceback; or raises an error. */
static int decode(lua_State *L)
{
    struct tee_call *c = lua_touserdata(L, 1);
    lua_settop(L, 0);
    int count = codec_decode(L, &c->call.in, c->call.items, &c->self->functions.codec);
    bool ok = count >= 0 && cursor_finish(&c->call.in);
    if (c->call.response.answer == LUATEE_ANSWER_RAISED)
        ok = ok && count == 2 && lua_type(L, 2) == LUA_TSTRING;
    if (!ok)
        return luaL_error(L, "the TA's answer makes no sense: install the program and the TA of the same release");
    return count;
}

/* Returns the response's memory to the session, for the next call. */
static void return_response(struct tee_call *c)
{
    struct tee_session *self = c->self;
    struct luatee_buffer *response = &c->call.response.buffer;
    if (self->session != NULL && self->response.data == NULL) {
        luatee_buffer_trim(response);
        self->response = *response;
    } else {
        luatee_buffer_free(response); /* a finalizer closed the session, or made a call */
    }
}

/* --- the call */

/* Fills *c, which is large and not zeroed as a whole, and performs the call. */
static luatee_status perform_locked(lua_State *L, struct tee_call *c, struct tee_session *self, const struct request *r)
{
    c->self = self;
    c->L = L;
    c->top = lua_gettop(L);
    c->first = r->first;
    c->role = "argument";
    luatee_error_init(&c->error);
    c->call = (struct call){
        .session = self->session,
        .user = &lua_user,
        .context = c,
        .target = r->target,
        .deadline = r->deadline,
        .error = &c->error,
        .command = r->command,
        .count = (size_t)r->count,
        .response.buffer = self->response,
    };
    self->response = (struct luatee_buffer){ 0 };
    self->calls++;
    luatee_status status = luatee_call_perform(&c->call);
    self->calls--;
    lua_settop(L, c->top);
    return status;
}

/* Pushes the results and returns how many; or raises an error. */
static int perform(lua_State *L, struct tee_session *self, const struct request *r)
{
    struct tee_call c;
    luaL_checkstack(L, STACK_SLOTS, "for a call into the TEE");
    callback_collect(L, &self->functions);
    if (self->session == NULL)
        return luaL_error(L, "the session is closed");
    if (perform_locked(L, &c, self, r) != LUATEE_OK) {
        return_response(&c);
        return tee_raise_error(L, &c.error);
    }
    lua_pushcfunction(L, decode);
    lua_pushlightuserdata(L, &c);
    int result = lua_pcall(L, 1, LUA_MULTRET, 0);
    return_response(&c);
    if (result != LUA_OK)
        return lua_error(L);
    if (c.call.response.answer == LUATEE_ANSWER_RAISED)
        return tee_raise(L);
    return lua_gettop(L) - c.top;
}

static struct request for_name(lua_State *L, enum luatee_command command, int index)
{
    struct request r = { .command = command, .first = index + 1 };
    if (!lua_isstring(L, index)) /* luaL_argerror() may not know the name, and counts the session */
        luaL_error(L, "bad argument #1 to '%s' (the name of a script expected, got %s)",
                   command == LUATEE_CMD_IMPORT ? "import" : "call", luaL_typename(L, index));
    r.target.name = lua_tolstring(L, index, &r.target.name_size);
    if (luatee_name_valid(r.target.name, r.target.name_size))
        return r;
    luatee_error error;
    luatee_error_init(&error);
    (void)luatee_bad_name(r.target.name, &error);
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
        return luaL_error(L, "the TA's answer makes no sense: install the program and the TA of the same release");
    tee_session_table(L, self, TEE_MODULES);
    if (lua_istable(L, -1)) {
        lua_pushvalue(L, name);
        lua_pushvalue(L, name + 1);
        lua_rawset(L, -3);
    }
    lua_settop(L, name + 1);
    return 1;
}

int tee_call_proxy(lua_State *L)
{
    struct request r = { .command = LUATEE_CMD_CALL, .first = 1, .count = lua_gettop(L) };
    struct callbacks *functions = callback_callee(L, lua_upvalueindex(1), &r.target.number);
    return perform(L, tee_session_of(functions), &r);
}

int tee_call_function(lua_State *L, const struct tee_session *self, uint32_t deadline)
{
    struct request r = { .command = LUATEE_CMD_CALL, .first = 2, .count = lua_gettop(L) - 1, .deadline = deadline };
    luaL_argcheck(L, callback_owner(L, tee_call_proxy, 1) != NULL, 1,
                  "a script's name or a function of the TEE is expected");
    (void)lua_getupvalue(L, 1, 1);
    struct tee_session *owner = tee_session_of(callback_callee(L, -1, &r.target.number));
    lua_pop(L, 1);
    luaL_argcheck(L, self == NULL || owner == self, 1, "the function belongs to another session");
    return perform(L, owner, &r);
}
