/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Handles that a TA holds. A handle is a number that is never given out twice, not an address: one that was closed, or
 * never was one, is found out whatever the TA does with it, and ends the TA.
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

/* A handle for `thing`, which is not NULL. NULL: no memory. */
void *sim_handle_new(enum sim_handle_kind kind, void *thing);

/* What the handle stands for. Panics, in the name of `function`, when it is no handle of this kind. */
void *sim_handle_get(enum sim_handle_kind kind, const void *handle, const char *function);

/* The handle is void from now on. It must be one. */
void sim_handle_drop(const void *handle);

/* One handle of this kind that is still there; NULL when there is none. */
void *sim_handle_any(enum sim_handle_kind kind);

/* Frees the table. */
void sim_handle_finish(void);

#endif
