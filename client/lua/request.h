/* SPDX-License-Identifier: BSD-2-Clause */
/* What a call from Lua says to the TEE: [* released, what comes first, * value]. */
#ifndef LUATEE_CLIENT_LUA_REQUEST_H
#define LUATEE_CLIENT_LUA_REQUEST_H

#include "client/internal.h"
#include "client/lua/tee.h"

/* What one call needs and the Lua stack cannot hold. */
struct call {
    struct tee_session *self;
    struct luatee_buffer response; /* taken out of self while it is read */
    struct cursor in; /* at `count` items in response */
    uint64_t count;
    enum luatee_answer answer;
    luatee_error error;
};

/* A message, whose values lie on the Lua stack. */
struct request {
    enum luatee_command command;
    uint64_t number;
    const char *name;      /* NULL: none */
    size_t name_size;
    int first;             /* the values ... */
    int count;
    const char *role;      /* ... and what they are called in messages */
    size_t released;
    uint32_t deadline;     /* in ms; 0: none */
};

/* Encodes, sends, and receives into call->response, while the session is locked. Raises nothing. *sent: the TEE got it;
 * otherwise call->error tells why it could not be sent, and it is LUATEE_USAGE. */
luatee_status tee_request_send(lua_State *L, struct call *call, struct request *r, bool *sent);

#endif
