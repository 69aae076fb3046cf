/* SPDX-License-Identifier: BSD-2-Clause */
/* The UUID of the luatee Trusted Application. */
#ifndef LUATEE_ABI_UUID_H
#define LUATEE_ABI_UUID_H

/* The UUID as text. OP-TEE expects the TA in a file named LUATEE_TA_UUID_TEXT ".ta". */
#define LUATEE_TA_UUID_TEXT "b44f77e9-f773-4540-a371-d8a7bd0bc46f"

/* An initializer for a TEEC_UUID or a TEE_UUID, which have the same fields. */
#define LUATEE_TA_UUID \
    { 0xb44f77e9, 0xf773, 0x4540, { 0xa3, 0x71, 0xd8, 0xa7, 0xbd, 0x0b, 0xc4, 0x6f } }

#endif
