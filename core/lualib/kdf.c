/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tee.kdf: HKDF (RFC 5869), computed with the TEE's HMAC; pbkdf2.c has PBKDF2. GP has neither, and the extensions of
 * OP-TEE differ from those of other TEEs.
 */
#include <string.h>

#include "core/base/wipe.h"
#include "core/lualib/hkdf.h"
#include "core/lualib/hmac.h"
#include "core/lualib/service.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

static TEE_Result expand(const struct hash *hash, const uint8_t *prk, const void *info, size_t info_size,
                         uint8_t *out, size_t size)
{
    TEE_OperationHandle hmac;
    TEE_Result result = hmac_open(&hmac, hash, prk, hash->size);
    if (result != TEE_SUCCESS)
        return result;
    hkdf_expand(hmac, hash, info, info_size, out, size);
    TEE_FreeOperation(hmac);
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
    luaL_argcheck(L, info_size <= HKDF_INFO_MAX, 4, "at most 4096 bytes expected");
    luaL_argcheck(L, size >= 1 && size <= HKDF_BLOCKS_MAX * hash->size, 5,
                  "a number of bytes from 1 to 255 times the size of the hash expected");
    luatee_fuel_consume(L, (info_size + hash->block) * SERVICE_FUEL_BYTE * (((size_t)size - 1) / hash->size + 1));
    uint8_t *out = service_scratch(L, (size_t)size);
    uint8_t prk[ALGORITHM_DIGEST_MAX];
    TEE_Result result = hkdf_extract(hash, salt, salt_size, secret, secret_size, prk);
    if (result == TEE_SUCCESS)
        result = expand(hash, prk, info, info_size, out, (size_t)size);
    wipe(prk, sizeof(prk));
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
