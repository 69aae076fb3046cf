/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/values.h"

#include <stdlib.h>

#include "client/base/error.h"

void luatee_values_init(luatee_values *values)
{
    /* The other fields are set before they are used. */
    values->buffer = (struct luatee_buffer){ 0 };
    values->borrowed = NULL;
    values->functions = NULL;
    values->function_count = 0;
    values->function_room = 0;
    luatee_values_clear(values);
}

void luatee_values_drop(luatee_values *values)
{
    luatee_values_drop_functions(values);
    luatee_buffer_free(&values->buffer);
}

luatee_values *luatee_values_new(void)
{
    luatee_values *values = malloc(sizeof(*values));
    if (values != NULL)
        luatee_values_init(values);
    return values;
}

void luatee_values_free(luatee_values *values)
{
    if (values == NULL)
        return;
    luatee_values_drop(values);
    free(values);
}

void luatee_values_clear(luatee_values *values)
{
    luatee_values_drop_functions(values);
    luatee_buffer_trim(&values->buffer);
    values->buffer.size = 0;
    values->start = 0;
    values->count = 0;
    values->status = LUATEE_OK;
    values->reason = "";
    values->depth = 0;
    values->reading = false;
}

void luatee_values_stick(luatee_values *values, luatee_status status, const char *reason)
{
    if (values->status != LUATEE_OK)
        return;
    values->status = status;
    values->reason = reason;
}

luatee_status luatee_values_status(const luatee_values *values, luatee_error *error)
{
    if (values->status != LUATEE_OK)
        return luatee_error_set(error, values->status, "%s", values->reason);
    if (values->depth > 0)
        return luatee_error_set(error, LUATEE_USAGE, "values: a list or map was begun and not ended");
    return LUATEE_OK;
}

size_t luatee_count(const luatee_values *values)
{
    return values->count;
}

const uint8_t *luatee_values_bytes(const luatee_values *values, size_t *size)
{
    *size = values->buffer.size - values->start;
    return *size == 0 ? NULL : values->buffer.data + values->start;
}

struct luatee_buffer *luatee_values_buffer(luatee_values *values)
{
    return &values->buffer;
}

bool luatee_values_adopt(luatee_values *values, struct cursor *in, uint64_t count, struct luatee_borrowed *borrowed)
{
    const uint8_t *first = in->next;
    if (count > LUATEE_VALUES_MAX || count > cursor_left(in))
        return false;
    values->borrowed = borrowed != NULL ? luatee_borrowed_share(borrowed) : NULL;
    for (uint64_t i = 0; i < count; i++)
        if (!luatee_value_check(values, in, 0))
            return false;
    values->start = (size_t)(first - values->buffer.data);
    values->buffer.size = (size_t)(in->next - values->buffer.data);
    values->count = (size_t)count;
    return true;
}
