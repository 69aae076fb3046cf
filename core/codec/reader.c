/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/codec/reader.h"

bool reader_begin(struct reader *r, const void *data, size_t size)
{
    if (size == 0)
        return false;
    r->end = (const uint8_t *)data + size;
    return cbor_parser_init(data, size, 0, &r->parser, &r->message) == CborNoError &&
           cbor_value_is_array(&r->message) && cbor_value_is_length_known(&r->message) &&
           cbor_value_enter_container(&r->message, &r->item) == CborNoError;
}

size_t reader_left(const struct reader *r)
{
    return cbor_value_at_end(&r->item) ? 0 : r->item.remaining;
}

bool reader_string_item(CborValue *it, CborType type, const void **data, size_t *size)
{
    if (cbor_value_get_type(it) != type || !cbor_value_is_length_known(it))
        return false;
    CborValue next;
    return _cbor_value_begin_string_iteration(it) == CborNoError &&
           _cbor_value_get_string_chunk(it, data, size, &next) == CborNoError &&
           (*it = next, _cbor_value_finish_string_iteration(it) == CborNoError);
}

bool reader_text(struct reader *r, const char **text, size_t *size)
{
    const void *data;
    if (!reader_string_item(&r->item, CborTextStringType, &data, size))
        return false;
    *text = data;
    return true;
}

bool reader_bytes(struct reader *r, const uint8_t **bytes, size_t *size)
{
    const void *data;
    if (!reader_string_item(&r->item, CborByteStringType, &data, size))
        return false;
    *bytes = data;
    return true;
}

bool reader_uint(struct reader *r, uint64_t *value)
{
    return cbor_value_is_unsigned_integer(&r->item) && cbor_value_get_uint64(&r->item, value) == CborNoError &&
           cbor_value_advance_fixed(&r->item) == CborNoError;
}

bool reader_nil(struct reader *r)
{
    return cbor_value_is_null(&r->item) && cbor_value_advance_fixed(&r->item) == CborNoError;
}

bool reader_finished(struct reader *r)
{
    return cbor_value_at_end(&r->item) && cbor_value_leave_container(&r->message, &r->item) == CborNoError &&
           cbor_value_get_next_byte(&r->message) == r->end;
}
