/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <string.h>

#include "client/values.h"

/* The head of a CBOR item, or a whole one without text, takes at most this many bytes (RFC 8949, section 3). */
#define HEAD_MAX 9

/* Room for `size` more bytes; growth doubles, so that putting many small values costs no more than their size. */
static bool make_room(luatee_values *values, size_t size)
{
    struct luatee_buffer *buffer = &values->buffer;
    if (size > LUATEE_MESSAGE_MAX || buffer->size + size > LUATEE_MESSAGE_MAX) {
        luatee_values_stick(values, LUATEE_USAGE, "values: too large, together more than LUATEE_MESSAGE_MAX bytes");
        return false;
    }
    size_t needed = buffer->size + size;
    if (needed <= buffer->capacity)
        return true;
    if (luatee_buffer_reserve(buffer, 2 * buffer->capacity > needed ? 2 * buffer->capacity : needed))
        return true;
    luatee_values_stick(values, LUATEE_FAILED, "out of memory");
    return false;
}

static const char *misplaced(const struct luatee_frame *frame, luatee_kind kind)
{
    if (kind == LUATEE_NIL)
        return "values: nil cannot be inside a list or map";
    bool is_key = frame->is_map && frame->items % 2 == 0;
    if (is_key && (kind == LUATEE_LIST || kind == LUATEE_MAP))
        return "values: a table cannot be a map's key";
    return NULL;
}

/* Counts one more value of this kind where the writer is; false when it may not be there. */
static bool take_place(luatee_values *values, luatee_kind kind)
{
    values->reading = false;
    if (values->status != LUATEE_OK)
        return false;
    if (values->depth == 0) {
        if (values->count == LUATEE_VALUES_MAX) {
            luatee_values_stick(values, LUATEE_USAGE, "values: more than LUATEE_VALUES_MAX");
            return false;
        }
        values->count++;
        return true;
    }
    struct luatee_frame *frame = &values->frames[values->depth - 1];
    const char *reason = misplaced(frame, kind);
    if (reason != NULL) {
        luatee_values_stick(values, LUATEE_USAGE, reason);
        return false;
    }
    frame->items++;
    return true;
}

/* True right after take_place() counted a key. */
static bool at_key(const luatee_values *values)
{
    if (values->depth == 0)
        return false;
    const struct luatee_frame *frame = &values->frames[values->depth - 1];
    return frame->is_map && frame->items % 2 == 1;
}

/* An encoder over room for one head. */
static bool begin_item(luatee_values *values, luatee_kind kind, size_t size, CborEncoder *encoder)
{
    if (!take_place(values, kind) || !make_room(values, size))
        return false;
    cbor_encoder_init(encoder, values->buffer.data + values->buffer.size, size, 0);
    return true;
}

static void end_item(luatee_values *values, const CborEncoder *encoder)
{
    values->buffer.size += cbor_encoder_get_buffer_size(encoder, values->buffer.data + values->buffer.size);
}

void luatee_put_nil(luatee_values *values)
{
    CborEncoder encoder;
    if (!begin_item(values, LUATEE_NIL, HEAD_MAX, &encoder))
        return;
    (void)cbor_encode_null(&encoder);
    end_item(values, &encoder);
}

void luatee_put_boolean(luatee_values *values, bool value)
{
    CborEncoder encoder;
    if (!begin_item(values, LUATEE_BOOLEAN, HEAD_MAX, &encoder))
        return;
    (void)cbor_encode_boolean(&encoder, value);
    end_item(values, &encoder);
}

void luatee_put_integer(luatee_values *values, int64_t value)
{
    CborEncoder encoder;
    if (!begin_item(values, LUATEE_INTEGER, HEAD_MAX, &encoder))
        return;
    (void)cbor_encode_int(&encoder, value);
    end_item(values, &encoder);
}

/* True when an int64_t has this value: Lua then has it as an integer key (Lua 5.4 manual, 2.1). */
static bool is_integral(double value)
{
    return value >= -0x1p63 && value < 0x1p63 && value == floor(value);
}

void luatee_put_double(luatee_values *values, double value)
{
    CborEncoder encoder;
    if (!begin_item(values, LUATEE_DOUBLE, HEAD_MAX, &encoder))
        return;
    if (at_key(values) && isnan(value)) {
        luatee_values_stick(values, LUATEE_USAGE, "values: NaN cannot be a map's key");
        return;
    }
    if (at_key(values) && is_integral(value))
        (void)cbor_encode_int(&encoder, (int64_t)value);
    else
        (void)cbor_encode_double(&encoder, value);
    end_item(values, &encoder);
}

void luatee_put_bytes(luatee_values *values, const void *data, size_t size)
{
    CborEncoder encoder;
    if (size > LUATEE_MESSAGE_MAX) {
        luatee_values_stick(values, LUATEE_USAGE, "values: a string of more than LUATEE_MESSAGE_MAX bytes");
        return;
    }
    if (!begin_item(values, LUATEE_BYTES, HEAD_MAX + size, &encoder))
        return;
    (void)cbor_encode_byte_string(&encoder, data, size);
    end_item(values, &encoder);
}

void luatee_put_string(luatee_values *values, const char *text)
{
    luatee_put_bytes(values, text, strlen(text));
}

static void begin_table(luatee_values *values, bool is_map)
{
    if (!take_place(values, is_map ? LUATEE_MAP : LUATEE_LIST))
        return;
    if (values->depth == LUATEE_VALUE_DEPTH_MAX) {
        luatee_values_stick(values, LUATEE_USAGE, "values: lists and maps nest more than LUATEE_VALUE_DEPTH_MAX deep");
        return;
    }
    values->frames[values->depth++] = (struct luatee_frame){ values->buffer.size, 0, is_map };
}

void luatee_begin_list(luatee_values *values)
{
    begin_table(values, false);
}

void luatee_begin_map(luatee_values *values)
{
    begin_table(values, true);
}

/* Puts the head before the items, now that they are counted. An empty map is an empty table, which is a list. */
static bool insert_head(luatee_values *values, const struct luatee_frame *frame)
{
    uint8_t head[HEAD_MAX];
    CborEncoder encoder, items;
    cbor_encoder_init(&encoder, head, sizeof(head), 0);
    if (frame->is_map && frame->items > 0)
        (void)cbor_encoder_create_map(&encoder, &items, frame->items / 2);
    else
        (void)cbor_encoder_create_array(&encoder, &items, frame->items);
    size_t size = cbor_encoder_get_buffer_size(&items, head);
    if (!make_room(values, size))
        return false;
    uint8_t *start = values->buffer.data + frame->start;
    memmove(start + size, start, values->buffer.size - frame->start);
    memcpy(start, head, size);
    values->buffer.size += size;
    return true;
}

static void end_table(luatee_values *values, bool is_map)
{
    if (values->status != LUATEE_OK)
        return;
    if (values->depth == 0 || values->frames[values->depth - 1].is_map != is_map) {
        luatee_values_stick(values, LUATEE_USAGE, "values: the end of a list or map that was not begun");
        return;
    }
    const struct luatee_frame *frame = &values->frames[--values->depth];
    if (is_map && frame->items % 2 == 1) {
        luatee_values_stick(values, LUATEE_USAGE, "values: a map's key without its value");
        return;
    }
    if (!insert_head(values, frame) || !is_map || frame->items == 0)
        return;
    CborParser parser;
    CborValue map;
    if (cbor_parser_init(values->buffer.data + frame->start, values->buffer.size - frame->start, 0, &parser, &map) !=
            CborNoError ||
        !luatee_keys_differ(&map))
        luatee_values_stick(values, LUATEE_USAGE, "values: a map has the same key twice");
}

void luatee_end_list(luatee_values *values)
{
    end_table(values, false);
}

void luatee_end_map(luatee_values *values)
{
    end_table(values, true);
}
