/* SPDX-License-Identifier: BSD-2-Clause */
/* How often a test does again and again what takes its time: seldom under the sanitizers, as tests/run.sh asks in
 * LUATEE_TESTS. */
#ifndef LUATEE_TESTS_UNIT_FEW_H
#define LUATEE_TESTS_UNIT_FEW_H

#include <stdlib.h>
#include <string.h>

static inline int few_or(int few, int otherwise)
{
    const char *tests = getenv("LUATEE_TESTS");
    return tests && strcmp(tests, "few") == 0 ? few : otherwise;
}

#endif
