/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/vm/clone.h"

#include <string.h>

#include "lapi.h"
#include "lfunc.h"
#include "lgc.h"
#include "lobject.h"
#include "lstate.h"
#include "ltable.h"

static TValue *value_at(lua_State *L, int idx)
{
    return s2v(L->ci->func.p + lua_absindex(L, idx));
}

void clone_table(lua_State *L, int idx)
{
    idx = lua_absindex(L, idx);
    lua_createtable(L, 0, 0);
    Table *to = hvalue(value_at(L, -1));
    const Table *from = hvalue(value_at(L, idx));
    if (isdummy(from))
        return;
    luaH_resize(L, to, 0, allocsizenode(from));
    /* Nodes link to each other by offset, so the node array can be copied as it is; a new table is white, so no barrier. */
    memcpy(to->node, from->node, (size_t)sizenode(from) * sizeof(Node));
    to->lastfree = to->node + (from->lastfree - from->node);
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
    /* stack: ..., env, copy. A main chunk has one upvalue, _ENV. */
    lua_insert(L, -2);
    lua_setupvalue(L, -2, 1);
}
