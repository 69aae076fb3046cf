/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of libluatee, and the `tee` Lua module on top of it, share. Not installed. */
#ifndef LUATEE_CLIENT_INTERNAL_H
#define LUATEE_CLIENT_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "abi/commands.h"
#include "abi/limits.h"
#include "abi/package.h"
#include "client/borrowed.h"
#include "client/buffer.h"
#include "client/canceller.h"
#include "client/error.h"
#include "client/teec.h"
#include "core/codec/cursor.h"
#include "luatee/luatee.h"

/* luatee_session.running */
enum luatee_running {
    LUATEE_IDLE,
    LUATEE_RUNNING,
    LUATEE_CANCELLED, /* and the TEE is still to be told */
    LUATEE_ENDING,    /* it was told */
};

struct luatee_session {
    pthread_mutex_t mutex; /* held during a call as a whole: guards everything below */
    const struct luatee_teec *teec;
    TEEC_Context context;
    TEEC_SharedMemory memory; /* the first LUATEE_BUFFER_SIZE bytes for requests, as many for responses */
    TEEC_Session session;
    bool over; /* the TA died, or answered what cannot be understood: nothing more can be said to it */
    luatee_backend backend;
    bool stored;
    bool plaintext;
    luatee_login login;
    uint32_t group;
    uint64_t fuel; /* limits of our own; 0: none */
    uint64_t memory_limit;
    void (*log)(void *log_context, const char *text, size_t size);
    void *log_context;
    bool has_bundle; /* the folder has a packed manifest, of this bundle */
    uint8_t bundle[PACKAGE_BUNDLE_SIZE];
    struct luatee_buffer manifest; /* of a plaintext session: what luatee_options.manifest pointed to; empty: none */
    char app[LUATEE_NAME_MAX + 1];
    char *folder; /* real path of the app; NULL when only its name is known */
    uint64_t ends_at;   /* of the running call, on the monotonic clock, in ms; 0: no deadline */
    unsigned depth;     /* calls inside each other */
    atomic_int running; /* enum luatee_running; not guarded, since signal handlers may write it */
    struct luatee_canceller canceller;
    struct luatee_borrowed *borrowed;
    struct luatee_export *exports; /* of C programs: export.c */
    /* Told when the TEE lets go of a function that it had from Lua; NULL: nobody lends any. */
    void (*take_back)(void *context, uint64_t number);
    void *take_back_context;
};

/* --- session.c */

void luatee_lock(luatee_session *session);
void luatee_unlock(luatee_session *session);

/* Room for a request, LUATEE_BUFFER_SIZE bytes, shared with the TA. The session must be locked. */
uint8_t *luatee_request_room(luatee_session *session);

/* --- exchange.c; the session is locked */

/*
 * Sends one command and gets its whole response. request: in luatee_request_room() when it fits there, otherwise
 * anywhere else; up to LUATEE_MESSAGE_MAX bytes. response: overwritten.
 */
LUATEE_CHECKED luatee_status luatee_exchange(luatee_session *session, enum luatee_command command,
                                             const uint8_t *request, size_t size, struct luatee_buffer *response,
                                             enum luatee_answer *answer, luatee_error *error);

/* Sends a command that does nothing. */
void luatee_exchange_nothing(luatee_session *session);

/* The TA's answer is not what the protocol says. The session is over: what the TA thinks of it is not known. */
luatee_status luatee_bad_answer(luatee_session *session, luatee_error *error);

/* What the TA says instead of an answer: a package is not trusted. Returns LUATEE_REFUSED, with its message. */
luatee_status luatee_refused(luatee_session *session, const struct luatee_buffer *response, luatee_error *error);

/* --- call.c; the session is locked */

/* Reads what the TA is to get under this name; without it, the error says why. */
struct luatee_script;
LUATEE_CHECKED luatee_status luatee_find_script(luatee_session *session, const char *name, enum luatee_script_kind kind,
                                                struct luatee_script *script, luatee_error *error);

/*
 * Sends a call, an import, or what the host returned, answers what the TA asks for on the way, and ends with *answer
 * LUATEE_ANSWER_DONE, LUATEE_ANSWER_RAISED or LUATEE_ANSWER_CALL_HOST. `in` is then at `count` items: the results, the
 * error value and its traceback, or the target and its arguments; it reads from `response`. After CALL_HOST the caller
 * goes on with HOST_RETURNED, HOST_RAISED or CANCEL, or, when it cannot, says that the session is over. Or returns LUATEE_REFUSED, with
 * *answer LUATEE_ANSWER_REFUSED: this call is over, but none around it, and not the session.
 */
LUATEE_CHECKED luatee_status luatee_call_run(luatee_session *session, enum luatee_command command,
                                             const uint8_t *request, size_t size, struct luatee_buffer *response,
                                             struct cursor *in, uint64_t *count, enum luatee_answer *answer,
                                             luatee_error *error);

/* After LUATEE_FAILED for what the host returned, such as results that the TEE has no room for: goes on with an error
 * that says why. The rest is as luatee_call_run. */
LUATEE_CHECKED luatee_status luatee_resume_without_results(luatee_session *session, struct luatee_buffer *response,
                                                           struct cursor *in, uint64_t *count,
                                                           enum luatee_answer *answer, luatee_error *error);

/* Whether the TEE took the request of luatee_call_run: it went on with it, or refused a package on the way. */
static inline bool luatee_got_through(luatee_status status, enum luatee_answer answer)
{
    return status == LUATEE_OK || answer == LUATEE_ANSWER_REFUSED;
}

/* --- export.c; the session is locked */

/* Runs the export that the TEE calls, and writes the answer and its command, LUATEE_CMD_HOST_RETURNED or HOST_RAISED.
 * in: at `count` items, its name first. */
LUATEE_CHECKED luatee_status luatee_export_run(luatee_session *session, struct cursor *in, uint64_t count,
                                               struct luatee_buffer *response, struct luatee_buffer *answer,
                                               enum luatee_command *command, luatee_error *error);
void luatee_exports_free(luatee_session *session);

/* --- slice.c; the session is locked */

/* Around a call as a whole, with what the host does in it. deadline: of the call, in ms, or 0. Returns what _end needs:
 * the time at which the call around this one is late. */
uint64_t luatee_running_begin(luatee_session *session, uint32_t deadline);
void luatee_running_end(luatee_session *session, uint64_t outer);

/* Milliseconds until the running call is late, at least 1; 0: it has no deadline. */
uint32_t luatee_time_left(const luatee_session *session);

/* When the call was cancelled or is late: writes the request of LUATEE_CMD_CANCEL into luatee_request_room() and returns
 * its size. Otherwise returns 0. */
size_t luatee_cancel_request(luatee_session *session);

/* Goes on with a call after LUATEE_ANSWER_SLICE_OVER, or has it end. */
LUATEE_CHECKED luatee_status luatee_answer_slice_over(luatee_session *session, struct luatee_buffer *response,
                                                      enum luatee_answer *answer, luatee_error *error);

/* --- call.c */

/* LUATEE_USAGE with a message: this cannot be a script's name. */
luatee_status luatee_bad_name(const char *script, luatee_error *error);

#endif
