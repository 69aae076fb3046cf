/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tee.kdf.pbkdf2 (RFC 8018, section 5.2), computed with the TEE's HMAC. It is meant to take long. So it runs in steps,
 * and the loop over the steps is a Lua function: between two steps, the call can return control to the host, or be
 * cancelled.
 */
#include <string.h>

#include "abi/limits.h"
#include "core/base/feed.h"
#include "core/base/wipe.h"
#include "core/lualib/hmac.h"
#include "core/lualib/operation.h"
#include "core/lualib/service.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

#define TYPE_NAME "tee.kdf.pbkdf2"
#define STEP_ROUNDS 64
#define FUEL_ROUND 500 /* two system calls and four blocks of the hash */

/* The key of the loop in the registry. */
static const char key_loop;

static const char loop[] = "local step, state = ... local s <close> = state local out "
                           "repeat out = step(s) until out return out";

/* The record of a handle, whose user value is the salt. */
struct pbkdf2 {
    struct operation operation;
    uint32_t iterations;
    uint32_t index; /* of the current block, from 1 */
    uint32_t round; /* iterations of the current block that are done */
    size_t size;
    size_t done;
    uint8_t u[ALGORITHM_DIGEST_MAX];
    uint8_t block[ALGORITHM_DIGEST_MAX];
    uint8_t out[];
};

static const struct handle_type type = { TYPE_NAME, "derivations", operation_release };

/* U(1) = HMAC(password, salt | index) is the first value of the block. Argument 1 is the handle. */
static void first_round(lua_State *L, struct pbkdf2 *p)
{
    uint32_t i = p->index;
    const uint8_t number[4] = { (uint8_t)(i >> 24), (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i };
    size_t size;
    lua_getiuservalue(L, 1, 1);
    const uint8_t *salt = service_bytes(L, -1, &size);
    TEE_MACInit(p->operation.tee, NULL, 0);
    feed_update(TEE_MACUpdate, p->operation.tee, salt, size);
    hmac_final(p->operation.tee, number, sizeof(number), p->u);
    memcpy(p->block, p->u, sizeof(p->block));
    lua_pop(L, 1);
}

/* U(i) = HMAC(password, U(i-1)). The block is the XOR of all U(i). */
static void next_round(struct pbkdf2 *p)
{
    uint8_t next[ALGORITHM_DIGEST_MAX];
    size_t size = p->operation.hash->size;
    TEE_MACInit(p->operation.tee, NULL, 0);
    hmac_final(p->operation.tee, p->u, size, next);
    for (size_t k = 0; k < size; k++)
        p->block[k] ^= p->u[k] = next[k];
    wipe(next, sizeof(next));
}

static void end_block(struct pbkdf2 *p)
{
    size_t left = p->size - p->done, size = p->operation.hash->size;
    size_t part = left < size ? left : size;
    memcpy(p->out + p->done, p->block, part);
    p->done += part;
    p->index++;
    p->round = 0;
}

/* step(state): runs some rounds; returns the output when it is complete */
static int step(lua_State *L)
{
    struct pbkdf2 *p = operation_check(L, &type);
    luatee_fuel_consume(L, STEP_ROUNDS * FUEL_ROUND);
    for (int i = 0; i < STEP_ROUNDS && p->done < p->size; i++) {
        if (p->round == 0)
            first_round(L, p);
        else
            next_round(p);
        if (++p->round == p->iterations)
            end_block(p);
    }
    if (p->done < p->size)
        return 0;
    lua_pushlstring(L, (const char *)p->out, p->size);
    return 1;
}

static void push_loop(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key_loop) != LUA_TNIL)
        return;
    lua_pop(L, 1);
    if (luaL_loadbufferx(L, loop, sizeof(loop) - 1, "=" TYPE_NAME, "t") != LUA_OK)
        lua_error(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_loop);
}

static int derived(lua_State *L, int status, lua_KContext ctx)
{
    (void)L;
    (void)status;
    (void)ctx;
    return 1;
}

int pbkdf2_derive(lua_State *L)
{
    const struct hash *hash = algorithm_hmac(L, 1);
    size_t password_size, salt_size;
    const uint8_t *password = service_bytes(L, 2, &password_size);
    (void)service_bytes(L, 3, &salt_size);
    lua_Integer iterations = luaL_checkinteger(L, 4), size = luaL_checkinteger(L, 5);
    luaL_argcheck(L, iterations >= 1 && iterations <= LUATEE_PBKDF2_ROUNDS_MAX, 4,
                  "a number of iterations from 1 to 1000000 expected");
    lua_Integer size_max = LUATEE_PBKDF2_ROUNDS_MAX / iterations * hash->size;
    luaL_argcheck(L, size >= 1 && size <= size_max, 5,
                  "a number of bytes above 0 expected, with no more than 1000000 iterations for all blocks together");
    push_loop(L);
    lua_pushcfunction(L, step);
    struct pbkdf2 *p = operation_new(L, &type, sizeof(*p) + (size_t)size, OPERATION_KEYED_WEIGHT, NULL);
    lua_pushvalue(L, 3);
    lua_setiuservalue(L, -2, 1);
    TEE_Result result = hmac_open(&p->operation.tee, hash, password, password_size);
    if (result != TEE_SUCCESS)
        return operation_failed(L, &type, TYPE_NAME, result);
    p->operation.hash = hash;
    p->iterations = (uint32_t)iterations;
    p->index = 1;
    p->size = (size_t)size;
    lua_callk(L, 2, 1, 0, derived);
    return derived(L, LUA_OK, 0);
}
