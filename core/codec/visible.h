/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes text from an untrusted source safe to show in a terminal. A terminal obeys control characters: a script could
 * print some that clear the screen, hide text, or enter input. Here they become escapes, as in a Lua string: \x1b for a
 * byte, \u{9b} for a character. The same happens to bytes that are not UTF-8, and to characters that end a line or
 * change the order of others in it (UAX 9). Tabs and newlines stay. A backslash is not doubled.
 */
#ifndef LUATEE_CORE_CODEC_VISIBLE_H
#define LUATEE_CORE_CODEC_VISIBLE_H

#include <stddef.h>

/* The longest visible form of a character, \u{10ffff} at most, with its NUL. */
#define VISIBLE_SIZE 12

/* Writes the visible form of the first character of `text`, and a NUL, to `out`. size: of the text, above 0. Returns
 * the number of bytes of `text` that the character has: 1 to 4. */
size_t visible_next(const char *text, size_t size, char out[VISIBLE_SIZE]);

/* Writes the visible form of as many characters of `text` as fit, and a NUL, to `out`. size: of the text; room: of
 * `out`, above 0. Returns the size of the form without the NUL. */
size_t visible_line(const char *text, size_t size, char *out, size_t room);

#endif
