/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TA_PROPERTY_H
#define SIM_TA_PROPERTY_H

#include <tee_internal_api.h>

#include "sim/common/wire.h"
#include "sim/ta/header.h"

/* Sets the property gpd.client.identity: the login method (TEE_LOGIN_*) and UUID of the client. */
void sim_property_set_client(uint32_t login, const struct wire_uuid *uuid);

/*
 * Finds a property by its name, or by its index if name is NULL. `set` is one of the three TEE_PROPSET_*
 * pseudo-handles. Returns NULL if there is no such property or no such set.
 */
const struct user_ta_property *sim_property_find(TEE_PropSetHandle set, const char *name, size_t index);

/* Whether `set` is one of the three pseudo-handles. */
bool sim_property_is_set(TEE_PropSetHandle set);

/* Returns the current property of an enumerator, or NULL if it has none. Panics if the handle is not an enumerator. */
const struct user_ta_property *sim_property_current(TEE_PropSetHandle enumerator);

#endif
