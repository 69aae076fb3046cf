/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands on an app's secure storage: LUATEE_CMD_STORE_LIST, STORE_ADD, STORE_REMOVE. A session sees either
 * plaintext or packages, never both. Errors: see abi/commands.h.
 */
#ifndef LUATEE_CORE_SESSION_STORED_H
#define LUATEE_CORE_SESSION_STORED_H

#include "abi/commands.h"
#include "core/codec/cursor.h"
#include "core/package/accept.h"
#include "core/package/store.h"
#include "core/session/transfer.h"

/* The object that a name and kind mean. Of packages: without the bundle. */
struct store_object stored_object(const struct accept *accept, const char *name, enum luatee_script_kind kind);

TEE_Result stored_list(const struct accept *accept, struct transfer *t, const struct cursor *c, struct session_io *io);
TEE_Result stored_add(struct accept *accept, struct transfer *t, struct cursor *c, struct session_io *io);
TEE_Result stored_remove(const struct accept *accept, struct cursor *c, struct session_io *io);

#endif
