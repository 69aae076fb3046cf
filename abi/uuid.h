/* SPDX-License-Identifier: BSD-2-Clause */
/* The name under which every TEE knows the luatee Trusted Application. */
#ifndef LUATEE_ABI_UUID_H
#define LUATEE_ABI_UUID_H

/* As text: the TA's file is LUATEE_TA_UUID_TEXT ".ta" (OP-TEE's naming). */
#define LUATEE_TA_UUID_TEXT "b44f77e9-f773-4540-a371-d8a7bd0bc46f"

/* Initialiser of a TEEC_UUID or TEE_UUID (the two structs are alike). */
#define LUATEE_TA_UUID \
    { 0xb44f77e9, 0xf773, 0x4540, { 0xa3, 0x71, 0xd8, 0xa7, 0xbd, 0x0b, 0xc4, 0x6f } }

#endif
