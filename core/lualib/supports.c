/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.supports(name, ...): returns whether this TEE has all these algorithms (TEE_IsAlgorithmSupported) and optional
 * features. */
#include <string.h>

#include "core/base/property.h"
#include "core/lualib/algorithm.h"
#include "core/lualib/service.h"
#include "core/storage/clock.h"
#include "core/trust/rollback.h"
#include "port/lua/fuel.h"

static bool has_device_id(void)
{
    char text[PROPERTY_MAX];
    return property_text(PROPERTY_DEVICE, text)[0] != '\0';
}

static bool has_rollback_protection(void)
{
    return rollback_protection() >= ROLLBACK_PROTECTED;
}

static const struct {
    const char *name;
    bool (*is_present)(void);
} features[] = {
    { "persistent-time", clock_supported },
    { "device-id", has_device_id },
    { "rollback-protection", has_rollback_protection },
};

static bool supported(const char *name)
{
    for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++)
        if (strcmp(features[i].name, name) == 0)
            return features[i].is_present();
    return algorithm_supported(name);
}

static int supports(lua_State *L)
{
    int count = lua_gettop(L);
    bool all = true;
    (void)service_name(L, 1);
    for (int i = 1; i <= count; i++) {
        luatee_fuel_consume(L, SERVICE_FUEL_OPERATION);
        all = supported(service_name(L, i)) && all;
    }
    lua_pushboolean(L, all);
    return 1;
}

int supports_open(lua_State *L)
{
    lua_pushcfunction(L, supports);
    return 1;
}
