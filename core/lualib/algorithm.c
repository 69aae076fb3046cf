/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/lualib/algorithm.h"

#include <string.h>

#include "core/key/key_type.h"
#include "core/lualib/service.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"
#include "tee_internal_api.h"

#define SHA2(bits, block) \
    { "sha" #bits, TEE_ALG_SHA##bits, TEE_ALG_HMAC_SHA##bits, TEE_TYPE_HMAC_SHA##bits, TEE_ALG_SHA##bits, \
      (bits) / 8, (block) }
#define SHA3(bits) \
    { "sha3-" #bits, TEE_ALG_SHA3_##bits, 0, 0, 0, (bits) / 8, 0 }

/* SHA-1 is broken as a digest, but HMAC-SHA1 is not: one-time passwords and old key derivations use it. */
static const struct hash hashes[] = {
    SHA2(256, 64), SHA2(384, 128), SHA2(512, 128), SHA3(256), SHA3(384), SHA3(512),
    { "sha1", 0, TEE_ALG_HMAC_SHA1, TEE_TYPE_HMAC_SHA1, TEE_ALG_SHA1, 20, 64 },
};
#define HASH_COUNT (sizeof(hashes) / sizeof(hashes[0]))

static const struct aes modes[] = {
    { "aes-gcm", TEE_ALG_AES_GCM, ALGORITHM_AEAD },
    { "aes-ccm", TEE_ALG_AES_CCM, ALGORITHM_AEAD },
    { "aes-ctr", TEE_ALG_AES_CTR, ALGORITHM_CIPHER },
    { "aes-cbc", TEE_ALG_AES_CBC_NOPAD, ALGORITHM_CIPHER },
};
#define MODE_COUNT (sizeof(modes) / sizeof(modes[0]))

static const struct hash *find_hash(const char *name)
{
    for (size_t i = 0; i < HASH_COUNT; i++)
        if (strcmp(hashes[i].name, name) == 0)
            return &hashes[i];
    return NULL;
}

/* Charges for an operation, and returns the name of its algorithm in argument idx. */
static const char *read_name(lua_State *L, int idx)
{
    luatee_fuel_consume(L, SERVICE_FUEL_OPERATION);
    return service_name(L, idx);
}

const struct hash *algorithm_digest(lua_State *L, int idx)
{
    const struct hash *hash = find_hash(read_name(L, idx));
    luaL_argcheck(L, hash && hash->digest, idx,
                  "the name of a digest expected: sha256, sha384, sha512, sha3-256, sha3-384 or sha3-512");
    return hash;
}

const struct hash *algorithm_hmac(lua_State *L, int idx)
{
    const struct hash *hash = find_hash(read_name(L, idx));
    luaL_argcheck(L, hash && hash->hmac, idx, "the name of an HMAC's hash expected: sha256, sha384, sha512 or sha1");
    return hash;
}

const struct aes *algorithm_aes(lua_State *L, int idx, enum algorithm_class class)
{
    const char *name = read_name(L, idx);
    for (size_t i = 0; i < MODE_COUNT; i++)
        if (modes[i].class == class && strcmp(modes[i].name, name) == 0)
            return &modes[i];
    luaL_argerror(L, idx, class == ALGORITHM_AEAD ? "aes-gcm or aes-ccm expected" : "aes-ctr or aes-cbc expected");
    return NULL;
}

/* Returns the identifier of an algorithm, or 0. "hmac-", "hkdf-" and "pbkdf2-" need the HMAC of the hash that
 * follows. */
static uint32_t number_of(const char *name)
{
    static const char prefixes[][8] = { "hmac-", "hkdf-", "pbkdf2-" };
    const struct hash *hash = find_hash(name);
    if (hash)
        return hash->digest;
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        size_t size = strlen(prefixes[i]);
        if (strncmp(name, prefixes[i], size) == 0)
            return (hash = find_hash(name + size)) ? hash->hmac : 0;
    }
    for (size_t i = 0; i < MODE_COUNT; i++)
        if (strcmp(modes[i].name, name) == 0)
            return modes[i].id;
    return 0;
}

/* Returns whether this TEE supports the algorithm of a type of keys. */
static bool has_key_type(const struct key_type *type)
{
    uint32_t element = TEE_CRYPTO_ELEMENT_NONE;
    if (type->family == KEY_EC)
        element = type->curve_id;
    else if (type->family == KEY_OKP)
        element = TEE_ECC_CURVE_25519;
    return TEE_IsAlgorithmSupported(type->algorithm, element) == TEE_SUCCESS;
}

bool algorithm_supported(const char *name)
{
    const struct key_type *type = key_type_named(name);
    if (type)
        return has_key_type(type);
    uint32_t number = number_of(name);
    return number != 0 && TEE_IsAlgorithmSupported(number, TEE_CRYPTO_ELEMENT_NONE) == TEE_SUCCESS;
}
