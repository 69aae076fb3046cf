/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What becomes of tee.store, tee.counter, stored keys and scripts when the power is cut at every step of a change, when
 * the storage is full at every step, and when any byte of their files is another one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/sha256.h"
#include "core/trust/script_store.h"
#include "sim/ta/storage.h"
#include "tests/unit/support/few.h"
#include "tests/unit/support/store_support.h"

#define STEPS_MAX 200

/* The store as "key=value ...", then the counter and the key. */
#define LOOK \
    "local all = {} for k, v in tee.store.pairs() do all[#all + 1] = k .. '=' .. #v .. v:sub(1, 1) end " \
    "assert(tee.key.open('key'):verify('x', tee.key.open('key'):mac('x'))) "
#define LOOK_STORE LOOK "return table.concat(all, ' ')"
#define LOOK_COUNTER LOOK "return tostring(tee.counter('count'):value())"

/* Changes, what they start from, and what each can end with. */
static const struct change {
    const char *what, *before, *change, *look;
    const char *old, *new;
} changes[] = {
    { "first of all", "tee.store.clear()", "tee.store.put('a', 'x')", LOOK_STORE, "", "a=1x" },
    { "append", "tee.store.clear() tee.store.put('a', '1') tee.store.put('b', '1')",
      "tee.store.transaction(function(t) t.put('a', '22') t.delete('b') t.put('c', '22') end)", LOOK_STORE, "a=11 b=11",
      "a=22 c=22" },
    { "anew and shorter",
      "tee.store.clear() for i = 1, 9 do tee.store.put('a', ('1'):rep(800)) end tee.store.put('b', '1')",
      "tee.store.transaction(function(t) t.delete('a') t.put('c', '2') end)", LOOK_STORE, "a=8001 b=11", "b=11 c=12" },
    { "anew and empty", "tee.store.clear() for i = 1, 9 do tee.store.put('a', ('1'):rep(800)) end",
      "tee.store.delete('a')", LOOK_STORE, "a=8001", "" },
    { "anew and longer", "tee.store.clear() tee.store.put('a', '1')",
      "tee.store.transaction(function(t) t.put('a', '2') t.put('b', ('2'):rep(9000)) end)", LOOK_STORE, "a=11",
      "a=12 b=90002" },
    { "clear", "tee.store.clear() tee.store.put('a', '1')", "tee.store.clear()", LOOK_STORE, "a=11", "" },
};
#define CHANGE_COUNT (sizeof(changes) / sizeof(changes[0]))

/* Of what is not tee.store: a key is there and right, or not there; a clock has one time or the other. */
#define LOOK_KEY \
    LOOK "local k = tee.key.open('made') if not k then return 'none' end " \
    "assert(k:public() and k:verify('x', k:sign('x')) and #tee.key.list() == 2) return 'there'"
#define LOOK_TIME LOOK "local t = tee.time.persistent() return t and tostring(t // 1000 | 0) or 'none'"
static const struct change others[] = {
    { "tee.key, generate", "tee.key.delete('made')", "tee.key.generate {type = 'ed25519', name = 'made'}", LOOK_KEY,
      "none", "there" },
    { "tee.key, import", "tee.key.delete('made')",
      "local pem = tee.key.generate {type = 'ed25519', extractable = true}:export 'pem' "
      "tee.key.import {type = 'ed25519', pem = pem, name = 'made'}",
      LOOK_KEY, "none", "there" },
    { "tee.key, delete", "if not tee.key.open('made') then tee.key.generate {type = 'ed25519', name = 'made'} end",
      "tee.key.delete('made')", LOOK_KEY, "there", "none" },
    { "persistent time", "tee.time.set_persistent(5000)", "tee.time.set_persistent(9000)", LOOK_TIME, "5", "9" },
};
#define OTHER_COUNT (sizeof(others) / sizeof(others[0]))

static void make_key(void)
{
    (void)store_must("if not tee.key.open('key') then tee.key.generate {type = 'hmac-sha256', name = 'key'} end");
}

/* Makes the change with each fault in turn, until there is none. Returns how many there were. */
static unsigned each_fault(const struct change *c, const char *fault, const char *words)
{
    for (unsigned step = 1; step < STEPS_MAX; step++) {
        char at[32], found[256];
        const char *text;
        snprintf(at, sizeof(at), "%s %u", fault, step);
        (void)store_must(c->before);
        enum store_outcome outcome = store_run(c->change, at, UINT32_MAX, &text);
        if (outcome == STORE_RAISED && (!words || !strstr(text, words)))
            fail_msg("%s, %s: %s", c->what, at, text);
        snprintf(found, sizeof(found), "%s", store_must(c->look));
        bool is_new = strcmp(found, c->new) == 0, is_old = strcmp(found, c->old) == 0;
        if (!(is_new && outcome != STORE_RAISED) && !(is_old && outcome != STORE_DONE))
            fail_msg("%s, %s: outcome %d, found %s", c->what, at, (int)outcome, found);
        (void)store_must("tee.store.put('after', 'z') assert(tee.store.get('after') == 'z')");
        if (outcome == STORE_DONE)
            return step - 1;
    }
    fail_msg("%s: no end of steps", c->what);
    return 0;
}

static void the_power_is_cut(void **state)
{
    (void)state;
    make_key();
    for (size_t i = 0; i < CHANGE_COUNT; i++)
        assert_true(each_fault(&changes[i], "cut", NULL) >= 2);
}

static void the_storage_is_full(void **state)
{
    (void)state;
    make_key();
    for (size_t i = 0; i < CHANGE_COUNT; i++)
        if (strcmp(changes[i].what, "clear") != 0) /* it frees room, but not on a disk that is like this */
            assert_true(
                each_fault(&changes[i], "full", "tee.store: the TEE's storage is full, and nothing was stored") >= 2);
}

/* What is said of them when storage is full. */
static const char *full_words(const struct change *c)
{
    if (strcmp(c->what, "tee.key, delete") == 0)
        return "the TEE cannot use its storage";
    return strncmp(c->what, "tee.key", 7) == 0 ? "the TEE's secure storage has no space for the key 'made'" :
                                                 "the TEE's storage is full";
}

static void keys_and_clocks_survive_both(void **state)
{
    (void)state;
    make_key();
    for (size_t i = 0; i < OTHER_COUNT; i++) {
        assert_true(each_fault(&others[i], "cut", NULL) >= 1);
        assert_true(each_fault(&others[i], "full", full_words(&others[i])) >= 1);
    }
}

/* A counter that was told is never told again, and none is lost. */
static void counters_survive_both(void **state)
{
    (void)state;
    static const char *const faults[] = { "cut", "full" };
    make_key();
    long last = strtol(store_must("return tostring(tee.counter('count'):increment())"), NULL, 10);
    for (size_t i = 0; i < 2; i++) {
        enum store_outcome outcome = STORE_CUT;
        for (unsigned step = 1; outcome != STORE_DONE; step++) {
            char at[32];
            const char *text;
            assert_true(step < STEPS_MAX);
            snprintf(at, sizeof(at), "%s %u", faults[i], step);
            outcome = store_run("return tostring(tee.counter('count'):increment())", at, UINT32_MAX, &text);
            if (outcome == STORE_DONE)
                assert_int_equal(strtol(text, NULL, 10), last + 1);
            if (outcome == STORE_RAISED)
                assert_non_null(strstr(text, "tee.counter: the TEE's storage is full"));
            long now = strtol(store_must(LOOK_COUNTER), NULL, 10);
            assert_true(now == last + 1 || (now == last && outcome != STORE_DONE));
            assert_true(now == last || outcome != STORE_RAISED);
            last = now;
        }
    }
}

/* --- a script in secure storage, by what the session calls for it ------------------------------------------------- */

static const struct script_store_object script = { OBJECT_SCRIPT, "app", "script", NULL };
static const char source[] = "return 'the script'";

static void put_script(struct alloc *alloc)
{
    uint8_t digest[LUATEE_DIGEST_SIZE];
    assert_int_equal(sha256_digest(source, sizeof(source), digest), TEE_SUCCESS);
    assert_int_equal(script_store_put(alloc, &script, digest, source, sizeof(source)), TEE_SUCCESS);
    sim_storage_close();
}

/* Whether it is there; when it is, it is right. */
static bool has_script(struct alloc *alloc)
{
    struct script_store_record record;
    TEE_Result result = script_store_get(alloc, &script, &record);
    sim_storage_close();
    if (result == TEE_ERROR_CORRUPT_OBJECT)
        return false;
    assert_int_equal(result, TEE_SUCCESS);
    assert_int_equal(record.size, sizeof(source));
    assert_memory_equal(record.data, source, record.size);
    script_store_record_free(alloc, &record);
    return true;
}

/* --- files -------------------------------------------------------------------------------------------------------- */

#define FILES_MAX 16
#define FILE_SIZE_MAX 4096

static struct file {
    char path[4096];
    uint8_t data[FILE_SIZE_MAX];
    size_t size;
} files[FILES_MAX];
static size_t file_count;

static void damage(const char *path)
{
    FILE *f = fopen(path, "ab");
    assert_non_null(f);
    assert_int_equal(fputc('x', f), 'x');
    assert_int_equal(fclose(f), 0);
}

/* Calls f for each object's file in the folder of the TA. */
static void each_file(void (*f)(const char *path))
{
    char folder[2048], path[4096];
    DIR *state = opendir(getenv("LUATEE_SIM_STATE"));
    assert_non_null(state);
    for (struct dirent *ta; (ta = readdir(state));) {
        if (strlen(ta->d_name) != 36)
            continue;
        snprintf(folder, sizeof(folder), "%s/%s", getenv("LUATEE_SIM_STATE"), ta->d_name);
        DIR *objects = opendir(folder);
        for (struct dirent *object; (object = readdir(objects));) {
            snprintf(path, sizeof(path), "%s/%s", folder, object->d_name);
            if (strncmp(object->d_name, "o.", 2) == 0)
                f(path);
        }
        closedir(objects);
    }
    closedir(state);
}

static void keep(const char *path)
{
    struct file *file = &files[file_count++];
    assert_true(file_count <= FILES_MAX);
    snprintf(file->path, sizeof(file->path), "%s", path);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    file->size = fread(file->data, 1, sizeof(file->data), f);
    assert_true(file->size < sizeof(file->data));
    fclose(f);
}

static void discard(const char *path)
{
    assert_int_equal(unlink(path), 0);
}

static void write_file(const struct file *file)
{
    FILE *f = fopen(file->path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(file->data, 1, file->size, f), file->size);
    assert_int_equal(fclose(f), 0);
}

static void restore(void)
{
    each_file(discard);
    for (size_t i = 0; i < file_count; i++)
        write_file(&files[i]);
}

/* What is read: the data, or an error's first words for each object. */
static const char looks[] =
    "local function try(f) local ok, v = pcall(f) return ok and tostring(v) or 'damaged: ' .. v end "
    "return table.concat({"
    "    try(function() return tee.store.get('a') .. tee.store.get('b') end),"
    "    try(function() return tee.counter('count'):value() end),"
    "    try(function() return tee.hex.encode(tee.key.open('key'):mac('x')) end)}, '|')";

#define NONE (-1)
#define WITNESS (-2) /* of store and of counters: nobody opens them; and directories, which are made again */

/* Which of the three is damaged; the others are as they were. */
static int find_damaged(const char *sound, const char *found, const char *const words[3])
{
    int damaged = NONE;
    for (int n = 0; n < 3; n++) {
        size_t right = strcspn(sound, "|"), size = strcspn(found, "|");
        if (size != right || memcmp(found, sound, size) != 0) {
            assert_int_equal(damaged, NONE);
            damaged = n;
            const char *message = strstr(found, words[n]);
            if (strncmp(found, "damaged: ", 9) != 0 || !message || message > found + size)
                fail_msg("%s", found);
        }
        sound += right + (n < 2);
        found += size + (n < 2);
    }
    return damaged;
}

static void any_byte_is_another(void **state)
{
    (void)state;
    static const char *const words[] = {
        "the store is damaged, and its data are lost: start a new one with tee.store.clear()",
        "the counter 'count' was damaged, and its value is lost: set another with its method restart",
        "the stored key 'key' is damaged: delete it and create it again",
    };
    char sound[512];
    each_file(discard);
    (void)store_must(
        "tee.key.import {type = 'hmac-sha256', raw = ('k'):rep(32), name = 'key'} tee.counter('count'):increment(7) "
        "tee.store.put('a', 'secret') tee.store.put('b', 'value')");
    struct alloc *alloc = alloc_new();
    put_script(alloc);
    snprintf(sound, sizeof(sound), "%s", store_must(looks));
    assert_memory_equal(sound, "secretvalue|7|", 14);
    file_count = 0;
    each_file(keep);
    assert_int_equal(file_count, 8);
    int witnesses = 0;
    for (size_t i = 0; i < file_count; i++) {
        int object = NONE;
        for (size_t at = 0; at < files[i].size; at += (size_t)few_or(7, 1)) {
            files[i].data[at] ^= (uint8_t)(1u << at % 8);
            restore();
            files[i].data[at] ^= (uint8_t)(1u << at % 8);
            bool script_is_there = has_script(alloc);
            int damaged = find_damaged(sound, store_must(looks), words);
            assert_true(damaged == NONE || script_is_there);
            if (damaged == NONE && script_is_there)
                damaged = WITNESS;
            if (at == 0)
                object = damaged;
            assert_int_equal(damaged, object);
            /* Of store and counters it is still known in the next session; a damaged key or script is gone. */
            if (damaged == 0 || damaged == 1)
                assert_non_null(strstr(store_must(looks), words[damaged]));
        }
        witnesses += object == WITNESS;
    }
    assert_int_equal(witnesses, 4);
    restore();
    assert_string_equal(store_must(looks), sound);
    assert_true(has_script(alloc));
    alloc_delete(alloc);
}

static void what_is_lost_can_begin_again(void **state)
{
    (void)state;
    each_file(discard);
    (void)store_must("tee.counter('one'):increment(7) tee.counter('two'):increment(8) tee.store.put('a', 'x')");
    file_count = 0;
    each_file(keep);
    for (size_t i = 0; i < file_count; i++)
        files[i].data[files[i].size - 1] ^= 1;
    restore();
    store_must_raise("tee.store.put('a', 'y')", "the store is damaged");
    store_must_raise("tee.store.transaction(function() error('not reached') end)", "the store is damaged");
    store_must_raise("for k in tee.store.pairs() do end", "the store is damaged");
    (void)store_must("tee.store.clear() assert(tee.store.get('a') == nil) tee.store.put('a', 'z')");
    assert_string_equal(store_must("return tee.store.get('a')"), "z");
    store_must_raise("tee.counter('one'):increment()", "its value is lost");
    store_must_raise("tee.counter('never'):value()", "its value is lost");
    (void)store_must("assert(tee.counter('one'):restart(100) == 100) assert(tee.counter('one'):increment() == 101)");
    store_must_raise("tee.counter('one'):restart(5)", "is not lost");
    store_must_raise("tee.counter('two'):value()", "its value is lost");
    (void)store_must("assert(tee.counter('two'):restart(0) == 0) assert(tee.counter('one'):value() == 101)");
}

/* Damage, and the power cut at any step of what finds it: at no time store and counters are as if they were new. */
static void damage_and_power_cuts_are_not_forgotten(void **state)
{
    (void)state;
    static const char *const finds[] = {
        "tee.store.get('a')", "tee.store.put('a', 'another')", "tee.counter('count'):value()",
        "tee.counter('count'):increment()",
    };
    each_file(discard);
    (void)store_must("tee.counter('count'):increment(7) tee.store.put('a', 'secret')");
    file_count = 0;
    each_file(keep);
    for (size_t i = 0; i < sizeof(finds) / sizeof(finds[0]); i++) {
        enum store_outcome outcome = STORE_CUT;
        unsigned step;
        for (step = 1; outcome == STORE_CUT; step++) {
            char at[32];
            const char *text;
            restore();
            each_file(damage);
            snprintf(at, sizeof(at), "cut %u", step);
            outcome = store_run(finds[i], at, UINT32_MAX, &text);
            for (int again = 0; again < 2; again++) {
                for (size_t j = 0; j < sizeof(finds) / sizeof(finds[0]); j++)
                    store_must_raise(finds[j], "damaged, and ");
                each_file(damage);
            }
        }
        assert_int_equal(outcome, STORE_RAISED);
        assert_true(step > 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_power_is_cut),
        cmocka_unit_test(the_storage_is_full),
        cmocka_unit_test(keys_and_clocks_survive_both),
        cmocka_unit_test(counters_survive_both),
        cmocka_unit_test(any_byte_is_another),
        cmocka_unit_test(damage_and_power_cuts_are_not_forgotten),
        cmocka_unit_test(what_is_lost_can_begin_again),
    };
    return store_support_start() ? cmocka_run_group_tests_name("store: faults", tests, NULL, NULL) : 1;
}
