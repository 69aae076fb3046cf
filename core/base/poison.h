/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Under AddressSanitizer, the allocator marks bytes that are not in use as poisoned: free pages, blocks that were freed
 * or never used, and the bytes between a block's size and its class's size. An access to them is reported. In other
 * builds poison_none.h applies, whose functions do nothing.
 */
#ifndef LUATEE_CORE_BASE_POISON_H
#define LUATEE_CORE_BASE_POISON_H

#ifndef __has_feature
#define __has_feature(name) 0 /* such a compiler defines __SANITIZE_ADDRESS__ instead */
#endif

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include "core/base/poison_asan.h"
#else
#include "core/base/poison_none.h"
#endif

#endif
