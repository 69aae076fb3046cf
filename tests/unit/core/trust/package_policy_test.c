/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is not verified leaves nothing in storage and changes no time; and what one app stores does not grow with what
 * others have. Counted are the functions that make an object, open one and look through all.
 */
/* link: --wrap=TEE_CreatePersistentObject --wrap=TEE_OpenPersistentObject --wrap=TEE_GetNextPersistentObject */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/package/encode.h"
#include "client/package/sign.h"
#include "core/base/sha256.h"
#include "core/key/key.h"
#include "core/storage/directory.h"
#include "core/storage/existence_marker.h"
#include "core/storage/object.h"
#include "core/storage/sealed.h"
#include "core/trust/package_policy.h"
#include "core/trust/rollback.h"
#include "core/trust/script_store.h"
#include "tests/unit/core/trust/trusted_support.h"

static struct {
    unsigned made, opened, looked_at;
} count;

/* Every fifth object is damaged: the TEE does not tell its name. */
static bool damaged;
/* Every object is. */
static bool unreadable;

TEE_Result __real_TEE_CreatePersistentObject(uint32_t storage, const void *id, size_t id_size, uint32_t flags,
                                             TEE_ObjectHandle attributes, const void *data, size_t size,
                                             TEE_ObjectHandle *object);
TEE_Result __wrap_TEE_CreatePersistentObject(uint32_t storage, const void *id, size_t id_size, uint32_t flags,
                                             TEE_ObjectHandle attributes, const void *data, size_t size,
                                             TEE_ObjectHandle *object);
TEE_Result __real_TEE_OpenPersistentObject(uint32_t storage, const void *id, size_t id_size, uint32_t flags,
                                           TEE_ObjectHandle *object);
TEE_Result __wrap_TEE_OpenPersistentObject(uint32_t storage, const void *id, size_t id_size, uint32_t flags,
                                           TEE_ObjectHandle *object);
TEE_Result __real_TEE_GetNextPersistentObject(TEE_ObjectEnumHandle objects, TEE_ObjectInfo *info, void *id,
                                              size_t *id_size);
TEE_Result __wrap_TEE_GetNextPersistentObject(TEE_ObjectEnumHandle objects, TEE_ObjectInfo *info, void *id,
                                              size_t *id_size);

TEE_Result __wrap_TEE_CreatePersistentObject(uint32_t storage, const void *id, size_t id_size, uint32_t flags,
                                             TEE_ObjectHandle attributes, const void *data, size_t size,
                                             TEE_ObjectHandle *object)
{
    count.made++;
    return __real_TEE_CreatePersistentObject(storage, id, id_size, flags, attributes, data, size, object);
}

TEE_Result __wrap_TEE_OpenPersistentObject(uint32_t storage, const void *id, size_t id_size, uint32_t flags,
                                           TEE_ObjectHandle *object)
{
    count.opened++;
    if (unreadable)
        return TEE_ERROR_CORRUPT_OBJECT;
    return __real_TEE_OpenPersistentObject(storage, id, id_size, flags, object);
}

TEE_Result __wrap_TEE_GetNextPersistentObject(TEE_ObjectEnumHandle objects, TEE_ObjectInfo *info, void *id,
                                              size_t *id_size)
{
    TEE_Result result = __real_TEE_GetNextPersistentObject(objects, info, id, id_size);
    count.looked_at++;
    return damaged && result == TEE_SUCCESS && count.looked_at % 5 == 0 ? TEE_ERROR_CORRUPT_OBJECT : result;
}

/* --- manifests ---------------------------------------------------------------------------------------------------- */

#define NAMES 40
#define NAME_SIZE 16

static struct luatee_buffer sound; /* of the app "app" */

/* Gives it to a session of this app, as its manifest and then to be stored. */
static void give(const char *app, const void *data, size_t size)
{
    struct package_policy policy = { .alloc = trusted.alloc, .app = app };
    struct manifest manifest;
    uint8_t bundle[PACKAGE_BUNDLE_SIZE];
    const char *why = NULL;
    assert_int_equal(policy_accept_manifest(&policy, data, size, &manifest, &why), TEE_ERROR_SECURITY);
    assert_non_null(why);
    assert_false(policy.ready);
    const struct policy_stored stored = { PACKAGE_MANIFEST_NAME, PACKAGE_MANIFEST, data, size };
    assert_int_equal(policy_accept_stored(&policy, &stored, bundle, &why), TEE_ERROR_SECURITY);
}

/* A package of this sequence, in which the manifest names this app, of three letters, and the sequence `inner`. */
static void make_manifest_of(EVP_PKEY *publisher, uint64_t sequence, const char *app, uint64_t inner, struct luatee_buffer *out)
{
    char plaintext[64];
    struct package_maker maker = trusted_maker();
    struct package_manifest manifest = trusted.manifest;
    snprintf(plaintext, sizeof(plaintext), "\xa3\x64name\x63%s\x67version\x63%s\x68sequence%c", app, "1.0", (char)inner);
    manifest.sequence = sequence;
    maker.manifest = &manifest;
    maker.publisher = publisher;
    trusted_make(&maker, PACKAGE_MANIFEST_NAME, PACKAGE_MANIFEST, plaintext, out);
}

static void make_manifest(EVP_PKEY *publisher, uint64_t sequence, struct luatee_buffer *out)
{
    make_manifest_of(publisher, sequence, "app", sequence, out);
}

static int begin(void **state)
{
    (void)state;
    make_manifest(trusted.publishers[PUBLISHERS - 1], 9, &sound);
    count.made = count.opened = count.looked_at = 0;
    return 0;
}

static int end(void **state)
{
    (void)state;
    luatee_buffer_free(&sound);
    return 0;
}

static const char *name_of(unsigned i, char name[NAME_SIZE])
{
    snprintf(name, NAME_SIZE, "junk.%u", i);
    return name;
}

/* Not even the storage is asked. */
static void no_storage_for_junk(void **state)
{
    (void)state;
    char name[NAME_SIZE];
    struct luatee_buffer strangers = { 0 };
    make_manifest(trusted.stranger, 9, &strangers);
    for (unsigned i = 0; i < NAMES; i++) {
        give(name_of(i, name), "junk!", 5);
        give(name, sound.data, sound.size * i / NAMES);
        give(name, strangers.data, strangers.size);
        size_t bit = sound.size * 8 * i / NAMES;
        sound.data[bit / 8] ^= (uint8_t)(1u << bit % 8); /* in what is signed, or the signature */
        give("app", sound.data, sound.size);
        sound.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    luatee_buffer_free(&strangers);
    assert_int_equal(count.made, 0);
    assert_int_equal(count.opened, 0);
    assert_int_equal(count.looked_at, 0);
}

/* The signature is right, and the package is not what it should be. */
static void a_refused_package_leaves_nothing_behind(void **state)
{
    (void)state;
    char name[NAME_SIZE];
    struct luatee_buffer old = { 0 };
    assert_int_equal(rollback_advance("app", 9), TEE_SUCCESS);
    make_manifest(trusted.publishers[PUBLISHERS - 1], 8, &old);
    count.made = count.looked_at = 0;
    for (unsigned i = 0; i < NAMES; i++) {
        give(name_of(i, name), sound.data, sound.size); /* another app's */
        give("app", old.data, old.size);
    }
    luatee_buffer_free(&old);
    assert_int_equal(count.made, 0);
    assert_int_equal(count.looked_at, 0);
}

/* --- what others have --------------------------------------------------------------------------------------------- */

static void first_put(const char *app)
{
    TEE_ObjectHandle object;
    size_t size;
    assert_int_equal(sealed_open(OBJECT_STORE, app, true, &object, &size), TEE_SUCCESS);
    assert_int_equal(size, 0);
    TEE_CloseObject(object);
}

static void first_key(const char *app)
{
    struct key key = { .object = TEE_HANDLE_NULL };
    struct key_names names;
    assert_int_equal(key_generate(&key, key_type_named("aes"), 128), TEE_SUCCESS);
    strcpy(key.name, "key");
    assert_int_equal(key_save(app, &key), TEE_SUCCESS);
    key_close(&key);
    assert_int_equal(key_list(app, &names), TEE_SUCCESS);
    assert_int_equal(names.count, 1);
}

static void first_script(const char *app)
{
    uint8_t digest[LUATEE_DIGEST_SIZE];
    struct script_store_list list = { 0 };
    const struct script_store_object script = { OBJECT_SCRIPT, app, "script", NULL };
    assert_int_equal(sha256_digest("x", 1, digest), TEE_SUCCESS);
    assert_int_equal(script_store_put(trusted.alloc, &script, digest, "x", 1), TEE_SUCCESS);
    assert_int_equal(script_store_list(trusted.alloc, &script, &list), TEE_SUCCESS);
    assert_int_equal(list.count, 1);
    script_store_list_free(trusted.alloc, &list);
    script_store_keep_bundle(app, NULL);
}

static void first_run(const char *app)
{
    assert_int_equal(rollback_advance(app, 1), TEE_SUCCESS);
}

/* The first one that an app does takes the same steps before and after others have done it. */
static void nothing_grows_with_other_apps(void **state)
{
    (void)state;
    static void (*const firsts[])(const char *app) = { first_run, first_put, first_key, first_script };
    char name[NAME_SIZE];
    for (size_t f = 0; f < sizeof(firsts) / sizeof(firsts[0]); f++) {
        unsigned opened = 0, made = 0;
        first_run("any"); /* so that there is a directory */
        count.looked_at = 0;
        for (unsigned i = 0; i < NAMES; i++) {
            snprintf(name, sizeof(name), "%zu.%u", f, i);
            count.made = count.opened = 0;
            firsts[f](name);
            if (i == 0) {
                opened = count.opened;
                made = count.made;
            }
            assert_int_equal(count.opened, opened);
            assert_int_equal(count.made, made);
            assert_true(made > 0);
        }
        assert_int_equal(count.looked_at, 0);
    }
}

/* --- limits ------------------------------------------------------------------------------------------------------- */

static void replace_directory(const struct directory *d, size_t entries, uint8_t fill)
{
    size_t size = 1 + entries * DIRECTORY_ENTRY_SIZE;
    uint8_t *data = malloc(size);
    assert_non_null(data);
    memset(data, fill, size);
    data[0] = 1; /* complete */
    assert_int_equal(object_replace(d->id, d->id_size, data, size), TEE_SUCCESS);
    free(data);
}

static void remove_directory(const struct directory *d)
{
    TEE_ObjectHandle object;
    assert_int_equal(object_open(d->id, d->id_size, TEE_DATA_FLAG_ACCESS_WRITE_META, &object), TEE_SUCCESS);
    assert_int_equal(TEE_CloseAndDeletePersistentObject1(object), TEE_SUCCESS);
}

static void a_directory_has_so_many_entries(void **state)
{
    (void)state;
    static const uint8_t one[] = { 'X', 1 }, two[] = { 'X', 2 };
    bool there;
    first_run("any");
    remove_directory(&directory_of_ta);
    replace_directory(&directory_of_ta, LUATEE_RECORDS_MAX - 1, 'z');
    assert_int_equal(marker_create(one, sizeof(one)), TEE_SUCCESS);
    assert_int_equal(marker_create(two, sizeof(two)), TEE_ERROR_STORAGE_NO_SPACE);
    assert_int_equal(marker_exists(one, sizeof(one), &there), TEE_SUCCESS);
    assert_true(there);
    assert_int_equal(marker_exists(two, sizeof(two), &there), TEE_SUCCESS);
    assert_false(there);
    assert_int_equal(marker_delete(one, sizeof(one)), TEE_SUCCESS); /* makes room */
    assert_int_equal(marker_create(two, sizeof(two)), TEE_SUCCESS);
    remove_directory(&directory_of_ta);

    first_script("full");
    uint8_t id[LUATEE_DIGEST_SIZE], app[LUATEE_DIGEST_SIZE];
    assert_int_equal(sha256_digest("full", 4, app), TEE_SUCCESS);
    memcpy(id + 1, app, DIRECTORY_APP_SIZE);
    struct directory d = directory_of_app(id);
    replace_directory(&d, LUATEE_APP_OBJECTS_MAX, 'z');
    const struct script_store_object more = { OBJECT_SCRIPT, "full", "more", NULL };
    assert_int_equal(script_store_put(trusted.alloc, &more, app, "x", 1), TEE_ERROR_STORAGE_NO_SPACE);
    remove_directory(&d);
    assert_int_equal(script_store_put(trusted.alloc, &more, app, "x", 1), TEE_SUCCESS);
}

/* --- damage, and storage from before there were directories ------------------------------------------------------- */

static void save_key(const char *app, const char *name)
{
    struct key key = { .object = TEE_HANDLE_NULL };
    assert_int_equal(key_generate(&key, key_type_named("aes"), 128), TEE_SUCCESS);
    strcpy(key.name, name);
    assert_int_equal(key_save(app, &key), TEE_SUCCESS);
    key_close(&key);
}

static void assert_has(const char *app, size_t keys, size_t scripts)
{
    struct key_names names;
    struct script_store_list list = { 0 };
    size_t number;
    const struct script_store_object script = { OBJECT_SCRIPT, app, "", NULL };
    assert_int_equal(key_list(app, &names), TEE_SUCCESS);
    assert_int_equal(names.count, keys);
    assert_int_equal(key_count(app, &number), TEE_SUCCESS);
    assert_int_equal(number, keys);
    assert_int_equal(script_store_list(trusted.alloc, &script, &list), TEE_SUCCESS);
    assert_int_equal(list.count, scripts);
    script_store_list_free(trusted.alloc, &list);
}

/* Without that of the app, that of the TA, or both: what is there is found, and is in the ones that are made then. */
static void directories_are_made_again(void **state)
{
    (void)state;
    for (unsigned gone = 1; gone < 4; gone++) {
        char app[NAME_SIZE];
        uint8_t id[DIRECTORY_ID_SIZE], digest[LUATEE_DIGEST_SIZE];
        snprintf(app, sizeof(app), "old.%u", gone);
        assert_int_equal(sha256_digest(app, strlen(app), digest), TEE_SUCCESS);
        memcpy(id + 1, digest, DIRECTORY_APP_SIZE);
        struct directory d = directory_of_app(id);
        first_script(app);
        save_key(app, "one");
        assert_has(app, 1, 1);
        if (gone & 1)
            remove_directory(&d);
        if (gone & 2)
            remove_directory(&directory_of_ta);
        assert_has(app, 1, 1);
        save_key(app, "two");
        assert_has(app, 2, 1);
        first_run(app);
        count.looked_at = 0;
        assert_has(app, 2, 1);
        assert_int_equal(key_delete(app, "one"), TEE_SUCCESS);
        assert_has(app, 1, 1);
        assert_int_equal(count.looked_at, 0);
    }
}

/* A damaged object that nobody opens stays for ever, and hides its name each time that a directory is made. */
static void damaged_objects_make_nobody_slower(void **state)
{
    (void)state;
    remove_directory(&directory_of_ta);
    damaged = true;
    first_put("damaged.1"); /* makes the directory again, of all objects */
    count.looked_at = 0;
    first_run("damaged.2");
    first_put("damaged.2");
    first_key("damaged.2");
    first_script("damaged.2");
    assert_int_equal(count.looked_at, 0);
    damaged = false;
}

/* Sessions that ended before they made the keys do not take their room for ever. */
static void keys_that_were_not_made_are_not_counted(void **state)
{
    (void)state;
    uint8_t id[DIRECTORY_ID_SIZE], digest[LUATEE_DIGEST_SIZE];
    size_t number;
    save_key("cut", "one");
    assert_int_equal(sha256_digest("cut", 3, digest), TEE_SUCCESS);
    memcpy(id + 1, digest, DIRECTORY_APP_SIZE);
    struct directory d = directory_of_app(id);
    remove_directory(&d);
    replace_directory(&d, LUATEE_KEYS_MAX, 'K');
    save_key("cut", "two");
    assert_int_equal(key_count("cut", &number), TEE_SUCCESS);
    assert_int_equal(number, 1);
    assert_has("cut", 1, 0);
}

/* --- what belongs to a manifest ----------------------------------------------------------------------------------- */

/* A script of the app's name, of this sequence and with this first byte of its bundle, to a session whose manifest has 9 and 0. */
static TEE_Result give_script(uint64_t sequence, uint8_t bundle, const char **why)
{
    struct package_policy policy = { .alloc = trusted.alloc, .app = "app" };
    struct package_manifest manifest = trusted.manifest;
    struct package_maker maker = trusted_maker();
    struct luatee_buffer script = { 0 };
    struct package_opened opened;
    struct manifest accepted;
    maker.manifest = &manifest;
    assert_int_equal(policy_accept_manifest(&policy, sound.data, sound.size, &accepted, why), TEE_SUCCESS);
    manifest.sequence = sequence;
    maker.bundle[0] = bundle;
    trusted_make(&maker, "script", PACKAGE_SOURCE, "return 1", &script);
    TEE_Result result = policy_accept_script(&policy, "script", script.data, script.size, &opened, why);
    if (result == TEE_SUCCESS)
        package_opened_free(trusted.alloc, &opened);
    luatee_buffer_free(&script);
    return result;
}

/* What the package says outside, which is signed, is what the manifest says inside. */
static void a_manifest_is_that_of_its_package(void **state)
{
    (void)state;
    static const struct {
        uint64_t sequence;
        const char *app;
        uint64_t inner;
    } others[] = { { 9, "app", 10 }, { 10, "app", 9 }, { 9, "apq", 9 } };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct package_policy policy = { .alloc = trusted.alloc, .app = "app" };
        struct luatee_buffer made = { 0 };
        struct manifest manifest;
        const char *why = NULL;
        make_manifest_of(trusted.publishers[PUBLISHERS - 1], others[i].sequence, others[i].app, others[i].inner, &made);
        assert_int_equal(policy_accept_manifest(&policy, made.data, made.size, &manifest, &why), TEE_ERROR_SECURITY);
        assert_string_equal(why, "its name or sequence differs from that of its package");
        assert_false(policy.ready);
        luatee_buffer_free(&made);
    }
}

static void a_script_has_the_sequence_and_the_bundle_of_its_manifest(void **state)
{
    (void)state;
    const char *why = NULL;
    assert_int_equal(give_script(9, 0, &why), TEE_SUCCESS);
    assert_int_equal(give_script(10, 0, &why), TEE_ERROR_SECURITY);
    assert_string_equal(why, "its sequence differs from that of the manifest");
    assert_int_equal(give_script(8, 0, &why), TEE_ERROR_SECURITY);
    assert_int_equal(give_script(9, 1, &why), TEE_ERROR_SECURITY);
    assert_string_equal(why, package_check_text(PACKAGE_OTHER_BUNDLE));
}

/* What the TEE remembers of an app is not taken for nothing when it cannot be read. */
static void a_damaged_memory_refuses_what_it_should_check(void **state)
{
    (void)state;
    struct package_policy policy = { .alloc = trusted.alloc, .app = "app" };
    struct manifest manifest;
    const char *why = NULL;
    assert_int_equal(policy_accept_manifest(&policy, sound.data, sound.size, &manifest, &why), TEE_SUCCESS);
    policy.ready = false;
    unreadable = true;
    TEE_Result result = policy_accept_manifest(&policy, sound.data, sound.size, &manifest, &why);
    unreadable = false;
    assert_int_equal(result, TEE_ERROR_SECURITY);
    assert_string_equal(why, "the TEE's record of sequences or of revoked keys is damaged");
    assert_false(policy.ready);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_storage_for_junk),
        TEST(a_refused_package_leaves_nothing_behind),
        TEST(nothing_grows_with_other_apps),
        TEST(directories_are_made_again),
        TEST(damaged_objects_make_nobody_slower),
        TEST(keys_that_were_not_made_are_not_counted),
        TEST(a_directory_has_so_many_entries),
        TEST(a_manifest_is_that_of_its_package),
        TEST(a_damaged_memory_refuses_what_it_should_check),
        TEST(a_script_has_the_sequence_and_the_bundle_of_its_manifest),
    };
    return cmocka_run_group_tests_name("package_policy", tests, trusted_start, trusted_stop);
}
