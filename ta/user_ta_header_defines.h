/* SPDX-License-Identifier: BSD-2-Clause */
/* What the TEE is told about the Trusted Application. The name of this file, and of each macro, is OP-TEE's. */
#ifndef LUATEE_TA_USER_TA_HEADER_DEFINES_H
#define LUATEE_TA_USER_TA_HEADER_DEFINES_H

#include "abi/uuid.h"

#define TA_UUID LUATEE_TA_UUID

/* Neither single-instance nor multi-session: every session is an instance, and an address space, of its own. */
#define TA_FLAGS 0

/* tests/stack/measure.sh asks for another one. */
#ifndef TA_STACK_SIZE
#define TA_STACK_SIZE (640 * 1024)
#endif

/* The TEE's heap: what the GP API takes for objects and operations. Lua's memory comes from port_map(). */
#define TA_DATA_SIZE (256 * 1024)

#define TA_VERSION LUATEE_VERSION
#define TA_DESCRIPTION "luatee: Lua applications across the two worlds"

#endif
