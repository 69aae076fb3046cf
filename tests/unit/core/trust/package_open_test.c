/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening packages: those that are meant for this TA open, and nothing else does. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/ec.h>

#include "client/package/encode.h"
#include "client/package/keys.h"
#include "client/package/sign.h"
#include "core/base/progress.h"
#include "core/storage/object.h"
#include "core/trust/rollback.h"
#include "tests/unit/core/trust/trusted_support.h"

#define SOURCE "return 'a trusted script, and long enough to be recognised'"
#define DEVICES_MAX 5000

static struct luatee_buffer made;

static int begin(void **state)
{
    (void)state;
    made = (struct luatee_buffer) { 0 };
    return 0;
}

static int end(void **state)
{
    (void)state;
    luatee_buffer_free(&made);
    return 0;
}

static void make(const struct package_maker *maker)
{
    trusted_make(maker, "script", PACKAGE_SOURCE, SOURCE, &made);
}

static void make_usual(void)
{
    struct package_maker maker = trusted_maker();
    make(&maker);
}

static void make_for(EVP_PKEY *const *devices, size_t count, const uint8_t *class_key)
{
    struct package_maker maker = trusted_maker();
    maker.readers = (struct package_readers) { .class_key = class_key, .devices = devices, .device_count = count };
    make(&maker);
}

/* --- what opens */

static void a_package_for_the_class_opens(void **state)
{
    (void)state;
    make_usual();
    trusted_assert_opens(&made, SOURCE);
}

static void an_opened_package_has_its_identity(void **state)
{
    (void)state;
    struct package_opened opened;
    enum package_check check;
    struct package_maker maker = trusted_maker();
    memset(maker.bundle, 0x5a, sizeof(maker.bundle));
    maker.publisher = trusted.publishers[1];
    make(&maker);
    assert_int_equal(trusted_open(&made, NULL, &opened, &check), TEE_SUCCESS);
    assert_int_equal(opened.kind, PACKAGE_SOURCE);
    assert_int_equal(opened.publisher, 1);
    assert_int_equal(opened.sequence, 9);
    assert_string_equal(opened.version, "1.0");
    assert_memory_equal(opened.bundle, maker.bundle, sizeof(maker.bundle));
    package_opened_free(trusted.alloc, &opened);
    assert_null(opened.plaintext);
    package_opened_free(trusted.alloc, &opened);
}

static void a_package_for_the_device_opens(void **state)
{
    (void)state;
    make_for(&trusted.device, 1, NULL);
    trusted_assert_opens(&made, SOURCE);
}

static void the_device_finds_itself_among_others(void **state)
{
    (void)state;
    EVP_PKEY *devices[PACKAGE_RECIPIENTS_MAX];
    for (size_t i = 0; i < PACKAGE_RECIPIENTS_MAX; i++)
        devices[i] = EVP_EC_gen("P-256");
    EVP_PKEY *replaced = devices[PACKAGE_RECIPIENTS_MAX - 1];
    devices[PACKAGE_RECIPIENTS_MAX - 1] = trusted.device;
    make_for(devices, PACKAGE_RECIPIENTS_MAX, NULL);
    trusted_assert_opens(&made, SOURCE);
    devices[PACKAGE_RECIPIENTS_MAX - 1] = replaced;
    for (size_t i = 0; i < PACKAGE_RECIPIENTS_MAX; i++)
        EVP_PKEY_free(devices[i]);
}

static void scripts_of_the_smallest_and_largest_size_open(void **state)
{
    (void)state;
    struct package_maker maker = trusted_maker();
    char *largest = malloc(LUATEE_SCRIPT_MAX + 1);
    memset(largest, 'a', LUATEE_SCRIPT_MAX);
    largest[LUATEE_SCRIPT_MAX] = '\0';
    trusted_make(&maker, "script", PACKAGE_SOURCE, "", &made);
    trusted_assert_opens(&made, "");
    trusted_make(&maker, "script", PACKAGE_SOURCE, largest, &made);
    trusted_assert_opens(&made, largest);
    free(largest);
}

/* Ends the call at the first step that it pays for. */
static bool unwanted(void *steps, uint32_t milliseconds)
{
    *(unsigned *)steps += milliseconds > 0;
    return milliseconds == 0;
}

static void a_call_that_ends_while_a_package_is_decrypted_has_no_script(void **state)
{
    (void)state;
    struct package_maker maker = trusted_maker();
    struct package_opened opened;
    enum package_check check;
    unsigned steps = 0;
    char *largest = malloc(LUATEE_SCRIPT_MAX + 1);
    memset(largest, 'a', LUATEE_SCRIPT_MAX);
    largest[LUATEE_SCRIPT_MAX] = '\0';
    trusted_make(&maker, "script", PACKAGE_SOURCE, largest, &made);
    progress_set_hook(unwanted, &steps);
    TEE_Result result = trusted_open(&made, NULL, &opened, &check);
    progress_set_hook(NULL, NULL);
    assert_int_equal(result, TEE_ERROR_CANCEL);
    assert_int_equal(steps, 1); /* the first of many parts */
    assert_int_equal(check, PACKAGE_FINE);
    assert_null(opened.plaintext);
    trusted_assert_opens(&made, largest);
    free(largest);
}

static void bytecode_opens_where_a_script_is_expected(void **state)
{
    (void)state;
    struct package_opened opened;
    enum package_check check;
    struct package_maker maker = trusted_maker();
    trusted_make(&maker, "script", PACKAGE_BYTECODE, SOURCE, &made);
    assert_int_equal(trusted_open(&made, NULL, &opened, &check), TEE_SUCCESS);
    assert_int_equal(opened.kind, PACKAGE_BYTECODE);
    package_opened_free(trusted.alloc, &opened);
}

static void every_built_in_publisher_is_trusted(void **state)
{
    (void)state;
    for (size_t i = 0; i < PUBLISHERS; i++) {
        struct package_maker maker = trusted_maker();
        maker.publisher = trusted.publishers[i];
        make(&maker);
        trusted_assert_opens(&made, SOURCE);
    }
}

static bool has_leading_zero(const uint8_t *x, const uint8_t *y)
{
    return x[0] == 0 || y[0] == 0;
}

/* A device key's coordinates come without leading zeros, and its id is computed with them. */
static void a_device_key_with_a_leading_zero_works(void **state)
{
    (void)state;
    uint8_t x[PACKAGE_POINT_SIZE], y[PACKAGE_POINT_SIZE];
    int tries = 0;
    do {
        assert_true(tries++ < DEVICES_MAX);
        trusted_new_device();
        assert_true(package_key_point(trusted.device, x, y));
    } while (!has_leading_zero(x, y));
    make_for(&trusted.device, 1, NULL);
    trusted_assert_opens(&made, SOURCE);
}

/* As many as are needed for a zero at the front of an ephemeral key, and (by chance) of a secret. */
static void an_ephemeral_key_with_a_leading_zero_works(void **state)
{
    (void)state;
    struct package package;
    struct package_body body;
    int tries = 0;
    do {
        assert_true(tries++ < DEVICES_MAX);
        make_for(&trusted.device, 1, NULL);
        trusted_assert_opens(&made, SOURCE);
        assert_int_equal(package_parse(made.data, made.size, &package), PACKAGE_FINE);
        assert_int_equal(package_parse_body(package.payload, package.payload_size, &body), PACKAGE_FINE);
    } while (!has_leading_zero(body.recipients[0].x, body.recipients[0].y) || tries < 400);
}

/* --- what does not */

static void each_bit_matters(void **state)
{
    (void)state;
    EVP_PKEY *devices[] = { trusted.device };
    make_for(devices, 1, trusted.class_key);
    for (size_t bit = 0; bit < 8 * made.size; bit++) {
        struct package_opened opened;
        enum package_check check;
        made.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(trusted_open(&made, NULL, &opened, &check), TEE_ERROR_SECURITY);
        assert_int_not_equal(check, PACKAGE_FINE);
        made.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    trusted_assert_opens(&made, SOURCE);
}

static void each_byte_is_needed_and_no_more(void **state)
{
    (void)state;
    make_usual();
    size_t whole = made.size;
    for (made.size = 0; made.size < whole; made.size++) {
        /* In memory of its own size, so that a sanitizer sees what is read beyond it. */
        struct luatee_buffer cut = { .size = made.size, .data = malloc(made.size > 0 ? made.size : 1) };
        struct package_opened opened;
        enum package_check check;
        memcpy(cut.data, made.data, cut.size);
        assert_int_equal(trusted_open(&cut, NULL, &opened, &check), TEE_ERROR_SECURITY);
        free(cut.data);
    }
    assert_true(luatee_buffer_reserve(&made, whole + 1));
    made.data[whole] = 0;
    made.size = whole + 1;
    trusted_assert_refused(&made, NULL, PACKAGE_BAD_ENVELOPE);
}

static void an_unknown_publisher_is_refused(void **state)
{
    (void)state;
    struct package_maker maker = trusted_maker();
    maker.publisher = trusted.stranger;
    make(&maker);
    trusted_assert_refused(&made, NULL, PACKAGE_UNKNOWN_PUBLISHER);
}

/* A stranger's signature under the name of a publisher, and none at all. */
static void a_signature_of_another_key_is_refused(void **state)
{
    (void)state;
    struct package package;
    uint8_t signature[PACKAGE_SIGNATURE_SIZE];
    struct luatee_buffer forged = { 0 };
    make_usual();
    assert_int_equal(package_parse(made.data, made.size, &package), PACKAGE_FINE);
    assert_int_equal(package_sign(trusted.stranger, &package, signature, NULL), LUATEE_OK);
    package.signature = signature;
    assert_true(package_encode_whole(&package, &forged));
    trusted_assert_refused(&forged, NULL, PACKAGE_BAD_SIGNATURE);
    static const uint8_t fills[] = { 0x00, 0x01, 0xff };
    for (size_t i = 0; i < sizeof(fills); i++) { /* r and s out of their range, and in it */
        memset(signature, fills[i], sizeof(signature));
        assert_true(package_encode_whole(&package, &forged));
        trusted_assert_refused(&forged, NULL, PACKAGE_BAD_SIGNATURE);
    }
    luatee_buffer_free(&forged);
}

static void the_signed_identity_must_be_the_expected_one(void **state)
{
    (void)state;
    static const uint8_t bundle[PACKAGE_BUNDLE_SIZE], other_bundle[PACKAGE_BUNDLE_SIZE] = { 0, 1 };
    static const struct {
        struct package_expected expected;
        enum package_check check;
    } cases[] = {
        { { "app", "script", PACKAGE_SOURCE, 9, bundle, false, NULL }, PACKAGE_FINE },
        { { "apps", "script", PACKAGE_SOURCE, 0, NULL, false, NULL }, PACKAGE_OTHER_APP },
        { { "ap", "script", PACKAGE_SOURCE, 0, NULL, false, NULL }, PACKAGE_OTHER_APP },
        { { "", "script", PACKAGE_SOURCE, 0, NULL, false, NULL }, PACKAGE_OTHER_APP },
        { { "app", "Script", PACKAGE_SOURCE, 0, NULL, false, NULL }, PACKAGE_OTHER_SCRIPT },
        { { "app", "script2", PACKAGE_SOURCE, 0, NULL, false, NULL }, PACKAGE_OTHER_SCRIPT },
        { { "app", "script", PACKAGE_MANIFEST, 0, NULL, false, NULL }, PACKAGE_OTHER_KIND },
        { { "app", "script", PACKAGE_BYTECODE, 0, NULL, false, NULL }, PACKAGE_OTHER_KIND },
        { { "app", "script", PACKAGE_SOURCE, 10, NULL, false, NULL }, PACKAGE_OLD_SEQUENCE },
        { { "app", "script", PACKAGE_SOURCE, UINT64_MAX, NULL, false, NULL }, PACKAGE_OLD_SEQUENCE },
        { { "app", "script", PACKAGE_SOURCE, 0, other_bundle, false, NULL }, PACKAGE_OTHER_BUNDLE },
    };
    make_usual();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct package_opened opened;
        enum package_check check;
        if (cases[i].check != PACKAGE_FINE) {
            trusted_assert_refused(&made, &cases[i].expected, cases[i].check);
            continue;
        }
        assert_int_equal(trusted_open(&made, &cases[i].expected, &opened, &check), TEE_SUCCESS);
        package_opened_free(trusted.alloc, &opened);
    }
}

static void a_manifest_is_no_script(void **state)
{
    (void)state;
    const struct package_expected script = { .app = "app", .script = "manifest", .kind = PACKAGE_SOURCE };
    const struct package_expected manifest = { .app = "app", .script = "manifest", .kind = PACKAGE_MANIFEST };
    struct package_maker maker = trusted_maker();
    trusted_make(&maker, "manifest", PACKAGE_MANIFEST, SOURCE, &made);
    trusted_assert_refused(&made, &script, PACKAGE_OTHER_KIND);
    trusted_make(&maker, "manifest", PACKAGE_SOURCE, SOURCE, &made);
    trusted_assert_refused(&made, &manifest, PACKAGE_OTHER_KIND);
}

/* Bytecode is expected where source is, and nowhere else. */
static void bytecode_is_a_script_and_nothing_else(void **state)
{
    (void)state;
    static const enum package_kind others[] = { PACKAGE_MANIFEST, (enum package_kind)(PACKAGE_BYTECODE + 1) };
    struct package_expected expected = { .app = "app", .script = "script", .kind = PACKAGE_SOURCE };
    struct package_maker maker = trusted_maker();
    struct package_opened opened;
    enum package_check check;
    trusted_make(&maker, "script", PACKAGE_BYTECODE, SOURCE, &made);
    assert_int_equal(trusted_open(&made, &expected, &opened, &check), TEE_SUCCESS);
    assert_int_equal(opened.kind, PACKAGE_BYTECODE);
    package_opened_free(trusted.alloc, &opened);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        expected.kind = others[i];
        trusted_assert_refused(&made, &expected, PACKAGE_OTHER_KIND);
    }
}

static void packages_of_other_readers_are_refused(void **state)
{
    (void)state;
    uint8_t other_class[PACKAGE_KEY_SIZE] = { 1 };
    EVP_PKEY *devices[] = { trusted.stranger };
    make_for(devices, 1, NULL);
    trusted_assert_refused(&made, NULL, PACKAGE_NOT_FOR_US);
    make_for(NULL, 0, other_class);
    trusted_assert_refused(&made, NULL, PACKAGE_NOT_FOR_US);
    make_for(devices, 1, other_class);
    trusted_assert_refused(&made, NULL, PACKAGE_NOT_FOR_US);
    make_for(&trusted.device, 1, NULL);
    trusted_new_device();
    trusted_assert_refused(&made, NULL, PACKAGE_NOT_FOR_US);
}

/* --- what a publisher signs who is careless, or has been tricked */

/* Signs the made package again with a body that differs from it as `change` makes it. */
static void assert_changed_is_refused(void (*change)(struct package_body *body, uint8_t *bytes),
                                      enum package_check reason)
{
    struct package package;
    struct package_body body;
    uint8_t bytes[256];
    struct luatee_buffer changed = { 0 };
    assert_int_equal(package_parse(made.data, made.size, &package), PACKAGE_FINE);
    assert_int_equal(package_parse_body(package.payload, package.payload_size, &body), PACKAGE_FINE);
    change(&body, bytes);
    trusted_remake(&made, &body, trusted.publishers[PUBLISHERS - 1], &changed);
    trusted_assert_refused(&changed, NULL, reason);
    luatee_buffer_free(&changed);
}

static void damage_wrapped(struct package_body *body, uint8_t *bytes)
{
    memcpy(bytes, body->recipients[0].wrapped, PACKAGE_WRAPPED_SIZE);
    bytes[PACKAGE_WRAPPED_SIZE - 1] ^= 1;
    body->recipients[0].wrapped = bytes;
}

static void damage_y(struct package_body *body, uint8_t *bytes)
{
    memcpy(bytes, body->recipients[0].y, PACKAGE_POINT_SIZE);
    bytes[PACKAGE_POINT_SIZE - 1] ^= 1;
    body->recipients[0].y = bytes;
}

static void zero_point(struct package_body *body, uint8_t *bytes)
{
    memset(bytes, 0, PACKAGE_POINT_SIZE);
    body->recipients[0].x = body->recipients[0].y = bytes;
}

static void large_x(struct package_body *body, uint8_t *bytes)
{
    memset(bytes, 0xff, PACKAGE_POINT_SIZE);
    body->recipients[0].x = bytes;
}

static void damage_iv(struct package_body *body, uint8_t *bytes)
{
    memcpy(bytes, body->iv, PACKAGE_IV_SIZE);
    bytes[0] ^= 1;
    body->iv = bytes;
}

static void damage_ciphertext(struct package_body *body, uint8_t *bytes)
{
    memcpy(bytes, body->ciphertext, body->ciphertext_size);
    bytes[0] ^= 1;
    body->ciphertext = bytes;
}

static void damage_tag(struct package_body *body, uint8_t *bytes)
{
    memcpy(bytes, body->ciphertext, body->ciphertext_size);
    bytes[body->ciphertext_size - 1] ^= 1;
    body->ciphertext = bytes;
}

static void cut_ciphertext(struct package_body *body, uint8_t *bytes)
{
    (void)bytes;
    body->ciphertext_size = PACKAGE_TAG_SIZE;
}

static void signed_bodies_that_are_not_sound_are_refused(void **state)
{
    (void)state;
    make_usual();
    assert_changed_is_refused(damage_wrapped, PACKAGE_BAD_KEY);
    assert_changed_is_refused(damage_iv, PACKAGE_BAD_CIPHERTEXT);
    assert_changed_is_refused(damage_ciphertext, PACKAGE_BAD_CIPHERTEXT);
    assert_changed_is_refused(damage_tag, PACKAGE_BAD_CIPHERTEXT);
    assert_changed_is_refused(cut_ciphertext, PACKAGE_BAD_CIPHERTEXT);
    make_for(&trusted.device, 1, NULL);
    assert_changed_is_refused(damage_wrapped, PACKAGE_BAD_KEY);
    assert_changed_is_refused(damage_y, PACKAGE_BAD_KEY);
    assert_changed_is_refused(zero_point, PACKAGE_BAD_KEY);
    assert_changed_is_refused(large_x, PACKAGE_BAD_KEY);
}

/* The body is bound to its header: signed with another one it does not decrypt. */
static void a_body_under_another_header_is_refused(void **state)
{
    (void)state;
    struct package package;
    struct package_body body;
    struct luatee_buffer other = { 0 }, swapped = { 0 };
    struct package_maker maker = trusted_maker();
    make_usual();
    trusted_make(&maker, "other", PACKAGE_SOURCE, SOURCE, &other);
    assert_int_equal(package_parse(other.data, other.size, &package), PACKAGE_FINE);
    assert_int_equal(package_parse_body(package.payload, package.payload_size, &body), PACKAGE_FINE);
    trusted_remake(&made, &body, maker.publisher, &swapped);
    trusted_assert_refused(&swapped, NULL, PACKAGE_BAD_CIPHERTEXT);
    luatee_buffer_free(&other);
    luatee_buffer_free(&swapped);
}

/* The block that held what was decrypted under a wrong tag is the next one to be given out. */
static void a_plaintext_that_is_refused_is_wiped(void **state)
{
    (void)state;
    const size_t size = strlen(SOURCE);
    make_usual();
    assert_changed_is_refused(damage_tag, PACKAGE_BAD_CIPHERTEXT);
    uint8_t *block = alloc_block(trusted.alloc, size);
    assert_non_null(block);
    assert_null(memmem(block, size, &SOURCE[size / 2], 16));
    alloc_free(trusted.alloc, block, size);
}

/* The last test: nothing of that publisher opens any more. */
static void a_revoked_publisher_is_refused(void **state)
{
    (void)state;
    struct package_maker maker = trusted_maker();
    maker.publisher = trusted.publishers[0];
    make(&maker);
    trusted_assert_opens(&made, SOURCE);
    assert_int_equal(rollback_revoke(1, trusted.publisher_ids[0]), TEE_SUCCESS);
    trusted_assert_refused(&made, NULL, PACKAGE_REVOKED_PUBLISHER);
    make_usual();
    trusted_assert_opens(&made, SOURCE);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_package_for_the_class_opens),
        TEST(an_opened_package_has_its_identity),
        TEST(a_package_for_the_device_opens),
        TEST(the_device_finds_itself_among_others),
        TEST(scripts_of_the_smallest_and_largest_size_open),
        TEST(a_call_that_ends_while_a_package_is_decrypted_has_no_script),
        TEST(bytecode_opens_where_a_script_is_expected),
        TEST(every_built_in_publisher_is_trusted),
        TEST(a_device_key_with_a_leading_zero_works),
        TEST(an_ephemeral_key_with_a_leading_zero_works),
        TEST(each_bit_matters),
        TEST(each_byte_is_needed_and_no_more),
        TEST(an_unknown_publisher_is_refused),
        TEST(a_signature_of_another_key_is_refused),
        TEST(the_signed_identity_must_be_the_expected_one),
        TEST(a_manifest_is_no_script),
        TEST(bytecode_is_a_script_and_nothing_else),
        TEST(packages_of_other_readers_are_refused),
        TEST(signed_bodies_that_are_not_sound_are_refused),
        TEST(a_body_under_another_header_is_refused),
        TEST(a_plaintext_that_is_refused_is_wiped),
        TEST(a_revoked_publisher_is_refused),
    };
    return cmocka_run_group_tests_name("package_open", tests, trusted_start, trusted_stop);
}
