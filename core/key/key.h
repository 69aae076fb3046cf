/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys in the TEE, and what they do. Nothing here knows of Lua; nothing here looks at `uses`, except where it says so:
 * that is for who offers it to scripts. No argument makes the TEE panic: what GP, or OP-TEE 4.5, would answer so is
 * refused before.
 *
 * Results of all: TEE_SUCCESS; TEE_ERROR_BAD_PARAMETERS: what came from outside is not sound (each says what that is);
 * TEE_ERROR_NOT_SUPPORTED: this TEE does not have it; TEE_ERROR_OUT_OF_MEMORY; and what else its functions return.
 */
#ifndef LUATEE_CORE_KEY_KEY_H
#define LUATEE_CORE_KEY_KEY_H

#include "abi/limits.h"
#include "core/key/key_encoding.h"
#include "core/key/key_type.h"

struct key {
    TEE_ObjectHandle object; /* a transient one, whether the key is stored or not */
    const struct key_type *type;
    uint32_t bits;
    uint8_t uses;                   /* enum key_use */
    bool secret;                    /* a secret key or a pair; else a public key */
    char name[LUATEE_NAME_MAX + 1]; /* of a stored key, or "" */
};

/* --- object.c: keys come into being ------------------------------------------------------------------------------- */

/* Makes a key of the type, bits long, that may do all; NOT_SUPPORTED for public keys of key agreement, too. After any
 * other result than TEE_SUCCESS there is no object. */
TEE_Result key_generate(struct key *key, const struct key_type *type, uint32_t bits);

/*
 * Makes a key of these parts. BAD_PARAMETERS when they are none: a wrong size, a point that is not on the curve, a pair
 * whose halves do not belong together, or one of KEY_EC without a public key (of KEY_OKP it is computed). An RSA pair
 * works without its primes: nothing could show that they are such, and a TEE panics on its own result when they are
 * not.
 */
TEE_Result key_make(struct key *key, const struct key_type *type, const struct key_parts *parts);

/* Fixes what the key may do, in the TEE as well. */
TEE_Result key_restrict(struct key *key, unsigned uses);

/* Reads the parts into buffer; numbers of KEY_EC have the curve's size. secret: only if the key is extractable, and of
 * the families other than KEY_RSA. */
#define KEY_BUFFER_SIZE (2 * PARTS_NUMBER_MAX)
TEE_Result key_read(const struct key *key, bool secret, uint8_t buffer[KEY_BUFFER_SIZE], struct key_parts *parts);

/* NULL object: fine. */
void key_close(struct key *key);

/* --- use.c: what keys do ------------------------------------------------------------------------------------------ */

#define KEY_SIGNATURE_MAX PARTS_NUMBER_MAX
#define KEY_NONCE_SIZE 12
#define KEY_TAG_SIZE 16
#define KEY_SHARED_SIZE 32 /* what P-256 and X25519 agree on */

/* Bytes of a signature: ECDSA r || s, Ed25519, RSA. */
size_t key_signature_size(const struct key *key);

/* Long data go to the TEE in parts (core/base/feed.h). L may be NULL for up to FEED_PART bytes. */

/* size of data: of Ed25519 at most LUATEE_ED25519_MESSAGE_MAX. */
TEE_Result key_sign(const struct key *key, const void *data, size_t size,
                    uint8_t signature[KEY_SIGNATURE_MAX]);

/* TEE_ERROR_SIGNATURE_INVALID when it is not the key's, of whatever size. */
TEE_Result key_verify(const struct key *key, const void *data, size_t size, const uint8_t *signature,
                      size_t signature_size);

/* The longest text that RSA encrypts; how much longer AES makes one. */
size_t key_text_max(const struct key *key);
#define KEY_AES_OVERHEAD (KEY_NONCE_SIZE + KEY_TAG_SIZE)

/* AES-GCM: box is a fresh nonce, size bytes, a tag. RSA: box is as long as the modulus. */
TEE_Result key_encrypt(const struct key *key, const void *text, size_t size, const void *aad,
                       size_t aad_size, uint8_t *box);

/* text: room for box_size. TEE_ERROR_MAC_INVALID when the box is not one of the key's, of whatever size. */
TEE_Result key_decrypt(const struct key *key, const uint8_t *box, size_t box_size, const void *aad,
                       size_t aad_size, uint8_t *text, size_t *text_size);

/* An operation for MACs with the key, that TEE_MACInit begins; or what TEE_AllocateOperation returned. */
TEE_Result key_open_mac(const struct key *key, TEE_OperationHandle *operation);

/* What the key agrees on with a public key of its type. BAD_PARAMETERS: that is none. Only for deriving from. */
TEE_Result key_agree(const struct key *key, const struct key_parts *peer, uint8_t shared[KEY_SHARED_SIZE]);

/* --- store.c: keys that stay -------------------------------------------------------------------------------------- */

/* Stores the key for the app under key->name. TEE_ERROR_ACCESS_CONFLICT: there is one of that name, or was one that is
 * lost. */
TEE_Result key_save(const char *app, const struct key *key);

/* TEE_ERROR_ITEM_NOT_FOUND: there is none. TEE_ERROR_CORRUPT_OBJECT: it is not what was stored, and
 * this is so from now on, in all sessions, until key_delete. */
TEE_Result key_load(const char *app, const char *name, struct key *key);

/* TEE_ERROR_ITEM_NOT_FOUND, too. Whoever has the key open keeps it until the end of the session. */
TEE_Result key_delete(const char *app, const char *name);

/* The names of the app's keys, in no order, LUATEE_KEYS_MAX at most; those of damaged ones as far as they are known. */
struct key_names {
    size_t count;
    char name[LUATEE_KEYS_MAX][LUATEE_NAME_MAX + 1];
};
TEE_Result key_list(const char *app, struct key_names *names);

/* How many objects there are for the app's keys, damaged ones among them: faster than a list, as none is opened while
 * they are fewer than LUATEE_KEYS_MAX. Perhaps some of which a session ended before it made them. */
TEE_Result key_count(const char *app, size_t *count);

#endif
