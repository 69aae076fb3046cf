/* SPDX-License-Identifier: BSD-2-Clause */
/* How long a call runs: slices, deadlines, luatee_cancel(). The caller holds the session's lock, unless a function says
 * otherwise. */
#ifndef LUATEE_CLIENT_ENGINE_SLICE_H
#define LUATEE_CLIENT_ENGINE_SLICE_H

#include "client/engine/call.h"

/* Around a call as a whole, with the functions of the host that run in it. _begin makes it the session's innermost
 * call, and sets its `outer` and `ends_at`: a call inside a call is late with the outer one, or by its own deadline if
 * that comes first. */
void luatee_running_begin(struct call *call);
void luatee_running_end(struct call *call);

/* luatee_cancel(): needs no lock, and may be called from a signal handler. */
bool luatee_running_cancel(luatee_session *session);

/* Returns the milliseconds until the innermost call is late, at least 1; 0: it has no deadline. */
uint32_t luatee_time_left(const luatee_session *session);

/* When the call was cancelled or is late: writes the request of LUATEE_CMD_CANCEL into luatee_request_room(), and
 * returns its size. Otherwise returns 0. */
size_t luatee_cancel_request(luatee_session *session);

/* Answers LUATEE_ANSWER_SLICE_OVER: continues the call, or ends it. Returns what luatee_call_send() returns. */
LUATEE_CHECKED luatee_status luatee_answer_slice_over(struct call *call);

#endif
