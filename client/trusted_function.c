/* SPDX-License-Identifier: BSD-2-Clause */
/* Trusted functions, in values objects and as handles. */
#include <stdlib.h>

#include "client/values.h"

#define ROOM_MIN 4

luatee_function *luatee_function_new(struct luatee_borrowed *borrowed, uint64_t number)
{
    luatee_function *function = malloc(sizeof(*function));
    if (function == NULL)
        return NULL;
    if (!luatee_borrowed_hold(borrowed, number)) {
        free(function);
        return NULL;
    }
    function->borrowed = luatee_borrowed_share(borrowed);
    function->number = number;
    return function;
}

void luatee_function_free(luatee_function *function)
{
    if (function == NULL)
        return;
    luatee_borrowed_drop(function->borrowed, function->number);
    luatee_borrowed_leave(function->borrowed);
    free(function);
}

static bool make_room(luatee_values *values)
{
    if (values->function_count < values->function_room)
        return true;
    size_t room = values->function_room > 0 ? 2 * values->function_room : ROOM_MIN;
    uint64_t *functions = reallocarray(values->functions, room, sizeof(*functions));
    if (functions == NULL)
        return false;
    values->functions = functions;
    values->function_room = room;
    return true;
}

bool luatee_values_hold(luatee_values *values, struct luatee_borrowed *borrowed, uint64_t number)
{
    if (values->borrowed != NULL && values->borrowed != borrowed) {
        luatee_values_stick(values, LUATEE_USAGE, "values: functions of two sessions in one object");
        return false;
    }
    if (!make_room(values) || !luatee_borrowed_hold(borrowed, number)) {
        luatee_values_stick(values, LUATEE_FAILED, "values: out of memory, or too many functions");
        return false;
    }
    if (values->borrowed == NULL)
        values->borrowed = luatee_borrowed_share(borrowed);
    values->functions[values->function_count++] = number;
    return true;
}

void luatee_values_drop_functions(luatee_values *values)
{
    for (size_t i = 0; i < values->function_count; i++)
        luatee_borrowed_drop(values->borrowed, values->functions[i]);
    luatee_borrowed_leave(values->borrowed);
    free(values->functions);
    values->borrowed = NULL;
    values->functions = NULL;
    values->function_count = 0;
    values->function_room = 0;
}
