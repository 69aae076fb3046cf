/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Under AddressSanitizer the allocator tells it which bytes are in use. Free pages, blocks that were freed or never
 * used, and the bytes between a block's size and its class's are poisoned: whoever touches them is reported.
 * poison_none.h is the other builds' version, which does nothing.
 */
#ifndef LUATEE_CORE_BASE_POISON_H
#define LUATEE_CORE_BASE_POISON_H

#ifndef __has_feature
#define __has_feature(name) 0 /* a compiler that defines __SANITIZE_ADDRESS__ instead */
#endif

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include "core/base/poison_asan.h"
#else
#include "core/base/poison_none.h"
#endif

#endif
