/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/trust/package_open.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/progress.h"
#include "core/base/sha256.h"
#include "core/package/structures.h"
#include "core/storage/object.h"
#include "core/trust/device_key.h"
#include "core/trust/publisher_keys.h"
#include "core/trust/rollback.h"
#include "core/trust/unwrap.h"

/* Returns result. When that is TEE_ERROR_SECURITY, sets the reason. */
static TEE_Result reject_as(TEE_Result result, enum package_check meaning, enum package_check *check)
{
    if (result == TEE_ERROR_SECURITY)
        *check = meaning;
    return result;
}

/* --- the signature */

/* Computes SHA-256 over Sig_structure. */
static TEE_Result digest_signed(const struct package *package, uint8_t digest[LUATEE_DIGEST_SIZE])
{
    uint8_t head[STRUCTURE_SIGN_MAX];
    size_t head_size = structure_sign(package->header, package->header_size, package->payload_size, head);
    size_t size = LUATEE_DIGEST_SIZE;
    TEE_OperationHandle operation;
    TEE_Result result = TEE_AllocateOperation(&operation, TEE_ALG_SHA256, TEE_MODE_DIGEST, 0);
    if (result != TEE_SUCCESS)
        return result;
    TEE_DigestUpdate(operation, head, head_size);
    result = TEE_DigestDoFinal(operation, package->payload, package->payload_size, digest, &size);
    TEE_FreeOperation(operation);
    return result;
}

static TEE_Result make_verifier(const struct publisher_key *key, TEE_OperationHandle *operation)
{
    const uint32_t bits = PACKAGE_POINT_SIZE * 8;
    TEE_Attribute parts[3];
    TEE_ObjectHandle object;
    TEE_Result result = TEE_AllocateTransientObject(TEE_TYPE_ECDSA_PUBLIC_KEY, bits, &object);
    if (result != TEE_SUCCESS)
        return result;
    TEE_InitRefAttribute(&parts[0], TEE_ATTR_ECC_PUBLIC_VALUE_X, key->x, PACKAGE_POINT_SIZE);
    TEE_InitRefAttribute(&parts[1], TEE_ATTR_ECC_PUBLIC_VALUE_Y, key->y, PACKAGE_POINT_SIZE);
    TEE_InitValueAttribute(&parts[2], TEE_ATTR_ECC_CURVE, TEE_ECC_CURVE_NIST_P256, 0);
    result = TEE_PopulateTransientObject(object, parts, 3);
    if (result == TEE_SUCCESS)
        result = TEE_AllocateOperation(operation, TEE_ALG_ECDSA_SHA256, TEE_MODE_VERIFY, bits);
    if (result == TEE_SUCCESS) {
        result = TEE_SetOperationKey(*operation, object);
        if (result != TEE_SUCCESS)
            TEE_FreeOperation(*operation);
    }
    TEE_FreeTransientObject(object);
    return result;
}

static TEE_Result verify_digest(const uint8_t digest[LUATEE_DIGEST_SIZE], const uint8_t *signature,
                                const struct publisher_key *key)
{
    TEE_OperationHandle operation;
    TEE_Result result = make_verifier(key, &operation);
    if (result != TEE_SUCCESS)
        return result;
    result =
        TEE_AsymmetricVerifyDigest(operation, NULL, 0, digest, LUATEE_DIGEST_SIZE, signature, PACKAGE_SIGNATURE_SIZE);
    TEE_FreeOperation(operation);
    return result == TEE_ERROR_SIGNATURE_INVALID ? TEE_ERROR_SECURITY : result;
}

/* The signed data contain the id of the key. So the digest of the signed data and the signature identify the result of
 * a verification. */
static TEE_Result verify(const struct package *package, const struct publisher_key *key, struct verified *verified)
{
    uint8_t all[LUATEE_DIGEST_SIZE + PACKAGE_SIGNATURE_SIZE], id[LUATEE_DIGEST_SIZE];
    TEE_Result result = digest_signed(package, all);
    memcpy(all + LUATEE_DIGEST_SIZE, package->signature, PACKAGE_SIGNATURE_SIZE);
    if (result == TEE_SUCCESS && verified)
        result = sha256_digest(all, sizeof(all), id);
    if (result != TEE_SUCCESS || (verified && verified_has(verified, id)))
        return result;
    result = verify_digest(all, package->signature, key);
    if (result == TEE_SUCCESS && verified)
        verified_add(verified, id);
    return result;
}

static TEE_Result check_publisher(const struct package *package, struct verified *verified, unsigned *publisher,
                                  enum package_check *check)
{
    *publisher = publisher_keys_find(package->publisher_id);
    if (*publisher == publisher_keys_count)
        return reject_as(TEE_ERROR_SECURITY, PACKAGE_UNKNOWN_PUBLISHER, check);
    TEE_Result result = reject_as(verify(package, &publisher_keys[*publisher], verified), PACKAGE_BAD_SIGNATURE, check);
    if (result != TEE_SUCCESS)
        return result;
    return reject_as(rollback_check_publisher(package->publisher_id), PACKAGE_REVOKED_PUBLISHER, check);
}

/* --- the signed fields */

static bool is_text(const char *text, size_t size, const char *expected)
{
    return size == strlen(expected) && memcmp(text, expected, size) == 0;
}

static bool is_kind(enum package_kind kind, enum package_kind expected)
{
    return kind == expected || (kind == PACKAGE_BYTECODE && expected == PACKAGE_SOURCE);
}

static enum package_check check_identity(const struct package_identity *identity,
                                         const struct package_expected *expected)
{
    if (!is_text(identity->app, identity->app_size, expected->app))
        return PACKAGE_OTHER_APP;
    if (!is_kind(identity->kind, expected->kind))
        return PACKAGE_OTHER_KIND;
    if (!is_text(identity->script, identity->script_size, expected->script))
        return PACKAGE_OTHER_SCRIPT;
    if (identity->sequence < expected->sequence_min)
        return PACKAGE_OLD_SEQUENCE;
    if (expected->bundle && memcmp(identity->bundle, expected->bundle, PACKAGE_BUNDLE_SIZE) != 0)
        return PACKAGE_OTHER_BUNDLE;
    return PACKAGE_FINE;
}

/* Checks the sequence against the highest one that the app has run with. The app's name has been checked already. */
static TEE_Result check_remembered(const struct package_identity *identity, const struct package_expected *expected,
                                   enum package_check *check)
{
    uint64_t highest = 0;
    TEE_Result result = expected->remembered ? rollback_sequence(expected->app, &highest) : TEE_SUCCESS;
    if (result != TEE_SUCCESS || identity->sequence >= highest)
        return result;
    *check = PACKAGE_OLD_SEQUENCE;
    return TEE_ERROR_SECURITY;
}

static void copy_identity(const struct package_identity *identity, struct package_opened *opened)
{
    opened->kind = identity->kind;
    opened->sequence = identity->sequence;
    memcpy(opened->bundle, identity->bundle, PACKAGE_BUNDLE_SIZE);
    memcpy(opened->version, identity->version, identity->version_size);
    opened->version[identity->version_size] = '\0';
}

/* --- the body */

static const struct package_recipient *find_recipient(const struct package_body *body, enum package_recipient_kind kind,
                                                      const uint8_t *id)
{
    for (size_t i = 0; i < body->recipient_count; i++) {
        const struct package_recipient *recipient = &body->recipients[i];
        if (recipient->kind == kind && (!id || memcmp(recipient->id, id, PACKAGE_RECIPIENT_ID_SIZE) == 0))
            return recipient;
    }
    return NULL;
}

/* Unwraps the content key that is wrapped for this device. */
static TEE_Result get_key_by_device(const struct package_body *body, uint8_t key[PACKAGE_KEY_SIZE],
                                    enum package_check *check)
{
    uint8_t spki[PACKAGE_SPKI_SIZE], id[LUATEE_DIGEST_SIZE];
    TEE_ObjectHandle device_key;
    TEE_Result result = device_key_open(false, &device_key);
    if (result != TEE_SUCCESS) /* no package can be encrypted for a device without a key */
        return reject_as(result == TEE_ERROR_ITEM_NOT_FOUND ? TEE_ERROR_SECURITY : result, PACKAGE_NOT_FOR_US, check);
    result = device_key_spki(device_key, spki);
    if (result == TEE_SUCCESS)
        result = sha256_digest(spki, sizeof(spki), id);
    if (result == TEE_SUCCESS) {
        const struct package_recipient *recipient = find_recipient(body, PACKAGE_FOR_DEVICE, id);
        result = recipient ? reject_as(unwrap_for_device(device_key, recipient, key), PACKAGE_BAD_KEY, check)
                           : reject_as(TEE_ERROR_SECURITY, PACKAGE_NOT_FOR_US, check);
    }
    TEE_CloseObject(device_key);
    return result;
}

static TEE_Result get_key(const struct package_body *body, uint8_t key[PACKAGE_KEY_SIZE], enum package_check *check)
{
    const struct package_recipient *recipient =
        publisher_keys_class ? find_recipient(body, PACKAGE_FOR_CLASS, publisher_keys_class->id) : NULL;
    if (recipient)
        return reject_as(unwrap_key(publisher_keys_class->key, recipient->wrapped, key), PACKAGE_BAD_KEY, check);
    if (find_recipient(body, PACKAGE_FOR_DEVICE, NULL))
        return get_key_by_device(body, key, check);
    return reject_as(TEE_ERROR_SECURITY, PACKAGE_NOT_FOR_US, check);
}

/* Bytes that are decrypted between two checks of the call's deadline: a multiple of the block size. */
#define PART ((size_t)64 * 1024)

/* Decrypts `size` bytes and verifies the tag. TEE_ERROR_CANCEL: the call must end. */
static TEE_Result decrypt_parts(TEE_OperationHandle operation, const uint8_t *in, size_t size, uint8_t *out,
                                uint8_t tag[PACKAGE_TAG_SIZE])
{
    size_t out_size = size;
    for (; size > PART; in += PART, size -= PART) {
        size_t count = out_size;
        TEE_Result result = TEE_AEUpdate(operation, in, PART, out, &count);
        if (result != TEE_SUCCESS)
            return result;
        out += count;
        out_size -= count;
        if (!progress_step())
            return TEE_ERROR_CANCEL;
    }
    return TEE_AEDecryptFinal(operation, in, size, out, &out_size, tag, PACKAGE_TAG_SIZE);
}

/* Decrypts with AES-256-GCM. size: of the plaintext, which is the size of the ciphertext without the tag. */
static TEE_Result decrypt(const struct package *package, const struct package_body *body,
                          const uint8_t key[PACKAGE_KEY_SIZE], uint8_t *plaintext, size_t size)
{
    uint8_t additional[STRUCTURE_ENCRYPT_MAX], tag[PACKAGE_TAG_SIZE];
    size_t additional_size = structure_encrypt(package->header, package->header_size, additional);
    TEE_OperationHandle operation;
    TEE_Result result = unwrap_operation(TEE_ALG_AES_GCM, TEE_MODE_DECRYPT, TEE_TYPE_AES, key, &operation);
    if (result != TEE_SUCCESS)
        return result;
    memcpy(tag, body->ciphertext + size, sizeof(tag)); /* GP declares this input as not const */
    result = TEE_AEInit(operation, body->iv, PACKAGE_IV_SIZE, PACKAGE_TAG_SIZE * 8, additional_size, size);
    if (result == TEE_SUCCESS) {
        TEE_AEUpdateAAD(operation, additional, additional_size);
        result = decrypt_parts(operation, body->ciphertext, size, plaintext, tag);
    }
    TEE_FreeOperation(operation);
    return result == TEE_ERROR_MAC_INVALID ? TEE_ERROR_SECURITY : result;
}

static TEE_Result open_body(struct alloc *a, const struct package *package, struct package_opened *opened,
                            enum package_check *check)
{
    uint8_t key[PACKAGE_KEY_SIZE], empty;
    struct package_body body;
    *check = package_parse_body(package->payload, package->payload_size, &body);
    if (*check != PACKAGE_FINE)
        return TEE_ERROR_SECURITY;
    TEE_Result result = get_key(&body, key, check);
    if (result == TEE_SUCCESS) {
        opened->size = body.ciphertext_size - PACKAGE_TAG_SIZE;
        opened->plaintext = opened->size > 0 ? alloc_block(a, opened->size) : NULL;
        if (opened->size > 0 && !opened->plaintext)
            result = TEE_ERROR_OUT_OF_MEMORY;
        else
            result =
                reject_as(decrypt(package, &body, key, opened->size > 0 ? opened->plaintext : &empty, opened->size),
                          PACKAGE_BAD_CIPHERTEXT, check);
    }
    TEE_MemFill(key, 0, sizeof(key));
    return result;
}

TEE_Result package_open(struct alloc *a, const void *data, size_t size, const struct package_expected *expected,
                        struct package_opened *opened, enum package_check *check)
{
    struct package package;
    *opened = (struct package_opened) { 0 };
    *check = package_parse(data, size, &package);
    if (*check != PACKAGE_FINE)
        return TEE_ERROR_SECURITY;
    TEE_Result result = check_publisher(&package, expected->verified, &opened->publisher, check);
    if (result == TEE_SUCCESS) {
        *check = check_identity(&package.identity, expected);
        result = *check == PACKAGE_FINE ? check_remembered(&package.identity, expected, check) : TEE_ERROR_SECURITY;
    }
    if (result == TEE_SUCCESS) {
        copy_identity(&package.identity, opened);
        result = open_body(a, &package, opened, check);
    }
    if (result != TEE_SUCCESS)
        package_opened_free(a, opened);
    return result;
}

void package_opened_free(struct alloc *a, struct package_opened *opened)
{
    alloc_free_wiped(a, opened->plaintext, opened->size);
    *opened = (struct package_opened) { 0 };
}
