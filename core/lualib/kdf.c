/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tee.kdf: HKDF (RFC 5869) and PBKDF2 (RFC 8018, section 5.2), made from the TEE's HMAC: GP has neither, and what OP-TEE adds
 * is not what other TEEs add.
 */
#include <string.h>

#include "abi/limits.h"
#include "core/lualib/hmac.h"
#include "core/lualib/service.h"
#include "lauxlib.h"

#define HKDF_BLOCKS_MAX 255 /* RFC 5869, section 2.3: the counter is a byte */

/* PRK = HMAC(salt, secret) */
static TEE_Result extract(const struct hash *hash, const void *salt, size_t salt_size, const void *secret, size_t size,
                          uint8_t prk[ALGORITHM_DIGEST_MAX])
{
    TEE_OperationHandle hmac;
    TEE_Result result = hmac_open(&hmac, hash, salt, salt_size);
    if (result != TEE_SUCCESS)
        return result;
    TEE_MACInit(hmac, NULL, 0);
    hmac_final(hmac, secret, size, prk);
    TEE_FreeOperation(hmac);
    return TEE_SUCCESS;
}

/* T(i) = HMAC(PRK, T(i-1) | info | i), one after the other until there is enough. */
static TEE_Result expand(const struct hash *hash, const uint8_t *prk, const void *info, size_t info_size, uint8_t *out,
                         size_t size)
{
    uint8_t block[ALGORITHM_DIGEST_MAX];
    TEE_OperationHandle hmac;
    TEE_Result result = hmac_open(&hmac, hash, prk, hash->size);
    if (result != TEE_SUCCESS)
        return result;
    for (uint8_t i = 1; size > 0; i++) {
        TEE_MACInit(hmac, NULL, 0);
        if (i > 1)
            TEE_MACUpdate(hmac, block, hash->size);
        TEE_MACUpdate(hmac, info, info_size);
        hmac_final(hmac, &i, 1, block);
        size_t part = size < hash->size ? size : hash->size;
        memcpy(out, block, part);
        out += part;
        size -= part;
    }
    TEE_FreeOperation(hmac);
    service_wipe(block, sizeof(block));
    return TEE_SUCCESS;
}

static int hkdf(lua_State *L)
{
    const struct hash *hash = algorithm_hmac(L, 1);
    size_t secret_size, salt_size, info_size;
    const uint8_t *secret = service_bytes(L, 2, &secret_size);
    const uint8_t *salt = service_optional_bytes(L, 3, &salt_size);
    const uint8_t *info = service_optional_bytes(L, 4, &info_size);
    lua_Integer size = luaL_checkinteger(L, 5);
    luaL_argcheck(L, size >= 1 && size <= HKDF_BLOCKS_MAX * hash->size, 5,
                  "a number of bytes from 1 to 255 times the size of the hash expected");
    uint8_t *out = service_scratch(L, (size_t)size);
    uint8_t prk[ALGORITHM_DIGEST_MAX];
    TEE_Result result = extract(hash, salt, salt_size, secret, secret_size, prk);
    if (result == TEE_SUCCESS)
        result = expand(hash, prk, info, info_size, out, (size_t)size);
    service_wipe(prk, sizeof(prk));
    if (result != TEE_SUCCESS)
        return service_failed(L, "tee.kdf.hkdf", result);
    return service_return(L, out, (size_t)size);
}

/* U(1) = HMAC(password, salt | index), U(i) = HMAC(password, U(i-1)); the block is all of them, added without carry. */
static void derive_block(TEE_OperationHandle hmac, const struct hash *hash, const void *salt, size_t salt_size,
                         uint32_t index, uint32_t iterations, uint8_t block[ALGORITHM_DIGEST_MAX])
{
    uint8_t u[ALGORITHM_DIGEST_MAX], next[ALGORITHM_DIGEST_MAX];
    const uint8_t number[4] = { (uint8_t)(index >> 24), (uint8_t)(index >> 16), (uint8_t)(index >> 8), (uint8_t)index };
    TEE_MACInit(hmac, NULL, 0);
    TEE_MACUpdate(hmac, salt, salt_size);
    hmac_final(hmac, number, sizeof(number), u);
    memcpy(block, u, hash->size);
    for (uint32_t i = 1; i < iterations; i++) {
        TEE_MACInit(hmac, NULL, 0);
        hmac_final(hmac, u, hash->size, next);
        memcpy(u, next, hash->size);
        for (size_t k = 0; k < hash->size; k++)
            block[k] ^= u[k];
    }
    service_wipe(u, sizeof(u));
    service_wipe(next, sizeof(next));
}

static int pbkdf2(lua_State *L)
{
    const struct hash *hash = algorithm_hmac(L, 1);
    size_t password_size, salt_size;
    const uint8_t *password = service_bytes(L, 2, &password_size), *salt = service_bytes(L, 3, &salt_size);
    lua_Integer iterations = luaL_checkinteger(L, 4), size = luaL_checkinteger(L, 5);
    luaL_argcheck(L, iterations >= 1 && iterations <= LUATEE_PBKDF2_ROUNDS_MAX, 4,
                  "a number of iterations from 1 to 1000000 expected");
    lua_Integer size_max = LUATEE_PBKDF2_ROUNDS_MAX / iterations * hash->size;
    luaL_argcheck(L, size >= 1 && size <= size_max, 5,
                  "a number of bytes above 0 expected, with no more than 1000000 iterations for all blocks together");
    uint8_t *out = service_scratch(L, (size_t)size);
    TEE_OperationHandle hmac;
    TEE_Result result = hmac_open(&hmac, hash, password, password_size);
    if (result != TEE_SUCCESS)
        return service_failed(L, "tee.kdf.pbkdf2", result);
    uint8_t block[ALGORITHM_DIGEST_MAX];
    size_t left = (size_t)size;
    for (uint32_t index = 1; left > 0; index++) {
        size_t part = left < hash->size ? left : hash->size;
        derive_block(hmac, hash, salt, salt_size, index, (uint32_t)iterations, block);
        memcpy(out + (size_t)size - left, block, part);
        left -= part;
    }
    TEE_FreeOperation(hmac);
    service_wipe(block, sizeof(block));
    return service_return(L, out, (size_t)size);
}

int kdf_open(lua_State *L)
{
    lua_createtable(L, 0, 2);
    service_function(L, "hkdf", hkdf);
    service_function(L, "pbkdf2", pbkdf2);
    return 1;
}
