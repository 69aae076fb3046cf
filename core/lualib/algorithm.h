/* SPDX-License-Identifier: BSD-2-Clause */
/* The algorithms of the cryptographic services: their names in Lua, and their identifiers and sizes in GP (TEE Internal
 * Core API, section 6.10). */
#ifndef LUATEE_CORE_LUALIB_ALGORITHM_H
#define LUATEE_CORE_LUALIB_ALGORITHM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lua.h"

#define ALGORITHM_DIGEST_MAX 64 /* SHA-512 */
#define ALGORITHM_BLOCK_MAX 128 /* of a hash with an HMAC: SHA-512 */

struct hash {
    const char *name;
    uint32_t digest;   /* TEE_ALG_*; 0: only HMAC is supported */
    uint32_t hmac;     /* TEE_ALG_HMAC_*; 0: HMAC is not supported */
    uint32_t key_type; /* TEE_TYPE_HMAC_* */
    uint32_t internal; /* TEE_ALG_*, for HMAC keys that are longer than a block */
    uint8_t size;      /* of the digest, in bytes */
    uint8_t block;     /* of the hash, in bytes */
};

enum algorithm_class {
    ALGORITHM_AEAD,
    ALGORITHM_CIPHER,
};

struct aes {
    const char *name;
    uint32_t id; /* TEE_ALG_AES_* */
    enum algorithm_class class;
};

/* The functions below, except algorithm_supported(), charge fuel for the operation that the caller will open. */

/* Return the hash that argument idx names, for a digest or for HMAC. Raise an error when there is none. */
const struct hash *algorithm_digest(lua_State *L, int idx);
const struct hash *algorithm_hmac(lua_State *L, int idx);

/* Returns the mode of AES in this class that argument idx names. Raises an error when there is none. */
const struct aes *algorithm_aes(lua_State *L, int idx, enum algorithm_class class);

/* Returns whether this TEE supports the algorithm or type of keys with this name, as in tee.supports. */
bool algorithm_supported(const char *name);

#endif
