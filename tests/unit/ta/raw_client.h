/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A client that speaks abi/ without libluatee, and so can send what libluatee never would. It takes the TEE Client API
 * from the library named by LUATEE_TEEC (a path or SONAME), so the same tests run on the simulator and on OP-TEE.
 */
#ifndef LUATEE_TESTS_UNIT_RAW_CLIENT_H
#define LUATEE_TESTS_UNIT_RAW_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "tee_client_api.h"

struct raw_teec {
    TEEC_Result (*open_context)(const char *name, TEEC_Context *context);
    void (*close_context)(TEEC_Context *context);
    TEEC_Result (*allocate)(TEEC_Context *context, TEEC_SharedMemory *memory);
    void (*release)(TEEC_SharedMemory *memory);
    TEEC_Result (*open_session)(TEEC_Context *context, TEEC_Session *session, const TEEC_UUID *uuid, uint32_t login,
                                const void *login_data, TEEC_Operation *operation, uint32_t *origin);
    void (*close_session)(TEEC_Session *session);
    TEEC_Result (*invoke)(TEEC_Session *session, uint32_t command, TEEC_Operation *operation, uint32_t *origin);
    void (*cancel)(TEEC_Operation *operation);
};

struct raw {
    TEEC_Context context;
    TEEC_SharedMemory memory; /* request, then response: LUATEE_BUFFER_SIZE each */
    TEEC_Session session;
    TEEC_Operation operation; /* of the last command; another thread may cancel it */
    uint32_t origin;
    uint32_t a, b; /* what the last command gave back */
    size_t size;   /* bytes of its response */
};

extern struct raw_teec raw_teec;

/* Loads the library and makes the context and the memory. Aborts the program when there is no TEE. */
void raw_begin(struct raw *r);
void raw_end(struct raw *r);

/* Opens a session with the given hello message and protocol version; raw_close ends it. */
TEEC_Result raw_open(struct raw *r, const void *hello, size_t size, uint32_t version);
/* Opens a session as an app "raw" with the flags (one byte: below 24). Must succeed. Of plaintext: no manifest is
 * given, so that what a call asks for is its script. */
void raw_open_app(struct raw *r, uint8_t flags);
/* Of a plaintext session that was just opened: its first call asks for the manifest before its script; neither is
 * given. */
void raw_decline_manifest(struct raw *r);
void raw_close(struct raw *r);

uint8_t *raw_request(struct raw *r);
uint8_t *raw_response(struct raw *r);

/* Sends a command; request NULL: what lies in raw_request already. */
TEEC_Result raw_command(struct raw *r, uint32_t command, const void *request, size_t size, uint32_t a, uint32_t b);

/* Writes [kind, digest, source] (an array of `count` items begun by the caller's prefix) for a script; returns the
 * size. */
size_t raw_script(uint8_t *out, const char *source);

/* Calls the script `name` with `arguments` (CBOR items, `count` of them), sending `source` when it is asked for. */
TEEC_Result raw_call(struct raw *r, const char *name, const char *source, const void *arguments, size_t size,
                     unsigned count);

#endif
