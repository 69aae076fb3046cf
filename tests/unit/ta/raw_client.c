/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/ta/raw_client.h"

#include <dlfcn.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/commands.h"
#include "abi/uuid.h"

struct raw_teec raw_teec;

static void give_up(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static void *symbol(void *library, const char *name)
{
    void *address = dlsym(library, name);
    if (!address)
        give_up(name, "not in the library");
    return address;
}

static void load(void)
{
    const char *path = getenv("LUATEE_TEEC");
    void *library = dlopen(path ? path : "libteec.so.2", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        give_up("LUATEE_TEEC", dlerror());
    *(void **)&raw_teec.open_context = symbol(library, "TEEC_InitializeContext");
    *(void **)&raw_teec.close_context = symbol(library, "TEEC_FinalizeContext");
    *(void **)&raw_teec.allocate = symbol(library, "TEEC_AllocateSharedMemory");
    *(void **)&raw_teec.release = symbol(library, "TEEC_ReleaseSharedMemory");
    *(void **)&raw_teec.open_session = symbol(library, "TEEC_OpenSession");
    *(void **)&raw_teec.close_session = symbol(library, "TEEC_CloseSession");
    *(void **)&raw_teec.invoke = symbol(library, "TEEC_InvokeCommand");
    *(void **)&raw_teec.cancel = symbol(library, "TEEC_RequestCancellation");
}

void raw_begin(struct raw *r)
{
    if (!raw_teec.invoke)
        load();
    memset(r, 0, sizeof(*r));
    if (raw_teec.open_context(NULL, &r->context) != TEEC_SUCCESS)
        give_up("TEEC_InitializeContext", "no TEE");
    r->memory.size = 2 * LUATEE_BUFFER_SIZE;
    r->memory.flags = TEEC_MEM_INPUT | TEEC_MEM_OUTPUT;
    if (raw_teec.allocate(&r->context, &r->memory) != TEEC_SUCCESS)
        give_up("TEEC_AllocateSharedMemory", "failed");
}

void raw_end(struct raw *r)
{
    raw_teec.release(&r->memory);
    raw_teec.close_context(&r->context);
}

uint8_t *raw_request(struct raw *r)
{
    return r->memory.buffer;
}

uint8_t *raw_response(struct raw *r)
{
    return (uint8_t *)r->memory.buffer + LUATEE_BUFFER_SIZE;
}

TEEC_Result raw_open(struct raw *r, const void *hello, size_t size, uint32_t version)
{
    static const TEEC_UUID uuid = LUATEE_TA_UUID;
    TEEC_Operation operation = { 0 };
    memcpy(raw_request(r), hello, size);
    operation.paramTypes = TEEC_PARAM_TYPES(TEEC_VALUE_INOUT, TEEC_MEMREF_PARTIAL_INPUT, TEEC_NONE, TEEC_NONE);
    operation.params[0].value.a = version;
    operation.params[1].memref.parent = &r->memory;
    operation.params[1].memref.size = size;
    TEEC_Result result =
        raw_teec.open_session(&r->context, &r->session, &uuid, TEEC_LOGIN_PUBLIC, NULL, &operation, &r->origin);
    r->a = operation.params[0].value.a;
    return result;
}

void raw_decline_manifest(struct raw *r)
{
    static const char none[] = "\x81\x64none";
    if (raw_command(r, LUATEE_CMD_CALL, "\x81\x61x", 3, 0, 0) == TEEC_SUCCESS && r->a == LUATEE_ANSWER_NEED_SCRIPT &&
        raw_command(r, LUATEE_CMD_DECLINE_SCRIPT, none, sizeof(none) - 1, 0, 0) == TEEC_SUCCESS &&
        r->a == LUATEE_ANSWER_NEED_SCRIPT &&
        raw_command(r, LUATEE_CMD_DECLINE_SCRIPT, none, sizeof(none) - 1, 0, 0) == TEEC_SUCCESS && r->a == LUATEE_ANSWER_RAISED)
        return;
    fprintf(stderr, "raw_decline_manifest: the first call went another way\n");
    exit(1);
}

void raw_open_app(struct raw *r, uint8_t flags)
{
    char hello[] = "\x82\x63raw\x00";
    hello[5] = (char)flags;
    TEEC_Result result = raw_open(r, hello, 6, LUATEE_PROTOCOL_VERSION);
    if (result != TEEC_SUCCESS) {
        fprintf(stderr, "raw_open_app: 0x%08x\n", (unsigned)result);
        exit(1);
    }
    if (flags == LUATEE_HELLO_PLAINTEXT)
        raw_decline_manifest(r);
}

void raw_close(struct raw *r)
{
    raw_teec.close_session(&r->session);
}

TEEC_Result raw_command(struct raw *r, uint32_t command, const void *request, size_t size, uint32_t a, uint32_t b)
{
    TEEC_Operation *operation = &r->operation;
    memset(operation, 0, sizeof(*operation));
    if (request && size > 0)
        memcpy(raw_request(r), request, size);
    operation->paramTypes =
        TEEC_PARAM_TYPES(TEEC_MEMREF_PARTIAL_INPUT, TEEC_MEMREF_PARTIAL_OUTPUT, TEEC_VALUE_INOUT, TEEC_NONE);
    operation->params[0].memref.parent = &r->memory;
    operation->params[0].memref.size = size;
    operation->params[1].memref.parent = &r->memory;
    operation->params[1].memref.offset = LUATEE_BUFFER_SIZE;
    operation->params[1].memref.size = LUATEE_BUFFER_SIZE;
    operation->params[2].value.a = a;
    operation->params[2].value.b = b;
    TEEC_Result result = raw_teec.invoke(&r->session, command, operation, &r->origin);
    r->size = operation->params[1].memref.size;
    r->a = operation->params[2].value.a;
    r->b = operation->params[2].value.b;
    return result;
}

static size_t head(uint8_t *out, uint8_t major, size_t n)
{
    if (n < 24) {
        out[0] = (uint8_t)(major | n);
        return 1;
    }
    if (n <= UINT8_MAX) {
        out[0] = major | 0x18;
        out[1] = (uint8_t)n;
        return 2;
    }
    out[0] = major | 0x19;
    out[1] = (uint8_t)(n >> 8);
    out[2] = (uint8_t)n;
    return 3;
}

size_t raw_script(uint8_t *out, const char *source)
{
    size_t size = strlen(source);
    size_t n = 0;
    out[n++] = LUATEE_KIND_SCRIPT;
    n += head(out + n, 0x40, LUATEE_DIGEST_SIZE);
    SHA256((const uint8_t *)source, size, out + n);
    n += LUATEE_DIGEST_SIZE;
    n += head(out + n, 0x40, size);
    memcpy(out + n, source, size);
    return n + size;
}

TEEC_Result raw_call(struct raw *r, const char *name, const char *source, const void *arguments, size_t size,
                     unsigned count)
{
    uint8_t *out = raw_request(r);
    size_t n = head(out, 0x80, 1 + count);
    n += head(out + n, 0x60, strlen(name));
    memcpy(out + n, name, strlen(name));
    n += strlen(name);
    if (size > 0)
        memcpy(out + n, arguments, size);
    TEEC_Result result = raw_command(r, LUATEE_CMD_CALL, NULL, n + size, 0, 0);
    if (result != TEEC_SUCCESS || r->a != LUATEE_ANSWER_NEED_SCRIPT)
        return result;
    out[0] = 0x83;
    return raw_command(r, LUATEE_CMD_SUPPLY_SCRIPT, NULL, 1 + raw_script(out + 1, source), 0, 0);
}
