/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes in private memory: a message, or a part of one. All zero is an empty buffer. */
#ifndef LUATEE_CLIENT_BASE_BUFFER_H
#define LUATEE_CLIENT_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct luatee_buffer {
    uint8_t *data;
    size_t size;     /* bytes in use */
    size_t capacity; /* bytes there are */
};

/* Makes room for `capacity` bytes in all; the contents stay. False when out of memory: nothing changed then. */
bool luatee_buffer_reserve(struct luatee_buffer *buffer, size_t capacity);

/* Wipes and frees; the buffer is empty then and can be used again. */
void luatee_buffer_free(struct luatee_buffer *buffer);

/* Wipes and frees only what is larger than messages usually are. */
void luatee_buffer_trim(struct luatee_buffer *buffer);

#endif
