/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys in the TEE, and operations with them. These functions know nothing about Lua, and do not check `uses`: the
 * caller that offers keys to scripts does. No argument makes the TEE panic: input on which GP or OP-TEE 4.5 would panic
 * is rejected before.
 *
 * All functions that return a TEE_Result return TEE_SUCCESS; TEE_ERROR_BAD_PARAMETERS when input from outside is
 * invalid, as each function describes; TEE_ERROR_NOT_SUPPORTED when this TEE lacks the operation; TEE_ERROR_CANCEL when
 * the call must end; TEE_ERROR_OUT_OF_MEMORY; or other errors of the TEE.
 */
#ifndef LUATEE_CORE_KEY_KEY_H
#define LUATEE_CORE_KEY_KEY_H

#include "abi/limits.h"
#include "core/key/key_encoding.h"
#include "core/key/key_type.h"

struct key {
    TEE_ObjectHandle object; /* a transient object, also for a stored key */
    const struct key_type *type;
    uint32_t bits;
    uint8_t uses;                   /* enum key_use */
    bool secret;                    /* a secret key or a key pair; otherwise a public key */
    char name[LUATEE_NAME_MAX + 1]; /* of a stored key, or "" */
};

/* --- key_handle.c: creating keys ---------------------------------------------------------------------------------- */

/* Generates a key of `bits` bits with all uses of its type. After an error there is no object. The caller closes the
 * key with key_close(). */
TEE_Result key_generate(struct key *key, const struct key_type *type, uint32_t bits);

/*
 * Creates a key from these parts, with all uses of its type. TEE_ERROR_BAD_PARAMETERS: a size is wrong, a point is not
 * on the curve, the halves of a pair do not belong together, or a pair of KEY_EC lacks its public key (for KEY_OKP it
 * is computed). TEE_ERROR_NOT_SUPPORTED: also for public keys of key agreement. The primes of an RSA pair are ignored:
 * they cannot be verified here, and a TEE panics on its own result when they are wrong. After an error there is no
 * object. The caller closes the key with key_close().
 */
TEE_Result key_import(struct key *key, const struct key_type *type, const struct key_parts *parts);

/* Limits the uses of the key, in the TEE as well. */
TEE_Result key_restrict(struct key *key, unsigned uses);

/* Reads the parts of a key into the buffer; numbers of KEY_EC have the curve's size. secret: reads the secret part,
 * too; only for an extractable key that is not of KEY_RSA. The caller wipes the buffer. */
#define KEY_BUFFER_SIZE (2 * KEY_NUMBER_MAX)
TEE_Result key_read(const struct key *key, bool secret, uint8_t buffer[KEY_BUFFER_SIZE], struct key_parts *parts);

/* Frees the key's object, if there is one. */
void key_close(struct key *key);

/* --- key_use.c: operations with keys ------------------------------------------------------------------------------ */

#define KEY_SIGNATURE_MAX KEY_NUMBER_MAX
#define KEY_NONCE_SIZE 12
#define KEY_TAG_SIZE 16
#define KEY_SHARED_SIZE 32 /* bytes of a shared secret of P-256 or X25519 */

/* Returns the bytes of a signature: r || s of ECDSA, or a signature of Ed25519 or RSA. */
size_t key_signature_size(const struct key *key);

/* Long data are fed to the TEE in parts, between which the call's deadline is checked (core/base/feed.h). */

/* Signs `size` bytes. TEE_ERROR_EXCESS_DATA: Ed25519 signs at most LUATEE_ED25519_MESSAGE_MAX bytes. */
TEE_Result key_sign(const struct key *key, const void *data, size_t size,
                    uint8_t signature[KEY_SIGNATURE_MAX]);

/* Verifies a signature, which may have any size. TEE_ERROR_SIGNATURE_INVALID: it is not a signature of this key. */
TEE_Result key_verify(const struct key *key, const void *data, size_t size, const uint8_t *signature,
                      size_t signature_size);

/* Returns the most bytes that an RSA key can encrypt. */
size_t key_text_max(const struct key *key);

/* The bytes that AES-GCM adds to a text. */
#define KEY_AES_OVERHEAD (KEY_NONCE_SIZE + KEY_TAG_SIZE)

/* Encrypts `size` bytes of text into `box`. aad: the associated data of AES-GCM; of size 0 for RSA. For AES-GCM the box
 * is a random nonce, `size` bytes, and a tag. For RSA it has the size of the modulus. TEE_ERROR_EXCESS_DATA: the text
 * is longer than key_text_max(). */
TEE_Result key_encrypt(const struct key *key, const void *text, size_t size, const struct key_part *aad, uint8_t *box);

/* Decrypts a box, which may have any size, into `text`, which has space for box_size bytes. TEE_ERROR_MAC_INVALID: the
 * box was not encrypted with this key and these associated data, or was changed. */
TEE_Result key_decrypt(const struct key *key, const uint8_t *box, size_t box_size, const struct key_part *aad,
                       uint8_t *text, size_t *text_size);

/* Allocates an operation for MACs with the key, which the caller starts with TEE_MACInit and frees. */
TEE_Result key_open_mac(const struct key *key, TEE_OperationHandle *operation);

/* Computes the secret that the key shares with a public key of its type. It is not uniformly random: the caller derives
 * keys from it. TEE_ERROR_BAD_PARAMETERS: the peer's key is invalid. */
TEE_Result key_agree(const struct key *key, const struct key_parts *peer, uint8_t shared[KEY_SHARED_SIZE]);

/* --- key_store.c: keys in secure storage -------------------------------------------------------------------------- */

/* Stores the key for the app under key->name. TEE_ERROR_ACCESS_CONFLICT: the app has a key of that name, or had one
 * that is lost. */
TEE_Result key_save(const char *app, const struct key *key);

/* Loads a key, which the caller closes with key_close(). TEE_ERROR_ITEM_NOT_FOUND: there is none.
 * TEE_ERROR_CORRUPT_OBJECT: the stored key is damaged, and stays marked as lost in all sessions until key_delete(). */
TEE_Result key_load(const char *app, const char *name, struct key *key);

/* Deletes a key. TEE_ERROR_ITEM_NOT_FOUND: there is none. TEE_ERROR_CORRUPT_OBJECT: it was damaged, and is deleted,
 * too. Sessions that have loaded the key keep it until they end. */
TEE_Result key_delete(const char *app, const char *name);

/* The names of an app's keys, in no order. */
struct key_names {
    size_t count;
    char name[LUATEE_KEYS_MAX][LUATEE_NAME_MAX + 1];
};

/* Lists the app's keys. A damaged key is listed if its name is known. */
TEE_Result key_list(const char *app, struct key_names *names);

/* Counts the app's keys, including damaged ones. This is faster than a list, since it opens no objects while there are
 * fewer than LUATEE_KEYS_MAX. In that case it can count keys that a session did not finish to store, too. */
TEE_Result key_count(const char *app, size_t *count);

#endif
