/* SPDX-License-Identifier: BSD-2-Clause */
/* Property enumerators: GP TEE Internal Core API, section 4.4. */
#include <stdlib.h>
#include <string.h>

#include "sim/ta/handle.h"
#include "sim/ta/panic.h"
#include "sim/ta/property.h"

struct enumerator {
    TEE_PropSetHandle set; /* TEE_HANDLE_NULL until started */
    size_t index;
};

static struct enumerator *get(TEE_PropSetHandle handle, const char *function)
{
    return sim_handle_get(SIM_HANDLE_PROPERTY_ENUMERATOR, handle, function);
}

const struct user_ta_property *sim_property_current(TEE_PropSetHandle handle)
{
    struct enumerator *enumerator = get(handle, __func__);

    return enumerator->set ? sim_property_find(enumerator->set, NULL, enumerator->index) : NULL;
}

TEE_Result TEE_AllocatePropertyEnumerator(TEE_PropSetHandle *handle)
{
    struct enumerator *enumerator;

    sim_require(handle, "the handle pointer is NULL");
    enumerator = calloc(1, sizeof(*enumerator));
    *handle = enumerator ? sim_handle_new(SIM_HANDLE_PROPERTY_ENUMERATOR, enumerator) : TEE_HANDLE_NULL;
    if (*handle)
        return TEE_SUCCESS;
    free(enumerator);
    return TEE_ERROR_OUT_OF_MEMORY;
}

void TEE_FreePropertyEnumerator(TEE_PropSetHandle handle)
{
    struct enumerator *enumerator;

    if (handle == TEE_HANDLE_NULL)
        return;
    enumerator = get(handle, __func__);
    sim_handle_invalidate(handle);
    free(enumerator);
}

void TEE_StartPropertyEnumerator(TEE_PropSetHandle handle, TEE_PropSetHandle set)
{
    struct enumerator *enumerator = get(handle, __func__);

    sim_require(sim_property_is_set(set), "the handle is not a property set");
    *enumerator = (struct enumerator){.set = set};
}

void TEE_ResetPropertyEnumerator(TEE_PropSetHandle handle)
{
    *get(handle, __func__) = (struct enumerator){.set = TEE_HANDLE_NULL};
}

TEE_Result TEE_GetPropertyName(TEE_PropSetHandle handle, void *buffer, size_t *room)
{
    const struct user_ta_property *property = sim_property_current(handle);
    size_t size;
    bool fits;

    sim_require(room && (buffer || !*room), "the name buffer or its size pointer is NULL");
    if (!property)
        return TEE_ERROR_ITEM_NOT_FOUND;
    size = strlen(property->name) + 1;
    fits = size <= *room;
    *room = size;
    if (!fits)
        return TEE_ERROR_SHORT_BUFFER;
    memcpy(buffer, property->name, size);
    return TEE_SUCCESS;
}

TEE_Result TEE_GetNextProperty(TEE_PropSetHandle handle)
{
    struct enumerator *enumerator = get(handle, __func__);

    if (!sim_property_current(handle))
        return TEE_ERROR_ITEM_NOT_FOUND;
    enumerator->index++;
    return sim_property_current(handle) ? TEE_SUCCESS : TEE_ERROR_ITEM_NOT_FOUND;
}
