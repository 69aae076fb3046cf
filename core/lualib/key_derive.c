/* SPDX-License-Identifier: BSD-2-Clause */
/* The method derive of keys. */
#include "core/base/wipe.h"
#include "core/lualib/hkdf.h"
#include "core/lualib/hmac.h"
#include "core/lualib/key_options.h"
#include "core/lualib/key_pem.h"
#include "core/lualib/key_userdata.h"
#include "core/lualib/service.h"
#include "lauxlib.h"

/* The inputs of a derivation besides the key. */
struct source {
    const struct hash *hash;
    const uint8_t *info, *salt;
    size_t info_size, salt_size;
};

/* Derives from a secret key with HKDF-Expand; the key is the PRK (RFC 5869, section 3.3). */
static TEE_Result derive_from_secret(const struct key *key, const struct source *s, uint8_t *out, size_t size)
{
    TEE_OperationHandle operation;
    TEE_Result result = key_open_mac(key, &operation);
    if (result != TEE_SUCCESS)
        return result;
    hkdf_expand(operation, s->hash, s->info, s->info_size, out, size);
    TEE_FreeOperation(operation);
    return TEE_SUCCESS;
}

/* Derives from a key pair with HKDF of the secret that it shares with the peer. */
static TEE_Result derive_from_pair(const struct key *key, const struct key_parts *peer, const struct source *s,
                                   uint8_t *out, size_t size)
{
    TEE_OperationHandle hmac;
    uint8_t shared[KEY_SHARED_SIZE], prk[ALGORITHM_DIGEST_MAX];
    TEE_Result result = key_agree(key, peer, shared);
    if (result == TEE_SUCCESS)
        result = hkdf_extract(s->hash, s->salt, s->salt_size, shared, sizeof(shared), prk);
    wipe(shared, sizeof(shared));
    if (result == TEE_SUCCESS)
        result = hmac_open(&hmac, s->hash, prk, s->hash->size);
    wipe(prk, sizeof(prk));
    if (result != TEE_SUCCESS)
        return result;
    hkdf_expand(hmac, s->hash, s->info, s->info_size, out, size);
    TEE_FreeOperation(hmac);
    return TEE_SUCCESS;
}

/* Reads the public key of the peer, and pushes its bytes. Returns NULL, or a message. PEM is tried last: a raw key may
 * begin like PEM, but is too short for it. */
static const char *read_peer(lua_State *L, const struct key *key, struct key_parts *peer)
{
    size_t size;
    const uint8_t *bytes = key_options_bytes(L, 2, "peer", &size);
    if (!bytes)
        luaL_error(L, "option 'peer' is missing: the public key of the other side");
    if (key_encoding_read_public(key->type, bytes, size, peer))
        return NULL;
    if (key_pem_begins(bytes, size)) {
        const char *wrong = key_pem_decode(L);
        if (wrong)
            return wrong;
        bytes = (const uint8_t *)lua_tolstring(L, -1, &size);
        if (key_encoding_read(key->type, KEY_FORM_DER, bytes, size, peer) && !peer->secret)
            return NULL;
    }
    return "peer: not a public key of the same type";
}

static const struct hash *hash_of(lua_State *L, const struct key *key)
{
    lua_pushstring(L, key->type->family == KEY_SECRET ? key->type->name + sizeof("hmac-") - 1 : "sha256");
    const struct hash *hash = algorithm_hmac(L, -1);
    lua_pop(L, 1);
    return hash;
}

static TEE_Result derive_key(const struct key *key, const struct key_parts *peer, const struct source *s,
                             const struct key_options *o, struct key *derived)
{
    uint8_t bytes[KEY_NUMBER_MAX];
    struct key_parts parts = { .part = { { bytes, o->bits / 8 } }, .secret = true };
    TEE_Result result = key->type->family == KEY_SECRET ? derive_from_secret(key, s, bytes, o->bits / 8)
                                                        : derive_from_pair(key, peer, s, bytes, o->bits / 8);
    if (result == TEE_SUCCESS)
        result = key_import(derived, o->type, &parts);
    wipe(bytes, sizeof(bytes));
    return result;
}

/* derive{type, size, usage, ..., info, salt, peer}: returns a secret key; or nil and a message if the peer is
 * invalid. */
int key_derive(lua_State *L)
{
    static const char *const more[] = { "info", "salt", "peer", NULL };
    const struct key *key = key_userdata_check_use(L, KEY_DERIVE);
    bool agrees = key->type->family != KEY_SECRET;
    struct key_parts peer;
    struct key_options o;
    struct source s;
    lua_settop(L, 2);
    key_options_read(L, 2, more, &o);
    if (o.type->family != KEY_SECRET || o.bits < 128)
        return luaL_error(L, "option 'type': only aes and hmac keys of at least 128 bits can be derived");
    s.hash = hash_of(L, key);
    s.info = key_options_bytes(L, 2, "info", &s.info_size);
    s.salt = key_options_bytes(L, 2, "salt", &s.salt_size);
    if (!s.info)
        s.info = (const uint8_t *)"";
    if (!agrees && s.salt)
        return luaL_error(L, "option 'salt' is for key agreement only: with a secret key, use 'info'");
    if (!agrees && key->bits < s.hash->size * 8u)
        return luaL_error(L, "the key is too short to derive from: at least %d bits expected", s.hash->size * 8);
    if (!s.salt)
        s.salt = (const uint8_t *)"";
    const char *wrong = agrees ? read_peer(L, key, &peer) : NULL;
    if (wrong)
        return service_push_fail(L, wrong);
    key_userdata_charge(L, key->type);
    struct key *derived = key_userdata_new(L, key_userdata_weight(o.type, o.bits, true));
    TEE_Result result = derive_key(key, &peer, &s, &o, derived);
    if (result != TEE_SUCCESS)
        key_userdata_discard(L);
    if (result == TEE_ERROR_BAD_PARAMETERS)
        return service_push_fail(L, "peer: not a point of the curve, or a point of small order");
    if (result != TEE_SUCCESS)
        return key_method_failed(L, key, result);
    return key_options_finish(L, derived, &o);
}
