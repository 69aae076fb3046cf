/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LUATEE_CLIENT_ENGINE_REFUSAL_H
#define LUATEE_CLIENT_ENGINE_REFUSAL_H

#include "client/base/buffer.h"
#include "luatee/luatee.h"

/* Reads a `refused` response: the TA does not trust a package or a manifest. Sets the error to the TA's message with a
 * hint for its reason, and returns LUATEE_REFUSED; or luatee_bad_answer() for a malformed response. The caller holds
 * the session's lock. */
luatee_status luatee_refused(luatee_session *session, const struct luatee_buffer *response, luatee_error *error);

#endif
