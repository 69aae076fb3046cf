/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/crypto.h>

#include "abi/uuid.h"
#include "client/internal.h"
#include "client/login.h"
#include "client/scripts.h"
#include "core/codec/writer.h"
#include "core/package/manifest_parse.h"
#include "core/package/parse.h"

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

static luatee_status take_folder_name(luatee_session *session, luatee_error *error)
{
    const char *name = strrchr(session->folder, '/') + 1;
    if (!luatee_name_valid(name, strlen(name)))
        return luatee_error_set(
            error, LUATEE_USAGE,
            "the folder's name cannot be an app's name: '%s'; use 1 to %d of A-Z a-z 0-9 _ - . and no leading dot",
            name, LUATEE_NAME_MAX);
    memcpy(session->app, name, strlen(name) + 1);
    return LUATEE_OK;
}

/* Whatever it is. */
static bool has_manifest(const luatee_session *session)
{
    char path[PATH_MAX];
    struct stat status;
    return snprintf(path, sizeof(path), "%s/" PACKAGE_MANIFEST_NAME ".luata", session->folder) >= PATH_MAX ||
           lstat(path, &status) == 0;
}

/* With -s, what is stored already goes by the folder's name. */
static luatee_status without_manifest(luatee_session *session, const char *typed, luatee_error *error)
{
    luatee_script_name *names;
    size_t count;
    if (session->stored)
        return take_folder_name(session, error);
    luatee_status status = luatee_packages_list(session->folder, &names, &count, error);
    if (status != LUATEE_OK)
        return status;
    free(names);
    if (count > 0)
        return luatee_error_set(error, LUATEE_USAGE,
                                "%s has no manifest.luata for the packages in it: pack again with `luatee pack %s`",
                                typed, typed);
    return luatee_error_set(error, LUATEE_USAGE,
                            "%s has no packages: make them with `luatee pack %s`, or use the plaintext scripts (-u)",
                            typed, typed);
}

/* The name that the packages of the folder have: it may be another one than the folder's. */
static luatee_status find_packed_name(luatee_session *session, const char *typed, luatee_error *error)
{
    struct luatee_script manifest;
    struct package package;
    luatee_status status =
        luatee_package_read(session->folder, PACKAGE_MANIFEST_NAME, LUATEE_KIND_MANIFEST, &manifest, error);
    if (status == LUATEE_USAGE && !has_manifest(session))
        return without_manifest(session, typed, error);
    if (status != LUATEE_OK)
        return status;
    enum package_check check = package_parse(manifest.data.data, manifest.data.size, &package);
    if (check == PACKAGE_FINE) {
        memcpy(session->app, package.identity.app, package.identity.app_size);
        session->app[package.identity.app_size] = '\0';
        session->has_bundle = true;
        memcpy(session->bundle, package.identity.bundle, sizeof(session->bundle));
    } else {
        status = luatee_error_set(error, LUATEE_REFUSED, "%s/manifest.luata is refused: %s; pack the app again",
                                  session->folder, package_check_text(check));
    }
    luatee_buffer_free(&manifest.data);
    return status;
}

/* Takes the plaintext manifest, and the app's name from it. */
static luatee_status take_manifest(luatee_session *session, const luatee_options *options, luatee_error *error)
{
    struct manifest *manifest = malloc(sizeof(*manifest));
    struct manifest_identity identity;
    if (manifest == NULL || !luatee_buffer_reserve(&session->manifest, options->manifest_size)) {
        free(manifest);
        return luatee_error_memory(error);
    }
    memcpy(session->manifest.data, options->manifest, options->manifest_size);
    session->manifest.size = options->manifest_size;
    const char *why = manifest_parse(session->manifest.data, session->manifest.size, manifest, &identity);
    free(manifest);
    if (why != NULL)
        return luatee_error_set(error, LUATEE_USAGE, "the manifest cannot be used: %s", why);
    memcpy(session->app, identity.name, sizeof(identity.name));
    return LUATEE_OK;
}

/* Sets session->app, and session->folder if there is one. */
static luatee_status find_app(luatee_session *session, const luatee_options *options, luatee_error *error)
{
    struct stat status;
    const char *app = options->app;
    char *path = realpath(app, NULL);
    if (path == NULL && errno == ENOMEM)
        return luatee_error_memory(error);
    if (path != NULL && stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        session->folder = path;
        if (!session->plaintext)
            return find_packed_name(session, app, error);
        return options->manifest_size > 0 ? take_manifest(session, options, error) : take_folder_name(session, error);
    }
    free(path);
    if (!session->stored || !luatee_name_valid(app, strlen(app)))
        return luatee_error_set(error, LUATEE_USAGE, "no such app: %s is not a folder", app);
    memcpy(session->app, app, strlen(app) + 1);
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
    bool limits = session->fuel > 0 || session->memory_limit > 0;
    /* A name of at most LUATEE_NAME_MAX bytes and some numbers: it fits. */
    writer_begin(&w, room, LUATEE_BUFFER_SIZE);
    writer_array(&w, limits ? 4 : 2);
    writer_textz(&w, session->app);
    writer_uint(&w, flags);
    if (limits) {
        writer_uint(&w, session->fuel);
        writer_uint(&w, session->memory_limit);
    }
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
    const void *data = luatee_login_has_group(session->login) ? &session->group : NULL;
    TEEC_Result result = session->teec->open_session(&session->context, &session->session, &uuid, session->login, data,
                                                     &operation, &origin);
    if (result == TEEC_SUCCESS)
        return LUATEE_OK;
    if (luatee_login_refused(session->login, result, origin))
        return luatee_login_error(session->login, session->group, result, error);
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
    if (luatee_login_name(options->login) == NULL)
        return luatee_error_set(error, LUATEE_USAGE, "no such login: %d", (int)options->login);
    if (options->memory > 0 && options->memory < LUATEE_MEMORY_MIN)
        return luatee_error_set(error, LUATEE_USAGE,
                                "memory of %" PRIu64 " bytes is less than a session needs: at least %u (%d KiB)",
                                options->memory, LUATEE_MEMORY_MIN, LUATEE_MEMORY_MIN_KIB);

    luatee_session *opened = calloc(1, sizeof(*opened));
    struct luatee_borrowed *borrowed = luatee_borrowed_new();
    if (opened == NULL || borrowed == NULL) {
        luatee_borrowed_leave(borrowed);
        free(opened);
        return luatee_error_memory(error);
    }
    atomic_init(&opened->running, LUATEE_IDLE);
    opened->borrowed = borrowed;
    opened->stored = options->stored;
    opened->plaintext = options->plaintext;
    opened->login = options->login;
    opened->group = options->group;
    opened->fuel = options->fuel;
    opened->memory_limit = options->memory;
    opened->log = options->log;
    opened->log_context = options->log_context;
    luatee_status status = find_app(opened, options, error);
    if (status != LUATEE_OK)
        goto fail;
    opened->backend = luatee_teec_choose(options->backend);
    status = connect_tee(opened, error);
    if (status != LUATEE_OK)
        goto fail;
    init_mutex(&opened->mutex);
    luatee_canceller_init(&opened->canceller, opened->teec, &opened->running);
    *session = opened;
    return LUATEE_OK;
fail:
    luatee_borrowed_leave(opened->borrowed);
    luatee_buffer_free(&opened->manifest);
    free(opened->folder);
    free(opened);
    return status;
}

void luatee_close(luatee_session *session)
{
    if (session == NULL)
        return;
    luatee_canceller_end(&session->canceller);
    session->teec->close_session(&session->session);
    OPENSSL_cleanse(session->memory.buffer, session->memory.size);
    session->teec->release_shared_memory(&session->memory);
    session->teec->finalize_context(&session->context);
    (void)pthread_mutex_destroy(&session->mutex);
    luatee_exports_free(session);
    luatee_borrowed_leave(session->borrowed);
    luatee_buffer_free(&session->manifest);
    free(session->folder);
    free(session);
}
