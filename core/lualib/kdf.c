/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tee.kdf: HKDF (RFC 5869), made from the TEE's HMAC; PBKDF2 is in pbkdf2.c. GP has neither, and what OP-TEE adds is not what
 * other TEEs add.
 */
#include <string.h>

#include "core/lualib/hmac.h"
#include "core/lualib/service.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

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
    luatee_charge(L, (info_size + hash->block) * SERVICE_FUEL_BYTE * (((size_t)size - 1) / hash->size + 1));
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

int kdf_open(lua_State *L)
{
    lua_createtable(L, 0, 2);
    service_function(L, "hkdf", hkdf);
    service_function(L, "pbkdf2", pbkdf2_derive);
    return 1;
}
