/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LUATEE_CLIENT_ENGINE_NEED_SCRIPT_H
#define LUATEE_CLIENT_ENGINE_NEED_SCRIPT_H

#include "client/engine/call.h"

/* Answers LUATEE_ANSWER_NEED_SCRIPT with the script, or with the reason why there is none. Returns what
 * luatee_call_send() returns; or LUATEE_FAILED without memory for either message. */
LUATEE_CHECKED luatee_status luatee_answer_need_script(struct call *call);

#endif
