/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OP-TEE's entry code sets up the TEE_BigInt functions in every TA, which brings their whole library in: 30 KiB that
 * are loaded and hashed whenever a session opens. luatee uses none of them. Should that change, the linker will
 * complain about a second definition: then this file has done its duty.
 */
void _TEE_MathAPI_Init(void);

void _TEE_MathAPI_Init(void)
{
}
