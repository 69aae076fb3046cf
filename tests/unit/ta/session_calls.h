/* SPDX-License-Identifier: BSD-2-Clause */
/* A second group of tests of session_test. */
#ifndef LUATEE_TESTS_UNIT_SESSION_CALLS_H
#define LUATEE_TESTS_UNIT_SESSION_CALLS_H

/* Returns how many failed. */
int session_calls(void);

/* How many random messages each of the two groups sends: SESSION_MESSAGES, or 50,000. */
int session_messages(void);

#endif
