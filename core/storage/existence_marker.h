/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What tells that an object was once there. A TEE removes a damaged object when that is opened or read (TEE Internal
 * Core API 1.3.1, section 5.7); OP-TEE 4.5 also when another of the same name is to be made, and what was written for
 * that reads back as something else. With the power cut just then, what was never there and what was damaged look the
 * same. So beside the object there is another one, its witness, without data: nobody opens that, and looking for it
 * does none of the above. What is done to its file does not matter, nor when the power goes.
 *
 * The TA's directory (directory.h) has all witnesses there are, so that it need not be looked for among all objects:
 * only without a sound directory it is, and then it is still found.
 *
 * id: of the object, not of its witness; the first byte is a letter (object.h). Errors: what the TEE's storage returns.
 */
#ifndef LUATEE_CORE_STORAGE_EXISTENCE_MARKER_H
#define LUATEE_CORE_STORAGE_EXISTENCE_MARKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tee_internal_api.h"

/* Makes the witness, unless it is there: when the object is there, and nothing is in it yet. */
TEE_Result marker_make(const uint8_t *id, size_t id_size) __attribute__((warn_unused_result));

/* Whether the witness is there, or the TA's directory has it: for when the object is not. */
TEE_Result marker_look(const uint8_t *id, size_t id_size, bool *there) __attribute__((warn_unused_result));

/* After the object was removed on purpose. */
TEE_Result marker_remove(const uint8_t *id, size_t id_size) __attribute__((warn_unused_result));

#endif
