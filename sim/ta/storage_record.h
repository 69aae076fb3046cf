/* SPDX-License-Identifier: BSD-2-Clause */
/* The record of a persistent object, the plaintext of its file: head, secret, data. Numbers are little-endian. */
#ifndef SIM_TA_STORAGE_RECORD_H
#define SIM_TA_STORAGE_RECORD_H

#include <stdbool.h>

#include "sim/ta/storage_file.h"

struct sim_record_head {
    uint32_t id_size;
    uint32_t type;
    uint32_t size_bits;
    uint32_t max_bits;
    uint32_t usage;
    uint32_t secret_size;
    uint64_t data_size;
    uint8_t id[TEE_OBJECT_ID_MAX_LEN];
};

/* Makes a record. The sizes of secret and data are in `head`; if a pointer is NULL, its bytes are 0. The caller frees
 * the record with sim_bytes_free(). Returns false when there is no memory or the record is too large for a file. */
bool sim_record_make(struct sim_bytes *record, const struct sim_record_head *head, const void *secret,
                     const void *data);

/* Whether the sizes in the head fit the record. The functions below require that. */
bool sim_record_is_valid(const struct sim_bytes *record);

/* Copies the head, because a file's bytes may not be aligned for it. */
struct sim_record_head sim_record_head(const struct sim_bytes *record);

/* The secret and the data point into the record. */
const uint8_t *sim_record_secret(const struct sim_bytes *record);
uint8_t *sim_record_data(const struct sim_bytes *record);
size_t sim_record_data_size(const struct sim_bytes *record);

#endif
