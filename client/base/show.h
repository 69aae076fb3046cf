/* SPDX-License-Identifier: BSD-2-Clause */
/* Text for a person: what luatee says itself, with names, paths and messages from elsewhere in it. */
#ifndef LUATEE_CLIENT_BASE_SHOW_H
#define LUATEE_CLIENT_BASE_SHOW_H

#include <stddef.h>
#include <stdio.h>

/* Writes text to a stream: to a terminal in its visible form (core/codec/visible.h), elsewhere as it is. */
void luatee_show(FILE *stream, const char *text, size_t size);

#endif
