/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions of an app in processes of their own, on the simulator's Internal Core API: what one does may kill it, and
 * the next knows nothing but what is stored.
 */
#ifndef LUATEE_TESTS_STORE_SUPPORT_H
#define LUATEE_TESTS_STORE_SUPPORT_H

#include <stdbool.h>
#include <stdint.h>

enum store_outcome { STORE_DONE, STORE_RAISED, STORE_CUT };

/* Starts; false: it cannot. The state is that of LUATEE_SIM_STATE. */
bool store_support_start(void);

/*
 * Runs Lua source as a trusted script. fault: of LUATEE_SIM_STORAGE_FAULT, or NULL. permissions: enum
 * manifest_permission. text: what it returned, a string, or its error; until the next call.
 */
enum store_outcome store_run(const char *source, const char *fault, uint32_t permissions, const char **text);

/* The same with all permissions and no fault; it must be done. Returns the text. */
const char *store_must(const char *source);

/* It must raise an error with these words. */
void store_must_raise(const char *source, const char *words);

#endif
