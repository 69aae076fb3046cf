/* SPDX-License-Identifier: BSD-2-Clause */
/* Who the client is, as the TA sees it in gpd.client.identity. */
#ifndef SIM_TEEC_IDENTITY_H
#define SIM_TEEC_IDENTITY_H

#include "sim/common/wire.h"
#include "tee_client_api.h"

/*
 * The client UUID of a login method, made as Linux makes it for OP-TEE: nil for TEEC_LOGIN_PUBLIC, else version 5 of
 * "uid=<hex>" or "gid=<hex>". data: for TEEC_LOGIN_GROUP the gid, a uint32_t. Returns TEEC_SUCCESS, or
 *   TEEC_ERROR_BAD_PARAMETERS  a method that Linux does not offer, data where none is wanted, or none where it is
 *   TEEC_ERROR_ACCESS_DENIED   a group that the process is not in
 */
TEEC_Result identity_of(uint32_t login, const void *data, struct wire_uuid *uuid);

#endif
