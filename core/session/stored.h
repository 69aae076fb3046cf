/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands on an app's secure storage: LUATEE_CMD_STORE_LIST, LUATEE_CMD_STORE_ADD and LUATEE_CMD_STORE_REMOVE. A
 * session works either on plaintext or on packages, never on both. abi/commands.h lists the errors of each command.
 */
#ifndef LUATEE_CORE_SESSION_STORED_H
#define LUATEE_CORE_SESSION_STORED_H

#include "abi/commands.h"
#include "core/codec/cursor.h"
#include "core/session/message_buffer.h"
#include "core/trust/package_policy.h"
#include "core/trust/script_store.h"

/* Returns the object of a name and kind. The object of a package has no bundle yet. */
struct script_store_object stored_object(const struct package_policy *policy, const char *name, enum luatee_script_kind kind);

TEE_Result stored_list(const struct package_policy *policy, struct message_buffer *messages, const struct cursor *c, struct session_io *io);
TEE_Result stored_add(struct package_policy *policy, struct message_buffer *messages, struct cursor *c, struct session_io *io);
TEE_Result stored_remove(const struct package_policy *policy, struct cursor *c, struct session_io *io);

#endif
