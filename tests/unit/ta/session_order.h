/* SPDX-License-Identifier: BSD-2-Clause */
/* A third group of tests of session_test. */
#ifndef LUATEE_TESTS_UNIT_SESSION_ORDER_H
#define LUATEE_TESTS_UNIT_SESSION_ORDER_H

/* Returns how many failed. */
int session_order(void);

#endif
