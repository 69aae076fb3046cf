/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A list of values from inside: encoded items one after the other, as they stand in a message, with a writer
 * (values_put.c), a reader (values_get.c), and a check of what came from the TEE (values_check.c).
 */
#ifndef LUATEE_CLIENT_VALUES_H
#define LUATEE_CLIENT_VALUES_H

#include "abi/limits.h"
#include "client/engine/borrowed.h"
#include "client/base/buffer.h"
#include "core/codec/cursor.h"
#include "luatee/luatee.h"

/* A list or map that is being written. */
struct luatee_frame {
    size_t start; /* of its first item in the buffer; the head is put before it at the end, when the count is known */
    size_t items; /* so far; of a map: keys and values */
    bool is_map;
};

struct luatee_values {
    struct luatee_buffer buffer;
    size_t start; /* of the first value in the buffer */
    size_t count; /* values at the top level */

    luatee_status status; /* the mistake that sticks, */
    const char *reason;   /* and which one it was */

    struct luatee_borrowed *borrowed; /* of the session whose functions are among the values; NULL: no function is */
    uint64_t *functions;              /* their numbers; each is held until the object is cleared */
    size_t function_count;
    size_t function_room;

    int depth; /* lists and maps that are being written */
    struct luatee_frame frames[LUATEE_VALUE_DEPTH_MAX];

    bool reading; /* false: the next get begins at the first value */
    struct cursor in;
    int level;                                /* lists and maps that were entered */
    size_t left[LUATEE_VALUE_DEPTH_MAX + 1];  /* by level: values that were not taken yet; of a map: keys and values */
};

/* For an object on the stack, ended with luatee_values_drop(). */
void luatee_values_init(luatee_values *values);
void luatee_values_drop(luatee_values *values);

/* Makes a mistake stick, unless there is one already. */
void luatee_values_stick(luatee_values *values, luatee_status status, const char *reason);

/* The encoded values. */
const uint8_t *luatee_values_bytes(const luatee_values *values, size_t *size);

/* --- results: a response is received into the buffer of a cleared object, which is then told where its values are */

struct luatee_buffer *luatee_values_buffer(luatee_values *values);
/* Checks the next `count` values, steps past them, and makes them the values of the object. False: bad message.
 * Functions among them are held in `borrowed`; NULL: there can be none. */
bool luatee_values_adopt(luatee_values *values, struct cursor *in, uint64_t count, struct luatee_borrowed *borrowed);

/* --- trusted_function.c */

struct luatee_function {
    struct luatee_borrowed *borrowed;
    uint64_t number;
};

/* The function with this number is among the values from now on. False: a mistake sticks. */
bool luatee_values_hold(luatee_values *values, struct luatee_borrowed *borrowed, uint64_t number);
/* None is any more. */
void luatee_values_drop_functions(luatee_values *values);
/* NULL when out of memory. */
luatee_function *luatee_function_new(struct luatee_borrowed *borrowed, uint64_t number);

/* --- values_put.c */

/* True when an int64_t has this value: Lua then has it as an integer key (Lua 5.4 manual, 2.1). */
bool luatee_is_integral(double value);

/* --- values_check.c */

/* True when the next item is a value as messages.cddl has it, which is then taken. depth: of tables around it.
 * Functions are held in `values`, whose `borrowed` tells where. */
bool luatee_value_check(luatee_values *values, struct cursor *in, int depth);

/* The `count` entries of a map, all well-formed, begin at `entries`: true when each key is there once. */
bool luatee_keys_differ(struct cursor entries, size_t count);

#endif
