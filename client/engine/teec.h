/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libteec, loaded at run time: the TEE Client API (GPD_SPE_007) as a table of functions, so that one program serves
 * OP-TEE and the simulator.
 */
#ifndef LUATEE_CLIENT_ENGINE_TEEC_H
#define LUATEE_CLIENT_ENGINE_TEEC_H

#include <tee_client_api.h>

#include "client/base/error.h"
#include "luatee/luatee.h"

struct luatee_teec {
    void *library;
    TEEC_Result (*initialize_context)(const char *name, TEEC_Context *context);
    void (*finalize_context)(TEEC_Context *context);
    TEEC_Result (*open_session)(TEEC_Context *context, TEEC_Session *session, const TEEC_UUID *destination,
                                uint32_t connection_method, const void *connection_data, TEEC_Operation *operation,
                                uint32_t *origin);
    void (*close_session)(TEEC_Session *session);
    TEEC_Result (*invoke_command)(TEEC_Session *session, uint32_t command, TEEC_Operation *operation, uint32_t *origin);
    void (*request_cancellation)(TEEC_Operation *operation);
    TEEC_Result (*allocate_shared_memory)(TEEC_Context *context, TEEC_SharedMemory *memory);
    void (*release_shared_memory)(TEEC_SharedMemory *memory);
};

/* Returns the backend; for LUATEE_AUTO, LUATEE_OPTEE or LUATEE_SIM. If LUATEE_AUTO means the simulator, prints that to
 * stderr, once. */
luatee_backend luatee_teec_choose(luatee_backend backend);

/* Loads the library of the backend, which is not LUATEE_AUTO. The library stays loaded until the process ends. Returns
 * LUATEE_OK; LUATEE_NO_TEE: no library, or an incomplete one; LUATEE_USAGE: OP-TEE after the simulator. */
LUATEE_CHECKED luatee_status luatee_teec_load(luatee_backend backend, const struct luatee_teec **teec,
                                              luatee_error *error);

/* --- teec_error.c: set the error to what went wrong and what to do. All return the status that they set. */

/* TEEC_InitializeContext failed. */
luatee_status luatee_teec_context_error(luatee_backend backend, TEEC_Result result, luatee_error *error);
/* TEEC_OpenSession failed. ta_version: params[0].a of the result. */
luatee_status luatee_teec_open_error(luatee_backend backend, TEEC_Result result, uint32_t origin, uint32_t ta_version,
                                     luatee_error *error);
/* TEEC_InvokeCommand failed. */
luatee_status luatee_teec_invoke_error(luatee_backend backend, TEEC_Result result, uint32_t origin,
                                       luatee_error *error);

/* Returns whether the session cannot be used after this result. */
bool luatee_teec_is_over(TEEC_Result result);

/* --- login_error.c: TEEC_OpenSession failed */

/* Returns whether it failed because of the login. */
bool luatee_teec_is_login_error(luatee_login login, TEEC_Result result, uint32_t origin);
/* Sets the error then: what to do. Returns LUATEE_USAGE or LUATEE_NO_TEE. */
luatee_status luatee_teec_login_error(luatee_login login, uint32_t group, TEEC_Result result, luatee_error *error);

#endif
