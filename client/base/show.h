/* SPDX-License-Identifier: BSD-2-Clause */
/* Text for a person, which may contain names, paths and messages from elsewhere. */
#ifndef LUATEE_CLIENT_BASE_SHOW_H
#define LUATEE_CLIENT_BASE_SHOW_H

#include <stddef.h>
#include <stdio.h>

/* Writes text to a stream. A terminal gets it in visible form (core/codec/visible.h), other streams get it
 * unchanged. */
void luatee_show(FILE *stream, const char *text, size_t size);

#endif
