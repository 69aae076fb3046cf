/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of the simulator share: a state directory of their own, sessions with the test TA. */
#ifndef SIM_SUPPORT_H
#define SIM_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

#include "tee_client_api.h"
#include "tests/unit/sim/test_ta/commands.h"

extern TEEC_Context support_context;
extern char support_state[]; /* LUATEE_SIM_STATE: fresh for each test */

/* cmocka setup and teardown of each test: environment, context, state directory. */
int support_begin(void **state);
int support_end(void **state);

/* Opens a session with the test TA, without parameters. */
TEEC_Result support_open(TEEC_Session *session);

/* An operation with these parameter types, all else nought. */
TEEC_Operation support_operation(uint32_t t0, uint32_t t1, uint32_t t2);

/* Invokes a command with a value as params[0].a. */
TEEC_Result support_value(TEEC_Session *session, uint32_t command, uint32_t a, uint32_t *origin);

/* Invokes a command with an id and more as temporary references, and flags. size is in and out for SIM_TEST_LOAD. */
TEEC_Result support_object(TEEC_Session *session, uint32_t command, const char *id, void *bytes, size_t *size,
                           uint32_t flags);

/* Runs an enum sim_test_check; fails, with the line in the TA's source, if it does. */
void support_check(uint32_t which);

/* A test that is such a check. */
#define CHECK_TEST(name, which) \
    static void name(void **state) \
    { \
        (void)state; \
        support_check(which); \
    }

/* Runs an enum sim_test_misuse; fails unless it ends the TA, and keeps it ended. */
void support_misuse(uint32_t which);

/* Child processes of this one, zombies included; the id of the first. */
int support_children(pid_t *first);

/* Open file descriptors of a process. */
int support_descriptors(pid_t process);

/* Waits until the process is gone, at most this long. 0: it is. */
int support_wait_gone(pid_t process);

/* Path of the only file of the test TA's storage whose name begins so. */
void support_file(const char *beginning, char *path, size_t room);

/* Files of the test TA's storage whose names begin so. */
int support_count(const char *beginning);

#endif
