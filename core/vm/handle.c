/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/vm/handle.h"

#include "abi/limits.h"
#include "core/vm/vm.h"
#include "lauxlib.h"

void handle_reserve(lua_State *L)
{
    struct vm *vm = vm_of(L);
    if (vm->handle_count < LUATEE_HANDLES_MAX)
        return;
    lua_gc(L, LUA_GCCOLLECT);
    if (vm->handle_count >= LUATEE_HANDLES_MAX)
        luaL_error(
            L, "%d objects of the TEE are in use, which is the limit of a session; end some (local d <close> = ...)",
            LUATEE_HANDLES_MAX);
}

void handle_keep(lua_State *L, struct handle *h, void (*release)(struct handle *h))
{
    struct vm *vm = vm_of(L);
    h->release = release;
    h->next = vm->handles;
    h->link = &vm->handles;
    if (h->next)
        h->next->link = &h->next;
    vm->handles = h;
    vm->handle_count++;
}

static void end(struct vm *vm, struct handle *h)
{
    if (!h->link)
        return;
    *h->link = h->next;
    if (h->next)
        h->next->link = h->link;
    h->link = NULL;
    vm->handle_count--;
    h->release(h);
}

void handle_end(lua_State *L, struct handle *h)
{
    end(vm_of(L), h);
}

void handle_end_all(struct vm *vm)
{
    while (vm->handles)
        end(vm, vm->handles);
}
