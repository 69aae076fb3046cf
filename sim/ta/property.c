/* SPDX-License-Identifier: BSD-2-Clause */
/* TEE_GetPropertyAs*: GP TEE Internal Core API, section 4.4. */
#include "sim/ta/property.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/ta/panic.h"

/* Room for the text of an identity, the longest property that is not a string. */
#define TEXT_SIZE (10 + 1 + WIRE_UUID_TEXT_SIZE)

/* Finds a property by its name in a set, or the current one of an enumerator, which needs no name. */
static TEE_Result lookup(TEE_PropSetHandle from, const char *name, const struct user_ta_property **property,
                         const char *function)
{
    if (!sim_property_is_set(from))
        *property = sim_property_current(from);
    else if (name)
        *property = sim_property_find(from, name, 0);
    else
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "a property set needs a name");
    return *property ? TEE_SUCCESS : TEE_ERROR_ITEM_NOT_FOUND;
}

static TEE_Result get(TEE_PropSetHandle from, const char *name, enum user_ta_prop_type type, void *value, size_t size,
                      const char *function)
{
    const struct user_ta_property *property;
    TEE_Result result;

    if (!value)
        sim_panic(TEE_ERROR_BAD_PARAMETERS, function, "the value pointer is NULL");
    result = lookup(from, name, &property, function);
    if (result != TEE_SUCCESS)
        return result;
    if (property->type != type)
        return TEE_ERROR_BAD_FORMAT;
    memcpy(value, property->value, size);
    return TEE_SUCCESS;
}

TEE_Result TEE_GetPropertyAsBool(TEE_PropSetHandle from, const char *name, bool *value)
{
    return get(from, name, USER_TA_PROP_TYPE_BOOL, value, sizeof(*value), __func__);
}

TEE_Result TEE_GetPropertyAsU32(TEE_PropSetHandle from, const char *name, uint32_t *value)
{
    return get(from, name, USER_TA_PROP_TYPE_U32, value, sizeof(*value), __func__);
}

TEE_Result TEE_GetPropertyAsU64(TEE_PropSetHandle from, const char *name, uint64_t *value)
{
    return get(from, name, USER_TA_PROP_TYPE_U64, value, sizeof(*value), __func__);
}

TEE_Result TEE_GetPropertyAsUUID(TEE_PropSetHandle from, const char *name, TEE_UUID *value)
{
    return get(from, name, USER_TA_PROP_TYPE_UUID, value, sizeof(*value), __func__);
}

TEE_Result TEE_GetPropertyAsIdentity(TEE_PropSetHandle from, const char *name, TEE_Identity *value)
{
    return get(from, name, USER_TA_PROP_TYPE_IDENTITY, value, sizeof(*value), __func__);
}

static void uuid_text(const TEE_UUID *uuid, char *text)
{
    struct wire_uuid same;

    memcpy(&same, uuid, sizeof(same));
    wire_uuid_text(&same, text);
}

/* Returns the text of a property. A string is its own text; that of other types is written to `room`. */
static const char *text_of(const struct user_ta_property *property, char room[TEXT_SIZE])
{
    TEE_Identity identity;
    uint32_t u32;
    uint64_t u64;
    int length;

    switch (property->type) {
    case USER_TA_PROP_TYPE_BOOL:
        return *(const bool *)property->value ? "true" : "false";
    case USER_TA_PROP_TYPE_U32:
        memcpy(&u32, property->value, sizeof(u32));
        snprintf(room, TEXT_SIZE, "%u", u32);
        return room;
    case USER_TA_PROP_TYPE_U64:
        memcpy(&u64, property->value, sizeof(u64));
        snprintf(room, TEXT_SIZE, "%llu", (unsigned long long)u64);
        return room;
    case USER_TA_PROP_TYPE_UUID:
        uuid_text(property->value, room);
        return room;
    case USER_TA_PROP_TYPE_IDENTITY:
        memcpy(&identity, property->value, sizeof(identity));
        length = snprintf(room, TEXT_SIZE, "%u:", identity.login);
        uuid_text(&identity.uuid, room + length);
        return room;
    default:
        return property->value;
    }
}

/* Copies the value if it fits. Writes the size that it needs to *room in both cases. */
static TEE_Result copy_out(const void *value, size_t size, void *buffer, size_t *room)
{
    bool fits = size <= *room;

    *room = size;
    if (!fits)
        return TEE_ERROR_SHORT_BUFFER;
    memcpy(buffer, value, size);
    return TEE_SUCCESS;
}

TEE_Result TEE_GetPropertyAsString(TEE_PropSetHandle from, const char *name, char *buffer, size_t *room)
{
    const struct user_ta_property *property;
    char own[TEXT_SIZE];
    const char *text;
    TEE_Result result;

    sim_require(room && (buffer || !*room), "the value pointer is NULL");
    result = lookup(from, name, &property, __func__);
    if (result != TEE_SUCCESS)
        return result;
    text = text_of(property, own);
    return copy_out(text, strlen(text) + 1, buffer, room);
}

/* Binary blocks are kept as padded base64. EVP_DecodeBlock counts three bytes for four characters, also for '='. */
TEE_Result TEE_GetPropertyAsBinaryBlock(TEE_PropSetHandle from, const char *name, void *buffer, size_t *room)
{
    const struct user_ta_property *property;
    unsigned char *bytes;
    const char *text;
    TEE_Result result;
    size_t length;
    int decoded;

    sim_require(room && (buffer || !*room), "the value pointer is NULL");
    result = lookup(from, name, &property, __func__);
    if (result != TEE_SUCCESS)
        return result;
    if (property->type != USER_TA_PROP_TYPE_BINARY_BLOCK)
        return TEE_ERROR_BAD_FORMAT;
    text = property->value;
    length = strlen(text);
    bytes = malloc(length + 1);
    if (!bytes)
        return TEE_ERROR_OUT_OF_MEMORY;
    decoded = EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)length);
    for (size_t i = length; decoded > 0 && i > 0 && text[i - 1] == '='; i--)
        decoded--;
    result = decoded < 0 ? TEE_ERROR_BAD_FORMAT : copy_out(bytes, (size_t)decoded, buffer, room);
    free(bytes);
    return result;
}
