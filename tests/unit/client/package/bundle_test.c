/* SPDX-License-Identifier: BSD-2-Clause */
/* Making packages: what was encrypted can be decrypted by those it was for, and signatures hold for what was signed. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include "client/package/bundle.h"
#include "client/package/keys.h"
#include "client/package/sign.h"
#include "core/package/structures.h"

#define PACKS 1000

static EVP_PKEY *publisher, *device, *other_device;
static uint8_t class_key[PACKAGE_KEY_SIZE];
static struct package_manifest manifest;

static int setup(void **state)
{
    (void)state;
    publisher = EVP_EC_gen("P-256");
    device = EVP_EC_gen("P-256");
    other_device = EVP_EC_gen("P-256");
    memset(class_key, 7, sizeof(class_key));
    manifest = (struct package_manifest) { .name = "app", .version = "1.0", .sequence = 9 };
    return publisher && device && other_device ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    EVP_PKEY_free(publisher);
    EVP_PKEY_free(device);
    EVP_PKEY_free(other_device);
    return 0;
}

static struct package_maker new_maker(EVP_PKEY *const *devices, size_t count, bool with_class)
{
    return (struct package_maker) {
        .manifest = &manifest,
        .publisher = publisher,
        .sign = true,
        .readers = { .class_key = with_class ? class_key : NULL, .devices = devices, .device_count = count },
    };
}

static void make_script(const struct package_maker *maker, const char *source, struct luatee_buffer *out)
{
    struct package_part part = { .name = "script", .kind = PACKAGE_SOURCE };
    part.plaintext = (struct luatee_buffer) { .data = (uint8_t *)(uintptr_t)source, .size = strlen(source) };
    assert_int_equal(package_make(maker, &part, out, NULL), LUATEE_OK);
}

static void parse(const struct luatee_buffer *made, struct package *package, struct package_body *body)
{
    assert_int_equal(package_parse(made->data, made->size, package), PACKAGE_FINE);
    assert_int_equal(package_parse_body(package->payload, package->payload_size, body), PACKAGE_FINE);
}

/* --- what a reader does, written once more and from the RFCs */

static bool unwrap(const uint8_t *wrapping_key, const uint8_t *wrapped, uint8_t key[PACKAGE_KEY_SIZE])
{
    int size = 0;
    uint8_t out[PACKAGE_WRAPPED_SIZE + 8];
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    assert_int_equal(EVP_DecryptInit_ex(context, EVP_aes_256_wrap(), NULL, wrapping_key, NULL), 1);
    bool fine = EVP_DecryptUpdate(context, out, &size, wrapped, PACKAGE_WRAPPED_SIZE) == 1 && size == PACKAGE_KEY_SIZE;
    EVP_CIPHER_CTX_free(context);
    if (fine)
        memcpy(key, out, PACKAGE_KEY_SIZE);
    return fine;
}

static EVP_PKEY *import_point(const uint8_t *x, const uint8_t *y)
{
    uint8_t point[1 + 2 * PACKAGE_POINT_SIZE] = { 4 };
    memcpy(point + 1, x, PACKAGE_POINT_SIZE);
    memcpy(point + 1 + PACKAGE_POINT_SIZE, y, PACKAGE_POINT_SIZE);
    char group[] = "P-256";
    OSSL_PARAM parameters[] = { OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
                                OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)),
                                OSSL_PARAM_construct_end() };
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
    assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters), 1);
    EVP_PKEY_CTX_free(context);
    return key;
}

static bool unwrap_for_device(EVP_PKEY *reader, const struct package_recipient *recipient,
                              uint8_t key[PACKAGE_KEY_SIZE])
{
    /* RFC 9053, section 5.2: [-5, [nil, nil, nil], [nil, nil, nil], [256, h'a101381e']]. */
    static uint8_t info[] = { 0x84, 0x24, 0x83, 0xf6, 0xf6, 0xf6, 0x83, 0xf6, 0xf6, 0xf6,
                              0x82, 0x19, 0x01, 0x00, 0x44, 0xa1, 0x01, 0x38, 0x1e };
    uint8_t secret[PACKAGE_POINT_SIZE], wrapping_key[PACKAGE_KEY_SIZE];
    size_t size = sizeof(secret);
    EVP_PKEY *ephemeral = import_point(recipient->x, recipient->y);
    EVP_PKEY_CTX *agreement = EVP_PKEY_CTX_new(reader, NULL);
    assert_int_equal(EVP_PKEY_derive_init(agreement), 1);
    assert_int_equal(EVP_PKEY_derive_set_peer(agreement, ephemeral), 1);
    assert_int_equal(EVP_PKEY_derive(agreement, secret, &size), 1);
    EVP_PKEY_CTX_free(agreement);
    EVP_PKEY_free(ephemeral);
    EVP_PKEY_CTX *hkdf = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
    size = sizeof(wrapping_key);
    assert_int_equal(EVP_PKEY_derive_init(hkdf), 1);
    assert_int_equal(EVP_PKEY_CTX_set_hkdf_md(hkdf, EVP_sha256()), 1);
    assert_int_equal(EVP_PKEY_CTX_set1_hkdf_key(hkdf, secret, sizeof(secret)), 1);
    assert_int_equal(EVP_PKEY_CTX_add1_hkdf_info(hkdf, info, sizeof(info)), 1);
    assert_int_equal(EVP_PKEY_derive(hkdf, wrapping_key, &size), 1);
    EVP_PKEY_CTX_free(hkdf);
    return unwrap(wrapping_key, recipient->wrapped, key);
}

/* Whether the ciphertext under this header decrypts to the text. */
static bool decrypts(const uint8_t *key, const struct package *package, const struct package_body *body,
                     const char *text)
{
    uint8_t additional[STRUCTURE_ENCRYPT_MAX], out[256];
    size_t additional_size = structure_encrypt(package->header, package->header_size, additional);
    size_t size = body->ciphertext_size - PACKAGE_TAG_SIZE;
    int written = 0, rest = 0;
    assert_true(size <= sizeof(out));
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    assert_int_equal(EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, body->iv), 1);
    assert_int_equal(EVP_DecryptUpdate(context, NULL, &written, additional, (int)additional_size), 1);
    written = 0;
    if (size > 0)
        assert_int_equal(EVP_DecryptUpdate(context, out, &written, body->ciphertext, (int)size), 1);
    assert_int_equal(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, PACKAGE_TAG_SIZE,
                                         (void *)(uintptr_t)(body->ciphertext + size)),
                     1);
    bool fine = EVP_DecryptFinal_ex(context, out + written, &rest) == 1;
    EVP_CIPHER_CTX_free(context);
    return fine && size == strlen(text) && memcmp(out, text, size) == 0;
}

/* --- tests */

static void test_readers(void **state)
{
    (void)state;
    static const char text[] = "return 'a secret'";
    EVP_PKEY *devices[] = { device, other_device };
    struct package_maker maker = new_maker(devices, 2, true);
    struct luatee_buffer made = { 0 };
    struct package package;
    struct package_body body;
    uint8_t key[PACKAGE_KEY_SIZE], id[PACKAGE_RECIPIENT_ID_SIZE];
    make_script(&maker, text, &made);
    assert_null(memmem(made.data, made.size, "secret", strlen("secret")));
    parse(&made, &package, &body);
    assert_int_equal(body.recipient_count, 3);
    assert_true(package_class_id(class_key, id));
    assert_memory_equal(body.recipients[0].id, id, sizeof(id));
    assert_true(unwrap(class_key, body.recipients[0].wrapped, key));
    assert_true(decrypts(key, &package, &body, text));
    for (size_t i = 0; i < 2; i++) {
        assert_true(package_device_id(devices[i], id));
        assert_memory_equal(body.recipients[1 + i].id, id, sizeof(id));
        assert_true(unwrap_for_device(devices[i], &body.recipients[1 + i], key));
        assert_true(decrypts(key, &package, &body, text));
        assert_false(unwrap_for_device(devices[1 - i], &body.recipients[1 + i], key));
    }
    luatee_buffer_free(&made);
}

static void test_body_has_one_header(void **state)
{
    (void)state;
    struct package_maker maker = new_maker(NULL, 0, true);
    struct luatee_buffer made = { 0 };
    struct package package;
    struct package_body body;
    uint8_t key[PACKAGE_KEY_SIZE];
    make_script(&maker, "return 1", &made);
    parse(&made, &package, &body);
    assert_true(unwrap(class_key, body.recipients[0].wrapped, key));
    assert_true(decrypts(key, &package, &body, "return 1"));
    made.data[package.header - made.data + (ptrdiff_t)package.header_size - 1] ^= 1;
    assert_false(decrypts(key, &package, &body, "return 1"));
    luatee_buffer_free(&made);
}

static void test_empty_script(void **state)
{
    (void)state;
    struct package_maker maker = new_maker(NULL, 0, true);
    struct package_part part = { .name = "empty", .kind = PACKAGE_SOURCE };
    struct luatee_buffer made = { 0 };
    struct package package;
    struct package_body body;
    uint8_t key[PACKAGE_KEY_SIZE];
    assert_int_equal(package_make(&maker, &part, &made, NULL), LUATEE_OK);
    parse(&made, &package, &body);
    assert_int_equal(body.ciphertext_size, PACKAGE_TAG_SIZE);
    assert_true(unwrap(class_key, body.recipients[0].wrapped, key));
    assert_true(decrypts(key, &package, &body, ""));
    luatee_buffer_free(&made);
}

static void test_reader_limits(void **state)
{
    (void)state;
    EVP_PKEY *devices[PACKAGE_RECIPIENTS_MAX];
    for (size_t i = 0; i < PACKAGE_RECIPIENTS_MAX; i++)
        devices[i] = device;
    struct package_part part = { .name = "script", .kind = PACKAGE_SOURCE };
    struct luatee_buffer made = { 0 };
    struct package_maker none = new_maker(NULL, 0, false), most = new_maker(devices, PACKAGE_RECIPIENTS_MAX, false);
    struct package_maker too_many = new_maker(devices, PACKAGE_RECIPIENTS_MAX, true);
    assert_int_equal(package_make(&none, &part, &made, NULL), LUATEE_USAGE);
    assert_int_equal(package_make(&most, &part, &made, NULL), LUATEE_OK);
    assert_int_equal(package_make(&too_many, &part, &made, NULL), LUATEE_USAGE);
    part.plaintext = (struct luatee_buffer) { .data = made.data, .size = LUATEE_SCRIPT_MAX + 1 };
    assert_int_equal(package_make(&most, &part, &made, NULL), LUATEE_USAGE);
    luatee_buffer_free(&made);
}

static void test_signature(void **state)
{
    (void)state;
    struct package_maker maker = new_maker(NULL, 0, true);
    struct luatee_buffer made = { 0 };
    struct package package;
    struct package_body body;
    make_script(&maker, "return 1", &made);
    parse(&made, &package, &body);
    assert_true(package_signature_good(publisher, &package, package.signature));
    assert_false(package_signature_good(device, &package, package.signature));
    /* Everything between the head of the array and the signature is signed. */
    const uint8_t *views[] = { package.header,    package.header + package.header_size - 1,
                               package.payload,   package.payload + package.payload_size - 1,
                               package.signature, package.signature + 63 };
    for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
        uint8_t *byte = made.data + (views[i] - made.data);
        *byte ^= 0x10;
        assert_false(package_signature_good(publisher, &package, package.signature));
        *byte ^= 0x10;
    }
    uint8_t zeros[PACKAGE_SIGNATURE_SIZE] = { 0 }, ones[PACKAGE_SIGNATURE_SIZE];
    memset(ones, 0xff, sizeof(ones));
    assert_false(package_signature_good(publisher, &package, zeros));
    assert_false(package_signature_good(publisher, &package, ones));
    luatee_buffer_free(&made);
}

/* What another program makes of the bytes to be signed. */
static void test_signed_elsewhere(void **state)
{
    (void)state;
    struct package_maker maker = new_maker(NULL, 0, true);
    struct luatee_buffer made = { 0 }, to_sign = { 0 };
    struct package package;
    struct package_body body;
    uint8_t digest[LUATEE_DIGEST_SIZE], expected[LUATEE_DIGEST_SIZE], der[80], raw[PACKAGE_SIGNATURE_SIZE];
    maker.sign = false;
    make_script(&maker, "return 1", &made);
    parse(&made, &package, &body);
    assert_false(package_signature_good(publisher, &package, package.signature));
    assert_int_equal(package_to_be_signed(&package, &to_sign, digest, NULL), LUATEE_OK);
    assert_int_equal(EVP_Digest(to_sign.data, to_sign.size, expected, NULL, EVP_sha256(), NULL), 1);
    assert_memory_equal(digest, expected, sizeof(digest));
    size_t size = sizeof(der);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(publisher, NULL);
    assert_int_equal(EVP_PKEY_sign_init(context), 1);
    assert_int_equal(EVP_PKEY_sign(context, der, &size, digest, sizeof(digest)), 1);
    EVP_PKEY_CTX_free(context);
    assert_true(package_signature_read(publisher, &package, der, size, raw));
    assert_true(package_signature_good(publisher, &package, raw));
    uint8_t again[PACKAGE_SIGNATURE_SIZE];
    assert_true(package_signature_read(publisher, &package, raw, sizeof(raw), again));
    assert_memory_equal(raw, again, sizeof(raw));
    assert_false(package_signature_read(device, &package, raw, sizeof(raw), again));
    assert_false(package_signature_read(publisher, &package, raw, sizeof(raw) - 1, again));
    assert_false(package_signature_read(publisher, &package, der, size - 1, again));
    assert_false(package_signature_read(publisher, &package, der, 0, again));
    der[size] = 0;
    assert_false(package_signature_read(publisher, &package, der, size + 1, again));
    luatee_buffer_free(&made);
    luatee_buffer_free(&to_sign);
}

static void test_structures(void **state)
{
    (void)state;
    static const uint8_t header[] = { 1, 2, 3 };
    static const uint8_t sign[] = "\x84\x6aSignature1\x43\1\2\3\x40\x59\x01\x00";
    static const uint8_t encrypt[] = "\x83\x67"
                                     "Encrypt\x43\xa1\x01\x03\x43\1\2\3";
    uint8_t out[STRUCTURE_SIGN_MAX];
    assert_int_equal(structure_sign(header, sizeof(header), 256, out), sizeof(sign) - 1);
    assert_memory_equal(out, sign, sizeof(sign) - 1);
    assert_int_equal(structure_encrypt(header, sizeof(header), out), sizeof(encrypt) - 1);
    assert_memory_equal(out, encrypt, sizeof(encrypt) - 1);
    uint8_t largest[PACKAGE_HEADER_MAX] = { 0 };
    assert_true(structure_sign(largest, sizeof(largest), PACKAGE_SIZE_MAX, out) <= STRUCTURE_SIGN_MAX);
    assert_true(structure_encrypt(largest, sizeof(largest), out) <= STRUCTURE_ENCRYPT_MAX);
    assert_true(structure_kdf_context(out) <= STRUCTURE_KDF_CONTEXT_MAX);
}

static void test_bundle(void **state)
{
    (void)state;
    struct package_maker maker = new_maker(NULL, 0, true), again = maker;
    struct package_part parts[3] = { { .name = "manifest", .kind = PACKAGE_MANIFEST },
                                     { .name = "b", .kind = PACKAGE_SOURCE },
                                     { .name = "a", .kind = PACKAGE_SOURCE } };
    assert_int_equal(package_bundle(&maker, parts, 3, NULL), LUATEE_OK);
    assert_string_equal(parts[0].name, "a");
    assert_string_equal(parts[1].name, "b");
    assert_string_equal(parts[2].name, "manifest");
    /* The same contents, another salt: the bundle tells nothing about them. */
    assert_int_equal(package_bundle(&again, parts, 3, NULL), LUATEE_OK);
    assert_memory_not_equal(maker.bundle, again.bundle, PACKAGE_BUNDLE_SIZE);
}

static int compare_keys(const void *a, const void *b)
{
    return memcmp(a, b, PACKAGE_KEY_SIZE);
}

static int compare_ivs(const void *a, const void *b)
{
    return memcmp(a, b, PACKAGE_IV_SIZE);
}

static int compare_points(const void *a, const void *b)
{
    return memcmp(a, b, PACKAGE_POINT_SIZE);
}

#define assert_all_differ(array, compare)                                                                              \
    do {                                                                                                               \
        qsort(array, PACKS, sizeof((array)[0]), compare);                                                              \
        for (size_t i_ = 1; i_ < PACKS; i_++)                                                                          \
            assert_int_not_equal(compare((array)[i_ - 1], (array)[i_]), 0);                                            \
    } while (0)

static void test_nothing_random_comes_twice(void **state)
{
    (void)state;
    static uint8_t keys[PACKS][PACKAGE_KEY_SIZE], ivs[PACKS][PACKAGE_IV_SIZE], points[PACKS][PACKAGE_POINT_SIZE],
        bundles[PACKS][PACKAGE_BUNDLE_SIZE];
    EVP_PKEY *devices[] = { device };
    struct package_maker maker = new_maker(devices, 1, true);
    struct luatee_buffer made = { 0 };
    struct package_part part = { .name = "script", .kind = PACKAGE_SOURCE };
    for (size_t i = 0; i < PACKS; i++) {
        struct package package;
        struct package_body body;
        assert_int_equal(package_bundle(&maker, &part, 1, NULL), LUATEE_OK);
        make_script(&maker, "return 1", &made);
        parse(&made, &package, &body);
        assert_true(unwrap(class_key, body.recipients[0].wrapped, keys[i]));
        memcpy(ivs[i], body.iv, PACKAGE_IV_SIZE);
        memcpy(points[i], body.recipients[1].x, PACKAGE_POINT_SIZE);
        memcpy(bundles[i], package.identity.bundle, PACKAGE_BUNDLE_SIZE);
    }
    assert_all_differ(keys, compare_keys);
    assert_all_differ(ivs, compare_ivs);
    assert_all_differ(points, compare_points);
    assert_all_differ(bundles, compare_keys);
    luatee_buffer_free(&made);
}

static void test_manifest(void **state)
{
    (void)state;
    static const uint8_t least[] = "\xa3\x64name\x63"
                                   "app\x67version\x63"
                                   "1.0\x68sequence\x09";
    static const uint8_t most[] = "\xa7\x64"
                                  "fuel\x0a\x64name\x63"
                                  "app\x66memory\x0b\x66revoke\x82\x58\x20"
                                  "22222222222222222222222222222222\x58\x20"
                                  "11111111111111111111111111111111\x67version\x63"
                                  "1.0\x68sequence\x09"
                                  "\x6bpermissions\xa6\x63log\xf5\x64host\x82\x61"
                                  "b\x61"
                                  "a\x64keys\xf5\x64load\xf5\x67storage\xf5\x68"
                                  "counters\xf5";
    struct luatee_buffer out = { 0 };
    assert_true(package_encode_manifest(&manifest, &out));
    assert_int_equal(out.size, sizeof(least) - 1);
    assert_memory_equal(out.data, least, out.size);
    struct package_manifest full = manifest;
    full.fuel = 10;
    full.memory = 11;
    full.storage = full.counters = full.keys = full.load = full.log = true;
    full.host_count = 2;
    strcpy(full.host[0], "b");
    strcpy(full.host[1], "a");
    full.revoke_count = 2;
    memset(full.revoke[0], '2', PACKAGE_PUBLISHER_ID_SIZE);
    memset(full.revoke[1], '1', PACKAGE_PUBLISHER_ID_SIZE);
    assert_true(package_encode_manifest(&full, &out));
    assert_int_equal(out.size, sizeof(most) - 1);
    assert_memory_equal(out.data, most, out.size);
    luatee_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_readers),
        cmocka_unit_test(test_body_has_one_header),
        cmocka_unit_test(test_empty_script),
        cmocka_unit_test(test_reader_limits),
        cmocka_unit_test(test_signature),
        cmocka_unit_test(test_signed_elsewhere),
        cmocka_unit_test(test_structures),
        cmocka_unit_test(test_bundle),
        cmocka_unit_test(test_nothing_random_comes_twice),
        cmocka_unit_test(test_manifest),
    };
    return cmocka_run_group_tests_name("package_make", tests, setup, teardown);
}
