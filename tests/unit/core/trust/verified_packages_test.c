/* SPDX-License-Identifier: BSD-2-Clause */
/* A session verifies each package once, and no other package because of it. TEE_AsymmetricVerifyDigest is wrapped,
 * and counted. */
/* link: --wrap=TEE_AsymmetricVerifyDigest */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/commands.h"
#include "client/package/encode.h"
#include "client/package/sign.h"
#include "core/base/sha256.h"
#include "core/session/session.h"
#include "core/trust/rollback.h"
#include "core/trust/verified_packages.h"
#include "tests/unit/core/trust/trusted_support.h"

#define SOURCE "return 5"

TEE_Result __real_TEE_AsymmetricVerifyDigest(TEE_OperationHandle operation, const TEE_Attribute *params, uint32_t count,
                                             const void *digest, size_t digest_size, const void *signature,
                                             size_t signature_size);
TEE_Result __wrap_TEE_AsymmetricVerifyDigest(TEE_OperationHandle operation, const TEE_Attribute *params, uint32_t count,
                                             const void *digest, size_t digest_size, const void *signature,
                                             size_t signature_size);

static unsigned verifications;

TEE_Result __wrap_TEE_AsymmetricVerifyDigest(TEE_OperationHandle operation, const TEE_Attribute *params, uint32_t count,
                                             const void *digest, size_t digest_size, const void *signature,
                                             size_t signature_size)
{
    verifications++;
    return __real_TEE_AsymmetricVerifyDigest(operation, params, count, digest, digest_size, signature, signature_size);
}

static struct verified verified;
static struct luatee_buffer made, other;

static int begin(void **state)
{
    (void)state;
    struct package_maker maker = trusted_maker();
    trusted_make(&maker, "script", PACKAGE_SOURCE, SOURCE, &made);
    trusted_make(&maker, "script", PACKAGE_SOURCE, SOURCE, &other);
    verified = (struct verified) { 0 };
    trusted.verified = &verified;
    verifications = 0;
    return 0;
}

static int end(void **state)
{
    (void)state;
    trusted.verified = NULL;
    luatee_buffer_free(&made);
    luatee_buffer_free(&other);
    return 0;
}

static void once_each(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        trusted_assert_opens(&made, SOURCE);
        trusted_assert_opens(&other, SOURCE);
    }
    assert_int_equal(verifications, 2);
    trusted.verified = NULL;
    trusted_assert_opens(&made, SOURCE);
    assert_int_equal(verifications, 3);
}

/* Of a package that was verified each bit still matters, those of its signature too. */
static void a_verified_package_with_a_changed_bit_is_rejected(void **state)
{
    (void)state;
    trusted_assert_opens(&made, SOURCE);
    for (size_t bit = 0; bit < 8 * made.size; bit++) {
        struct package_opened opened;
        enum package_check check;
        made.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(trusted_open(&made, NULL, &opened, &check), TEE_ERROR_SECURITY);
        made.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    unsigned before = verifications;
    trusted_assert_opens(&made, SOURCE);
    assert_int_equal(verifications, before);
}

static void what_is_refused_is_not_remembered(void **state)
{
    (void)state;
    struct package package;
    uint8_t signature[PACKAGE_SIGNATURE_SIZE];
    struct luatee_buffer forged = { 0 };
    assert_int_equal(package_parse(made.data, made.size, &package), PACKAGE_FINE);
    assert_int_equal(package_sign(trusted.stranger, &package, signature, NULL), LUATEE_OK);
    package.signature = signature;
    assert_true(package_encode_whole(&package, &forged));
    for (unsigned i = 1; i <= 3; i++) {
        trusted_assert_refused(&forged, NULL, PACKAGE_BAD_SIGNATURE);
        assert_int_equal(verifications, i);
    }
    luatee_buffer_free(&forged);
}

/* Everything but the signature is asked each time. */
static void verified_is_not_accepted(void **state)
{
    (void)state;
    const struct package_expected newer = {
        .app = "app", .script = "script", .kind = PACKAGE_SOURCE, .sequence_min = 10
    };
    const struct package_expected renamed = { .app = "app", .script = "another", .kind = PACKAGE_SOURCE };
    trusted_assert_opens(&made, SOURCE);
    trusted_assert_refused(&made, &newer, PACKAGE_OLD_SEQUENCE);
    trusted_assert_refused(&made, &renamed, PACKAGE_OTHER_SCRIPT);
    assert_int_equal(verifications, 1);
}

static void the_oldest_gives_way(void **state)
{
    (void)state;
    struct package_maker maker = trusted_maker();
    struct luatee_buffer more = { 0 };
    trusted_assert_opens(&made, SOURCE);
    for (unsigned i = 0; i < VERIFIED_MAX; i++) {
        trusted_assert_opens(&made, SOURCE);
        assert_int_equal(verifications, i + 1);
        trusted_make(&maker, "script", PACKAGE_SOURCE, SOURCE, &more);
        trusted_assert_opens(&more, SOURCE);
    }
    trusted_assert_opens(&made, SOURCE);
    assert_int_equal(verifications, VERIFIED_MAX + 2);
    trusted_assert_opens(&more, SOURCE);
    assert_int_equal(verifications, VERIFIED_MAX + 2);
    luatee_buffer_free(&more);
}

/* --- in a session ------------------------------------------------------------------------------------------------- */

static uint8_t response[1024];

static uint32_t command(struct session *s, enum luatee_command number, const void *in, size_t size)
{
    struct session_io io = { .in = in, .in_size = size, .out = response, .out_room = sizeof(response) };
    assert_int_equal(session_command(s, number, &io), TEE_SUCCESS);
    return io.a;
}

static void store(struct session *s, const char *name, enum luatee_script_kind kind,
                  const struct luatee_buffer *package)
{
    uint8_t message[1024];
    size_t size = 0, name_size = strlen(name);
    message[size++] = 0x84;
    message[size++] = (uint8_t)(0x60 | name_size);
    memcpy(message + size, name, name_size);
    size += name_size;
    message[size++] = (uint8_t)kind;
    message[size++] = 0x58;
    message[size++] = LUATEE_DIGEST_SIZE;
    assert_int_equal(sha256_digest(package->data, package->size, message + size), TEE_SUCCESS);
    size += LUATEE_DIGEST_SIZE;
    assert_in_range(package->size, 256, sizeof(message) - size - 3);
    message[size++] = 0x59;
    message[size++] = (uint8_t)(package->size >> 8);
    message[size++] = (uint8_t)package->size;
    memcpy(message + size, package->data, package->size);
    assert_int_equal(command(s, LUATEE_CMD_STORE_ADD, message, size + package->size), LUATEE_ANSWER_DONE);
}

static struct session *open_stored(void)
{
    static const uint8_t hello[] = { 0x82, 0x63, 'a', 'p', 'p', LUATEE_HELLO_STORED };
    struct session *s;
    assert_int_equal(session_open(hello, sizeof(hello), &s), TEE_SUCCESS);
    return s;
}

static void call(struct session *s)
{
    assert_int_equal(command(s, LUATEE_CMD_CALL, "\x81\x66script", 8), LUATEE_ANSWER_DONE);
    assert_memory_equal(response, "\x82\xf6\x05", 3);
}

/* Stored, and run: once; and once more by the next session, which loads it. */
static void once_in_a_session(void **state)
{
    (void)state;
    struct package_maker maker = trusted_maker();
    struct luatee_buffer manifest = { 0 };
    trusted_make(&maker, "manifest", PACKAGE_MANIFEST,
                 "\xa3\x64name\x63" "app\x67version\x63" "1.0\x68sequence\x09", &manifest);
    struct session *s = open_stored();
    store(s, "script", LUATEE_KIND_SCRIPT, &made);
    store(s, "manifest", LUATEE_KIND_MANIFEST, &manifest);
    assert_int_equal(verifications, 2);
    call(s);
    call(s);
    assert_int_equal(verifications, 2);
    session_close(s);
    s = open_stored();
    call(s);
    assert_int_equal(verifications, 4);
    session_close(s);
    luatee_buffer_free(&manifest);
}

/* The last test: nothing of that publisher opens any more. */
static void a_key_that_was_revoked_meanwhile_is_refused(void **state)
{
    (void)state;
    struct package_maker maker = trusted_maker();
    maker.publisher = trusted.publishers[0];
    trusted_make(&maker, "script", PACKAGE_SOURCE, SOURCE, &made);
    trusted_assert_opens(&made, SOURCE);
    assert_int_equal(rollback_revoke(1, trusted.publisher_ids[0]), TEE_SUCCESS);
    trusted_assert_refused(&made, NULL, PACKAGE_REVOKED_PUBLISHER);
    assert_int_equal(verifications, 1);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(once_each),
        TEST(a_verified_package_with_a_changed_bit_is_rejected),
        TEST(what_is_refused_is_not_remembered),
        TEST(verified_is_not_accepted),
        TEST(the_oldest_gives_way),
        TEST(once_in_a_session),
        TEST(a_key_that_was_revoked_meanwhile_is_refused),
    };
    return cmocka_run_group_tests_name("package_verified", tests, trusted_start, trusted_stop);
}
