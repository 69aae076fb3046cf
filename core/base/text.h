/* SPDX-License-Identifier: BSD-2-Clause */
/* Formats numbers for messages to people. */
#ifndef LUATEE_CORE_BASE_TEXT_H
#define LUATEE_CORE_BASE_TEXT_H

#include <stdint.h>

/* 20 digits, 6 commas and the NUL. */
#define TEXT_GROUPED_SIZE 27

/* Formats a number with a comma between groups of three digits: 65536 as "65,536". Writes to the end of `text`, and
 * returns the beginning of the number in it. */
const char *text_grouped(char text[TEXT_GROUPED_SIZE], uint64_t number);

#endif
