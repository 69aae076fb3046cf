/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/codec/table.h"

#include "lapi.h"
#include "lgc.h"
#include "lobject.h"
#include "lstate.h"
#include "ltable.h"

/* Leaves an entry on the stack: the key is there already, the value goes above it. */
static bool found(lua_State *L, StkId table, const TValue *value)
{
    setobj2s(L, table + 2, value);
    L->top.p = table + 3;
    return true;
}

/* Positions count through the array, then the nodes. An entry whose value was set to nil is skipped. */
bool table_next(lua_State *L, int idx, unsigned *position)
{
    StkId at = L->ci->func.p + idx;
    const Table *t = hvalue(s2v(at));
    unsigned array = luaH_realasize(t);
    while (*position < array) {
        const TValue *value = &t->array[(*position)++];
        if (isempty(value))
            continue;
        setivalue(s2v(at + 1), (lua_Integer)*position);
        return found(L, at, value);
    }
    unsigned end = array + (unsigned)sizenode(t);
    while (*position < end) {
        Node *node = gnode(t, (*position)++ - array);
        if (isempty(gval(node)))
            continue;
        getnodekey(L, s2v(at + 1), node);
        return found(L, at, gval(node));
    }
    L->top.p = at + 1;
    return false;
}

void table_add(lua_State *L)
{
    static const TValue absent = { ABSTKEYCONSTANT };
    Table *t = hvalue(s2v(L->top.p - 3));
    const TValue *key = s2v(L->top.p - 2);
    TValue *value = s2v(L->top.p - 1);
    if (ttisinteger(key))
        luaH_set(L, t, key, value); /* looks for the key in the array, too */
    else
        luaH_finishset(L, t, key, &absent, value);
    invalidateTMcache(t); /* it may become a metatable */
    luaC_barrierback(L, obj2gco(t), value);
    L->top.p -= 2;
}
