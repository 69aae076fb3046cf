/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests that carry a script or its name (abi/messages.cddl), built in private memory. */
#ifndef LUATEE_CLIENT_ENGINE_SCRIPT_MESSAGE_H
#define LUATEE_CLIENT_ENGINE_SCRIPT_MESSAGE_H

#include "client/base/buffer.h"
#include "client/base/scripts.h"

/* Each overwrites `message`, and returns false when out of memory. */

/* script = [kind, digest, data] */
bool luatee_message_script(struct luatee_buffer *message, const struct luatee_script *script);
/* no-script = [reason] */
bool luatee_message_no_script(struct luatee_buffer *message, const char *reason);
/* stored-script = [script: name, kind, digest, data] */
bool luatee_message_stored_script(struct luatee_buffer *message, const char *name, const struct luatee_script *script);
/* wanted = [* script: name], or nil when names is NULL */
bool luatee_message_names(struct luatee_buffer *message, const luatee_script_name *names, size_t count);
/* script-name = [script: name, kind] */
bool luatee_message_script_name(struct luatee_buffer *message, const char *name, enum luatee_script_kind kind);

#endif
