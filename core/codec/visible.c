/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/codec/visible.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define CHARACTER_MAX 0x10ffffu

/* Reads one character of UTF-8 (RFC 3629). Returns its size in bytes, or 0 when it is invalid. */
static size_t read_character(const uint8_t *text, size_t size, uint32_t *character)
{
    static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
    unsigned first = text[0];
    size_t count = first < 0x80 ? 1 : first >> 5 == 0x6 ? 2 : first >> 4 == 0xe ? 3 : first >> 3 == 0x1e ? 4 : 0;
    if (count == 0 || count > size)
        return 0;
    *character = count == 1 ? first : first & (0x7fu >> count);
    for (size_t i = 1; i < count; i++) {
        if (text[i] >> 6 != 2)
            return 0;
        *character = *character << 6 | (text[i] & 0x3fu);
    }
    bool surrogate = *character >= 0xd800 && *character <= 0xdfff;
    return *character < smallest[count] || *character > CHARACTER_MAX || surrogate ? 0 : count;
}

static bool is_within(uint32_t character, uint32_t first, uint32_t last)
{
    return character >= first && character <= last;
}

/* Returns whether the character can do more to a terminal or a line than appear in it. */
static bool is_control(uint32_t character)
{
    if (character == '\t' || character == '\n')
        return false;
    return character < ' ' || is_within(character, 0x7f, 0x9f) || character == 0x61c || /* ALM */
           is_within(character, 0x200e, 0x200f) ||                                      /* LRM, RLM */
           is_within(character, 0x2028, 0x202e) || /* ends of lines and paragraphs, embeddings, overrides */
           is_within(character, 0x2066, 0x2069);   /* isolates */
}

size_t visible_next(const char *text, size_t size, char out[VISIBLE_SIZE])
{
    uint32_t character = 0;
    size_t count = read_character((const uint8_t *)text, size, &character);
    if (count > 0 && !is_control(character)) {
        memcpy(out, text, count);
        out[count] = '\0';
    } else if (count > 1) {
        snprintf(out, VISIBLE_SIZE, "\\u{%x}", (unsigned)character);
    } else {
        snprintf(out, VISIBLE_SIZE, "\\x%02x", (uint8_t)text[0]);
        count = 1;
    }
    return count;
}

size_t visible_line(const char *text, size_t size, char *out, size_t room)
{
    size_t at = 0;
    while (size > 0) {
        char form[VISIBLE_SIZE];
        size_t count = visible_next(text, size, form), form_size = strlen(form);
        if (form_size >= room - at)
            break;
        memcpy(out + at, form, form_size);
        at += form_size;
        text += count;
        size -= count;
    }
    out[at] = '\0';
    return at;
}
