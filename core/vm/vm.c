/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/vm/vm.h"

#include "core/base/text.h"
#include "core/vm/fuel.h"
#include "lauxlib.h"
#include "port/lua/fuel.h"
#include "tee_internal_api.h"

static int panic(lua_State *L)
{
    /* Every entry into Lua is protected, so only a bug leads here. The TA ends at once. */
    (void)L;
    TEE_Panic(TEE_ERROR_GENERIC);
    return 0;
}

bool vm_granted(lua_State *L, enum vm_grant grant)
{
    const struct vm *vm = vm_of(L);
    return vm->hooks->grants(vm->context, grant);
}

bool vm_granted_host(lua_State *L, const char *name)
{
    const struct vm *vm = vm_of(L);
    return vm->hooks->grants_host(vm->context, name);
}

void vm_require_grant(lua_State *L, enum vm_grant grant)
{
    static const char names[][sizeof("counters")] = {
        [VM_GRANT_STORAGE] = "storage", [VM_GRANT_COUNTERS] = "counters", [VM_GRANT_KEYS] = "keys",
        [VM_GRANT_LOAD] = "load",       [VM_GRANT_LOG] = "log",
    };
    if (!vm_granted(L, grant))
        luaL_error(L, "permission `%s` is not granted in manifest.lua", names[grant]);
}

void vm_set_limits(struct vm *vm, uint64_t memory, uint64_t fuel)
{
    alloc_limit(vm->alloc, (size_t)memory);
    vm->fuel_max = fuel;
}

void vm_collect_garbage(void *L)
{
    lua_gc(L, LUA_GCCOLLECT);
}

int vm_protect(struct vm *vm, lua_CFunction f, void *ctx)
{
    lua_settop(vm->L, 0);
    lua_pushcfunction(vm->L, f);
    lua_pushlightuserdata(vm->L, ctx);
    return lua_pcall(vm->L, 1, LUA_MULTRET, 0);
}

static int setup(lua_State *L)
{
    vm_of(L)->hooks->setup(L);
    fuel_setup(L);
    return 0;
}

struct vm *vm_new(struct alloc *alloc, const struct vm_hooks *hooks, void *context, const char *app)
{
    struct vm *vm = alloc_block(alloc, sizeof(*vm));
    if (!vm)
        return NULL;
    *vm = (struct vm){ .alloc = alloc, .hooks = hooks, .context = context, .app = app, .fuel_max = UINT64_MAX };
    vm->L = lua_newstate(alloc_lua, alloc);
    if (!vm->L)
        return NULL;
    lua_atpanic(vm->L, panic);
    *(struct vm **)lua_getextraspace(vm->L) = vm; /* Lua copies it to each new thread */
    if (vm_protect(vm, setup, NULL) != LUA_OK)
        return NULL;
    alloc_on_shortage(alloc, vm_collect_garbage, vm->L);
    return vm;
}

void vm_close(struct vm *vm)
{
    handle_close_all(vm);
}

int vm_push_message(lua_State *L)
{
    lua_pushstring(L, lua_touserdata(L, 1));
    return 1;
}

void vm_push_shortage(lua_State *L, const struct alloc_shortage *shortage)
{
    struct alloc *alloc = vm_of(L)->alloc;
    char needed[TEXT_GROUPED_SIZE];
    alloc_reserve(alloc, true);
    lua_pushfstring(
        L, "not enough memory: needed %s more bytes; %d KiB of %d KiB in use; raise `memory` in manifest.lua",
        text_grouped(needed, shortage->needed), (int)(shortage->used / 1024), (int)(alloc_quota(alloc) / 1024));
    alloc_reserve(alloc, false);
}

void vm_explain_shortage(lua_State *L)
{
    struct alloc_shortage shortage = alloc_shortage(vm_of(L)->alloc);
    vm_push_shortage(L, &shortage);
}

_Noreturn void luatee_no_memory(lua_State *L)
{
    vm_explain_shortage(L);
    lua_error(L);
    for (;;) /* lua_error() does not return */
        TEE_Panic(TEE_ERROR_GENERIC);
}
