/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/base/buffer.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

/* The smallest allocation. Most messages fit, so most buffers are allocated once. */
#define BUFFER_CAPACITY_MIN 512

/* luatee_buffer_trim() keeps buffers up to this size. */
#define BUFFER_CAPACITY_KEPT (64 * 1024)

bool luatee_buffer_reserve(struct luatee_buffer *buffer, size_t capacity)
{
    if (capacity <= buffer->capacity)
        return true;
    if (capacity < BUFFER_CAPACITY_MIN)
        capacity = BUFFER_CAPACITY_MIN;
    /* realloc() may leave a copy behind that is not wiped. */
    uint8_t *data = malloc(capacity);
    if (data == NULL)
        return false;
    size_t size = buffer->size;
    if (size > 0)
        memcpy(data, buffer->data, size);
    luatee_buffer_free(buffer);
    buffer->data = data;
    buffer->size = size;
    buffer->capacity = capacity;
    return true;
}

void luatee_buffer_free(struct luatee_buffer *buffer)
{
    if (buffer->data != NULL)
        OPENSSL_cleanse(buffer->data, buffer->capacity);
    free(buffer->data);
    *buffer = (struct luatee_buffer){ 0 };
}

void luatee_buffer_trim(struct luatee_buffer *buffer)
{
    if (buffer->capacity > BUFFER_CAPACITY_KEPT)
        luatee_buffer_free(buffer);
}
