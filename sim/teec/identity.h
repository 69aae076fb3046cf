/* SPDX-License-Identifier: BSD-2-Clause */
/* The client's identity, which the TA reads from the property gpd.client.identity. */
#ifndef SIM_TEEC_IDENTITY_H
#define SIM_TEEC_IDENTITY_H

#include "sim/common/wire.h"
#include "tee_client_api.h"

/*
 * Makes the client UUID of a login method as Linux makes it for OP-TEE: nil for TEEC_LOGIN_PUBLIC, otherwise version 5
 * of "uid=<hex>" or "gid=<hex>". data points to the gid, a uint32_t, for TEEC_LOGIN_GROUP, and is NULL for the others.
 * Returns TEEC_SUCCESS, or
 *   TEEC_ERROR_BAD_PARAMETERS  Linux does not offer the method; or data is NULL where it is needed, or the reverse
 *   TEEC_ERROR_ACCESS_DENIED   the process is not in the group
 *   TEEC_ERROR_GENERIC         OpenSSL failed
 */
TEEC_Result identity_from_login(uint32_t login, const void *data, struct wire_uuid *uuid);

#endif
