/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/property.h"

#include "tee_internal_api.h"

const char *property_text(const char *name, char text[PROPERTY_MAX])
{
    size_t size = PROPERTY_MAX;
    if (TEE_GetPropertyAsString(TEE_PROPSET_TEE_IMPLEMENTATION, name, text, &size) != TEE_SUCCESS)
        text[0] = '\0';
    return text;
}
