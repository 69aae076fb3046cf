/* SPDX-License-Identifier: BSD-2-Clause */
#include "sim/ta/storage_record.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "records are written in the byte order of memory");

bool sim_record_make(struct sim_bytes *record, const struct sim_record_head *head, const void *secret, const void *data)
{
    size_t size;

    *record = (struct sim_bytes){NULL, 0};
    if (__builtin_add_overflow(sizeof(*head) + head->secret_size, head->data_size, &size) ||
        size > SIM_STORAGE_FILE_MAX)
        return false;
    record->data = calloc(1, size);
    if (!record->data)
        return false;
    record->size = size;
    memcpy(record->data, head, sizeof(*head));
    if (secret)
        memcpy(record->data + sizeof(*head), secret, head->secret_size);
    if (data)
        memcpy(record->data + sizeof(*head) + head->secret_size, data, head->data_size);
    return true;
}

bool sim_record_is_valid(const struct sim_bytes *record)
{
    struct sim_record_head head;

    if (record->size < sizeof(head))
        return false;
    head = sim_record_head(record);
    return head.id_size > 0 && head.id_size <= sizeof(head.id) && head.secret_size <= record->size - sizeof(head) &&
           head.data_size == record->size - sizeof(head) - head.secret_size;
}

struct sim_record_head sim_record_head(const struct sim_bytes *record)
{
    struct sim_record_head head;

    memcpy(&head, record->data, sizeof(head));
    return head;
}

const uint8_t *sim_record_secret(const struct sim_bytes *record)
{
    return record->data + sizeof(struct sim_record_head);
}

uint8_t *sim_record_data(const struct sim_bytes *record)
{
    return record->data + record->size - sim_record_data_size(record);
}

size_t sim_record_data_size(const struct sim_bytes *record)
{
    return (size_t)sim_record_head(record).data_size;
}
