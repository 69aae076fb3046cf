/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.key: keys that stay in the TEE. This file has the functions that create, open, list and delete keys; key_method.c
 * has the methods of keys. */
#include "core/key/key.h"

#include "core/lualib/key_options.h"
#include "core/lualib/key_pem.h"
#include "core/lualib/key_userdata.h"
#include "core/lualib/service.h"
#include "core/vm/vm.h"
#include "lauxlib.h"

/* Generating an RSA key takes as long as this many operations with it. */
#define RSA_GENERATION 20

static int generate(lua_State *L)
{
    static const char *const no_more[] = { NULL };
    struct key_options o;
    key_options_read(L, 1, no_more, &o);
    /* A short HMAC key may be imported, but there is no reason to generate one. */
    if (o.bits < 128)
        return luaL_error(L, "option 'size': new keys have at least 128 bits");
    for (int i = 0; i < (o.type->family == KEY_RSA ? RSA_GENERATION : 1); i++)
        key_userdata_charge(L, o.type);
    struct key *key = key_userdata_new(L, key_userdata_weight(o.type, o.bits, true));
    TEE_Result result = key_generate(key, o.type, o.bits);
    if (result != TEE_SUCCESS) {
        key_userdata_discard(L);
        return service_failed(L, o.type->name, result);
    }
    return key_options_finish(L, key, &o);
}

static const char *const forms[] = { "der", "cose", "raw", "public", "pem", NULL }; /* enum key_form, and PEM */
#define FORM_PEM 4

/* Pushes the key's bytes, and returns their form, an index of `forms`. */
static int read_bytes(lua_State *L, const uint8_t **bytes, size_t *size)
{
    int form = -1;
    for (int i = 0; forms[i]; i++) {
        const uint8_t *found = key_options_bytes(L, 1, forms[i], size);
        if (!found) {
            lua_pop(L, 1);
            continue;
        }
        if (form >= 0)
            return luaL_error(L, "options '%s' and '%s': give the key in one form only", forms[form], forms[i]);
        form = i;
        *bytes = found;
    }
    if (form < 0)
        return luaL_error(L, "the key itself is missing: one of the options pem, der, cose, raw, public");
    *bytes = (const uint8_t *)lua_tolstring(L, -1, size);
    return form;
}

/* Returns nil and a message for data that have the form of a key, but are not valid. */
static int push_invalid(lua_State *L, const struct key_type *type)
{
    if (type->family == KEY_RSA)
        return service_push_fail(L, lua_pushfstring(L,
                                                    "invalid %s key: the modulus must be odd and have %d to %d bits, a "
                                                    "multiple of %d, and the exponents must belong to it",
                                                    type->name, type->bits_min, type->bits_max, type->bits_step));
    if (type->family != KEY_SECRET)
        return service_push_fail(L,
                                 lua_pushfstring(L,
                                                 "invalid %s key: wrong size, not on the curve, or halves that do not "
                                                 "belong together",
                                                 type->name));
    return service_push_fail(L,
                             lua_pushfstring(L, "invalid %s key: wrong size; %d to %d bits, a multiple of %d, expected",
                                             type->name, type->bits_min, type->bits_max, type->bits_step));
}

/* Returns the size that the key will have at most: for RSA, the size of its modulus. */
static uint32_t bits_of(const struct key_type *type, const struct key_parts *parts)
{
    size_t bits = 8 * parts->part[0].size;
    return type->family == KEY_RSA && bits < type->bits_max ? (uint32_t)bits : type->bits_max;
}

/* import{type, pem | der | cose | raw | public}: returns the key, or nil and a message. */
static int import(lua_State *L)
{
    struct key_options o;
    struct key_parts parts;
    const uint8_t *bytes = NULL;
    size_t size;
    key_options_read(L, 1, forms, &o);
    int form = read_bytes(L, &bytes, &size);
    if (form == FORM_PEM) {
        const char *wrong = key_pem_decode(L);
        if (wrong)
            return service_push_fail(L, wrong);
        bytes = (const uint8_t *)lua_tolstring(L, -1, &size);
        form = KEY_FORM_DER;
    }
    key_userdata_charge(L, o.type);
    if (!key_encoding_read(o.type, (enum key_form)form, bytes, size, &parts))
        return service_push_fail(L, lua_pushfstring(L, "not a key of the type %s in this form", o.type->name));
    if (!parts.secret && o.type->public_type == 0)
        return service_push_fail(
            L, lua_pushfstring(L, "the public half of %s is not a key by itself: pass it to key:derive as `peer`",
                               o.type->name));
    struct key *key = key_userdata_new(L, key_userdata_weight(o.type, bits_of(o.type, &parts), parts.secret));
    TEE_Result result = key_import(key, o.type, &parts);
    uint32_t bits = key->bits;
    bool other_size = o.bits_given && o.bits != bits;
    if (result != TEE_SUCCESS || other_size)
        key_userdata_discard(L);
    if (result == TEE_ERROR_BAD_PARAMETERS)
        return push_invalid(L, o.type);
    if (result != TEE_SUCCESS)
        return service_failed(L, o.type->name, result);
    if (other_size)
        return service_push_fail(
            L, lua_pushfstring(L, "the key has %d bits, and option 'size' is %d", (int)bits, (int)o.bits));
    return key_options_finish(L, key, &o);
}

static int fail_stored(lua_State *L, const char *name, TEE_Result result)
{
    if (result == TEE_ERROR_CORRUPT_OBJECT)
        return luaL_error(L, "the stored key '%s' is damaged: delete it and create it again", name);
    if (result == TEE_ERROR_ACCESS_CONFLICT)
        return luaL_error(L, "the stored key '%s' is in use by another session: try again", name);
    return service_failed(L, lua_pushfstring(L, "the stored key '%s'", name), result);
}

static int open(lua_State *L)
{
    const char *name = key_options_name(L, 1);
    key_userdata_charge_stored(L);
    struct key *key = key_userdata_new(L, 0);
    TEE_Result result = key_load(vm_of(L)->app, name, key);
    if (result != TEE_SUCCESS)
        key_userdata_discard(L);
    if (result == TEE_ERROR_ITEM_NOT_FOUND)
        return service_push_fail(L, lua_pushfstring(L, "no stored key '%s'", name));
    if (result != TEE_SUCCESS)
        return fail_stored(L, name, result);
    key_userdata_weigh(L);
    return 1;
}

static int delete (lua_State *L)
{
    const char *name = key_options_name(L, 1);
    key_userdata_charge_stored(L);
    TEE_Result result = key_delete(vm_of(L)->app, name);
    /* TEE_ERROR_CORRUPT_OBJECT: the TEE has deleted the damaged key. */
    if (result != TEE_SUCCESS && result != TEE_ERROR_ITEM_NOT_FOUND && result != TEE_ERROR_CORRUPT_OBJECT)
        return fail_stored(L, name, result);
    lua_pushboolean(L, result != TEE_ERROR_ITEM_NOT_FOUND);
    return 1;
}

static int list(lua_State *L)
{
    vm_require_grant(L, VM_GRANT_KEYS);
    key_userdata_charge_stored(L);
    struct key_names *names = service_scratch(L, sizeof(*names));
    TEE_Result result = key_list(vm_of(L)->app, names);
    if (result != TEE_SUCCESS)
        return service_failed(L, "tee.key.list", result);
    lua_createtable(L, (int)names->count, 0);
    for (size_t i = 0; i < names->count; i++) {
        lua_pushstring(L, names->name[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

int key_open(lua_State *L)
{
    lua_createtable(L, 0, 5);
    service_function(L, "generate", generate);
    service_function(L, "import", import);
    service_function(L, "open", open);
    service_function(L, "delete", delete);
    service_function(L, "list", list);
    return 1;
}
