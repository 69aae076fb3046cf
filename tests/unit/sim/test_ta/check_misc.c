/* SPDX-License-Identifier: BSD-2-Clause */
/* Properties, clocks. */
#include <string.h>

#include "tests/unit/sim/test_ta/checks.h"
#include "tests/unit/sim/test_ta/commands.h"

static uint32_t check_own(void)
{
    const TEE_UUID own = SIM_TEST_UUID;
    char text[64];
    uint8_t block[8];
    size_t size = sizeof(text);
    TEE_UUID uuid;
    uint64_t u64 = 0;
    uint32_t u32 = 0;
    bool yes = true;

    CHECK(TEE_GetPropertyAsUUID(TEE_PROPSET_CURRENT_TA, "gpd.ta.appID", &uuid) == TEE_SUCCESS);
    CHECK(!memcmp(&uuid, &own, sizeof(own)));
    CHECK(TEE_GetPropertyAsString(TEE_PROPSET_CURRENT_TA, "gpd.ta.appID", text, &size) == TEE_SUCCESS);
    CHECK(!strcmp(text, SIM_TEST_UUID_TEXT) && size == strlen(text) + 1);
    size = 3;
    CHECK(TEE_GetPropertyAsString(TEE_PROPSET_CURRENT_TA, "gpd.ta.version", text, &size) == TEE_ERROR_SHORT_BUFFER);
    CHECK(size == sizeof("7.0"));
    CHECK(TEE_GetPropertyAsU32(TEE_PROPSET_CURRENT_TA, "gpd.ta.dataSize", &u32) == TEE_SUCCESS && u32 == 32 * 1024);
    CHECK(TEE_GetPropertyAsBool(TEE_PROPSET_CURRENT_TA, "gpd.ta.singleInstance", &yes) == TEE_SUCCESS && !yes);
    CHECK(TEE_GetPropertyAsU64(TEE_PROPSET_CURRENT_TA, "test.u64", &u64) == TEE_SUCCESS && u64 == 1ull << 40);
    CHECK(TEE_GetPropertyAsU32(TEE_PROPSET_CURRENT_TA, "test.u64", &u32) == TEE_ERROR_BAD_FORMAT);
    CHECK(TEE_GetPropertyAsU32(TEE_PROPSET_CURRENT_TA, "test.none", &u32) == TEE_ERROR_ITEM_NOT_FOUND);
    size = sizeof(block);
    CHECK(TEE_GetPropertyAsBinaryBlock(TEE_PROPSET_CURRENT_TA, "test.block", block, &size) == TEE_SUCCESS);
    CHECK(size == 4 && !memcmp(block, "\0\1\2\3", 4));
    return 0;
}

static uint32_t check_tee(void)
{
    char text[64];
    size_t size = sizeof(text);
    TEE_Identity client;
    TEE_UUID device, again;
    uint32_t u32 = 1;

    CHECK(TEE_GetPropertyAsString(TEE_PROPSET_TEE_IMPLEMENTATION, "gpd.tee.description", text, &size) == TEE_SUCCESS);
    CHECK(strstr(text, "simulator") && strstr(text, "protects nothing"));
    size = sizeof(text);
    CHECK(TEE_GetPropertyAsString(TEE_PROPSET_TEE_IMPLEMENTATION, "gpd.tee.apiversion", text, &size) == TEE_SUCCESS);
    CHECK(TEE_GetPropertyAsU32(TEE_PROPSET_TEE_IMPLEMENTATION, "gpd.tee.trustedStorage.antiRollback.protectionLevel",
                               &u32) == TEE_SUCCESS && u32 == 0);
    CHECK(TEE_GetPropertyAsUUID(TEE_PROPSET_TEE_IMPLEMENTATION, "gpd.tee.deviceID", &device) == TEE_SUCCESS);
    CHECK(TEE_GetPropertyAsUUID(TEE_PROPSET_TEE_IMPLEMENTATION, "gpd.tee.deviceID", &again) == TEE_SUCCESS);
    CHECK(!memcmp(&device, &again, sizeof(device)) && (device.timeLow || device.timeMid));
    CHECK(TEE_GetPropertyAsIdentity(TEE_PROPSET_CURRENT_CLIENT, "gpd.client.identity", &client) == TEE_SUCCESS);
    return 0;
}

static uint32_t check_enumeration(void)
{
    TEE_PropSetHandle properties;
    char name[64];
    size_t size = sizeof(name);
    uint32_t count = 0;
    uint32_t found = 0;

    CHECK(TEE_AllocatePropertyEnumerator(&properties) == TEE_SUCCESS);
    CHECK(TEE_GetPropertyName(properties, name, &size) == TEE_ERROR_ITEM_NOT_FOUND);
    TEE_StartPropertyEnumerator(properties, TEE_PROPSET_CURRENT_TA);
    do {
        size = sizeof(name);
        CHECK(TEE_GetPropertyName(properties, name, &size) == TEE_SUCCESS);
        found += !strcmp(name, "test.u64");
        size = sizeof(name);
        CHECK(TEE_GetPropertyAsString(properties, NULL, name, &size) == TEE_SUCCESS);
        count++;
    } while (TEE_GetNextProperty(properties) == TEE_SUCCESS);
    CHECK(found == 1 && count > 8);
    TEE_ResetPropertyEnumerator(properties);
    CHECK(TEE_GetNextProperty(properties) == TEE_ERROR_ITEM_NOT_FOUND);
    TEE_FreePropertyEnumerator(properties);
    return 0;
}

uint32_t check_properties(void)
{
    uint32_t line = check_own();

    if (!line)
        line = check_tee();
    return line ? line : check_enumeration();
}

uint32_t check_time(void)
{
    const TEE_Time set = {.seconds = 1000000, .millis = 250};
    TEE_Time before, after, now;
    uint8_t random[2][16];

    TEE_GetSystemTime(&before);
    CHECK(TEE_Wait(30) == TEE_SUCCESS);
    TEE_GetSystemTime(&after);
    CHECK((after.seconds - before.seconds) * 1000 + after.millis - before.millis >= 29);
    TEE_GetREETime(&now);
    CHECK(now.seconds > 1600000000);
    CHECK(TEE_GetTAPersistentTime(&now) == TEE_ERROR_TIME_NOT_SET && now.seconds == 0);
    CHECK(TEE_SetTAPersistentTime(&set) == TEE_SUCCESS);
    CHECK(TEE_GetTAPersistentTime(&now) == TEE_SUCCESS && now.seconds - set.seconds < 60);
    TEE_GenerateRandom(random, sizeof(random));
    CHECK(memcmp(random[0], random[1], sizeof(random[0])) != 0);
    CHECK(!TEE_GetCancellationFlag() && TEE_UnmaskCancellation() && !TEE_MaskCancellation());
    return 0;
}
