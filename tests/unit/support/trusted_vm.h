/* SPDX-License-Identifier: BSD-2-Clause */
/* A Lua state of the trusted side in a test's own process: the TA's code on the simulator's Internal Core API. */
#ifndef LUATEE_TESTS_TRUSTED_VM_H
#define LUATEE_TESTS_TRUSTED_VM_H

#include "core/sandbox/sandbox.h"
#include "core/vm/call.h"

/* For cmocka: makes trusted_vm, of the app "app" without a manifest and without permissions, and ends it. */
extern struct vm *trusted_vm;
extern struct sandbox trusted_sandbox; /* its manifest can be changed */
int trusted_vm_setup(void **state);
int trusted_vm_teardown(void **state);

/* Asserts that source runs as a script of this name, a new one for each. */
void trusted_vm_works(const char *name, const char *source);

/* Asserts that it raises an error with these words in it. */
void trusted_vm_raises(const char *name, const char *source, const char *words);

#endif
