/* SPDX-License-Identifier: BSD-2-Clause */
/* What the TEE is told about the Trusted Application. The name of this file, and of each macro, is OP-TEE's. */
#ifndef LUATEE_TA_USER_TA_HEADER_DEFINES_H
#define LUATEE_TA_USER_TA_HEADER_DEFINES_H

#include "abi/uuid.h"

#define TA_UUID LUATEE_TA_UUID

/*
 * Neither single-instance nor multi-session: every session is an instance, and an address space, of its own. The handle
 * of an object that turns out to be damaged is closed by the TEE (object_result in core/storage/object.h).
 */
#define TA_FLAGS 0

/*
 * Measured on OP-TEE 4.5 for QEMU, gcc 12 (tests/stack/measure.sh, which asks for a stack of its own; bytes):
 *
 *     435,968   string.gsub inside its callback, LUAI_MAXCCALLS deep, a pattern of MAXCCALLS levels in the innermost
 *     345,904   __tostring inside string.format
 *     254,976   table.sort of 1,024 elements inside the comparisons of table.sort: 19,000 more for each doubling, thus
 *               445,000 for the 2^20 elements that it sorts at most (port/lua/luatee_user.h)
 *     250,272   load inside the reader of load; all else needs less
 *
 * Message handlers may go a tenth deeper than LUAI_MAXCCALLS: 490,000. What is left on top is margin.
 */
#ifndef TA_STACK_SIZE
#define TA_STACK_SIZE (576 * 1024)
#endif

/* The TEE's heap: what the GP API takes for objects and operations. Lua's memory comes from port_map(). */
#define TA_DATA_SIZE (64 * 1024)

#define TA_VERSION LUATEE_VERSION
#define TA_DESCRIPTION "luatee: Lua applications across the two worlds"

#endif
