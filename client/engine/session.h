/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of engine/ and of client/ know of a session. Users of the engine need call.h only. */
#ifndef LUATEE_CLIENT_ENGINE_SESSION_H
#define LUATEE_CLIENT_ENGINE_SESSION_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "client/engine/app.h"
#include "client/engine/canceller.h"
#include "client/engine/teec.h"
#include "luatee/luatee.h"

/* luatee_session.running */
enum luatee_running {
    LUATEE_IDLE,
    LUATEE_RUNNING,
    LUATEE_CANCELLED, /* luatee_cancel() was called; CANCEL is not sent yet */
    LUATEE_ENDING,    /* CANCEL was sent */
};

struct luatee_session {
    pthread_mutex_t mutex; /* recursive; held during a call as a whole. Guards what follows, except for `running` */

    struct luatee_app app;
    luatee_login login;
    uint32_t group;
    uint64_t fuel;         /* limits of the host; 0: none */
    uint64_t memory_limit; /* in bytes */
    void (*log)(void *log_context, const char *text, size_t size);
    void *log_context;

    /* The connection: connection.c, exchange.c */
    const struct luatee_teec *teec;
    luatee_backend backend; /* not LUATEE_AUTO */
    TEEC_Context context;
    TEEC_Session session;
    TEEC_SharedMemory memory; /* LUATEE_BUFFER_SIZE bytes for requests, then as many for responses */
    bool over;                /* the TA died, or its state is unknown. Nothing more is sent */

    /* Calls: call.c, slice.c */
    struct call *call;  /* the call that began last and has not ended; NULL: none */
    atomic_int running; /* enum luatee_running, of the outermost call; signal handlers may write it */
    struct luatee_canceller canceller;
    struct luatee_borrowed *borrowed;

    struct luatee_export *exports; /* of C programs; values_export.c owns the list */
};

/* --- connection.c */

/* Connects with the TA of session->backend. Fills the connection from `app`, `login`, `group` and the limits. On
 * failure nothing is left to be closed. Returns LUATEE_NO_TEE, LUATEE_USAGE, LUATEE_REFUSED or LUATEE_FAILED then. */
LUATEE_CHECKED luatee_status luatee_connect(luatee_session *session, luatee_error *error);

/* Closes the connection, and wipes the shared memory. */
void luatee_disconnect(luatee_session *session);

#endif
