/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Measures the C stack of the Trusted Application: linked in with --wrap=TA_InvokeCommandEntryPoint, it paints the
 * stack before every command and tells the TEE's log how deep the paint was scratched, if deeper than ever.
 * tests/stack/measure.sh.
 */
#include <stdint.h>
#include <tee_internal_api.h>
#include <trace.h>
#include <user_ta_header_defines.h>

#define PAINT 0xa5c3a5c3a5c3a5c3u
/* What the entry code of the TEE may have taken, and our own frame. */
#define TOP_ROOM 4096

TEE_Result __real_TA_InvokeCommandEntryPoint(void *session, uint32_t command, uint32_t types, TEE_Param params[4]);
TEE_Result __wrap_TA_InvokeCommandEntryPoint(void *session, uint32_t command, uint32_t types, TEE_Param params[4]);

TEE_Result __wrap_TA_InvokeCommandEntryPoint(void *session, uint32_t command, uint32_t types, TEE_Param params[4])
{
    static uint64_t deepest;
    volatile uint64_t *top = (uint64_t *)((uintptr_t)__builtin_frame_address(0) & ~(uintptr_t)4095);
    volatile uint64_t *end = (uint64_t *)((uintptr_t)top - (TA_STACK_SIZE - TOP_ROOM));
    volatile uint64_t *p;
    TEE_Result result;

    for (p = top - 512; p > end; p--)
        *p = PAINT;
    result = __real_TA_InvokeCommandEntryPoint(session, command, types, params);
    for (p = end + 1; p < top && *p == PAINT; p++)
        continue;
    if ((uint64_t)(uintptr_t)top - (uintptr_t)p > deepest) {
        deepest = (uintptr_t)top - (uintptr_t)p;
        EMSG("stack: %llu bytes", (unsigned long long)deepest);
    }
    return result;
}
