/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encodes Lua values as CBOR, and decodes them: the `value` of abi/messages.cddl. Both worlds use this code. It uses
 * Lua's API only.
 */
#ifndef LUATEE_CORE_CODEC_CODEC_H
#define LUATEE_CORE_CODEC_CODEC_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/limits.h"
#include "core/codec/cursor.h"
#include "core/codec/writer.h"
#include "lua.h"

/* Size of a message that names the path to the offending value, with its NUL. Longer paths are shortened in the
 * middle. */
#define CODEC_ERROR_SIZE 256

/* Units of fuel, in either direction: for a table, and for an item of it. In addition, a unit for 16 bytes of strings,
 * for each empty slot of a table, and for every four tables around a table. */
#define CODEC_FUEL_TABLE 20
#define CODEC_FUEL_ITEM 6
#define CODEC_FUEL_LOOK LUATEE_LOOK /* units between two calls of `wanted` */
#define CODEC_FUEL_PART 1024        /* items of a list that are charged at a time */

/* How functions cross, by number (callback_registry.h), and how values are charged. NULL where functions cannot cross,
 * and nothing is charged. */
struct codec_functions {
    uint64_t our_tag;
    uint64_t their_tag;
    /* The units that values cost are subtracted from it (CODEC_FUEL_*). When it is below zero, the next table or part
     * of a list fails with "out of fuel". NULL: nothing is charged. */
    int64_t *fuel;
    /* Returns whether to go on. Called about every CODEC_FUEL_LOOK units, while there is fuel. Raises no errors. NULL:
     * always go on. */
    bool (*wanted)(lua_State *L);
    /* A counter that Lua decrements while it fills a table: a sender may choose keys that collide. NULL: there is
     * none. */
    const long long *counted;
    /* Gets the number of the function at idx, and whether it is one of ours. Returns NULL, or the reason why it cannot
     * cross. Leaves the stack unchanged, raises no errors, runs no finalizer, and returns the same when it is called
     * again. */
    const char *(*number)(struct codec_functions *self, lua_State *L, int idx, bool *ours, uint64_t *number);
    /* Pushes the function, and returns true. Returns false when the message is malformed; it may then have pushed
     * something. May raise an error. */
    bool (*push)(struct codec_functions *self, lua_State *L, bool ours, uint64_t number);
};

/*
 * Appends `count` Lua values, from absolute stack index `first` on, to `out`, one CBOR item each. Reads tables raw: no
 * metamethod runs, and a second call writes the same bytes, unless a weak table loses entries in between. Leaves the
 * stack unchanged. Raises no Lua errors.
 *
 * role: "argument" or "result", for messages; NULL for a single value without a number ("error value"). Returns true.
 * Returns false when a value cannot cross; then `error` says which one and why, as in "argument 2 .peers[3].self:
 * cycle", and the bytes in `out` are invalid. A caller that charges fuel sees in *fuel whether that is the reason. A
 * buffer that is too small is not an error: the writer continues to count.
 */
bool codec_encode(lua_State *L, int first, int count, struct writer *out, struct codec_functions *functions,
                  const char *role, char error[CODEC_ERROR_SIZE]);

/*
 * Pushes the next `count` items of `in`, at most LUATEE_VALUES_MAX, one Lua value each. Hostile input is expected, but
 * the bytes must lie in memory that only the caller can write.
 *
 * Returns `count`. Returns -1 when the bytes do not follow messages.cddl, or count is above LUATEE_VALUES_MAX; then the
 * stack is unchanged, and `in` cannot be used any more. Raises Lua errors (memory, stack, "out of fuel", a function
 * that does not exist any more), so the caller must call it protected.
 */
int codec_decode(lua_State *L, struct cursor *in, uint64_t count, struct codec_functions *functions);

#endif
