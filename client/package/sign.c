/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/package/sign.h"

#include <string.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "client/base/error.h"
#include "core/package/structures.h"

#define HALF (PACKAGE_SIGNATURE_SIZE / 2)

/* The size of the DER of a P-256 signature: at most two integers of 33 bytes. */
#define DER_MAX 72

static bool raw_from_der(const uint8_t *der, size_t size, uint8_t raw[PACKAGE_SIGNATURE_SIZE])
{
    const uint8_t *next = der;
    ECDSA_SIG *parts = size > DER_MAX ? NULL : d2i_ECDSA_SIG(NULL, &next, (long)size);
    bool fine = parts != NULL && next == der + size && BN_bn2binpad(ECDSA_SIG_get0_r(parts), raw, HALF) == HALF &&
                BN_bn2binpad(ECDSA_SIG_get0_s(parts), raw + HALF, HALF) == HALF;
    ECDSA_SIG_free(parts);
    return fine;
}

/* Encodes a signature as DER. Returns the size of the DER, or 0 when OpenSSL fails. */
static size_t der_from_raw(const uint8_t raw[PACKAGE_SIGNATURE_SIZE], uint8_t der[DER_MAX])
{
    int size = 0;
    ECDSA_SIG *parts = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw, HALF, NULL), *s = BN_bin2bn(raw + HALF, HALF, NULL);
    if (parts != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(parts, r, s) == 1) {
        r = s = NULL; /* `parts` owns them now */
        size = i2d_ECDSA_SIG(parts, &der);
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(parts);
    return size > 0 ? (size_t)size : 0;
}

luatee_status package_sign(EVP_PKEY *key, const struct package *package, uint8_t signature[PACKAGE_SIGNATURE_SIZE],
                           luatee_error *error)
{
    uint8_t head[STRUCTURE_SIGN_MAX], der[DER_MAX];
    size_t head_size = structure_sign(package->header, package->header_size, package->payload_size, head);
    size_t size = sizeof(der);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool fine = context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestSignUpdate(context, head, head_size) == 1 &&
                EVP_DigestSignUpdate(context, package->payload, package->payload_size) == 1 &&
                EVP_DigestSignFinal(context, der, &size) == 1 && raw_from_der(der, size, signature);
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return fine ? LUATEE_OK : luatee_error_set(error, LUATEE_FAILED, "OpenSSL cannot sign with this key");
}

bool package_signature_good(EVP_PKEY *key, const struct package *package,
                            const uint8_t signature[PACKAGE_SIGNATURE_SIZE])
{
    uint8_t head[STRUCTURE_SIGN_MAX], der[DER_MAX];
    size_t head_size = structure_sign(package->header, package->header_size, package->payload_size, head);
    size_t size = der_from_raw(signature, der);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context != NULL && size > 0 && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestVerifyUpdate(context, head, head_size) == 1 &&
                EVP_DigestVerifyUpdate(context, package->payload, package->payload_size) == 1 &&
                EVP_DigestVerifyFinal(context, der, size) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return good;
}

bool package_signature_read(EVP_PKEY *key, const struct package *package, const void *data, size_t size,
                            uint8_t signature[PACKAGE_SIGNATURE_SIZE])
{
    /* A DER of 64 bytes is very rare but possible: only verifying distinguishes it from r || s. */
    if (size == PACKAGE_SIGNATURE_SIZE && package_signature_good(key, package, data)) {
        memcpy(signature, data, PACKAGE_SIGNATURE_SIZE);
        return true;
    }
    return raw_from_der(data, size, signature) && package_signature_good(key, package, signature);
}

luatee_status package_to_be_signed(const struct package *package, struct luatee_buffer *out,
                                   uint8_t digest[LUATEE_DIGEST_SIZE], luatee_error *error)
{
    out->size = 0;
    if (!luatee_buffer_reserve(out, STRUCTURE_SIGN_MAX + package->payload_size))
        return luatee_error_memory(error);
    out->size = structure_sign(package->header, package->header_size, package->payload_size, out->data);
    memcpy(out->data + out->size, package->payload, package->payload_size);
    out->size += package->payload_size;
    if (EVP_Digest(out->data, out->size, digest, NULL, EVP_sha256(), NULL) == 1)
        return LUATEE_OK;
    return luatee_error_set(error, LUATEE_FAILED, "OpenSSL cannot compute a SHA-256 digest");
}
