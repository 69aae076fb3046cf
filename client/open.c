/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening and closing a session. */
#include <inttypes.h>
#include <stdlib.h>

#include "abi/limits.h"
#include "client/base/error.h"
#include "client/base/login.h"
#include "client/engine/borrowed.h"
#include "client/engine/session.h"
#include "client/exports.h"

const char *luatee_version(void)
{
    return LUATEE_VERSION;
}

/* Recursive: while the session is in a call, an export may call the TEE again. */
static void init_mutex(pthread_mutex_t *mutex)
{
    pthread_mutexattr_t attributes;
    (void)pthread_mutexattr_init(&attributes);
    (void)pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    (void)pthread_mutex_init(mutex, &attributes);
    (void)pthread_mutexattr_destroy(&attributes);
}

static luatee_status check_options(const luatee_options *options, luatee_error *error)
{
    if (options->app == NULL || options->app[0] == '\0')
        return luatee_error_set(error, LUATEE_USAGE, "no app is named");
    if (options->backend < LUATEE_AUTO || options->backend > LUATEE_SIM)
        return luatee_error_set(error, LUATEE_USAGE, "no such backend: %d", (int)options->backend);
    if (luatee_login_name(options->login) == NULL)
        return luatee_error_set(error, LUATEE_USAGE, "no such login: %d", (int)options->login);
    if (options->memory > 0 && options->memory < LUATEE_MEMORY_MIN)
        return luatee_error_set(error, LUATEE_USAGE,
                                "memory of %" PRIu64 " bytes is less than a session needs: at least %u (%d KiB)",
                                options->memory, LUATEE_MEMORY_MIN, LUATEE_MEMORY_MIN_KIB);
    return LUATEE_OK;
}

/* Returns a session that is not connected; or NULL when out of memory. */
static luatee_session *new_session(const luatee_options *options)
{
    luatee_session *session = calloc(1, sizeof(*session));
    if (session == NULL)
        return NULL;
    session->borrowed = luatee_borrowed_new();
    if (session->borrowed == NULL) {
        free(session);
        return NULL;
    }
    atomic_init(&session->running, LUATEE_IDLE);
    session->login = options->login;
    session->group = options->group;
    session->fuel = options->fuel;
    session->memory_limit = options->memory;
    session->log = options->log;
    session->log_context = options->log_context;
    return session;
}

static void free_session(luatee_session *session)
{
    luatee_borrowed_leave(session->borrowed);
    luatee_app_free(&session->app);
    free(session);
}

luatee_status luatee_open(const luatee_options *options, luatee_session **session, luatee_error *error)
{
    *session = NULL;
    luatee_status status = check_options(options, error);
    if (status != LUATEE_OK)
        return status;
    luatee_session *opened = new_session(options);
    if (opened == NULL)
        return luatee_error_memory(error);
    status = luatee_app_find(&opened->app, options, error);
    if (status == LUATEE_OK) {
        opened->backend = luatee_teec_choose(options->backend);
        status = luatee_connect(opened, error);
    }
    if (status != LUATEE_OK) {
        free_session(opened);
        return status;
    }
    init_mutex(&opened->mutex);
    luatee_canceller_init(&opened->canceller, opened->teec, &opened->running);
    *session = opened;
    return LUATEE_OK;
}

void luatee_close(luatee_session *session)
{
    if (session == NULL)
        return;
    luatee_canceller_end(&session->canceller);
    luatee_disconnect(session);
    (void)pthread_mutex_destroy(&session->mutex);
    luatee_exports_free(session);
    free_session(session);
}
