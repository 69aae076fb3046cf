/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "tests/unit/sim/test_ta/checks.h"
#include "tests/unit/sim/test_ta/commands.h"

#define BLOCKS 20

static size_t block_size(int i)
{
    return 100u + 17u * (size_t)i;
}

static uint32_t check_blocks(void)
{
    uint8_t *blocks[BLOCKS];

    /* Filled, freed in the order of a comb and refilled: nothing may overlap. */
    for (int i = 0; i < BLOCKS; i++) {
        blocks[i] = TEE_Malloc(block_size(i), TEE_MALLOC_NO_FILL);
        CHECK(blocks[i] && (uintptr_t)blocks[i] % 8 == 0);
        memset(blocks[i], i, block_size(i));
    }
    for (int i = 0; i < BLOCKS; i += 2) {
        TEE_Free(blocks[i]);
        blocks[i] = TEE_Malloc(40, TEE_MALLOC_FILL_ZERO);
        CHECK(blocks[i] && blocks[i][0] == 0 && blocks[i][39] == 0);
    }
    for (int i = 1; i < BLOCKS; i += 2)
        for (size_t k = 0; k < block_size(i); k++)
            CHECK(blocks[i][k] == i);
    for (int i = 0; i < BLOCKS; i++)
        TEE_Free(blocks[i]);
    return 0;
}

static uint32_t check_limit(void)
{
    void *half = TEE_Malloc(20 * 1024, 0);

    /* TA_DATA_SIZE is 32 KiB. */
    CHECK(half);
    CHECK(!TEE_Malloc(20 * 1024, 0));
    CHECK(!TEE_Malloc(SIZE_MAX - 4, 0));
    CHECK(!TEE_Realloc(half, 40 * 1024));
    TEE_Free(half);
    half = TEE_Malloc(31 * 1024, 0);
    CHECK(half);
    TEE_Free(half);
    return 0;
}

static uint32_t check_realloc(void)
{
    uint8_t *block = TEE_Realloc(NULL, 10);
    uint8_t *other;

    CHECK(block && block[9] == 0);
    memset(block, 7, 10);
    other = TEE_Malloc(10, 0);
    CHECK(other);
    block = TEE_Realloc(block, 5000);
    CHECK(block && block[0] == 7 && block[9] == 7);
    block = TEE_Realloc(block, 5);
    CHECK(block && block[4] == 7);
    TEE_Free(block);
    TEE_Free(other);
    CHECK(TEE_Realloc(TEE_Malloc(8, 0), 0) != NULL);
    CHECK(TEE_Malloc(0, 0) != NULL);
    TEE_Free(TEE_Malloc(0, 0));
    CHECK(TEE_Malloc(8, 0x80000000) == NULL);
    return 0;
}

uint32_t check_memory(void)
{
    uint8_t bytes[4];
    uint32_t line = check_blocks();

    if (!line)
        line = check_limit();
    if (!line)
        line = check_realloc();
    if (line)
        return line;
    CHECK(TEE_MemCompare("abc", "abd", 3) < 0 && TEE_MemCompare("b\0", "a\xff", 2) > 0);
    CHECK(TEE_MemCompare("\x01\xff", "\x02\x00", 2) < 0 && TEE_MemCompare("abc", "abc", 3) == 0);
    TEE_MemFill(bytes, 0x1ff, sizeof(bytes));
    CHECK(bytes[0] == 0xff && bytes[3] == 0xff);
    CHECK(TEE_GetInstanceData() == NULL);
    TEE_SetInstanceData(bytes);
    CHECK(TEE_GetInstanceData() == bytes);
    TEE_SetInstanceData(NULL);
    return 0;
}

/* params[1] is an input, params[2] an output. */
uint32_t check_access(uint32_t types, TEE_Param *params)
{
    const uint32_t read = TEE_MEMORY_ACCESS_READ, write = TEE_MEMORY_ACCESS_WRITE, any = TEE_MEMORY_ACCESS_ANY_OWNER;
    uint8_t *block = TEE_Malloc(64, 0);
    void *in = params[1].memref.buffer;
    void *out = params[2].memref.buffer;
    int local = 0;

    CHECK(TEE_PARAM_TYPE_GET(types, 1) == TEE_PARAM_TYPE_MEMREF_INPUT);
    CHECK(TEE_PARAM_TYPE_GET(types, 2) == TEE_PARAM_TYPE_MEMREF_OUTPUT);
    CHECK(block && TEE_CheckMemoryAccessRights(read | write, block, 64) == TEE_SUCCESS);
    CHECK(TEE_CheckMemoryAccessRights(read, block + 60, 64) == TEE_ERROR_ACCESS_DENIED);
    TEE_Free(block);
    CHECK(TEE_CheckMemoryAccessRights(read, block, 64) == TEE_ERROR_ACCESS_DENIED);
    CHECK(TEE_CheckMemoryAccessRights(read | write, &local, sizeof(local)) == TEE_SUCCESS);
    CHECK(TEE_CheckMemoryAccessRights(read, (void *)"text", 4) == TEE_SUCCESS);
    CHECK(TEE_CheckMemoryAccessRights(read | write, (void *)"text", 4) == TEE_ERROR_ACCESS_DENIED);
    CHECK(TEE_CheckMemoryAccessRights(read, NULL, 1) == TEE_ERROR_ACCESS_DENIED);
    CHECK(TEE_CheckMemoryAccessRights(read, NULL, 0) == TEE_SUCCESS);
    CHECK(TEE_CheckMemoryAccessRights(read, in, SIZE_MAX) == TEE_ERROR_ACCESS_DENIED);
    CHECK(TEE_CheckMemoryAccessRights(read, in, params[1].memref.size) == TEE_ERROR_ACCESS_DENIED);
    CHECK(TEE_CheckMemoryAccessRights(read | any, in, params[1].memref.size) == TEE_SUCCESS);
    CHECK(TEE_CheckMemoryAccessRights(write | any, in, params[1].memref.size) == TEE_ERROR_ACCESS_DENIED);
    CHECK(TEE_CheckMemoryAccessRights(write | any, out, params[2].memref.size) == TEE_SUCCESS);
    return 0;
}
