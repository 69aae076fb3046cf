/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Objects in secure storage that nobody opens: it is enough that there is one. A TEE removes a damaged object when that
 * is opened, or read (TEE Internal Core API 1.3.1, section 5.7), or, as OP-TEE 4.5 does, when one of the same name is to
 * be made and what was written reads back as something else. Who looks for a witness does none of that: what is done to
 * its file does not matter, and the power may go at any time.
 *
 * Errors: what the TEE's storage returns.
 */
#ifndef LUATEE_CORE_PACKAGE_WITNESS_H
#define LUATEE_CORE_PACKAGE_WITNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tee_internal_api.h"

/* Makes it, unless it is there. */
TEE_Result witness_make(const void *id, size_t id_size) __attribute__((warn_unused_result));

/* Whether it is there. scratch: the identifier, of the same size, of an object that is needed meanwhile when another
 * one, whoever's, is damaged. */
TEE_Result witness_look(const void *id, const void *scratch, size_t id_size, bool *there)
    __attribute__((warn_unused_result));

#endif
