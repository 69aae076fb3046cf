/* SPDX-License-Identifier: BSD-2-Clause */
/* The log of tee.store, sound and not; permissions; handles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/package/manifest.h"
#include "core/storage/object.h"
#include "core/storage/sealed.h"
#include "core/storage/sealed_log.h"
#include "sim/ta/storage.h"
#include "tests/unit/support/store_support.h"

#define LOG_MAX 512

struct made {
    uint8_t bytes[LOG_MAX];
    size_t size;
    size_t ends[8]; /* of the header, and of each record */
    int records;
};

static void begin(struct made *log)
{
    memset(log, 0, sizeof(*log));
    log->bytes[0] = SEALED_LOG_VERSION;
    memset(log->bytes + 1, 0x5a, SEALED_LOG_LINK_SIZE);
    log->size = log->ends[0] = SEALED_LOG_HEADER_SIZE;
}

/* Adds a record of these pairs. */
static void add(struct made *log, const void *pairs, size_t size)
{
    uint8_t *link = log->bytes + log->size - SEALED_LOG_LINK_SIZE;
    memcpy(log->bytes + log->size + SEALED_LOG_SIZE_SIZE, pairs, size);
    assert_int_equal(sealed_log_seal(link, size), TEE_SUCCESS);
    log->size += SEALED_LOG_RECORD_OVERHEAD + size;
    log->ends[++log->records] = log->size;
}

#define ADD(log, pairs) add(log, pairs, sizeof(pairs) - 1)

static void make(struct made *log)
{
    begin(log);
    ADD(log, "\x41" "a" "\x01");
    ADD(log, "\x41" "b" "\x42" "xy" "\x41" "c" "\xf5");
    ADD(log, "\x41" "b" "\xf6");
}

/* Reads a log in memory of just its size. Returns the records; or -1 when it is damaged. */
static int read_log(const uint8_t *bytes, size_t size)
{
    struct sealed_log_reader reader;
    const uint8_t *pairs;
    size_t pairs_size;
    TEE_Result result;
    int records = 0;
    uint8_t *copy = malloc(size - 1);
    assert_non_null(copy);
    memcpy(copy, bytes + 1, size - 1);
    sealed_log_begin(&reader, copy, size - 1);
    while ((result = sealed_log_next(&reader, &pairs, &pairs_size)) == TEE_SUCCESS && pairs)
        records++;
    free(copy);
    assert_true(result == TEE_SUCCESS || result == TEE_ERROR_CORRUPT_OBJECT);
    return result == TEE_SUCCESS ? records : -1;
}

static void a_log_is_read(void **state)
{
    (void)state;
    struct made log;
    begin(&log);
    assert_int_equal(read_log(log.bytes, log.size), 0);
    make(&log);
    assert_int_equal(read_log(log.bytes, log.size), 3);
    for (size_t zeros = 1; zeros < 40; zeros++)
        assert_int_equal(read_log(log.bytes, log.size + zeros), 3);
}

static void a_torn_or_changed_log_is_found_out(void **state)
{
    (void)state;
    struct made log;
    make(&log);
    for (size_t size = SEALED_LOG_HEADER_SIZE; size < log.size; size++) {
        int whole = -1;
        for (int i = 0; i < log.records; i++)
            if (size >= log.ends[i] && size < log.ends[i] + SEALED_LOG_SIZE_SIZE) /* three bytes are zeros, as at the end */
                whole = i;
        assert_int_equal(read_log(log.bytes, size), whole);
    }
    for (size_t at = 1; at < log.size; at++) {
        for (int bit = 0; bit < 8; bit++) {
            log.bytes[at] ^= (uint8_t)(1u << bit);
            assert_int_equal(read_log(log.bytes, log.size), -1);
            log.bytes[at] ^= (uint8_t)(1u << bit);
        }
    }
    for (size_t zeros = 1; zeros < 40; zeros++) { /* something behind them */
        log.bytes[log.size + zeros] = 1;
        assert_int_equal(read_log(log.bytes, log.size + zeros + 1), -1);
        log.bytes[log.size + zeros] = 0;
    }
}

static void records_have_their_places(void **state)
{
    (void)state;
    struct made log, other;
    make(&log);
    make(&other);
    size_t size = log.ends[2] - log.ends[1];
    /* Left out; twice; of another log, of which only the first link differs. */
    memmove(other.bytes + log.ends[1], log.bytes + log.ends[2], log.size - log.ends[2]);
    assert_int_equal(read_log(other.bytes, log.size - size), -1);
    memcpy(other.bytes, log.bytes, log.size);
    memcpy(other.bytes + log.size, log.bytes + log.ends[2], log.size - log.ends[2]);
    assert_int_equal(read_log(other.bytes, log.size + log.size - log.ends[2]), -1);
    begin(&other);
    other.bytes[1] ^= 1;
    ADD(&other, "\x41" "a" "\x01");
    memcpy(other.bytes + other.size, log.bytes + log.ends[1], size);
    assert_int_equal(read_log(other.bytes, log.ends[2]), -1);
}

static void pairs_that_are_none(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } bad[] = {
        { "\x41", 1 },
        { "\x41" "a", 2 },
        { "\x40" "\x01", 2 },
        { "\x61" "a" "\x01", 3 },
        { "\x01\x01", 2 },
        { "\x58\x05" "short" "\x01", 8 },
        { "\x41" "a" "\x42" "x", 4 },
        { "\x41" "a" "\x82\x01", 4 },
        { "\x41" "a" "\xff", 3 },
        { "\x5f" "a", 2 },
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct cursor c;
        struct sealed_log_pair pair;
        cursor_begin(&c, (const uint8_t *)bad[i].bytes, bad[i].size);
        if (sealed_log_read_pair(&c, &pair))
            fail_msg("pair %zu", i);
    }
    uint8_t longest[2 + 255 + 1] = "\x58\xff", longer[3 + 256 + 1] = "\x59\x01";
    struct cursor c;
    struct sealed_log_pair pair;
    cursor_begin(&c, longest, sizeof(longest));
    assert_true(sealed_log_read_pair(&c, &pair));
    assert_int_equal(pair.key_size, 255);
    cursor_begin(&c, longer, sizeof(longer));
    assert_false(sealed_log_read_pair(&c, &pair));
}

/* --- what is in the object, whoever wrote it ---------------------------------------------------------------------- */

static void put_object(enum object_kind kind, const void *data, size_t size)
{
    TEE_ObjectHandle object;
    size_t old;
    assert_int_equal(sealed_delete(kind, "app"), TEE_SUCCESS);
    assert_int_equal(sealed_open(kind, "app", true, &object, &old), TEE_SUCCESS);
    assert_int_equal(object_write(&object, 0, data, size), TEE_SUCCESS);
    TEE_CloseObject(object);
    sim_storage_close();
}

static void what_is_no_log_is_no_data(void **state)
{
    (void)state;
    struct made log;
    static const char damaged[] = "the store is damaged";
    static const char get[] = "return tostring(tee.store.get('b'))";
    make(&log);
    put_object(OBJECT_STORE, log.bytes, log.ends[2]);
    assert_string_equal(store_must(get), "xy");
    put_object(OBJECT_STORE, log.bytes, log.size);
    assert_string_equal(store_must(get), "nil");
    put_object(OBJECT_STORE, log.bytes, log.size - 1);
    store_must_raise(get, damaged);
    store_must_raise("tee.store.put('b', 1)", damaged); /* still, as it was remembered */
    log.bytes[0] = SEALED_LOST; /* the same before the rest was cut */
    put_object(OBJECT_STORE, log.bytes, log.size);
    store_must_raise(get, damaged);
    store_must_raise(get, damaged);
    log.bytes[0] = SEALED_LOG_VERSION;
    put_object(OBJECT_STORE, log.bytes, SEALED_LOG_HEADER_SIZE - 1);
    store_must_raise(get, damaged);
    begin(&log); /* a record that is in order, and in it none */
    ADD(&log, "\x41" "b" "\x01" "\x41");
    put_object(OBJECT_STORE, log.bytes, log.size);
    store_must_raise(get, damaged);
    begin(&log); /* a value that only its reader finds strange */
    ADD(&log, "\x41" "b" "\x61" "x");
    put_object(OBJECT_STORE, log.bytes, log.size);
    store_must_raise(get, "a stored value cannot be read");
    log.bytes[0] = SEALED_LOG_VERSION + 1;
    put_object(OBJECT_STORE, log.bytes, log.size);
    store_must_raise(get, "written by another version of luatee");
    store_must_raise(get, "written by another version of luatee");
    assert_string_equal(store_must("tee.store.clear() tee.store.put('b', 'z') return tee.store.get('b')"), "z");
    (void)store_must("tee.store.clear()");
}

static void what_are_no_counters_is_not_counted(void **state)
{
    (void)state;
    static const uint8_t odd[] = { 1, 3, 'o', 'n', 'e' }, strange[] = { 9 };
    put_object(OBJECT_COUNTERS, odd, sizeof(odd));
    store_must_raise("tee.counter('one'):value()", "its value is lost");
    store_must_raise("tee.counter('two'):increment()", "its value is lost");
    (void)store_must("tee.counter('one'):restart(3) assert(tee.counter('one'):value() == 3)");
    uint8_t left[1 + 1 + LUATEE_NAME_MAX + 8] = { SEALED_LOST, 3, 'o', 'n', 'e' }; /* what was there is not cut */
    put_object(OBJECT_COUNTERS, left, sizeof(left));
    store_must_raise("tee.counter('one'):value()", "its value is lost");
    (void)store_must("tee.counter('one'):restart(3) assert(tee.counter('one'):value() == 3)");
    put_object(OBJECT_COUNTERS, strange, sizeof(strange));
    store_must_raise("tee.counter('one'):increment()", "written by another version of luatee");
    assert_int_equal(sealed_delete(OBJECT_COUNTERS, "app"), TEE_SUCCESS);
    sim_storage_close();
}

/* --- permissions, handles ----------------------------------------------------------------------------------------- */

static void must_be_refused(const char *source, uint32_t permissions, const char *words)
{
    const char *text;
    if (store_run(source, NULL, permissions, &text) != STORE_RAISED || !strstr(text, words))
        fail_msg("%s: %s", source, text);
}

static void the_manifest_grants(void **state)
{
    (void)state;
    static const char storage[] = "permission `storage` is not granted in manifest.lua";
    static const char counters[] = "permission `counters` is not granted in manifest.lua";
    const uint32_t all = UINT32_MAX;
    const char *text;
    must_be_refused("tee.store.put('a', 1)", all & ~MANIFEST_STORAGE, storage);
    must_be_refused("tee.store.get('a')", all & ~MANIFEST_STORAGE, storage);
    must_be_refused("tee.store.delete('a')", all & ~MANIFEST_STORAGE, storage);
    must_be_refused("tee.store.pairs()", all & ~MANIFEST_STORAGE, storage);
    must_be_refused("tee.store.clear()", all & ~MANIFEST_STORAGE, storage);
    must_be_refused("tee.store.transaction(function() end)", all & ~MANIFEST_STORAGE, storage);
    must_be_refused("tee.counter('a')", all & ~MANIFEST_COUNTERS, counters);
    assert_int_equal(store_run("tee.store.put('a', 1)", NULL, MANIFEST_STORAGE, &text), STORE_DONE);
    assert_int_equal(store_run("tee.counter('a'):increment()", NULL, MANIFEST_COUNTERS, &text), STORE_DONE);
}

static void out_of_handles(void **state)
{
    (void)state;
    (void)store_must(
        "tee.store.put('a', 1)"
        "local held = {}"
        "for i = 1, 32 do held[i] = tee.digest('sha256') end "
        "for _, f in ipairs {tee.store.get, tee.store.put, tee.store.delete, tee.store.pairs} do"
        "    local ok, why = pcall(f, 'a', 2)"
        "    assert(not ok and why:find('32 objects of the TEE are in use', 1, true), why) "
        "end "
        "assert(not pcall(tee.store.transaction, function() end))"
        "table.remove(held):final()"
        "assert(tee.store.get('a') == 1) tee.store.put('a', 2)"
        "tee.store.transaction(function(t)"
        "    assert(not pcall(tee.digest, 'sha256'))" /* it has the last one */
        "    t.put('a', 3)"
        "end)"
        "assert(tee.store.get('a') == 3 and tee.digest('sha256'))");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_is_read),
        cmocka_unit_test(a_torn_or_changed_log_is_found_out),
        cmocka_unit_test(records_have_their_places),
        cmocka_unit_test(pairs_that_are_none),
        cmocka_unit_test(what_is_no_log_is_no_data),
        cmocka_unit_test(what_are_no_counters_is_not_counted),
        cmocka_unit_test(the_manifest_grants),
        cmocka_unit_test(out_of_handles),
    };
    return store_support_start() ? cmocka_run_group_tests_name("store", tests, NULL, NULL) : 1;
}
