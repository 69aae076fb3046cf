/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text from elsewhere, as a person may see it. A terminal obeys control characters: one that a script prints could
 * clear the screen, hide text, or type in the person's place. Here they become escapes, written as in a Lua string:
 * \x1b for a byte, \u{9b} for a character. So do bytes that are not UTF-8, and characters that change the order of the
 * others in a line (UAX 9) or end it. Tabs and newlines stay; a backslash is not doubled.
 */
#ifndef LUATEE_CORE_CODEC_VISIBLE_H
#define LUATEE_CORE_CODEC_VISIBLE_H

#include <stddef.h>

/* The longest visible form of a character, \u{10ffff} at most, with its NUL. */
#define VISIBLE_SIZE 12

/* Writes the visible form of the first character of text to out, ended by a NUL. size: above 0. Returns how many bytes
 * of text that was: 1 to 4. */
size_t visible_next(const char *text, size_t size, char out[VISIBLE_SIZE]);

/* Writes the visible form of as many whole characters as fit, ended by a NUL. room: above 0. Returns the form's size
 * without the NUL. */
size_t visible_line(const char *text, size_t size, char *out, size_t room);

#endif
