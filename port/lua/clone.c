/* SPDX-License-Identifier: BSD-2-Clause */
#include "port/lua/clone.h"

#include <string.h>

#include "lapi.h"
#include "lfunc.h"
#include "lgc.h"
#include "lmem.h"
#include "lobject.h"
#include "lstate.h"
#include "ltable.h"

static TValue *value_at(lua_State *L, int idx)
{
    return s2v(L->ci->func.p + lua_absindex(L, idx));
}

/* Nodes link to each other by offset, so their array can be copied as it is. */
static void copy_nodes(lua_State *L, Table *to, const Table *from)
{
    size_t count = (size_t)sizenode(from);
    Node *nodes = luaM_newvector(L, count, Node); /* may run a full collection, which does not change `from` */
    memcpy(nodes, from->node, count * sizeof(Node));
    to->node = nodes;
    to->lsizenode = from->lsizenode;
    to->lastfree = nodes + (from->lastfree - from->node);
}

/*
 * Copies the contents and the metatable (without __gc) of another table into the new, empty table on top of the stack.
 * The new table may be black: lua_createtable ends with a step of the collector, which may have marked it. A black
 * table must not refer to white objects, so the barrier makes the collector visit it again.
 */
static void copy_contents(lua_State *L, const Table *from)
{
    Table *to = hvalue(value_at(L, -1));
    if (!isdummy(from))
        copy_nodes(L, to, from);
    to->metatable = from->metatable;
    invalidateTMcache(to); /* it may become a metatable */
    if (isblack(to))
        luaC_barrierback_(L, obj2gco(to));
}

void clone_table(lua_State *L, int idx)
{
    idx = lua_absindex(L, idx);
    lua_createtable(L, 0, 0);
    copy_contents(L, hvalue(value_at(L, idx)));
}

void clone_tables(lua_State *L, int idx)
{
    clone_table(L, idx);
    Table *outer = hvalue(value_at(L, -1));
    for (int i = 0; i < sizenode(outer); i++) {
        TValue *value = gval(gnode(outer, i));
        if (!ttistable(value))
            continue;
        lua_createtable(L, 0, 0); /* may collect garbage; the original is still a value of `outer` */
        copy_contents(L, hvalue(value));
        sethvalue(L, value, hvalue(value_at(L, -1)));
        luaC_barrierback(L, obj2gco(outer), value);
        lua_pop(L, 1);
    }
}

void clone_chunk(lua_State *L, int idx)
{
    idx = lua_absindex(L, idx);
    Proto *proto = clLvalue(value_at(L, idx))->p;
    LClosure *copy = luaF_newLclosure(L, proto->sizeupvalues);
    copy->p = proto;
    setclLvalue2s(L, L->top.p, copy);
    api_incr_top(L);
    luaF_initupvals(L, copy);
    /* Stack: ..., env, copy. A chunk compiled from source has one upvalue, _ENV; bytecode may have none, or more. */
    lua_insert(L, -2);
    if (!lua_setupvalue(L, -2, 1))
        lua_pop(L, 1);
}
