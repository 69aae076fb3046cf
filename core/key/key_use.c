/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "core/base/feed.h"
#include "core/key/key.h"

#define DIGEST_MAX 48    /* SHA-384 */
#define OAEP_OVERHEAD 66 /* with SHA-256: RFC 8017, section 7.1.1 */

/* Allocates an operation with the key. Returns errors of TEE_AllocateOperation and TEE_SetOperationKey. */
static TEE_Result open_operation(const struct key *key, uint32_t mode, TEE_OperationHandle *operation)
{
    TEE_Result result =
        TEE_AllocateOperation(operation, key->type->algorithm, mode, key_type_object_bits(key->type, key->bits));
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_SetOperationKey(*operation, key->object);
    if (result != TEE_SUCCESS)
        TEE_FreeOperation(*operation);
    return result;
}

TEE_Result key_open_mac(const struct key *key, TEE_OperationHandle *operation)
{
    return open_operation(key, TEE_MODE_MAC, operation);
}

/* Replaces *data by the data's digest, which the TEE signs, except for Ed25519, which signs the data themselves. */
static TEE_Result prepare_message(const struct key *key, const void **data, size_t *size, uint8_t digest[DIGEST_MAX])
{
    TEE_OperationHandle operation;
    size_t digest_size = DIGEST_MAX;
    if (!key->type->digest)
        return *size <= LUATEE_ED25519_MESSAGE_MAX ? TEE_SUCCESS : TEE_ERROR_EXCESS_DATA;
    TEE_Result result = TEE_AllocateOperation(&operation, key->type->digest, TEE_MODE_DIGEST, 0);
    if (result != TEE_SUCCESS)
        return result;
    feed_update(TEE_DigestUpdate, operation, *data, *size);
    result = TEE_DigestDoFinal(operation, NULL, 0, digest, &digest_size);
    TEE_FreeOperation(operation);
    *data = digest;
    *size = digest_size;
    return result;
}

size_t key_signature_size(const struct key *key)
{
    return key->bits / 8 * (key->type->family == KEY_RSA ? 1 : 2);
}

TEE_Result key_sign(const struct key *key, const void *data, size_t size,
                    uint8_t signature[KEY_SIGNATURE_MAX])
{
    TEE_OperationHandle operation;
    uint8_t digest[DIGEST_MAX];
    size_t signature_size = KEY_SIGNATURE_MAX;
    TEE_Result result = prepare_message(key, &data, &size, digest);
    if (result == TEE_SUCCESS)
        result = open_operation(key, TEE_MODE_SIGN, &operation);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_AsymmetricSignDigest(operation, NULL, 0, data, size, signature, &signature_size);
    TEE_FreeOperation(operation);
    return result;
}

/* Returns whether the signature has a valid format. GP panics on a signature of another size, and OP-TEE does not check
 * that the halves are in their range (FIPS 186-5, section 6.4.2). */
static bool may_be_signature(const struct key *key, const uint8_t *signature, size_t size)
{
    const struct curve *curve = key->type->curve;
    if (size != key_signature_size(key))
        return false;
    if (key->type->family == KEY_OKP)
        return curve_ed25519_has_scalar(signature + size / 2);
    return !curve || (curve_has_scalar(curve, signature) && curve_has_scalar(curve, signature + size / 2));
}

TEE_Result key_verify(const struct key *key, const void *data, size_t size, const uint8_t *signature,
                      size_t signature_size)
{
    TEE_OperationHandle operation;
    uint8_t digest[DIGEST_MAX];
    TEE_Result result = prepare_message(key, &data, &size, digest);
    if (result != TEE_SUCCESS)
        return result;
    if (!may_be_signature(key, signature, signature_size))
        return TEE_ERROR_SIGNATURE_INVALID;
    result = open_operation(key, TEE_MODE_VERIFY, &operation);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_AsymmetricVerifyDigest(operation, NULL, 0, data, size, signature, signature_size);
    TEE_FreeOperation(operation);
    return result;
}

size_t key_text_max(const struct key *key)
{
    return key->bits / 8 - OAEP_OVERHEAD;
}

static TEE_Result begin_gcm(const struct key *key, uint32_t mode, const uint8_t *nonce, const struct key_part *aad,
                            size_t size, TEE_OperationHandle *operation)
{
    TEE_Result result = open_operation(key, mode, operation);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_AEInit(*operation, nonce, KEY_NONCE_SIZE, KEY_TAG_SIZE * 8, aad->size, size);
    if (result != TEE_SUCCESS)
        TEE_FreeOperation(*operation);
    else if (aad->size > 0)
        feed_update(TEE_AEUpdateAAD, *operation, aad->data, aad->size);
    return result;
}

static TEE_Result encrypt_gcm(const struct key *key, const void *text, size_t size, const struct key_part *aad,
                              uint8_t *box)
{
    TEE_OperationHandle operation;
    uint8_t *out = box + KEY_NONCE_SIZE;
    size_t tag_size = KEY_TAG_SIZE;
    struct feed rest = { text, out, size, size };
    TEE_GenerateRandom(box, KEY_NONCE_SIZE);
    TEE_Result result = begin_gcm(key, TEE_MODE_ENCRYPT, box, aad, size, &operation);
    if (result != TEE_SUCCESS)
        return result;
    result = feed_parts(TEE_AEUpdate, operation, &rest);
    if (result == TEE_SUCCESS)
        result = TEE_AEEncryptFinal(operation, rest.in, rest.in_size, rest.out, &rest.out_size, out + size, &tag_size);
    TEE_FreeOperation(operation);
    return result;
}

static TEE_Result decrypt_gcm(const struct key *key, const uint8_t *box, size_t box_size, const struct key_part *aad,
                              uint8_t *text, size_t *text_size)
{
    TEE_OperationHandle operation;
    uint8_t tag[KEY_TAG_SIZE]; /* a copy, since GP declares this input as not const */
    if (box_size < KEY_AES_OVERHEAD)
        return TEE_ERROR_MAC_INVALID;
    *text_size = box_size - KEY_AES_OVERHEAD;
    TEE_Result result = begin_gcm(key, TEE_MODE_DECRYPT, box, aad, *text_size, &operation);
    if (result != TEE_SUCCESS)
        return result;
    memcpy(tag, box + box_size - KEY_TAG_SIZE, sizeof(tag));
    struct feed rest = { box + KEY_NONCE_SIZE, text, *text_size, *text_size };
    result = feed_parts(TEE_AEUpdate, operation, &rest);
    if (result == TEE_SUCCESS)
        result = TEE_AEDecryptFinal(operation, rest.in, rest.in_size, rest.out, &rest.out_size, tag, sizeof(tag));
    TEE_FreeOperation(operation);
    return result;
}

TEE_Result key_encrypt(const struct key *key, const void *text, size_t size, const struct key_part *aad, uint8_t *box)
{
    TEE_OperationHandle operation;
    size_t box_size = key->bits / 8;
    if (key->type->family != KEY_RSA)
        return encrypt_gcm(key, text, size, aad, box);
    if (size > key_text_max(key))
        return TEE_ERROR_EXCESS_DATA;
    TEE_Result result = open_operation(key, TEE_MODE_ENCRYPT, &operation);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_AsymmetricEncrypt(operation, NULL, 0, text, size, box, &box_size);
    TEE_FreeOperation(operation);
    return result;
}

TEE_Result key_decrypt(const struct key *key, const uint8_t *box, size_t box_size, const struct key_part *aad,
                       uint8_t *text, size_t *text_size)
{
    TEE_OperationHandle operation;
    if (key->type->family != KEY_RSA)
        return decrypt_gcm(key, box, box_size, aad, text, text_size);
    if (box_size != key->bits / 8)
        return TEE_ERROR_MAC_INVALID;
    TEE_Result result = open_operation(key, TEE_MODE_DECRYPT, &operation);
    if (result != TEE_SUCCESS)
        return result;
    *text_size = box_size;
    result = TEE_AsymmetricDecrypt(operation, NULL, 0, box, box_size, text, text_size);
    TEE_FreeOperation(operation);
    /* A wrong padding, or a number above the modulus. Nobody must learn which of the two. */
    return result == TEE_ERROR_BAD_PARAMETERS || result == TEE_ERROR_CIPHERTEXT_INVALID ? TEE_ERROR_MAC_INVALID
                                                                                        : result;
}

/* Returns whether the peer's public key is valid. TEE_DeriveKey would panic on an invalid one. */
static bool is_valid_peer(const struct key *key, const struct key_parts *peer)
{
    const struct curve *curve = key->type->curve;
    size_t size = key_type_part_size(key->type);
    if (peer->part[0].size != size || (curve && peer->part[1].size != size))
        return false;
    return curve ? curve_has_point(curve, peer->part[0].data, peer->part[1].data)
                 : !curve_x25519_is_weak(peer->part[0].data);
}

TEE_Result key_agree(const struct key *key, const struct key_parts *peer, uint8_t shared[KEY_SHARED_SIZE])
{
    TEE_OperationHandle operation;
    TEE_ObjectHandle secret;
    TEE_Attribute point[2];
    unsigned count = key_type_publics(key->type);
    size_t size = KEY_SHARED_SIZE;
    if (!is_valid_peer(key, peer))
        return TEE_ERROR_BAD_PARAMETERS;
    TEE_Result result = open_operation(key, TEE_MODE_DERIVE, &operation);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_AllocateTransientObject(TEE_TYPE_GENERIC_SECRET, KEY_SHARED_SIZE * 8, &secret);
    if (result == TEE_SUCCESS) {
        for (unsigned i = 0; i < count; i++) /* OP-TEE expects x first */
            TEE_InitRefAttribute(&point[i], key->type->parts[i], (void *)(uintptr_t)peer->part[i].data,
                                 peer->part[i].size);
        TEE_DeriveKey(operation, point, count, secret);
        result = TEE_GetObjectBufferAttribute(secret, TEE_ATTR_SECRET_VALUE, shared, &size);
        TEE_FreeTransientObject(secret);
    }
    TEE_FreeOperation(operation);
    return result == TEE_SUCCESS && size != KEY_SHARED_SIZE ? TEE_ERROR_GENERIC : result;
}
