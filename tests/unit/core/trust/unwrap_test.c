/* SPDX-License-Identifier: BSD-2-Clause */
/* Key unwrapping against published vectors and OpenSSL, and the points that must not be multiplied with a private
 * key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/rand.h>

#include "client/package/keys.h"
#include "core/key/curve.h"
#include "core/trust/unwrap.h"
#include "sim/ta/memory.h"

#define POINTS 300

/* RFC 3394, section 4.6: 256 bits of key data with a 256-bit KEK. */
static const uint8_t kek[] = { 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a,
                               0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15,
                               0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f };
static const uint8_t key_data[] = { 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa,
                                    0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05,
                                    0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f };
static const uint8_t wrapped_data[] = { 0x28, 0xc9, 0xf4, 0x04, 0xc4, 0xb8, 0x10, 0xf4, 0xcb, 0xcc,
                                        0xb3, 0x5c, 0xfb, 0x87, 0xf8, 0x26, 0x3f, 0x57, 0x86, 0xe2,
                                        0xd8, 0x0e, 0xd3, 0x26, 0xcb, 0xc7, 0xf0, 0xe7, 0x1a, 0x99,
                                        0xf4, 0x3b, 0xfb, 0x98, 0x8b, 0x9b, 0x7a, 0x02, 0xdd, 0x21 };
static const uint8_t no_key[PACKAGE_KEY_SIZE];

static void rfc_3394_vector_unwraps(void **state)
{
    (void)state;
    uint8_t key[PACKAGE_KEY_SIZE];
    assert_int_equal(unwrap_key(kek, wrapped_data, key), TEE_SUCCESS);
    assert_memory_equal(key, key_data, sizeof(key));
}

static void each_bit_of_a_wrapped_key_matters(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < 8 * sizeof(wrapped_data); bit++) {
        uint8_t damaged[sizeof(wrapped_data)], key[PACKAGE_KEY_SIZE];
        memcpy(damaged, wrapped_data, sizeof(damaged));
        damaged[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(unwrap_key(kek, damaged, key), TEE_ERROR_SECURITY);
        assert_memory_equal(key, no_key, sizeof(key));
    }
}

static void each_bit_of_a_wrapping_key_matters(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < 8 * sizeof(kek); bit++) {
        uint8_t other[sizeof(kek)], key[PACKAGE_KEY_SIZE];
        memcpy(other, kek, sizeof(other));
        other[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(unwrap_key(other, wrapped_data, key), TEE_ERROR_SECURITY);
        assert_memory_equal(key, no_key, sizeof(key));
    }
}

/* RFC 5869, A.3: no salt, no info; the first 256 bits. (A.1 and A.2 have a salt.) */
static void rfc_5869_vector_derives(void **state)
{
    (void)state;
    static const uint8_t expected[] = { 0x8d, 0xa4, 0xe7, 0x75, 0xa5, 0x63, 0xc1, 0x8f, 0x71, 0x5f, 0x80,
                                        0x2a, 0x06, 0x3c, 0x5a, 0x31, 0xb8, 0xa1, 0x1f, 0x5c, 0x5e, 0xe1,
                                        0x87, 0x9e, 0xc3, 0x45, 0x4e, 0x5f, 0x3c, 0x73, 0x8d, 0x2d };
    uint8_t secret[22], key[PACKAGE_KEY_SIZE];
    memset(secret, 0x0b, sizeof(secret));
    assert_int_equal(unwrap_hkdf(secret, sizeof(secret), "", 0, key), TEE_SUCCESS);
    assert_memory_equal(key, expected, sizeof(key));
}

static void info_has_a_limit(void **state)
{
    (void)state;
    uint8_t info[UNWRAP_INFO_MAX + 1] = { 0 }, key[PACKAGE_KEY_SIZE];
    assert_int_equal(unwrap_hkdf("k", 1, info, UNWRAP_INFO_MAX, key), TEE_SUCCESS);
    assert_int_equal(unwrap_hkdf("k", 1, info, UNWRAP_INFO_MAX + 1, key), TEE_ERROR_BAD_PARAMETERS);
}

/* --- the curve */

static void flip(uint8_t *bytes, unsigned bit)
{
    bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
}

static void points_of_keys_are_on_the_curve(void **state)
{
    (void)state;
    for (unsigned i = 0; i < POINTS; i++) {
        uint8_t x[PACKAGE_POINT_SIZE], y[PACKAGE_POINT_SIZE];
        EVP_PKEY *key = EVP_EC_gen("P-256");
        assert_true(package_key_point(key, x, y));
        EVP_PKEY_free(key);
        assert_true(curve_has_point(&curve_p256, x, y));
        /* Another y of the same x would have to be p - y, and one bit does not make that of y, as both are below p and
         * p is odd; another x of the same y is there once in a blue moon only. */
        flip(y, i % 256);
        assert_false(curve_has_point(&curve_p256, x, y));
        flip(y, i % 256);
        flip(x, i % 256);
        assert_false(curve_has_point(&curve_p256, x, y));
    }
}

static void put(const BIGNUM *number, uint8_t out[PACKAGE_POINT_SIZE])
{
    assert_int_equal(BN_bn2binpad(number, out, PACKAGE_POINT_SIZE), PACKAGE_POINT_SIZE);
}

/* The point with the smallest x, from `from` on. Returns x. */
static unsigned long small_point(const EC_GROUP *group, unsigned long from, BIGNUM *x, BIGNUM *y)
{
    EC_POINT *point = EC_POINT_new(group);
    do {
        assert_int_equal(BN_set_word(x, from++), 1);
    } while (EC_POINT_set_compressed_coordinates(group, point, x, 0, NULL) != 1);
    assert_int_equal(EC_POINT_get_affine_coordinates(group, point, x, y, NULL), 1);
    EC_POINT_free(point);
    return from - 1;
}

/* Both coordinates have one encoding: a number that is p larger is the same modulo p, and not the same point. */
static void coordinates_above_p_are_refused(void **state)
{
    (void)state;
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    BIGNUM *x = BN_new(), *y = BN_new(), *p = BN_new();
    uint8_t x_bytes[PACKAGE_POINT_SIZE], y_bytes[PACKAGE_POINT_SIZE], p_bytes[PACKAGE_POINT_SIZE];
    assert_int_equal(EC_GROUP_get_curve(group, p, NULL, NULL, NULL), 1);
    put(p, p_bytes);
    unsigned long from = 0;
    for (int i = 0; i < 20; i++) {
        from = small_point(group, from, x, y) + 1;
        put(x, x_bytes);
        put(y, y_bytes);
        assert_true(curve_has_point(&curve_p256, x_bytes, y_bytes));
        assert_int_equal(BN_add(x, x, p), 1);
        put(x, x_bytes);
        assert_false(curve_has_point(&curve_p256, x_bytes, y_bytes));
        /* The other point of this x; and p itself, which is 0 written differently. */
        assert_int_equal(BN_sub(x, x, p), 1);
        assert_int_equal(BN_sub(y, p, y), 1);
        put(x, x_bytes);
        put(y, y_bytes);
        assert_true(curve_has_point(&curve_p256, x_bytes, y_bytes));
        assert_false(curve_has_point(&curve_p256, x_bytes, p_bytes));
        assert_false(curve_has_point(&curve_p256, p_bytes, y_bytes));
    }
    BN_free(x);
    BN_free(y);
    BN_free(p);
    EC_GROUP_free(group);
}

static void other_pairs_are_not_on_the_curve(void **state)
{
    (void)state;
    uint8_t x[PACKAGE_POINT_SIZE] = { 0 }, y[PACKAGE_POINT_SIZE] = { 0 };
    assert_false(curve_has_point(&curve_p256, x, y)); /* what some take for infinity */
    y[PACKAGE_POINT_SIZE - 1] = 1;
    assert_false(curve_has_point(&curve_p256, x, y));
    memset(x, 0xff, sizeof(x));
    assert_false(curve_has_point(&curve_p256, x, y));
    memset(y, 0xff, sizeof(y));
    assert_false(curve_has_point(&curve_p256, x, y));
    for (int i = 0; i < POINTS; i++) {
        assert_int_equal(RAND_bytes(x, sizeof(x)), 1);
        assert_int_equal(RAND_bytes(y, sizeof(y)), 1);
        assert_false(curve_has_point(&curve_p256, x, y));
    }
}

static int start(void **state)
{
    (void)state;
    return sim_memory_start() ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_3394_vector_unwraps),
        cmocka_unit_test(each_bit_of_a_wrapped_key_matters),
        cmocka_unit_test(each_bit_of_a_wrapping_key_matters),
        cmocka_unit_test(rfc_5869_vector_derives),
        cmocka_unit_test(info_has_a_limit),
        cmocka_unit_test(points_of_keys_are_on_the_curve),
        cmocka_unit_test(coordinates_above_p_are_refused),
        cmocka_unit_test(other_pairs_are_not_on_the_curve),
    };
    return cmocka_run_group_tests_name("package_unwrap", tests, start, NULL);
}
