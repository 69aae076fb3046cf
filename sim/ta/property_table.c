/* SPDX-License-Identifier: BSD-2-Clause */
/* The properties of the simulator and of the client. The TA's own properties are in header.c. */
#include <string.h>

#include "sim/ta/property.h"
#include "sim/ta/storage.h"

/* Protection levels of storage that has no protection, and of a clock that the rich OS controls (GP, chapters 5, 7). */
#define LEVEL_NONE 0u
#define LEVEL_REE 100u

static TEE_UUID device_id;
static TEE_Identity client;

static const struct user_ta_property tee_properties[] = {
    {"gpd.tee.apiversion", USER_TA_PROP_TYPE_STRING, "1.3.1"},
    {"gpd.tee.internalCore.version", USER_TA_PROP_TYPE_U32, &(const uint32_t){TEE_CORE_API_VERSION}},
    {"gpd.tee.description", USER_TA_PROP_TYPE_STRING, "luatee simulator: protects nothing"},
    {"gpd.tee.deviceID", USER_TA_PROP_TYPE_UUID, &device_id},
    {"gpd.tee.systemTime.protectionLevel", USER_TA_PROP_TYPE_U32, &(const uint32_t){LEVEL_REE}},
    {"gpd.tee.TAPersistentTime.protectionLevel", USER_TA_PROP_TYPE_U32, &(const uint32_t){LEVEL_REE}},
    {"gpd.tee.cryptography.ecc", USER_TA_PROP_TYPE_BOOL, &(const bool){true}},
    {"gpd.tee.trustedStorage.antiRollback.protectionLevel", USER_TA_PROP_TYPE_U32, &(const uint32_t){LEVEL_NONE}},
    {"gpd.tee.trustedStorage.rollbackDetection.protectionLevel", USER_TA_PROP_TYPE_U32, &(const uint32_t){LEVEL_NONE}},
    {"gpd.tee.trustedos.manufacturer", USER_TA_PROP_TYPE_STRING, "luatee"},
    {"gpd.tee.trustedos.implementation.version", USER_TA_PROP_TYPE_STRING, LUATEE_VERSION},
};

static const struct user_ta_property client_properties[] = {
    {"gpd.client.identity", USER_TA_PROP_TYPE_IDENTITY, &client},
    {"gpd.client.endian", USER_TA_PROP_TYPE_U32, &(const uint32_t){0}},
};

struct table {
    const struct user_ta_property *properties;
    size_t count;
};

void sim_property_set_client(uint32_t login, const struct wire_uuid *uuid)
{
    client.login = login;
    memcpy(&client.uuid, uuid, sizeof(client.uuid));
}

bool sim_property_is_set(TEE_PropSetHandle set)
{
    return set == TEE_PROPSET_TEE_IMPLEMENTATION || set == TEE_PROPSET_CURRENT_CLIENT || set == TEE_PROPSET_CURRENT_TA;
}

static struct table table_of(TEE_PropSetHandle set)
{
    if (set == TEE_PROPSET_TEE_IMPLEMENTATION)
        return (struct table){tee_properties, sizeof(tee_properties) / sizeof(tee_properties[0])};
    if (set == TEE_PROPSET_CURRENT_CLIENT)
        return (struct table){client_properties, sizeof(client_properties) / sizeof(client_properties[0])};
    if (set == TEE_PROPSET_CURRENT_TA)
        return (struct table){sim_ta_properties, sim_ta_property_count};
    return (struct table){NULL, 0};
}

const struct user_ta_property *sim_property_find(TEE_PropSetHandle set, const char *name, size_t index)
{
    struct table table = table_of(set);
    const struct user_ta_property *found = NULL;

    if (!name)
        found = index < table.count ? &table.properties[index] : NULL;
    for (size_t i = 0; name && i < table.count && !found; i++)
        if (!strcmp(table.properties[i].name, name))
            found = &table.properties[i];
    /* The device id is derived from the device key, which is made when the id is first read. */
    if (found && found->value == &device_id)
        sim_storage_device_id(&device_id);
    return found;
}
