/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OP-TEE's entry code calls _TEE_MathAPI_Init, which links the whole library of the TEE_BigInt functions into every TA:
 * 30 KiB that are loaded and hashed whenever a session opens. luatee uses none of these functions, so this empty
 * definition keeps the library out. If luatee ever uses one, the linker reports a second definition: then delete this
 * file.
 */
void _TEE_MathAPI_Init(void);

void _TEE_MathAPI_Init(void)
{
}
