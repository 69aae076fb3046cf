/* SPDX-License-Identifier: BSD-2-Clause */
/* The properties of the Trusted Application. OP-TEE prescribes the names of this file and of its macros. */
#ifndef LUATEE_TA_USER_TA_HEADER_DEFINES_H
#define LUATEE_TA_USER_TA_HEADER_DEFINES_H

#include "abi/uuid.h"

#define TA_UUID LUATEE_TA_UUID

/*
 * Neither single-instance nor multi-session: every session has an instance and an address space of its own. The TEE
 * closes the handle of an object that it finds damaged (object_result in core/storage/object.h).
 */
#define TA_FLAGS 0

/*
 * Bytes of stack, measured on OP-TEE 4.5 for QEMU, gcc 12, by tests/stack/measure.sh, which sets its own TA_STACK_SIZE:
 *
 *     435,968   string.gsub inside its callback, LUAI_MAXCCALLS deep, and a pattern of MAXCCALLS levels innermost
 *     345,904   __tostring inside string.format
 *     254,976   table.sort of 1,024 elements inside the comparisons of table.sort. Each doubling adds 19,000, so that
 *               2^20 elements, the most that it sorts (port/lua/luatee_user.h), need 445,000
 *     250,272   load inside the reader of load. All others need less
 *
 * Message handlers may nest a tenth deeper than LUAI_MAXCCALLS, which makes 490,000. The rest is margin.
 */
#ifndef TA_STACK_SIZE
#define TA_STACK_SIZE (576 * 1024)
#endif

/* Bytes of the TA's heap, which the GP API uses for objects and operations. Lua's memory comes from port_map(). */
#define TA_DATA_SIZE (64 * 1024)

#define TA_VERSION LUATEE_VERSION
#define TA_DESCRIPTION "luatee: Lua applications across the two worlds"

#endif
