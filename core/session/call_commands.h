/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands that run scripts: LUATEE_CMD_CALL to LUATEE_CMD_CANCEL. Errors: see abi/commands.h. */
#ifndef LUATEE_CORE_SESSION_CALL_COMMANDS_H
#define LUATEE_CORE_SESSION_CALL_COMMANDS_H

#include "core/codec/cursor.h"
#include "core/session/state.h"

/* Runs LUATEE_CMD_CALL and LUATEE_CMD_IMPORT. c: the request. */
TEE_Result call_command_start(struct session *s, uint32_t command, struct cursor *c, struct session_io *io);

/* Runs the commands that continue a call. c: the request. */
TEE_Result call_command_continue(struct session *s, uint32_t command, struct cursor *c, struct session_io *io);

#endif
