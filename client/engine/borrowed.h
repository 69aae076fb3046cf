/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The trusted functions that the host side of a session has borrowed, with a count of holders each. Handles, values and
 * Lua proxies share the list with the session; the last of them frees it. The list has a lock of its own, since
 * finalizers drop functions while another thread is in a call.
 */
#ifndef LUATEE_CLIENT_ENGINE_BORROWED_H
#define LUATEE_CLIENT_ENGINE_BORROWED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/codec/writer.h"

struct luatee_borrowed;

/* Returns a new list with one user; or NULL when out of memory. */
struct luatee_borrowed *luatee_borrowed_new(void);
/* Adds a user. Returns b. */
struct luatee_borrowed *luatee_borrowed_share(struct luatee_borrowed *b);
/* Removes a user. The last one frees the list. b: may be NULL. */
void luatee_borrowed_leave(struct luatee_borrowed *b);

/* Adds a holder of the function. Returns false when out of memory, or with more than LUATEE_FUNCTIONS_MAX functions. */
bool luatee_borrowed_hold(struct luatee_borrowed *b, uint64_t number);
/* Removes a holder. Never fails. */
void luatee_borrowed_drop(struct luatee_borrowed *b, uint64_t number);

/* For a request, which begins with the functions that it releases: _pick selects all functions without holders, and
 * returns their number; _write appends them; _forget removes them from the list, after the TA took the request. */
size_t luatee_released_pick(struct luatee_borrowed *b);
void luatee_released_write(struct luatee_borrowed *b, struct writer *out);
void luatee_released_forget(struct luatee_borrowed *b);

#endif
