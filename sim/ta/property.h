/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TA_PROPERTY_H
#define SIM_TA_PROPERTY_H

#include <tee_internal_api.h>

#include "sim/common/wire.h"
#include "sim/ta/header.h"

/* Who the client is: gpd.client.identity. */
void sim_property_set_client(uint32_t login, const struct wire_uuid *uuid);

/*
 * A property by its name, or by its index when name is NULL. Sets: the three TEE_PROPSET_* pseudo-handles. NULL: there
 * is no such property, or no such set.
 */
const struct user_ta_property *sim_property_find(TEE_PropSetHandle set, const char *name, size_t index);

/* Is it one of the three pseudo-handles? */
bool sim_property_is_set(TEE_PropSetHandle set);

/* The property that an enumerator stands at. NULL: at none. Panics if it is no enumerator. */
const struct user_ta_property *sim_property_at(TEE_PropSetHandle enumerator);

#endif
