/* SPDX-License-Identifier: BSD-2-Clause */
/* Properties of the TEE implementation as text (GP TEE Internal Core API, section 4.7). */
#ifndef LUATEE_CORE_BASE_PROPERTY_H
#define LUATEE_CORE_BASE_PROPERTY_H

#define PROPERTY_MAX 128 /* bytes of a text, with its NUL */

#define PROPERTY_TEE "gpd.tee.description"
#define PROPERTY_TEE_VERSION "gpd.tee.trustedos.implementation.version"
#define PROPERTY_API "gpd.tee.apiversion"
#define PROPERTY_DEVICE "gpd.tee.deviceID"

/* Writes the property into `text` and returns that. The text is "" when the TEE has no property of this name, or when
 * its value is longer. */
const char *property_text(const char *name, char text[PROPERTY_MAX]);

#endif
