/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The call engine: runs one call of the TEE from its first message to its last answer. On the way it sends the scripts
 * that the TA needs, continues the call after each slice, ends it when it is cancelled or late, and has functions of
 * the host run. C values (client/values_call.c) and the Lua module (client/lua/tee_call.c) are its users. This header
 * is all that a user needs.
 *
 * A user fills a struct call, and a struct call_user with its callbacks, and calls luatee_call_perform():
 *
 *   perform --- encode ---> CALL or IMPORT
 *                           NEED_SCRIPT        the engine sends the script, or the reason why there is none
 *                           SLICE_OVER         the engine sends CONTINUE, or CANCEL
 *                           CALL_HOST          run_export, then encode ---> HOST_RETURNED or HOST_RAISED; or CANCEL
 *   perform <-------------- DONE, RAISED or REFUSED
 *
 * State: `answer` says what the TA does about this call. NEED_SCRIPT, SLICE_OVER and CALL_HOST mean that it waits for
 * the next message. DONE, RAISED and REFUSED mean that the call is over there.
 *
 * Recovery: when a message cannot be sent (its values cannot cross, the TA has no memory for it, there is no memory
 * here), the functions that it would have lent are taken back with roll_back, and the functions that it would have
 * released are released by the next message. If the message had the results of an export, the engine sends an error in
 * their place, which says why. If the TA still waits after that, the session is over: nobody can answer it.
 *
 * Locking: luatee_call_perform() holds the session's lock from the first message to the last answer. Callbacks run with
 * the lock held, on the thread that performs. The lock is recursive: run_export may perform another call.
 */
#ifndef LUATEE_CLIENT_ENGINE_CALL_H
#define LUATEE_CLIENT_ENGINE_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/commands.h"
#include "client/base/buffer.h"
#include "client/engine/borrowed.h"
#include "core/codec/cursor.h"
#include "core/codec/writer.h"
#include "luatee/luatee.h"

struct call;

/* What differs between users. `context` is call->context. */
struct call_user {
    /*
     * Appends the call->count items of the message call->command: the arguments; or the results of the export that ran;
     * or its error value and its traceback, a byte string. Is called again, with a larger buffer, when the message does
     * not fit: it must append the same items then. Returns LUATEE_OK, also when the buffer is too small; or another
     * status, with `error` set, when an item cannot cross.
     */
    luatee_status (*encode)(void *context, struct writer *out, luatee_error *error);
    /*
     * Runs the function that the TEE calls. call->in is at call->items items: the target, a name or a number with the
     * tag LUATEE_TAG_HOST_FUNCTION, and its arguments. They are valid until this callback returns. It may take
     * call->response.buffer for its own, and leave an empty one. Sets call->command to LUATEE_CMD_HOST_RETURNED or
     * LUATEE_CMD_HOST_RAISED, and call->count.
     *
     * Returns LUATEE_OK; or luatee_bad_answer() for a malformed message; or another status, with call->error set, when
     * what the function returned cannot be kept. The engine then sends that error.
     */
    luatee_status (*run_export)(void *context, struct call *call);

    /* These three are NULL for a user that lends no functions to the TEE. */

    /* Ends the loan of the function with this number. Ignores numbers that are not lent. Must not use the session. */
    void (*reclaim)(void *context, uint64_t number);
    /* Returns a mark of the functions that are lent now. */
    uint64_t (*mark)(void *context);
    /* Ends all loans since that mark: their message was not sent. */
    void (*roll_back)(void *context, uint64_t mark);
};

/* What a call runs. */
struct call_target {
    const char *name; /* of a script or a module, a valid name; not NUL-terminated. NULL: a function */
    size_t name_size;
    uint64_t number; /* of a trusted function */
};

/* The last answer of the TA, in private memory. */
struct luatee_response {
    struct luatee_buffer buffer;
    enum luatee_answer answer;
    bool taken; /* the TA took the request that was sent last */
};

struct call {
    /* Set by the user before luatee_call_perform(). */
    luatee_session *session;
    const struct call_user *user;
    void *context;
    struct call_target target;
    uint32_t deadline;   /* in ms from now; 0: none but that of the call around this one */
    luatee_error *error; /* not NULL; set on failure */

    /* The next message: set by the user before luatee_call_perform(), and by run_export. */
    enum luatee_command command; /* at first LUATEE_CMD_CALL or LUATEE_CMD_IMPORT */
    size_t count;                /* items that encode appends */

    /* The last answer. The user owns response.buffer: before luatee_call_perform() it sets it, to an empty buffer or to
     * one whose memory can be used again; afterwards it frees it. */
    struct luatee_response response;
    struct cursor in; /* reads response.buffer */
    uint64_t items;   /* that `in` is at */

    /* The engine's own. */
    struct call *outer; /* the call whose export makes this one; NULL: none */
    uint64_t ends_at;   /* on the monotonic clock, in ms; 0: no deadline */
};

/*
 * Runs the call. Returns LUATEE_OK with response.answer
 *
 *   LUATEE_ANSWER_DONE    `in` is at `items` results
 *   LUATEE_ANSWER_RAISED  `in` is at `items` items, which should be an error value and its traceback
 *
 * The user checks these items. Or returns, with call->error set,
 *
 *   LUATEE_REFUSED  the TA does not trust a package. This call is over, but no call around it, and not the session
 *   LUATEE_USAGE    the arguments cannot cross; nothing was sent
 *   LUATEE_NO_TEE   the session is over, or was before
 *   LUATEE_FAILED   out of memory on one side, or an answer that makes no sense, after which the session is over
 */
LUATEE_CHECKED luatee_status luatee_call_perform(struct call *call);

/* Reports that the TA's answer does not follow the protocol. The session is over, since the state of the TA is unknown.
 * The caller holds the lock. Returns LUATEE_FAILED. */
luatee_status luatee_bad_answer(luatee_session *session, luatee_error *error);

/* Lock and unlock the session, recursively. Only for users that must report a bad answer after the call. */
void luatee_lock(luatee_session *session);
void luatee_unlock(luatee_session *session);

/* --- facts about a session that do not change; need no lock */

/* Returns the app's name. It lives as long as the session. */
const char *luatee_session_app(const luatee_session *session);

/* Sets backend, which is never LUATEE_AUTO, plaintext, login and group as the session was opened with. Leaves the other
 * options as they are. */
void luatee_session_options(const luatee_session *session, luatee_options *options);

/* Returns the session's list of borrowed functions. It belongs to the session; luatee_borrowed_share() keeps it. */
struct luatee_borrowed *luatee_session_borrowed(const luatee_session *session);

#endif
