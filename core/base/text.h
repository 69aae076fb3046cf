/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers for messages to people. */
#ifndef LUATEE_CORE_BASE_TEXT_H
#define LUATEE_CORE_BASE_TEXT_H

#include <stdint.h>

/* 20 digits, 6 commas and the NUL. */
#define TEXT_GROUPED_SIZE 27

/* 65536 as "65,536". Returns a part of `text`. */
const char *text_grouped(char text[TEXT_GROUPED_SIZE], uint64_t number);

#endif
