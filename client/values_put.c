/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <string.h>

#include "abi/commands.h"
#include "client/values.h"
#include "core/codec/writer.h"

/* Makes room for `size` more bytes. Doubles the buffer, so that the cost of many small values is linear. */
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
    if (is_key && kind == LUATEE_FUNCTION)
        return "values: a function cannot be a map's key";
    return NULL;
}

/* Counts one more value of this kind. Records a mistake, and returns false, when it may not be here. */
static bool count_value(luatee_values *values, luatee_kind kind)
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

/* Returns whether the value that was counted last is a key. */
static bool at_key(const luatee_values *values)
{
    if (values->depth == 0)
        return false;
    const struct luatee_frame *frame = &values->frames[values->depth - 1];
    return frame->is_map && frame->items % 2 == 1;
}

/* Starts to write one item of at most `size` bytes. Records a mistake, and returns false, when it may not be here. */
static bool begin_item(luatee_values *values, luatee_kind kind, size_t size, struct writer *w)
{
    if (!count_value(values, kind) || !make_room(values, size))
        return false;
    writer_begin(w, values->buffer.data + values->buffer.size, size);
    return true;
}

static void end_item(luatee_values *values, const struct writer *w)
{
    values->buffer.size += writer_size(w);
}

void luatee_put_nil(luatee_values *values)
{
    struct writer w;
    if (!begin_item(values, LUATEE_NIL, HEAD_MAX, &w))
        return;
    writer_nil(&w);
    end_item(values, &w);
}

void luatee_put_boolean(luatee_values *values, bool value)
{
    struct writer w;
    if (!begin_item(values, LUATEE_BOOLEAN, HEAD_MAX, &w))
        return;
    writer_bool(&w, value);
    end_item(values, &w);
}

void luatee_put_integer(luatee_values *values, int64_t value)
{
    struct writer w;
    if (!begin_item(values, LUATEE_INTEGER, HEAD_MAX, &w))
        return;
    writer_int(&w, value);
    end_item(values, &w);
}

bool luatee_is_integral(double value)
{
    return value >= (double)INT64_MIN && value < -(double)INT64_MIN && value == floor(value);
}

void luatee_put_double(luatee_values *values, double value)
{
    struct writer w;
    if (!begin_item(values, LUATEE_DOUBLE, HEAD_MAX, &w))
        return;
    if (at_key(values) && isnan(value)) {
        luatee_values_stick(values, LUATEE_USAGE, "values: NaN cannot be a map's key");
        return;
    }
    if (at_key(values) && luatee_is_integral(value))
        writer_int(&w, (int64_t)value);
    else
        writer_double(&w, value);
    end_item(values, &w);
}

void luatee_put_bytes(luatee_values *values, const void *data, size_t size)
{
    struct writer w;
    if (size > LUATEE_MESSAGE_MAX) {
        luatee_values_stick(values, LUATEE_USAGE, "values: a string of more than LUATEE_MESSAGE_MAX bytes");
        return;
    }
    if (!begin_item(values, LUATEE_BYTES, HEAD_MAX + size, &w))
        return;
    writer_bytes(&w, data, size);
    end_item(values, &w);
}

void luatee_put_string(luatee_values *values, const char *text)
{
    luatee_put_bytes(values, text, strlen(text));
}

void luatee_put_function(luatee_values *values, const luatee_function *function)
{
    struct writer w;
    if (!luatee_values_hold(values, function->borrowed, function->number) ||
        !begin_item(values, LUATEE_FUNCTION, 2 * HEAD_MAX, &w))
        return;
    writer_tagged(&w, LUATEE_TAG_TEE_FUNCTION, function->number);
    end_item(values, &w);
}

static void begin_table(luatee_values *values, bool is_map)
{
    if (!count_value(values, is_map ? LUATEE_MAP : LUATEE_LIST))
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

/* Inserts the head before the items, which are counted now. An empty map is an empty table, which is a list. */
static bool insert_head(luatee_values *values, const struct luatee_frame *frame)
{
    uint8_t head[HEAD_MAX];
    struct writer w;
    writer_begin(&w, head, sizeof(head));
    if (frame->is_map && frame->items > 0)
        writer_map(&w, frame->items / 2);
    else
        writer_array(&w, frame->items);
    size_t size = writer_size(&w);
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
        luatee_values_stick(values, LUATEE_USAGE, "values: a list or map was ended that was not begun");
        return;
    }
    const struct luatee_frame *frame = &values->frames[--values->depth];
    if (is_map && frame->items % 2 == 1) {
        luatee_values_stick(values, LUATEE_USAGE, "values: a map's key without its value");
        return;
    }
    if (!insert_head(values, frame) || !is_map || frame->items == 0)
        return;
    struct cursor map;
    cursor_begin(&map, values->buffer.data + frame->start, values->buffer.size - frame->start);
    uint64_t count = cursor_map(&map);
    if (!luatee_keys_differ(map, (size_t)count))
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
