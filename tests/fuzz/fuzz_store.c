/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log of tee.store. First byte 0: the rest is a log as it lies in the object, without its version. Otherwise that
 * is the size of each record's pairs, the next two a place and what is changed there, and the rest is pairs: a log of
 * sound records is made of them, which is read as it was made, or found out when something was changed.
 */
#include <stdlib.h>
#include <string.h>

#include "core/storage/sealed_log.h"
#include "sim/ta/memory.h"

#define LOG_MAX 65536

static void expect(bool ok)
{
    if (!ok)
        abort();
}

static void check_pairs(const uint8_t *pairs, size_t size)
{
    struct cursor c;
    struct sealed_log_pair pair;
    cursor_begin(&c, pairs, size);
    while (cursor_left(&c) > 0 && sealed_log_read_pair(&c, &pair)) {
        expect(pair.whole >= pairs && pair.size > pair.key_size && pair.whole + pair.size == c.next);
        expect(pair.key > pair.whole && pair.key + pair.key_size <= c.next && pair.key_size >= 1);
        expect(!pair.deleted || pair.whole[pair.size - 1] == HEAD_NULL);
    }
}

/* Reads a copy of just its size. Returns the records, or -1. */
static int read_log(const uint8_t *data, size_t size)
{
    struct sealed_log_reader reader;
    const uint8_t *pairs;
    size_t pairs_size;
    TEE_Result result;
    int records = 0;
    uint8_t *copy = malloc(size);
    expect(copy != NULL);
    memcpy(copy, data, size);
    sealed_log_begin(&reader, copy, size);
    while ((result = sealed_log_next(&reader, &pairs, &pairs_size)) == TEE_SUCCESS && pairs) {
        expect(pairs_size > 0 && pairs > copy && pairs + pairs_size + SEALED_LOG_LINK_SIZE <= copy + size);
        check_pairs(pairs, pairs_size);
        records++;
    }
    free(copy);
    expect(result == TEE_SUCCESS || result == TEE_ERROR_CORRUPT_OBJECT);
    return result == TEE_SUCCESS ? records : -1;
}

static void make_and_read(const uint8_t *data, size_t size)
{
    static uint8_t log[LOG_MAX];
    size_t each = data[0], used = SEALED_LOG_LINK_SIZE;
    const uint8_t *at = data + 3, *end = data + size;
    int records = 0;
    memset(log, 0x5a, SEALED_LOG_LINK_SIZE);
    while (at < end && used + SEALED_LOG_RECORD_OVERHEAD + each <= LOG_MAX) {
        size_t some = (size_t)(end - at) < each ? (size_t)(end - at) : each;
        memcpy(log + used + SEALED_LOG_SIZE_SIZE, at, some);
        expect(sealed_log_seal(log + used - SEALED_LOG_LINK_SIZE, some) == TEE_SUCCESS);
        used += SEALED_LOG_RECORD_OVERHEAD + some;
        at += some;
        records++;
    }
    log[data[1] % used] ^= data[2];
    expect(read_log(log, used) == (data[2] && records > 0 ? -1 : records));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    expect(sim_memory_start());
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > SEALED_LOG_LINK_SIZE && data[0] == 0)
        (void)read_log(data + 1, size - 1);
    else if (size > 3 && data[0] > 0)
        make_and_read(data, size);
    return 0;
}
