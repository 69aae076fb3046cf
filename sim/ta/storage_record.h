/* SPDX-License-Identifier: BSD-2-Clause */
/* What a persistent object is in its file: head, secret attribute, data. Numbers are little-endian, as the hosts. */
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

/* Makes a record; secret and data may be NULL: then their bytes are zero. False: no memory, or too large for a file. */
bool sim_record_make(struct sim_bytes *record, const struct sim_record_head *head, const void *secret,
                     const void *data);

/* Does the record hang together? Every other function needs that it does. */
bool sim_record_is_sound(const struct sim_bytes *record);

/* A copy of the head: the bytes of a file need not be aligned for it. */
struct sim_record_head sim_record_head(const struct sim_bytes *record);

const uint8_t *sim_record_secret(const struct sim_bytes *record);
uint8_t *sim_record_data(const struct sim_bytes *record);
size_t sim_record_data_size(const struct sim_bytes *record);

#endif
