/* SPDX-License-Identifier: BSD-2-Clause */
/* What the TEE tells of itself, as text (GP TEE Internal Core API, section 4.7). */
#ifndef LUATEE_CORE_BASE_PROPERTY_H
#define LUATEE_CORE_BASE_PROPERTY_H

#define PROPERTY_MAX 128

#define PROPERTY_TEE "gpd.tee.description"
#define PROPERTY_TEE_VERSION "gpd.tee.trustedos.implementation.version"
#define PROPERTY_API "gpd.tee.apiversion"
#define PROPERTY_DEVICE "gpd.tee.deviceID"

/* Returns text; it is "" when the TEE has no property of this name, or one that is longer. */
const char *property_text(const char *name, char text[PROPERTY_MAX]);

#endif
