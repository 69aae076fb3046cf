/* SPDX-License-Identifier: BSD-2-Clause */
/* The methods of keys, except derive (key_derive.c). For invalid data from outside they raise no error, but return nil
 * and a message, or false. */
#include <string.h>

#include "core/base/feed.h"
#include "core/base/wipe.h"
#include "core/key/der.h"
#include "core/lualib/algorithm.h"
#include "core/lualib/key_pem.h"
#include "core/lualib/key_userdata.h"
#include "core/lualib/service.h"
#include "lauxlib.h"

int key_method_failed(lua_State *L, const struct key *key, TEE_Result result)
{
    if (result == TEE_ERROR_EXCESS_DATA)
        return luaL_error(L, "too long for %s: %d bytes at most; %s", key->type->name,
                          key->type->family == KEY_RSA ? (int)key_text_max(key) : (int)LUATEE_ED25519_MESSAGE_MAX,
                          key->type->family == KEY_RSA ? "encrypt an AES key, and the data with that"
                                                       : "sign its tee.digest");
    return service_failed(L, key->type->name, result);
}

/* Returns whether the form in argument idx is DER. Signatures of ECDSA are DER (RFC 3279, section 2.2.3) by default, or
 * "raw": r || s. Other signatures have only one form. */
static bool is_der(lua_State *L, const struct key *key, int idx)
{
    static const char *const names[] = { "der", "raw", NULL };
    bool der = luaL_checkoption(L, idx, key->type->family == KEY_EC ? "der" : "raw", names) == 0;
    luaL_argcheck(L, !der || key->type->family == KEY_EC, idx, "only signatures of ECDSA can be in DER");
    return der;
}

#define DER_SIGNATURE_MAX (2 * (FIELD_SIZE_MAX + 3) + 3)

static int push_der(lua_State *L, const uint8_t *signature, size_t half)
{
    uint8_t der[DER_SIGNATURE_MAX];
    struct der_writer w;
    der_write_begin(&w, der, sizeof(der));
    der_put_number(&w, signature + half, half);
    der_put_number(&w, signature, half);
    der_wrap(&w, DER_SEQUENCE, der + sizeof(der));
    lua_pushlstring(L, (const char *)w.at, (size_t)(der + sizeof(der) - w.at));
    return 1;
}

static bool read_half(struct der *d, uint8_t *out, size_t half)
{
    size_t size;
    const uint8_t *number = der_number(d, &size);
    if (size > half)
        return false;
    memset(out, 0, half - size);
    memcpy(out + half - size, number, size);
    return true;
}

/* Reads r || s from a signature in DER. */
static bool read_der(const uint8_t *der, size_t size, uint8_t *out, size_t half)
{
    struct der outer, d;
    der_begin(&outer, der, size);
    d = der_enter(&outer, DER_SEQUENCE);
    return read_half(&d, out, half) && read_half(&d, out + half, half) && der_finished(&d) && der_finished(&outer);
}

/* sign(data, form) */
static int sign(lua_State *L)
{
    const struct key *key = key_userdata_check_use(L, KEY_SIGN);
    uint8_t signature[KEY_SIGNATURE_MAX];
    size_t size, signature_size = key_signature_size(key);
    const uint8_t *data = service_bytes(L, 2, &size);
    bool der = is_der(L, key, 3);
    key_userdata_charge(L, key->type);
    TEE_Result result = key_sign(key, data, size, signature);
    if (result != TEE_SUCCESS)
        return key_method_failed(L, key, result);
    if (der)
        return push_der(L, signature, signature_size / 2);
    lua_pushlstring(L, (const char *)signature, signature_size);
    return 1;
}

static int verify_mac(lua_State *L, const struct key *key, const uint8_t *data, size_t size)
{
    TEE_OperationHandle operation;
    uint8_t mac[ALGORITHM_DIGEST_MAX];
    size_t mac_size;
    const uint8_t *given = service_bytes(L, 3, &mac_size);
    if (mac_size > sizeof(mac)) {
        lua_pushboolean(L, 0);
        return 1;
    }
    memcpy(mac, given, mac_size);
    TEE_Result result = key_open_mac(key, &operation);
    if (result != TEE_SUCCESS)
        return key_method_failed(L, key, result);
    uint8_t right[ALGORITHM_DIGEST_MAX];
    size_t right_size = sizeof(right);
    TEE_MACInit(operation, NULL, 0);
    feed_update(TEE_MACUpdate, operation, data, size);
    result = TEE_MACComputeFinal(operation, NULL, 0, right, &right_size);
    TEE_FreeOperation(operation);
    lua_pushboolean(L, result == TEE_SUCCESS && right_size == mac_size && TEE_MemCompare(mac, right, mac_size) == 0);
    return 1;
}

/* verify(data, signature, form); for HMAC keys verify(data, mac) */
static int verify(lua_State *L)
{
    const struct key *key = key_userdata_check(L);
    uint8_t raw[2 * FIELD_SIZE_MAX];
    size_t size, signature_size;
    const uint8_t *data = service_bytes(L, 2, &size);
    key_userdata_charge(L, key->type);
    if (key->uses & KEY_MAC)
        return verify_mac(L, key, data, size);
    key = key_userdata_check_use(L, KEY_VERIFY);
    const uint8_t *signature = service_bytes(L, 3, &signature_size);
    if (is_der(L, key, 4)) {
        size_t whole = key_signature_size(key);
        if (read_der(signature, signature_size, raw, whole / 2))
            signature_size = whole;
        else
            signature_size = 0; /* never a valid signature */
        signature = raw;
    }
    TEE_Result result = key_verify(key, data, size, signature, signature_size);
    if (result != TEE_SUCCESS && result != TEE_ERROR_SIGNATURE_INVALID)
        return key_method_failed(L, key, result);
    lua_pushboolean(L, result == TEE_SUCCESS);
    return 1;
}

static struct key_part check_aad(lua_State *L, const struct key *key)
{
    struct key_part aad;
    aad.data = service_optional_bytes(L, 3, &aad.size);
    luaL_argcheck(L, aad.size == 0 || key->type->family != KEY_RSA, 3, "RSA has no associated data");
    return aad;
}

/* encrypt(text, aad) */
static int encrypt(lua_State *L)
{
    const struct key *key = key_userdata_check_use(L, KEY_ENCRYPT);
    size_t size;
    const uint8_t *text = service_bytes(L, 2, &size);
    struct key_part aad = check_aad(L, key);
    size_t box_size = key->type->family == KEY_RSA ? key->bits / 8 : size + KEY_AES_OVERHEAD;
    key_userdata_charge(L, key->type);
    uint8_t *box = service_scratch(L, box_size);
    TEE_Result result = key_encrypt(key, text, size, &aad, box);
    if (result != TEE_SUCCESS)
        return key_method_failed(L, key, result);
    return service_return(L, box, box_size);
}

/* decrypt(box, aad): returns the text, or nil and a message */
static int decrypt(lua_State *L)
{
    const struct key *key = key_userdata_check_use(L, KEY_DECRYPT);
    size_t box_size, size = 0;
    const uint8_t *box = service_bytes(L, 2, &box_size);
    struct key_part aad = check_aad(L, key);
    key_userdata_charge(L, key->type);
    uint8_t *text = service_scratch(L, box_size);
    TEE_Result result = key_decrypt(key, box, box_size, &aad, text, &size);
    if (result == TEE_SUCCESS)
        return service_return(L, text, size);
    wipe(text, box_size);
    if (result != TEE_ERROR_MAC_INVALID)
        return key_method_failed(L, key, result);
    return service_push_fail(L, key->type->family == KEY_RSA ? "not encrypted for this key" : "not authentic");
}

static int mac(lua_State *L)
{
    const struct key *key = key_userdata_check_use(L, KEY_MAC);
    TEE_OperationHandle operation;
    uint8_t out[ALGORITHM_DIGEST_MAX];
    size_t size, out_size = sizeof(out);
    const uint8_t *data = service_bytes(L, 2, &size);
    key_userdata_charge(L, key->type);
    TEE_Result result = key_open_mac(key, &operation);
    if (result != TEE_SUCCESS)
        return key_method_failed(L, key, result);
    TEE_MACInit(operation, NULL, 0);
    feed_update(TEE_MACUpdate, operation, data, size);
    result = TEE_MACComputeFinal(operation, NULL, 0, out, &out_size);
    TEE_FreeOperation(operation);
    if (result != TEE_SUCCESS)
        return key_method_failed(L, key, result);
    return service_return(L, out, out_size);
}

/* Pushes the key in the form of argument 2. Raises an error when the type does not have this form. */
static int push_key(lua_State *L, const struct key *key, bool secret)
{
    static const char *const names[] = { "der", "cose", "raw", "pem", NULL }; /* enum key_form, and PEM */
    int form = luaL_checkoption(L, 2, key->type->family == KEY_SECRET ? "raw" : "pem", names);
    bool pem = strcmp(names[form], "pem") == 0;
    uint8_t *buffer = service_scratch(L, KEY_BUFFER_SIZE + KEY_ENCODING_MAX);
    struct key_parts parts;
    size_t size;
    TEE_Result result = key_read(key, secret, buffer, &parts);
    if (result != TEE_SUCCESS)
        return key_method_failed(L, key, result);
    const uint8_t *out = key_encoding_write(key->type, pem ? KEY_FORM_DER : (enum key_form)form, secret, &parts,
                                     buffer + KEY_BUFFER_SIZE, &size);
    if (out)
        lua_pushlstring(L, (const char *)out, size);
    wipe(buffer, KEY_BUFFER_SIZE + KEY_ENCODING_MAX);
    if (!out)
        return luaL_error(L, "%s keys cannot be written in the form '%s'", key->type->name, names[form]);
    if (pem)
        key_pem_encode(L, secret);
    return 1;
}

static int public(lua_State *L)
{
    const struct key *key = key_userdata_check(L);
    if (key->type->family == KEY_SECRET)
        return luaL_error(L, "%s keys have no public part", key->type->name);
    return push_key(L, key, false);
}

static int export(lua_State *L)
{
    const struct key *key = key_userdata_check(L);
    if (!(key->uses & KEY_EXTRACTABLE))
        return luaL_error(L, "this key is not extractable: that was fixed when it was created");
    return push_key(L, key, true);
}

void key_method_push(lua_State *L)
{
    lua_createtable(L, 0, 9);
    service_function(L, "sign", sign);
    service_function(L, "verify", verify);
    service_function(L, "encrypt", encrypt);
    service_function(L, "decrypt", decrypt);
    service_function(L, "mac", mac);
    service_function(L, "derive", key_derive);
    service_function(L, "public", public);
    service_function(L, "export", export);
    service_function(L, "close", key_userdata_close);
}
