/* SPDX-License-Identifier: BSD-2-Clause */
/* The flavour that this TA was built as (make ta FLAVOUR=dev|release): only dev accepts plaintext scripts. */
#ifndef LUATEE_CORE_BASE_FLAVOUR_H
#define LUATEE_CORE_BASE_FLAVOUR_H

#if defined(LUATEE_FLAVOUR_dev)
#define FLAVOUR_IS_DEV 1
#define FLAVOUR_NAME "dev"
#elif defined(LUATEE_FLAVOUR_release)
#define FLAVOUR_IS_DEV 0
#define FLAVOUR_NAME "release"
#else
#error "build with -DLUATEE_FLAVOUR_dev or -DLUATEE_FLAVOUR_release"
#endif

#endif
