/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/crypto.h>

#include "abi/uuid.h"
#include "client/internal.h"
#include "client/scripts.h"
#include "core/codec/writer.h"

const char *luatee_version(void)
{
    return LUATEE_VERSION;
}

void luatee_lock(luatee_session *session)
{
    (void)pthread_mutex_lock(&session->mutex);
}

void luatee_unlock(luatee_session *session)
{
    (void)pthread_mutex_unlock(&session->mutex);
}

uint8_t *luatee_request_room(luatee_session *session)
{
    return session->memory.buffer;
}

/* Sets session->app, and session->folder if there is one. */
static luatee_status find_app(luatee_session *session, const char *app, luatee_error *error)
{
    struct stat status;
    char *path = realpath(app, NULL);
    if (path == NULL && errno == ENOMEM)
        return luatee_error_memory(error);
    if (path == NULL || stat(path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        free(path);
        if (!session->stored || !luatee_name_valid(app, strlen(app)))
            return luatee_error_set(error, LUATEE_USAGE, "no such app: %s is not a folder", app);
        memcpy(session->app, app, strlen(app) + 1);
        return LUATEE_OK;
    }
    session->folder = path;
    const char *name = strrchr(path, '/') + 1;
    if (!luatee_name_valid(name, strlen(name)))
        return luatee_error_set(
            error, LUATEE_USAGE,
            "the folder's name cannot be an app's name: '%s'; use 1 to %d of A-Z a-z 0-9 _ - . and no leading dot",
            name, LUATEE_NAME_MAX);
    memcpy(session->app, name, strlen(name) + 1);
    return LUATEE_OK;
}

/* Registered once for the session: a temporary memory reference would cost more than the command it carries. */
static luatee_status share_memory(luatee_session *session, luatee_error *error)
{
    session->memory.size = 2 * LUATEE_BUFFER_SIZE;
    session->memory.flags = TEEC_MEM_INPUT | TEEC_MEM_OUTPUT;
    TEEC_Result result = session->teec->allocate_shared_memory(&session->context, &session->memory);
    if (result == TEEC_SUCCESS)
        return LUATEE_OK;
    session->memory.buffer = NULL;
    return luatee_error_set(error, LUATEE_FAILED, "cannot share memory with the TEE (0x%08x): close other sessions",
                            result);
}

static size_t write_hello(luatee_session *session)
{
    struct writer w;
    unsigned flags = (session->stored ? LUATEE_HELLO_STORED : 0) | (session->plaintext ? LUATEE_HELLO_PLAINTEXT : 0);
    uint8_t *room = luatee_request_room(session);
    /* A name of at most LUATEE_NAME_MAX bytes and a small number: it fits. */
    writer_begin(&w, room, LUATEE_BUFFER_SIZE);
    writer_array(&w, 2);
    writer_textz(&w, session->app);
    writer_uint(&w, flags);
    return writer_size(&w);
}

static luatee_status say_hello(luatee_session *session, luatee_error *error)
{
    static const TEEC_UUID uuid = LUATEE_TA_UUID;
    TEEC_Operation operation = { 0 };
    uint32_t origin = 0;
    operation.paramTypes = TEEC_PARAM_TYPES(TEEC_VALUE_INOUT, TEEC_MEMREF_PARTIAL_INPUT, TEEC_NONE, TEEC_NONE);
    operation.params[0].value.a = LUATEE_PROTOCOL_VERSION;
    operation.params[1].memref = (TEEC_RegisteredMemoryReference){ &session->memory, write_hello(session), 0 };
    TEEC_Result result = session->teec->open_session(&session->context, &session->session, &uuid, TEEC_LOGIN_PUBLIC,
                                                     NULL, &operation, &origin);
    if (result == TEEC_SUCCESS)
        return LUATEE_OK;
    return luatee_teec_open_error(session->backend, result, origin, operation.params[0].value.a, error);
}

/* On failure everything done so far is undone. */
static luatee_status connect_tee(luatee_session *session, luatee_error *error)
{
    luatee_status status = luatee_teec_load(session->backend, &session->teec, error);
    if (status != LUATEE_OK)
        return status;
    TEEC_Result result = session->teec->initialize_context(NULL, &session->context);
    if (result != TEEC_SUCCESS)
        return luatee_teec_context_error(session->backend, result, error);
    status = share_memory(session, error);
    if (status != LUATEE_OK)
        goto finalize;
    status = say_hello(session, error);
    if (status == LUATEE_OK)
        return LUATEE_OK;
    session->teec->release_shared_memory(&session->memory);
finalize:
    session->teec->finalize_context(&session->context);
    return status;
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

luatee_status luatee_open(const luatee_options *options, luatee_session **session, luatee_error *error)
{
    *session = NULL;
    if (options->app == NULL || options->app[0] == '\0')
        return luatee_error_set(error, LUATEE_USAGE, "no app is named");
    if (options->backend < LUATEE_AUTO || options->backend > LUATEE_SIM)
        return luatee_error_set(error, LUATEE_USAGE, "no such backend: %d", (int)options->backend);

    luatee_session *opened = calloc(1, sizeof(*opened));
    struct luatee_borrowed *borrowed = luatee_borrowed_new();
    if (opened == NULL || borrowed == NULL) {
        luatee_borrowed_leave(borrowed);
        free(opened);
        return luatee_error_memory(error);
    }
    atomic_init(&opened->running, 0);
    opened->borrowed = borrowed;
    opened->stored = options->stored;
    opened->plaintext = options->plaintext;
    opened->log = options->log;
    opened->log_context = options->log_context;
    luatee_status status = find_app(opened, options->app, error);
    if (status != LUATEE_OK)
        goto fail;
    opened->backend = luatee_teec_choose(options->backend);
    status = connect_tee(opened, error);
    if (status != LUATEE_OK)
        goto fail;
    init_mutex(&opened->mutex);
    *session = opened;
    return LUATEE_OK;
fail:
    luatee_borrowed_leave(opened->borrowed);
    free(opened->folder);
    free(opened);
    return status;
}

void luatee_close(luatee_session *session)
{
    if (session == NULL)
        return;
    session->teec->close_session(&session->session);
    OPENSSL_cleanse(session->memory.buffer, session->memory.size);
    session->teec->release_shared_memory(&session->memory);
    session->teec->finalize_context(&session->context);
    (void)pthread_mutex_destroy(&session->mutex);
    luatee_exports_free(session);
    luatee_borrowed_leave(session->borrowed);
    free(session->folder);
    free(session);
}
