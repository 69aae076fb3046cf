/* SPDX-License-Identifier: BSD-2-Clause */
/* The connection of a session with the TA: made, and closed. */
#include <openssl/crypto.h>

#include "abi/commands.h"
#include "abi/uuid.h"
#include "client/base/error.h"
#include "client/base/login.h"
#include "client/engine/exchange.h"
#include "client/engine/session.h"
#include "core/codec/writer.h"

void luatee_lock(luatee_session *session)
{
    (void)pthread_mutex_lock(&session->mutex);
}

void luatee_unlock(luatee_session *session)
{
    (void)pthread_mutex_unlock(&session->mutex);
}

const char *luatee_session_app(const luatee_session *session)
{
    return session->app.name;
}

void luatee_session_options(const luatee_session *session, luatee_options *options)
{
    options->backend = session->backend;
    options->plaintext = session->app.plaintext;
    options->login = session->login;
    options->group = session->group;
}

struct luatee_borrowed *luatee_session_borrowed(const luatee_session *session)
{
    return session->borrowed;
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
    unsigned flags =
        (session->app.stored ? LUATEE_HELLO_STORED : 0) | (session->app.plaintext ? LUATEE_HELLO_PLAINTEXT : 0);
    bool limits = session->fuel > 0 || session->memory_limit > 0;
    /* A name of at most LUATEE_NAME_MAX bytes and some numbers: it fits. */
    writer_begin(&w, luatee_request_room(session), LUATEE_BUFFER_SIZE);
    writer_array(&w, limits ? 4 : 2);
    writer_textz(&w, session->app.name);
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
    if (luatee_teec_is_login_error(session->login, result, origin))
        return luatee_teec_login_error(session->login, session->group, result, error);
    return luatee_teec_open_error(session->backend, result, origin, operation.params[0].value.a, error);
}

luatee_status luatee_connect(luatee_session *session, luatee_error *error)
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

void luatee_disconnect(luatee_session *session)
{
    session->teec->close_session(&session->session);
    OPENSSL_cleanse(session->memory.buffer, session->memory.size);
    session->teec->release_shared_memory(&session->memory);
    session->teec->finalize_context(&session->context);
}
