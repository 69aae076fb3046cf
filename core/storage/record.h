/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small record that must not be lost unnoticed. Secure storage has two copies of it: a TEE deletes an object that it
 * finds damaged, and then the record is restored from the other copy. The existence marker of the first copy
 * (existence_marker.h) shows whether anything was ever recorded. When both copies are missing and the marker exists,
 * the record is lost, which is reported as such. This holds whatever is damaged, and whenever and however often power
 * is lost. It does not protect against an attacker who restores or clears the whole storage (docs/threat-model.md).
 *
 * No other session sees a part of a change. All functions also return TEE_ERROR_CANCEL when the call must end
 * (object.h), and errors of the TEE's storage.
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
    size_t size;            /* 0: nothing was recorded yet */
    TEE_ObjectHandle first; /* the first copy, or TEE_HANDLE_NULL */
    uint8_t id[RECORD_ID_SIZE_MAX];
    uint8_t second_id[RECORD_ID_SIZE_MAX];
    size_t id_size;
};

/* Reads the record into data and size of *r; afterwards there is nothing to close. Creates no object, except a missing
 * first copy from the second. id: of the first copy, at most RECORD_ID_SIZE_MAX bytes; its first byte is a capital
 * letter (enum object_kind), and the second copy has the small letter. TEE_ERROR_CORRUPT_OBJECT: the record is lost. */
TEE_Result record_read(struct record *r, const uint8_t *id, size_t id_size) __attribute__((warn_unused_result));

/* Reads the record as record_read() does, and keeps it open to change it: other sessions wait until record_close().
 * After an error there is nothing to close. */
TEE_Result record_open(struct record *r, const uint8_t *id, size_t id_size) __attribute__((warn_unused_result));

/* Writes data and size of *r, which is open; size must not be less than before. After a loss of power the record is the
 * old or the new one. */
TEE_Result record_write(struct record *r) __attribute__((warn_unused_result));

/* Closes the record. May be called again. */
void record_close(struct record *r);

#endif
