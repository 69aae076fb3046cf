/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small record that must not be forgotten. It is in secure storage twice: a TEE removes an object that it finds
 * damaged, and then either copy brings the other one back. The first one's witness (witness.h) tells whether
 * anything was ever recorded: with both copies gone the record is lost, and is not taken for one that was not made. So
 * it does not matter what is damaged, when the power goes, or how often. What puts back or clears the whole storage is
 * out of its reach (docs/threat-model.md).
 *
 * Changes are one step for all sessions. Errors besides those named: what the TEE's storage returns.
 */
#ifndef LUATEE_CORE_STORAGE_RECORD_H
#define LUATEE_CORE_STORAGE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "tee_internal_api.h"

#define RECORD_ID_SIZE_MAX (1 + LUATEE_DIGEST_SIZE)
#define RECORD_SIZE_MAX 2304 /* bytes */

struct record {
    uint8_t data[RECORD_SIZE_MAX];
    size_t size; /* 0: nothing was written yet */
    TEE_ObjectHandle first;
    uint8_t id[RECORD_ID_SIZE_MAX];
    uint8_t second_id[RECORD_ID_SIZE_MAX];
    size_t id_size;
};

/* What is recorded, into data and size of *r; nothing is to be closed. Makes nothing but a copy that was damaged, of the
 * other one. TEE_ERROR_CORRUPT_OBJECT: it is lost.
 * id: of the first copy, its first byte a capital letter (enum object_kind); the second copy has the small one. */
TEE_Result record_read(struct record *r, const uint8_t *id, size_t id_size) __attribute__((warn_unused_result));

/* The same, to change it: no other session has it before record_close(). After an error there is nothing to close. */
TEE_Result record_open(struct record *r, const uint8_t *id, size_t id_size) __attribute__((warn_unused_result));

/* Writes data, of size bytes and not fewer than before: after a loss of power the record is the old or the new one. */
TEE_Result record_write(struct record *r) __attribute__((warn_unused_result));

void record_close(struct record *r);

#endif
