/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lua values <-> CBOR: the `value` of abi/messages.cddl. One piece of code for both worlds; it knows Lua's API and
 * nothing else.
 */
#ifndef LUATEE_CORE_CODEC_CODEC_H
#define LUATEE_CORE_CODEC_CODEC_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/limits.h"
#include "core/codec/cursor.h"
#include "core/codec/writer.h"
#include "lua.h"

/* Room for a message that names the path to a culprit, with its NUL. Longer paths are cut in the middle. */
#define CODEC_ERROR_SIZE 256

/* Units of fuel: a table, and an item of it, in either direction; with them, one for 16 bytes of strings, one for each
 * place of a table that is empty, and one for four tables that a table is inside of. The items of a list are paid for
 * in parts. */
#define CODEC_FUEL_TABLE 20
#define CODEC_FUEL_ITEM 6
#define CODEC_FUEL_LOOK LUATEE_LOOK
#define CODEC_FUEL_PART 1024 /* items */

/* How functions cross, by number: functions.h. NULL where none can. */
struct codec_functions {
    uint64_t our_tag;
    uint64_t their_tag;
    /* What a value costs is taken from it (CODEC_FUEL_*), and a table is not begun below zero. NULL: nothing is
     * charged. */
    int64_t *fuel;
    /* Asked for every CODEC_FUEL_LOOK units, where there is fuel: whether to go on. NULL: that is so. Raises
     * nothing. */
    bool (*wanted)(lua_State *L);
    /* What Lua itself counts, downwards, while it makes tables: the sender may have chosen keys that collide. NULL: it
     * does not count. */
    const long long *counted;
    /* The number of the function at idx, and whether it is one of ours. Returns NULL, or why it cannot cross. Leaves
     * the stack as it was, raises nothing, runs no finalizer; the second time it tells the same. */
    const char *(*number)(struct codec_functions *self, lua_State *L, int idx, bool *ours, uint64_t *number);
    /* Pushes the function; or returns false, having pushed anything, when the message is bad. May raise an error. */
    bool (*push)(struct codec_functions *self, lua_State *L, bool ours, uint64_t number);
};

/*
 * Appends the `count` Lua values from absolute stack index `first` on to `out`, one CBOR item each. Tables are read
 * raw: no metamethod runs, so encoding twice gives the same bytes; but weak tables may lose entries if memory was asked
 * for in between. The stack is left as it was. Never raises a Lua error.
 *
 * role: "argument" or "result", for messages; NULL for a single value without a number ("error value").
 * Returns true; or false when a value cannot cross, with `error` telling which and why, as in
 * "argument 2 .peers[3].self: cycle" (a caller that charges fuel sees there whether that is the reason); what was
 * appended by then is of no use. A buffer that is too small is not an error here: the writer goes on counting.
 */
bool codec_encode(lua_State *L, int first, int count, struct writer *out, struct codec_functions *functions,
                  const char *role, char error[CODEC_ERROR_SIZE]);

/*
 * Pushes the next `count` items of `in`, up to LUATEE_VALUES_MAX, one Lua value each. The bytes must lie where nobody
 * else can write. Hostile input is expected.
 *
 * Returns how many values were pushed, which is `count`; or -1 when the bytes are not what messages.cddl says, with the
 * stack as it was and `in` of no more use. Raises Lua's memory error, and one about a function that is not there any
 * more: call it protected.
 */
int codec_decode(lua_State *L, struct cursor *in, uint64_t count, struct codec_functions *functions);

#endif
