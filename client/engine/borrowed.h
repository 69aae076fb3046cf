/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The trusted functions that a session's host side has, counted. Handles, values and Lua proxies share one of these
 * with the session; it lives as long as any of them. Its lock is its own: finalizers drop functions while another
 * thread is in a call.
 */
#ifndef LUATEE_CLIENT_ENGINE_BORROWED_H
#define LUATEE_CLIENT_ENGINE_BORROWED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/codec/writer.h"

struct luatee_borrowed;

/* NULL when out of memory. */
struct luatee_borrowed *luatee_borrowed_new(void);
struct luatee_borrowed *luatee_borrowed_share(struct luatee_borrowed *b);
/* NULL is fine. */
void luatee_borrowed_leave(struct luatee_borrowed *b);

/* False: out of memory, or more than LUATEE_FUNCTIONS_MAX. */
bool luatee_borrowed_hold(struct luatee_borrowed *b, uint64_t number);
void luatee_borrowed_drop(struct luatee_borrowed *b, uint64_t number);

/* For a request, whose first items they are: picks those that nobody holds any more, and says how many; writes them;
 * and forgets them, when the request got through. */
size_t luatee_released_pick(struct luatee_borrowed *b);
void luatee_released_write(struct luatee_borrowed *b, struct writer *out);
void luatee_released_forget(struct luatee_borrowed *b);

#endif
