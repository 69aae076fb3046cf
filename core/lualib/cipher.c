/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tee.cipher: AES-CTR and AES-CBC (SP 800-38A), the latter with the padding of PKCS #7 (RFC 5652, section 6.3), for
 * formats that need them. Neither detects changes of the data; tee.aead does.
 */
#include <stdbool.h>
#include <string.h>

#include "core/base/constant_time.h"
#include "core/base/feed.h"
#include "core/base/wipe.h"
#include "core/lualib/operation.h"
#include "core/lualib/service.h"
#include "lauxlib.h"

#define BLOCK 16u

/* The arguments of an operation. */
struct message {
    lua_State *L;
    const struct aes *aes;
    const uint8_t *key, *iv, *in;
    size_t key_size, in_size;
};

static bool is_cbc(const struct message *m)
{
    return m->aes->id == TEE_ALG_AES_CBC_NOPAD;
}

/* Processes m->in and then the tail, which is the padding. out: space for both. */
static TEE_Result run(const struct message *m, uint32_t mode, const uint8_t *tail, size_t tail_size, uint8_t *out)
{
    TEE_OperationHandle operation;
    struct feed rest = { m->in, out, m->in_size, m->in_size + tail_size };
    TEE_Result result = operation_open_aes(&operation, m->aes, mode, m->key, m->key_size);
    if (result != TEE_SUCCESS)
        return result;
    TEE_CipherInit(operation, m->iv, BLOCK);
    result = feed_parts(TEE_CipherUpdate, operation, &rest);
    size_t done = rest.out_size;
    if (result == TEE_SUCCESS)
        result = TEE_CipherUpdate(operation, rest.in, rest.in_size, rest.out, &done);
    rest.out_size -= done;
    if (result == TEE_SUCCESS)
        result = TEE_CipherDoFinal(operation, tail, tail_size, rest.out + done, &rest.out_size);
    TEE_FreeOperation(operation);
    return result;
}

/* Reads the algorithm and the key in arguments 1 and 2, and the data in argument `in`. */
static void read_arguments(lua_State *L, struct message *m, int in)
{
    m->L = L;
    m->aes = algorithm_aes(L, 1, ALGORITHM_CIPHER);
    m->key = operation_aes_key(L, 2, &m->key_size);
    m->in = service_bytes(L, in, &m->in_size);
}

/* Reads the same arguments, with an IV in argument 3. */
static void read_arguments_with_iv(lua_State *L, struct message *m)
{
    size_t size;
    read_arguments(L, m, 4);
    m->iv = service_bytes(L, 3, &size);
    luaL_argcheck(L, size == BLOCK, 3, "an IV of 16 bytes expected");
}

/* Returns the size of the padding: 1 to 16 bytes for CBC, each of which has that number; 0 for CTR. */
static size_t padding_of(const struct message *m)
{
    return is_cbc(m) ? BLOCK - m->in_size % BLOCK : 0;
}

static int finish_encrypt(lua_State *L, const struct message *m, uint8_t *out, size_t prefix)
{
    uint8_t padding[BLOCK];
    size_t size = padding_of(m);
    memset(padding, (int)size, sizeof(padding));
    TEE_Result result = run(m, TEE_MODE_ENCRYPT, padding, size, out + prefix);
    if (result != TEE_SUCCESS)
        return service_failed(L, m->aes->name, result);
    return service_return(L, out, prefix + m->in_size + size);
}

/* Returns the size of the padding in the last block, or 0 if it is wrong. Takes the same time in both cases. */
static size_t padding_size(const uint8_t block[BLOCK])
{
    unsigned size = block[BLOCK - 1];
    unsigned bad = ~constant_time_within(size, 1, BLOCK);
    for (unsigned i = 0; i < BLOCK; i++)
        bad |= constant_time_within(BLOCK - i, 1, size) & (block[i] ^ size);
    return size & constant_time_within(bad, 0, 0);
}

static int finish_decrypt(lua_State *L, const struct message *m)
{
    if (is_cbc(m) && (m->in_size == 0 || m->in_size % BLOCK))
        return service_push_fail(L, "the size is not a multiple of 16 bytes");
    uint8_t *out = service_scratch(L, m->in_size);
    TEE_Result result = run(m, TEE_MODE_DECRYPT, (const uint8_t *)"", 0, out);
    if (result != TEE_SUCCESS) {
        wipe(out, m->in_size);
        return service_failed(L, m->aes->name, result);
    }
    size_t padding = is_cbc(m) ? padding_size(out + m->in_size - BLOCK) : 0;
    int results = service_return(L, out, m->in_size - padding);
    return is_cbc(m) && padding == 0 ? service_push_fail(L, "the padding is wrong") : results;
}

/* encrypt(name, key, text): returns IV and ciphertext, as one string */
static int encrypt(lua_State *L)
{
    struct message m;
    read_arguments(L, &m, 3);
    uint8_t *out = service_scratch(L, BLOCK + m.in_size + padding_of(&m));
    TEE_GenerateRandom(out, BLOCK);
    m.iv = out;
    return finish_encrypt(L, &m, out, BLOCK);
}

/* decrypt(name, key, data): returns the text, or nil and a message */
static int decrypt(lua_State *L)
{
    struct message m;
    read_arguments(L, &m, 3);
    if (m.in_size < BLOCK)
        return service_push_fail(L, "shorter than an IV");
    m.iv = m.in;
    m.in += BLOCK;
    m.in_size -= BLOCK;
    return finish_decrypt(L, &m);
}

/* encrypt_with_unique_iv(name, key, iv, text): returns the ciphertext */
static int encrypt_with_unique_iv(lua_State *L)
{
    struct message m;
    read_arguments_with_iv(L, &m);
    return finish_encrypt(L, &m, service_scratch(L, m.in_size + padding_of(&m)), 0);
}

/* decrypt_with_iv(name, key, iv, data) */
static int decrypt_with_iv(lua_State *L)
{
    struct message m;
    read_arguments_with_iv(L, &m);
    return finish_decrypt(L, &m);
}

int cipher_open(lua_State *L)
{
    lua_createtable(L, 0, 4);
    service_function(L, "encrypt", encrypt);
    service_function(L, "decrypt", decrypt);
    service_function(L, "encrypt_with_unique_iv", encrypt_with_unique_iv);
    service_function(L, "decrypt_with_iv", decrypt_with_iv);
    return 1;
}
