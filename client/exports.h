/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions of a C program that trusted scripts may call. The caller holds the session's lock. */
#ifndef LUATEE_CLIENT_EXPORTS_H
#define LUATEE_CLIENT_EXPORTS_H

#include "client/engine/call.h"

/* Runs the export that the TEE calls, as call->in says. `results` is empty before; afterwards it has the results, or,
 * with *raised, one error value. Returns LUATEE_OK, also when the export failed or does not exist; or
 * luatee_bad_answer(). */
LUATEE_CHECKED luatee_status luatee_export_run(struct call *call, luatee_values *results, bool *raised);

/* Deletes all exports of a session that is being closed. */
void luatee_exports_free(luatee_session *session);

#endif
