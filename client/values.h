/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The values object: encoded items one after the other, as in a message. values_put.c writes them, values_get.c reads
 * them, values_check.c checks those that came from the TEE.
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
    size_t start; /* of its first item in the buffer; the head is inserted there at the end, when the count is known */
    size_t items; /* so far; a key and its value are two */
    bool is_map;
};

struct luatee_values {
    struct luatee_buffer buffer;
    size_t start; /* of the first value in the buffer */
    size_t count; /* values at the top level */

    luatee_status status; /* of the first mistake; LUATEE_OK: there is none */
    const char *reason;   /* its message */

    struct luatee_borrowed *borrowed; /* of the session whose functions are among the values; NULL: there are none */
    uint64_t *functions;              /* their numbers; the object is a holder of each until it is cleared */
    size_t function_count;
    size_t function_room;

    int depth; /* lists and maps that are being written */
    struct luatee_frame frames[LUATEE_VALUE_DEPTH_MAX];

    bool reading; /* false: the next get starts at the first value */
    struct cursor in;
    int level;                               /* lists and maps that were entered */
    size_t left[LUATEE_VALUE_DEPTH_MAX + 1]; /* by level: values that were not read yet; a key and its value are two */
};

/* Initialize and end an object on the stack. */
void luatee_values_init(luatee_values *values);
void luatee_values_drop(luatee_values *values);

/* Records a mistake, unless there is one already. */
void luatee_values_stick(luatee_values *values, luatee_status status, const char *reason);

/* Returns the encoded values; NULL for none. They belong to the object. */
const uint8_t *luatee_values_bytes(const luatee_values *values, size_t *size);

/* --- results: a response is received into the buffer of a cleared object, and luatee_values_adopt() then makes a part
 * of it the object's values */

/* Returns the object's buffer. */
struct luatee_buffer *luatee_values_buffer(luatee_values *values);
/* Checks the next `count` values, steps past them, and makes them the values of the object. `in` reads its buffer. The
 * object becomes a holder, in `borrowed`, of the functions among them; NULL: functions are malformed. Returns false for
 * a malformed message. */
bool luatee_values_adopt(luatee_values *values, struct cursor *in, uint64_t count, struct luatee_borrowed *borrowed);

/* --- trusted_function.c */

struct luatee_function {
    struct luatee_borrowed *borrowed;
    uint64_t number;
};

/* Makes the object a holder of the function. Returns false when a mistake was recorded. */
bool luatee_values_hold(luatee_values *values, struct luatee_borrowed *borrowed, uint64_t number);
/* Ends that for all functions. */
void luatee_values_drop_functions(luatee_values *values);
/* Returns a new handle, which is a holder of the function; or NULL when out of memory. */
luatee_function *luatee_function_new(struct luatee_borrowed *borrowed, uint64_t number);

/* --- values_put.c */

/* Returns whether an int64_t has this value. As a key, Lua converts it to that integer (Lua 5.4 manual, 2.1). */
bool luatee_is_integral(double value);

/* --- values_check.c */

/* Reads the next item, and returns whether it is a `value` of messages.cddl. depth: the number of tables around it.
 * Makes `values` a holder of functions. */
bool luatee_value_check(luatee_values *values, struct cursor *in, int depth);

/* Returns whether the keys of a map differ. Its `count` entries, all well-formed, begin at `entries`. */
bool luatee_keys_differ(struct cursor entries, size_t count);

#endif
