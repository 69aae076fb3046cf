/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/vm/handle.h"

#include <string.h>

#include "core/base/alloc.h"
#include "core/base/text.h"
#include "core/vm/vm.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"

/* Returns the slot of the record; NULL when the record is closed. type: NULL for any. */
static struct handle_slot *find(struct vm *vm, struct handle_ref ref, const struct handle_type *type)
{
    if (ref.slot >= LUATEE_HANDLES_MAX || ref.generation == 0)
        return NULL;
    struct handle_slot *slot = &vm->handles.slots[ref.slot];
    return slot->generation == ref.generation && (!type || slot->type == type) ? slot : NULL;
}

static void release(struct vm *vm, struct handle_slot *slot)
{
    struct handle_slot old = *slot;
    *slot = (struct handle_slot){ 0 };
    vm->handles.count--;
    vm->handles.weight -= old.weight;
    old.type->release(vm, old.record);
    alloc_free_wiped(vm->alloc, old.record, old.size);
}

/* --- limits */

static bool fits(const struct vm *vm, size_t weight)
{
    const struct handles *h = &vm->handles;
    return h->count < LUATEE_HANDLES_MAX &&
           (h->weight <= LUATEE_HANDLES_WEIGHT_MAX && weight <= LUATEE_HANDLES_WEIGHT_MAX - h->weight);
}

/* Pushes the numbers of open records, as in "7 keys, 2 digests". */
static const char *push_use(lua_State *L, const struct handles *h)
{
    const struct handle_type *listed[LUATEE_HANDLES_MAX];
    size_t types = 0;
    lua_pushliteral(L, "");
    for (size_t i = 0; i < LUATEE_HANDLES_MAX; i++) {
        const struct handle_type *type = h->slots[i].type;
        bool known = !type;
        for (size_t k = 0; k < types; k++)
            known = known || listed[k] == type;
        if (known)
            continue;
        int count = 0;
        for (size_t k = i; k < LUATEE_HANDLES_MAX; k++)
            count += h->slots[k].type == type;
        lua_pushfstring(L, "%s%d %s", types > 0 ? ", " : "", count, type->plural);
        lua_concat(L, 2);
        listed[types++] = type;
    }
    return lua_tostring(L, -1);
}

static void refuse(lua_State *L, const struct handle_type *type, size_t weight)
{
    const struct handles *h = &vm_of(L)->handles;
    char used[TEXT_GROUPED_SIZE], all[TEXT_GROUPED_SIZE], more[TEXT_GROUPED_SIZE];
    luaL_checkstack(L, 4, NULL);
    if (h->count >= LUATEE_HANDLES_MAX)
        luaL_error(L, "%d objects of the TEE are in use (%s), which is the limit of a session; end some (local d "
                      "<close> = ...)",
                   LUATEE_HANDLES_MAX, push_use(L, h));
    luaL_error(L, "a session's objects may take %s bytes of the TEE's own memory: %s are in use (%s), and one more of "
                  "the %s takes %s; end some (local d <close> = ...)",
               text_grouped(all, LUATEE_HANDLES_WEIGHT_MAX), text_grouped(used, h->weight), push_use(L, h),
               type->plural, text_grouped(more, weight));
}

/* Returns whether there is room for the weight. Collects garbage if there is none at first. */
static bool make_room(lua_State *L, size_t weight)
{
    struct vm *vm = vm_of(L);
    if (fits(vm, weight))
        return true;
    lua_gc(L, LUA_GCCOLLECT);
    return fits(vm, weight);
}

void handle_reserve(lua_State *L, const struct handle_type *type, size_t weight)
{
    if (!make_room(L, weight))
        refuse(L, type, weight);
}

/* --- records */

/* Allocates a record with alloc_lua, not alloc_block, so that an error can report how much was needed. */
static void *allocate(lua_State *L, size_t size)
{
    struct alloc *alloc = vm_of(L)->alloc;
    void *record = alloc_lua(alloc, NULL, 0, size);
    if (!record) {
        lua_gc(L, LUA_GCCOLLECT);
        record = alloc_lua(alloc, NULL, 0, size);
    }
    if (!record)
        luatee_no_memory(L);
    return memset(record, 0, size);
}

void *handle_new(lua_State *L, const struct handle_type *type, size_t size, size_t weight, int values)
{
    struct vm *vm = vm_of(L);
    struct handle_ref *ref = lua_newuserdatauv(L, sizeof(*ref), values);
    *ref = (struct handle_ref){ 0 };
    lua_insert(L, -2);
    lua_setmetatable(L, -2);
    handle_reserve(L, type, weight);
    void *record = allocate(L, size); /* from here on nothing collects garbage or raises an error */
    uint32_t i = 0;
    while (vm->handles.slots[i].type)
        i++;
    uint64_t generation = ++vm->handles.generation;
    vm->handles.slots[i] = (struct handle_slot){ type, record, size, generation, weight };
    vm->handles.count++;
    vm->handles.weight += weight;
    *ref = (struct handle_ref){ generation, i };
    return record;
}

struct handle_ref handle_ref(lua_State *L, int idx, const struct handle_type *type)
{
    const struct handle_ref *ref = luaL_checkudata(L, idx, type->name);
    return *ref;
}

void *handle_get(lua_State *L, int idx, const struct handle_type *type)
{
    const struct handle_slot *slot = find(vm_of(L), handle_ref(L, idx, type), type);
    return slot ? slot->record : NULL;
}

void handle_weigh(lua_State *L, int idx, const struct handle_type *type, size_t weight)
{
    struct vm *vm = vm_of(L);
    struct handle_slot *slot = find(vm, handle_ref(L, idx, type), type);
    if (!slot)
        return;
    if (weight > slot->weight && LUATEE_HANDLES_WEIGHT_MAX - vm->handles.weight < weight - slot->weight)
        lua_gc(L, LUA_GCCOLLECT); /* closes other records: this one is on the stack */
    vm->handles.weight += weight - slot->weight;
    slot->weight = weight;
    if (vm->handles.weight <= LUATEE_HANDLES_WEIGHT_MAX)
        return;
    release(vm, slot);
    refuse(L, type, weight);
}

void handle_close(lua_State *L, int idx, const struct handle_type *type)
{
    struct vm *vm = vm_of(L);
    struct handle_slot *slot = find(vm, handle_ref(L, idx, type), type);
    if (slot)
        release(vm, slot);
}

void handle_close_ref(struct vm *vm, struct handle_ref ref)
{
    struct handle_slot *slot = find(vm, ref, NULL);
    if (slot)
        release(vm, slot);
}

void handle_close_all(struct vm *vm)
{
    for (size_t i = 0; i < LUATEE_HANDLES_MAX; i++)
        if (vm->handles.slots[i].type)
            release(vm, &vm->handles.slots[i]);
}
