/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The TA's handles. A handle is a number, not an address, and no number is used twice. So every use of a closed or
 * invented handle is detected; it panics.
 */
#ifndef SIM_TA_HANDLE_H
#define SIM_TA_HANDLE_H

#include <stdbool.h>

enum sim_handle_kind {
    SIM_HANDLE_FREE,
    SIM_HANDLE_OBJECT,
    SIM_HANDLE_OBJECT_ENUMERATOR,
    SIM_HANDLE_OPERATION,
    SIM_HANDLE_PROPERTY_ENUMERATOR,
};

/* Makes a handle for `thing`, which must not be NULL and stays the caller's. Returns NULL when there is no memory. */
void *sim_handle_new(enum sim_handle_kind kind, void *thing);

/* Returns the handle's thing. Panics in the name of `function` if it is not a valid handle of this kind. */
void *sim_handle_get(enum sim_handle_kind kind, const void *handle, const char *function);

/* Makes a handle invalid. It must be valid. */
void sim_handle_invalidate(const void *handle);

/* Returns any valid handle of this kind, or NULL when there is none. */
void *sim_handle_any(enum sim_handle_kind kind);

/* Frees the table of handles. Does not free their things. */
void sim_handle_finish(void);

#endif
