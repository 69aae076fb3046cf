/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/engine/borrowed.h"

#include <pthread.h>
#include <stdlib.h>

#include "abi/commands.h"
#include "core/codec/held.h"

struct luatee_borrowed {
    pthread_mutex_t mutex;
    size_t users;
    struct held held;
};

static void *resize(void *context, void *block, size_t old_size, size_t new_size)
{
    (void)context;
    (void)old_size;
    if (new_size > 0)
        return realloc(block, new_size);
    free(block);
    return NULL;
}

struct luatee_borrowed *luatee_borrowed_new(void)
{
    struct luatee_borrowed *b = calloc(1, sizeof(*b));
    if (b == NULL)
        return NULL;
    (void)pthread_mutex_init(&b->mutex, NULL);
    b->users = 1;
    b->held.resize = resize;
    return b;
}

struct luatee_borrowed *luatee_borrowed_share(struct luatee_borrowed *b)
{
    (void)pthread_mutex_lock(&b->mutex);
    b->users++;
    (void)pthread_mutex_unlock(&b->mutex);
    return b;
}

void luatee_borrowed_leave(struct luatee_borrowed *b)
{
    if (b == NULL)
        return;
    (void)pthread_mutex_lock(&b->mutex);
    bool last = --b->users == 0;
    (void)pthread_mutex_unlock(&b->mutex);
    if (!last)
        return;
    held_free(&b->held);
    (void)pthread_mutex_destroy(&b->mutex);
    free(b);
}

bool luatee_borrowed_hold(struct luatee_borrowed *b, uint64_t number)
{
    (void)pthread_mutex_lock(&b->mutex);
    bool held = held_add(&b->held, number);
    (void)pthread_mutex_unlock(&b->mutex);
    return held;
}

void luatee_borrowed_drop(struct luatee_borrowed *b, uint64_t number)
{
    (void)pthread_mutex_lock(&b->mutex);
    held_drop(&b->held, number);
    (void)pthread_mutex_unlock(&b->mutex);
}

size_t luatee_released_pick(struct luatee_borrowed *b)
{
    (void)pthread_mutex_lock(&b->mutex);
    size_t count = held_select(&b->held);
    (void)pthread_mutex_unlock(&b->mutex);
    return count;
}

void luatee_released_write(struct luatee_borrowed *b, struct writer *out)
{
    size_t position = 0;
    uint64_t number;
    (void)pthread_mutex_lock(&b->mutex);
    while ((number = held_next(&b->held, &position)) != 0)
        writer_tagged(out, LUATEE_TAG_RELEASED, number);
    (void)pthread_mutex_unlock(&b->mutex);
}

void luatee_released_forget(struct luatee_borrowed *b)
{
    (void)pthread_mutex_lock(&b->mutex);
    held_forget_selected(&b->held);
    (void)pthread_mutex_unlock(&b->mutex);
}
