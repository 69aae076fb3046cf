/* SPDX-License-Identifier: BSD-2-Clause */
/* The TA that the simulator's tests run. commands.h says what each command does. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/sim/test_ta/checks.h"
#include "tests/unit/sim/test_ta/commands.h"

#define STACK_STEP 1024

static void note(const char *line)
{
    const char *path = getenv(SIM_TEST_DIARY);
    int fd = path ? open(path, O_WRONLY | O_APPEND | O_CREAT, 0600) : -1;

    if (fd < 0)
        return;
    if (write(fd, line, strlen(line)) < 0)
        abort();
    close(fd);
}

TEE_Result TA_CreateEntryPoint(void)
{
    return getenv(SIM_TEST_CREATE_FAILS) ? SIM_TEST_REFUSAL : TEE_SUCCESS;
}

void TA_DestroyEntryPoint(void)
{
    note("destroy\n");
}

TEE_Result TA_OpenSessionEntryPoint(uint32_t types, TEE_Param params[TEE_NUM_PARAMS], void **context)
{
    (void)context;
    if (TEE_PARAM_TYPE_GET(types, 0) != TEE_PARAM_TYPE_VALUE_INOUT)
        return TEE_SUCCESS;
    params[0].value.b = SIM_TEST_MARK;
    if (params[0].value.a == SIM_TEST_OPEN_PANIC)
        TEE_Panic(SIM_TEST_REFUSAL);
    return params[0].value.a == SIM_TEST_OPEN_REFUSE ? SIM_TEST_REFUSAL : TEE_SUCCESS;
}

void TA_CloseSessionEntryPoint(void *context)
{
    (void)context;
    note("close\n");
}

static TEE_Result copy(TEE_Param *params)
{
    size_t room = params[1].memref.size;

    params[1].memref.size = params[0].memref.size;
    if (room < params[0].memref.size)
        return TEE_ERROR_SHORT_BUFFER;
    TEE_MemMove(params[1].memref.buffer, params[0].memref.buffer, params[0].memref.size);
    return TEE_SUCCESS;
}

/* Sets the second byte, and returns when the first one has changed. */
static TEE_Result watch(volatile uint8_t *bytes)
{
    uint8_t first = *bytes;

    bytes[1] = 1;
    while (*bytes == first)
        ;
    return TEE_SUCCESS;
}

/* The empty statement in assembler keeps compilers from shrinking the array, or making a loop of the recursion. */
static uint32_t recurse(uint32_t levels)
{
    uint8_t room[STACK_STEP] = {1};

    __asm__ volatile("" : : "r"(room) : "memory");
    return levels ? recurse(levels - 1) + room[0] : room[0];
}

static TEE_Result store(TEE_Param *params)
{
    TEE_ObjectHandle object;
    TEE_Result result = TEE_CreatePersistentObject(
        TEE_STORAGE_PRIVATE, params[0].memref.buffer, params[0].memref.size, params[2].value.a, TEE_HANDLE_NULL,
        params[1].memref.buffer, params[1].memref.size, &object);

    if (result == TEE_SUCCESS)
        TEE_CloseObject(object);
    return result;
}

static TEE_Result open_object(const TEE_Param *id, uint32_t flags, TEE_ObjectHandle *object)
{
    return TEE_OpenPersistentObject(TEE_STORAGE_PRIVATE, id->memref.buffer, id->memref.size, flags, object);
}

static TEE_Result load(TEE_Param *params)
{
    TEE_ObjectHandle object;
    TEE_Result result = open_object(&params[0], params[2].value.a, &object);
    size_t count = 0;

    if (result != TEE_SUCCESS)
        return result;
    result = TEE_ReadObjectData(object, params[1].memref.buffer, params[1].memref.size, &count);
    params[1].memref.size = count;
    TEE_CloseObject(object);
    return result;
}

static TEE_Result hold(TEE_Param *params)
{
    TEE_ObjectHandle object;

    return open_object(&params[0], params[2].value.a, &object);
}

static TEE_Result remove_object(TEE_Param *params)
{
    TEE_ObjectHandle object;
    TEE_Result result = open_object(&params[0], TEE_DATA_FLAG_ACCESS_WRITE_META, &object);

    return result == TEE_SUCCESS ? TEE_CloseAndDeletePersistentObject1(object) : result;
}

static TEE_Result rename_object(TEE_Param *params)
{
    TEE_ObjectHandle object;
    TEE_Result result = open_object(&params[0], TEE_DATA_FLAG_ACCESS_WRITE_META, &object);

    if (result != TEE_SUCCESS)
        return result;
    result = TEE_RenamePersistentObject(object, params[1].memref.buffer, params[1].memref.size);
    TEE_CloseObject(object);
    return result;
}

static TEE_Result extend(TEE_Param *params)
{
    TEE_ObjectHandle object;
    TEE_Result result = open_object(&params[0], TEE_DATA_FLAG_ACCESS_WRITE, &object);

    if (result != TEE_SUCCESS)
        return result;
    result = TEE_SeekObjectData(object, 0, TEE_DATA_SEEK_END);
    if (result == TEE_SUCCESS)
        result = TEE_WriteObjectData(object, params[1].memref.buffer, params[1].memref.size);
    TEE_CloseObject(object);
    return result;
}

static TEE_Result list(TEE_Param *params)
{
    uint8_t id[TEE_OBJECT_ID_MAX_LEN];
    TEE_ObjectEnumHandle objects;
    size_t size;
    TEE_Result result = TEE_AllocatePersistentObjectEnumerator(&objects);

    if (result != TEE_SUCCESS)
        return result;
    params[1].value.a = params[1].value.b = 0;
    result = TEE_StartPersistentObjectEnumerator(objects, TEE_STORAGE_PRIVATE);
    while (result == TEE_SUCCESS || result == TEE_ERROR_CORRUPT_OBJECT) {
        result = TEE_GetNextPersistentObject(objects, NULL, id, &size);
        params[1].value.a += result == TEE_SUCCESS;
        params[1].value.b += result == TEE_ERROR_CORRUPT_OBJECT;
    }
    TEE_FreePersistentObjectEnumerator(objects);
    return result == TEE_ERROR_ITEM_NOT_FOUND ? TEE_SUCCESS : result;
}

static uint32_t (*const checks[SIM_TEST_CHECKS])(void) = {
    [SIM_TEST_CHECK_MEMORY] = check_memory,
    [SIM_TEST_CHECK_PROPERTIES] = check_properties,
    [SIM_TEST_CHECK_TIME] = check_time,
    [SIM_TEST_CHECK_DIGEST] = check_digest,
    [SIM_TEST_CHECK_CIPHER] = check_cipher,
    [SIM_TEST_CHECK_AE] = check_ae,
    [SIM_TEST_CHECK_MAC] = check_mac,
    [SIM_TEST_CHECK_KEYS] = check_keys,
    [SIM_TEST_CHECK_OBJECTS] = check_objects,
    [SIM_TEST_CHECK_STREAM] = check_stream,
    [SIM_TEST_CHECK_SHARING] = check_sharing,
    [SIM_TEST_CHECK_ENUMERATOR] = check_enumerator,
    [SIM_TEST_CHECK_PERSISTENT_KEY] = check_persistent_key,
    [SIM_TEST_CHECK_PUBLISHED_SIGNATURES] = check_published_signatures,
    [SIM_TEST_CHECK_SIGNATURE_BITS] = check_signature_bits,
    [SIM_TEST_CHECK_SIGNATURE_OPERATION] = check_signature_operation,
    [SIM_TEST_CHECK_ED25519] = check_ed25519,
    [SIM_TEST_CHECK_AGREEMENT] = check_agreement,
    [SIM_TEST_CHECK_X25519] = check_x25519,
    [SIM_TEST_CHECK_PAIR_ATTRIBUTES] = check_pair_attributes,
    [SIM_TEST_CHECK_PAIR_GENERATION] = check_pair_generation,
    [SIM_TEST_CHECK_PAIR_STORAGE] = check_pair_storage,
    [SIM_TEST_CHECK_PAIR_REFUSALS] = check_pair_refusals,
    [SIM_TEST_CHECK_PAIR_ZEROS] = check_pair_zeros,
    [SIM_TEST_CHECK_RSA] = check_rsa,
    [SIM_TEST_CHECK_RSA_REFUSALS] = check_rsa_refusals,
    [SIM_TEST_CHECK_X25519_PUBLIC] = check_x25519_public,
    [SIM_TEST_CHECK_CCM] = check_ccm,
    [SIM_TEST_CHECK_CCM_PIECES] = check_ccm_pieces,
    [SIM_TEST_CHECK_CCM_REFUSALS] = check_ccm_refusals,
};

static uint32_t check(uint32_t which, uint32_t types, TEE_Param *params)
{
    if (which == SIM_TEST_CHECK_ACCESS)
        return check_access(types, params);
    return which < SIM_TEST_CHECKS && checks[which] ? checks[which]() : __LINE__;
}

static TEE_Result wait(const TEE_Param *param)
{
    if (param->value.b)
        TEE_UnmaskCancellation();
    return TEE_Wait(param->value.a);
}

static TEE_Result heap(uint32_t size)
{
    void *block = TEE_Malloc(size, TEE_MALLOC_FILL_ZERO);

    TEE_Free(block);
    return block ? TEE_SUCCESS : TEE_ERROR_OUT_OF_MEMORY;
}

TEE_Result TA_InvokeCommandEntryPoint(void *context, uint32_t command, uint32_t types, TEE_Param params[TEE_NUM_PARAMS])
{
    (void)context;
    switch (command) {
    case SIM_TEST_ADD:
        params[0].value.a += 1;
        params[0].value.b += 2;
        params[1].value.a = types;
        return TEE_SUCCESS;
    case SIM_TEST_COPY:
        return copy(params);
    case SIM_TEST_INCREMENT:
        for (size_t i = 0; i < params[0].memref.size; i++)
            ((uint8_t *)params[0].memref.buffer)[i]++;
        return TEE_SUCCESS;
    case SIM_TEST_NULLS:
        params[1].value.a = params[0].memref.buffer == NULL;
        params[1].value.b = (uint32_t)params[0].memref.size;
        return TEE_SUCCESS;
    case SIM_TEST_WATCH:
        return watch(params[0].memref.buffer);
    case SIM_TEST_SPOIL:
        *(volatile uint8_t *)params[0].memref.buffer = 1;
        return TEE_SUCCESS;
    case SIM_TEST_WAIT:
        return wait(&params[0]);
    case SIM_TEST_SPIN:
        for (volatile int i = 0;;)
            i = 1 - i;
    case SIM_TEST_RECURSE:
        return recurse(params[0].value.a) ? TEE_SUCCESS : TEE_ERROR_NO_DATA;
    case SIM_TEST_MISUSE:
        misuse(params[0].value.a);
        return TEE_SUCCESS;
    case SIM_TEST_CHECK:
        params[0].value.a = check(params[0].value.a, types, params);
        return TEE_SUCCESS;
    case SIM_TEST_CLIENT:
        return TEE_GetPropertyAsString(TEE_PROPSET_CURRENT_CLIENT, "gpd.client.identity", params[0].memref.buffer,
                                       &params[0].memref.size);
    case SIM_TEST_STORE:
        return store(params);
    case SIM_TEST_LOAD:
        return load(params);
    case SIM_TEST_HOLD:
        return hold(params);
    case SIM_TEST_REMOVE:
        return remove_object(params);
    case SIM_TEST_RENAME:
        return rename_object(params);
    case SIM_TEST_LIST:
        return list(params);
    case SIM_TEST_EXTEND:
        return extend(params);
    case SIM_TEST_HEAP:
        return heap(params[0].value.a);
    case SIM_TEST_SIGN:
    case SIM_TEST_VERIFY:
    case SIM_TEST_AGREE:
        return peer(command, params);
    default:
        return TEE_ERROR_NOT_SUPPORTED;
    }
}
