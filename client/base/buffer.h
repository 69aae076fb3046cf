/* SPDX-License-Identifier: BSD-2-Clause */
/* A buffer in private memory, for a message or a part of one. A buffer that is all zeros is empty. */
#ifndef LUATEE_CLIENT_BASE_BUFFER_H
#define LUATEE_CLIENT_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct luatee_buffer {
    uint8_t *data;
    size_t size;     /* bytes in use */
    size_t capacity; /* bytes allocated */
};

/* Makes room for `capacity` bytes in all, and keeps the content. Returns false when out of memory; then nothing
 * changed. */
bool luatee_buffer_reserve(struct luatee_buffer *buffer, size_t capacity);

/* Wipes and frees the memory. The buffer is empty afterwards and can be used again. */
void luatee_buffer_free(struct luatee_buffer *buffer);

/* Wipes and frees the memory if it is larger than most messages need. */
void luatee_buffer_trim(struct luatee_buffer *buffer);

#endif
