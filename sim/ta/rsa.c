/* SPDX-License-Identifier: BSD-2-Clause */
#include "sim/ta/rsa.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <string.h>

#include "sim/ta/panic.h"

#define DIGEST_SIZE 32

/* Index of the first prime among the parts, and OpenSSL's names of the parts. */
#define PRIMES 3
static const char *const names[SIM_KEY_PARTS_MAX] = {
    OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,         OSSL_PKEY_PARAM_RSA_D,
    OSSL_PKEY_PARAM_RSA_FACTOR1,   OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
    OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1};

static bool is_zero(const uint8_t *bytes, size_t size)
{
    uint8_t any = 0;

    for (size_t i = 0; i < size; i++)
        any |= bytes[i];
    return !any;
}

static uint32_t numbers_of(const struct sim_key_type *type, const uint8_t *value, size_t part)
{
    uint32_t count = sim_key_part_count(type);

    return count > PRIMES && is_zero(value + PRIMES * part, (count - PRIMES) * part) ? PRIMES : count;
}

EVP_PKEY *sim_rsa_new(const struct sim_key_type *type, const uint8_t *value, size_t part)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    BIGNUM *numbers[SIM_KEY_PARTS_MAX] = {NULL};
    uint32_t count = numbers_of(type, value, part);
    OSSL_PARAM *params = NULL;
    EVP_PKEY *key = NULL;
    bool ok = context && builder && EVP_PKEY_fromdata_init(context) > 0;

    for (uint32_t i = 0; ok && i < count; i++) {
        numbers[i] = BN_secure_new();
        ok = numbers[i] && BN_bin2bn(value + i * part, (int)part, numbers[i]) &&
             OSSL_PARAM_BLD_push_BN(builder, names[i], numbers[i]);
    }
    ok = ok && (params = OSSL_PARAM_BLD_to_param(builder)) &&
         EVP_PKEY_fromdata(context, &key, sim_key_is_pair(type) ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) > 0;
    for (uint32_t i = 0; i < count; i++)
        BN_clear_free(numbers[i]);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(context);
    return ok ? key : NULL;
}

/* Checks that d belongs to e without the primes: 2^(d e) = 2 modulo n. */
static bool is_inverse(const uint8_t *value, size_t part)
{
    BN_CTX *context = BN_CTX_new();
    BIGNUM *n = BN_bin2bn(value, (int)part, NULL);
    BIGNUM *e = BN_bin2bn(value + part, (int)part, NULL);
    BIGNUM *d = BN_bin2bn(value + 2 * part, (int)part, NULL);
    BIGNUM *two = BN_new(), *power = BN_new();
    bool ok = context && n && e && d && two && power && BN_set_word(two, 2);

    if (ok)
        BN_set_flags(d, BN_FLG_CONSTTIME);
    ok = ok && BN_mod_exp(power, two, d, n, context) && BN_mod_exp(power, power, e, n, context) &&
         BN_cmp(power, two) == 0;
    BN_free(two);
    BN_free(power);
    BN_free(n);
    BN_free(e);
    BN_clear_free(d);
    BN_CTX_free(context);
    return ok;
}

bool sim_rsa_is_valid(const struct sim_key_type *type, EVP_PKEY *key, const uint8_t *value, size_t part)
{
    EVP_PKEY_CTX *context;
    bool ok;

    /* n and e are odd, and e is above 1. */
    if (!(value[part - 1] & 1) || !(value[2 * part - 1] & 1) ||
        (is_zero(value + part, part - 1) && value[2 * part - 1] == 1))
        return false;
    if (!sim_key_is_pair(type))
        return true;
    if (!is_inverse(value, part))
        return false;
    if (numbers_of(type, value, part) == PRIMES)
        return true;
    context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    ok = context && EVP_PKEY_check(context) == 1;
    EVP_PKEY_CTX_free(context);
    return ok;
}

size_t sim_rsa_generate(uint32_t bits, const BIGNUM *exponent, uint8_t value[SIM_KEY_VALUE_MAX])
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY *key = NULL;
    size_t part = bits / 8;
    bool ok = context && EVP_PKEY_keygen_init(context) > 0 &&
              EVP_PKEY_CTX_set_rsa_keygen_bits(context, (int)bits) > 0 &&
              (!exponent || EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, (BIGNUM *)(uintptr_t)exponent) > 0) &&
              EVP_PKEY_generate(context, &key) > 0;

    for (uint32_t i = 0; ok && i < SIM_KEY_PARTS_MAX; i++) {
        BIGNUM *number = NULL;
        ok = EVP_PKEY_get_bn_param(key, names[i], &number) &&
             BN_bn2binpad(number, value + i * part, (int)part) == (int)part;
        BN_clear_free(number);
    }
    EVP_PKEY_free(key);
    EVP_PKEY_CTX_free(context);
    return ok ? SIM_KEY_PARTS_MAX * part : 0;
}

/* Sets the padding of the algorithm, and the salt length if a parameter names it. */
static bool set_padding(EVP_PKEY_CTX *context, const struct sim_operation *operation, const TEE_Attribute *params,
                        uint32_t param_count, const char *function)
{
    bool pss = operation->algorithm->id == TEE_ALG_RSASSA_PKCS1_PSS_MGF1_SHA256;
    int salt = DIGEST_SIZE;

    if (param_count && (!pss || param_count != 1 || params[0].attributeID != TEE_ATTR_RSA_PSS_SALT_LENGTH))
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "the only parameter is RSA_PSS_SALT_LENGTH, for PSS");
    if (param_count)
        salt = (int)params[0].content.value.a;
    return EVP_PKEY_CTX_set_rsa_padding(context, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) > 0 &&
           EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) > 0 &&
           (!pss || EVP_PKEY_CTX_set_rsa_pss_saltlen(context, salt) > 0);
}

bool sim_rsa_sign(const struct sim_operation *operation, const TEE_Attribute *params, uint32_t param_count,
                  const uint8_t *digest, uint8_t *signature)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, operation->pair, NULL);
    size_t size = operation->key_bits / 8;
    bool ok = context && EVP_PKEY_sign_init(context) > 0 &&
              set_padding(context, operation, params, param_count, "TEE_AsymmetricSignDigest") &&
              EVP_PKEY_sign(context, signature, &size, digest, DIGEST_SIZE) > 0;

    EVP_PKEY_CTX_free(context);
    return ok;
}

bool sim_rsa_verify(const struct sim_operation *operation, const TEE_Attribute *params, uint32_t param_count,
                    const uint8_t *digest, const uint8_t *signature)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, operation->pair, NULL);
    bool right = context && EVP_PKEY_verify_init(context) > 0 &&
                 set_padding(context, operation, params, param_count, "TEE_AsymmetricVerifyDigest") &&
                 EVP_PKEY_verify(context, signature, operation->key_bits / 8, digest, DIGEST_SIZE) == 1;

    EVP_PKEY_CTX_free(context);
    return right;
}
