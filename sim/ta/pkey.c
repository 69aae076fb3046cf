/* SPDX-License-Identifier: BSD-2-Clause */
#include "sim/ta/pkey.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <string.h>

#include "sim/ta/rsa.h"

#define UNCOMPRESSED 4 /* the point's first byte (SEC 1, section 2.3.3) */
#define PART_25519 32u

/* value: x, y, and the private number of a pair. OpenSSL rejects a point that is not on the curve. */
static EVP_PKEY *new_nist(const struct sim_key_type *type, const uint8_t *value, size_t part)
{
    const struct sim_curve *curve = sim_curve_of_bits((uint32_t)part * 8);
    bool is_pair = sim_key_is_pair(type);
    uint8_t point[1 + 2 * SIM_PKEY_COORDINATE_MAX] = {UNCOMPRESSED};
    uint8_t number[SIM_PKEY_COORDINATE_MAX];
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY *key = NULL;
    OSSL_PARAM params[4];
    OSSL_PARAM *next = params;

    if (!curve || !context || EVP_PKEY_fromdata_init(context) <= 0)
        goto out;
    memcpy(point + 1, value, 2 * part);
    *next++ = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)(uintptr_t)curve->name, 0);
    *next++ = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * part);
    if (is_pair) {
        /* OpenSSL expects the machine's byte order, which is little-endian (asserted in storage_record.c). */
        for (size_t i = 0; i < part; i++)
            number[i] = value[3 * part - 1 - i];
        *next++ = OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, number, part);
    }
    *next = OSSL_PARAM_construct_end();
    if (EVP_PKEY_fromdata(context, &key, is_pair ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) <= 0)
        key = NULL;
out:
    EVP_PKEY_CTX_free(context);
    OPENSSL_cleanse(number, sizeof(number));
    return key;
}

/* value: the public string, and the private one of a pair. OpenSSL computes a pair's public string from the private. */
static EVP_PKEY *new_25519(const struct sim_key_type *type, const uint8_t *value, size_t part)
{
    if (part != PART_25519)
        return NULL;
    if (sim_key_is_pair(type))
        return EVP_PKEY_new_raw_private_key_ex(NULL, type->name, NULL, value + part, part);
    return EVP_PKEY_new_raw_public_key_ex(NULL, type->name, NULL, value, part);
}

EVP_PKEY *sim_pkey_new(const struct sim_key_type *type, const uint8_t *value, size_t size)
{
    uint32_t parts = sim_key_part_count(type);

    if (!value || size % parts)
        return NULL;
    if (type->family == SIM_KEY_RSA)
        return sim_rsa_new(type, value, size / parts);
    return type->family == SIM_KEY_NIST ? new_nist(type, value, size / parts) : new_25519(type, value, size / parts);
}

static bool check_nist(const struct sim_key_type *type, EVP_PKEY *key)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    bool valid;

    valid = context && (sim_key_is_pair(type) ? EVP_PKEY_check(context) : EVP_PKEY_public_check(context)) == 1;
    EVP_PKEY_CTX_free(context);
    return valid;
}

/* A pair whose public value does not belong to the private one is rejected: its signatures would reveal the private. */
static bool check_25519(const struct sim_key_type *type, EVP_PKEY *key, const uint8_t *value)
{
    uint8_t public_value[PART_25519];
    size_t size = sizeof(public_value);

    if (type->type == TEE_TYPE_X25519_KEYPAIR)
        return true;
    return EVP_PKEY_get_raw_public_key(key, public_value, &size) && size == sizeof(public_value) &&
           !memcmp(public_value, value, size);
}

bool sim_pkey_is_valid(const struct sim_key_type *type, const uint8_t *value, size_t size)
{
    EVP_PKEY *key = sim_pkey_new(type, value, size);
    bool valid = false;

    if (key && type->family == SIM_KEY_RSA)
        valid = sim_rsa_is_valid(type, key, value, size / sim_key_part_count(type));
    else if (key)
        valid = type->family == SIM_KEY_NIST ? check_nist(type, key) : check_25519(type, key, value);
    EVP_PKEY_free(key);
    return valid;
}

static bool get_number(const EVP_PKEY *key, const char *name, uint8_t *out, size_t size)
{
    BIGNUM *number = NULL;
    bool ok = EVP_PKEY_get_bn_param(key, name, &number) && BN_bn2binpad(number, out, (int)size) == (int)size;

    BN_clear_free(number);
    return ok;
}

static size_t generate_nist(uint32_t bits, uint8_t *value)
{
    const struct sim_curve *curve = sim_curve_of_bits(bits);
    EVP_PKEY *key = curve ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", curve->name) : NULL;
    size_t part = bits / 8;
    bool ok = key && get_number(key, OSSL_PKEY_PARAM_EC_PUB_X, value, part) &&
              get_number(key, OSSL_PKEY_PARAM_EC_PUB_Y, value + part, part) &&
              get_number(key, OSSL_PKEY_PARAM_PRIV_KEY, value + 2 * part, part);

    EVP_PKEY_free(key);
    return ok ? 3 * part : 0;
}

static size_t generate_25519(const struct sim_key_type *type, uint8_t *value)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, type->name);
    size_t public_size = PART_25519, private_size = PART_25519;
    bool ok = key && EVP_PKEY_get_raw_public_key(key, value, &public_size) &&
              EVP_PKEY_get_raw_private_key(key, value + PART_25519, &private_size);

    EVP_PKEY_free(key);
    return ok ? public_size + private_size : 0;
}

size_t sim_pkey_generate(const struct sim_key_type *type, uint32_t bits, const BIGNUM *exponent,
                         uint8_t value[SIM_KEY_VALUE_MAX])
{
    if (type->family == SIM_KEY_RSA)
        return sim_rsa_generate(bits, exponent, value);
    return type->family == SIM_KEY_NIST ? generate_nist(bits, value) : generate_25519(type, value);
}

bool sim_pkey_number(const void *number, size_t number_size, uint8_t *out, size_t size)
{
    const uint8_t *at = number;

    while (number_size && !*at) {
        at++;
        number_size--;
    }
    if (number_size > size)
        return false;
    memset(out, 0, size - number_size);
    if (number_size)
        memcpy(out + size - number_size, at, number_size);
    return true;
}
