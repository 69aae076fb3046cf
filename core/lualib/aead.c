/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tee.aead: AES-GCM (SP 800-38D) and AES-CCM (RFC 3610, SP 800-38C). seal generates a random nonce and prepends it, so
 * that scripts need not choose one. For formats with a nonce of their own there are functions whose names warn of
 * reusing a nonce.
 */
#include <stdbool.h>

#include "core/base/feed.h"
#include "core/base/wipe.h"
#include "core/lualib/operation.h"
#include "core/lualib/service.h"
#include "lauxlib.h"

/* RFC 5116 has these sizes for both modes. */
#define NONCE_SIZE 12
#define TAG_SIZE 16

/* The arguments of an operation. */
struct message {
    lua_State *L;
    const struct aes *aes;
    const uint8_t *key, *nonce, *in, *aad;
    size_t key_size, nonce_size, in_size, aad_size, tag_size;
};

/* GCM hashes a nonce whose size is not 96 bits, so that two nonces can collide (SP 800-38D, section 8.2). So only one
 * size is accepted. */
static bool nonce_fits(const struct message *m)
{
    return m->aes->id == TEE_ALG_AES_GCM ? m->nonce_size == NONCE_SIZE : m->nonce_size >= 7 && m->nonce_size <= 13;
}

static bool tag_fits(const struct message *m)
{
    size_t size = m->tag_size;
    return m->aes->id == TEE_ALG_AES_GCM ? size >= 12 && size <= 16 : size >= 4 && size <= 16 && size % 2 == 0;
}

/* CCM stores the size of a message in the bytes that the nonce leaves of 15. OP-TEE does not check that, and truncates
 * the nonce. */
static bool length_fits(const struct message *m, size_t size)
{
    return m->aes->id == TEE_ALG_AES_GCM || m->nonce_size <= 11 || size >> (8 * (15 - m->nonce_size)) == 0;
}

static TEE_Result begin(const struct message *m, uint32_t mode, size_t size, TEE_OperationHandle *operation)
{
    TEE_Result result = operation_open_aes(operation, m->aes, mode, m->key, m->key_size);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_AEInit(*operation, m->nonce, m->nonce_size, (uint32_t)m->tag_size * 8, m->aad_size, size);
    if (result != TEE_SUCCESS)
        TEE_FreeOperation(*operation);
    else if (m->aad_size)
        feed_update(TEE_AEUpdateAAD, *operation, m->aad, m->aad_size);
    return result;
}

/* out: in_size bytes of ciphertext, then the tag */
static TEE_Result encrypt(const struct message *m, uint8_t *out)
{
    TEE_OperationHandle operation;
    size_t size = m->in_size, tag_size = m->tag_size;
    struct feed rest = { m->in, out, size, size };
    TEE_Result result = begin(m, TEE_MODE_ENCRYPT, size, &operation);
    if (result != TEE_SUCCESS)
        return result;
    result = feed_parts(TEE_AEUpdate, operation, &rest);
    if (result == TEE_SUCCESS)
        result = TEE_AEEncryptFinal(operation, rest.in, rest.in_size, rest.out, &rest.out_size, out + size, &tag_size);
    TEE_FreeOperation(operation);
    return result;
}

/* in: ciphertext of `size` bytes, then the tag. Returns TEE_ERROR_MAC_INVALID when it is not authentic. */
static TEE_Result decrypt(const struct message *m, size_t size, uint8_t *out)
{
    TEE_OperationHandle operation;
    uint8_t tag[TAG_SIZE];
    struct feed rest = { m->in, out, size, size };
    TEE_Result result = begin(m, TEE_MODE_DECRYPT, size, &operation);
    if (result != TEE_SUCCESS)
        return result;
    TEE_MemMove(tag, m->in + size, m->tag_size); /* GP declares this input as not const */
    result = feed_parts(TEE_AEUpdate, operation, &rest);
    if (result == TEE_SUCCESS)
        result = TEE_AEDecryptFinal(operation, rest.in, rest.in_size, rest.out, &rest.out_size, tag, m->tag_size);
    TEE_FreeOperation(operation);
    return result;
}

/* Reads the algorithm and the key in arguments 1 and 2, the data in argument `in`, and the optional associated data
 * after that. */
static void read_arguments(lua_State *L, struct message *m, int in)
{
    m->L = L;
    m->aes = algorithm_aes(L, 1, ALGORITHM_AEAD);
    m->key = operation_aes_key(L, 2, &m->key_size);
    m->in = service_bytes(L, in, &m->in_size);
    m->aad = service_optional_bytes(L, in + 1, &m->aad_size);
    m->nonce_size = NONCE_SIZE;
    m->tag_size = TAG_SIZE;
}

/* Reads the same arguments, with a nonce in argument 3, and the optional size of the tag in the last. */
static void read_arguments_with_nonce(lua_State *L, struct message *m)
{
    read_arguments(L, m, 4);
    m->nonce = service_bytes(L, 3, &m->nonce_size);
    luaL_argcheck(L, nonce_fits(m), 3, "a nonce of 12 bytes expected (aes-ccm: 7 to 13)");
    lua_Integer tag_size = luaL_optinteger(L, 6, TAG_SIZE);
    m->tag_size = tag_size < 0 ? 0 : (size_t)tag_size;
    luaL_argcheck(L, tag_fits(m), 6, "a tag of 12 to 16 bytes expected (aes-ccm: 4, 6, 8 to 16)");
}

static int finish_seal(lua_State *L, const struct message *m, uint8_t *box, size_t prefix, int in)
{
    luaL_argcheck(L, length_fits(m, m->in_size), in, "too long for AES-CCM with this nonce: use a shorter nonce");
    TEE_Result result = encrypt(m, box + prefix);
    if (result != TEE_SUCCESS)
        return service_failed(L, m->aes->name, result);
    return service_return(L, box, prefix + m->in_size + m->tag_size);
}

static int finish_open(lua_State *L, const struct message *m)
{
    if (m->in_size < m->tag_size || !length_fits(m, m->in_size - m->tag_size))
        return service_push_fail(L, "not authentic");
    size_t size = m->in_size - m->tag_size;
    uint8_t *out = service_scratch(L, size);
    TEE_Result result = decrypt(m, size, out);
    if (result == TEE_SUCCESS)
        return service_return(L, out, size);
    wipe(out, size);
    if (result != TEE_ERROR_MAC_INVALID)
        return service_failed(L, m->aes->name, result);
    return service_push_fail(L, "not authentic");
}

/* seal(name, key, text, aad): returns nonce, ciphertext and tag, as one string */
static int seal(lua_State *L)
{
    struct message m;
    read_arguments(L, &m, 3);
    uint8_t *box = service_scratch(L, NONCE_SIZE + m.in_size + TAG_SIZE);
    TEE_GenerateRandom(box, NONCE_SIZE);
    m.nonce = box;
    return finish_seal(L, &m, box, NONCE_SIZE, 3);
}

/* open(name, key, box, aad): returns the text, or nil and a message */
static int open(lua_State *L)
{
    struct message m;
    read_arguments(L, &m, 3);
    if (m.in_size < NONCE_SIZE)
        return service_push_fail(L, "not authentic");
    m.nonce = m.in;
    m.in += NONCE_SIZE;
    m.in_size -= NONCE_SIZE;
    return finish_open(L, &m);
}

/* seal_with_unique_nonce(name, key, nonce, text, aad, tag_size): returns ciphertext and tag, as one string */
static int seal_with_unique_nonce(lua_State *L)
{
    struct message m;
    read_arguments_with_nonce(L, &m);
    uint8_t *box = service_scratch(L, m.in_size + m.tag_size);
    return finish_seal(L, &m, box, 0, 4);
}

/* open_with_nonce(name, key, nonce, box, aad, tag_size) */
static int open_with_nonce(lua_State *L)
{
    struct message m;
    read_arguments_with_nonce(L, &m);
    return finish_open(L, &m);
}

int aead_open(lua_State *L)
{
    lua_createtable(L, 0, 4);
    service_function(L, "seal", seal);
    service_function(L, "open", open);
    service_function(L, "seal_with_unique_nonce", seal_with_unique_nonce);
    service_function(L, "open_with_nonce", open_with_nonce);
    return 1;
}
