#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Checks that no layer uses a layer above it, from the #include lines of the sources and from the symbols of the objects.
# Prints the order, then each arrow that points up, then `N passed, N failed`: one check for each source and object.
#
#   tests/layers.sh [FOLDER]    FOLDER has the objects (default: build/obj, as `make` leaves them)

objects=${1:-build/obj}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# A folder, and what it may use besides itself and the headers of the system. A file belongs to the longest folder that
# matches. `...` adds the folder of the line above, and all that it may use. `FOLDER()` permits the functions of the
# folder that include/luatee/luatee.h declares, and none of its headers.
cat >"$work/layers" <<'END'
abi
include
port
core/base       abi port
core/codec      ...
port/lua        ...
port/optee      ...
core/package    abi core/base core/codec
core/storage    ...
core/key        ...
core/trust      ...
core/vm         ... port port/lua
core/lualib     ...
core/sandbox    ...
core/session    ...
ta              ...
sim/common
sim/teec        sim/common
sim/ta          sim/common
port/sim        abi port sim/ta
client/base     abi include core/base core/codec core/package
client/package  ...
client/engine   abi include core/base core/codec core/package client/base
client          ...
client/lua      abi include core/base core/codec core/package client/base client/package client/engine client()
cli             abi include core/base core/codec core/package client/base client/package client/lua client()
END

# Includes and symbols that point up all the same, each with its reason.
cat >"$work/exceptions" <<'END'
port/malloc/alloc.c core/base/alloc.h       implements the same interface on malloc, for sanitizers
port/malloc/alloc.c core/base/poison.h      likewise
END

# Symbols that other folders define on purpose: GP's two APIs and the TA's entry points; what port/port.h declares, of
# which each platform has its own; and core/codec/table.h, which has a second, faster implementation in port/lua.
interfaces='^(TEE|TEEC|TA)_|^port_|^table_(add|next)$'

# Layers that know nothing of Lua, and who may know its internal structures.
no_lua='^core/(base|package|storage|key|trust)/|^sim/|^cli/(cli|options)\.'
internals='^port/lua/'

find abi include port core ta sim client cli -name '*.[ch]' | sort >"$work/sources"
while read -r source; do
  sed -n "s|^#include \"\([^\"]*\)\".*|$source \1|p" "$source"
done <"$work/sources" | sed 's| luatee/luatee\.h| include/luatee/luatee.h|' >"$work/includes"

grep -o '\bluatee_[a-z_]*(' include/luatee/luatee.h | tr -d '(' >"$work/public"

# Which object uses which other: a symbol that is defined in one and undefined in the other. The trusted side is taken
# from the simulator's build of it, where every symbol of core/ is visible between objects.
for world in sim host teec; do
  [ -d "$objects/$world" ] || continue
  find "$objects/$world" -name '*.o' | sort | while read -r object; do
    path=${object#"$objects/$world/"}
    [ -f "${path%.o}.c" ] || continue # Lua, generated sources, and objects of sources that are gone
    nm "$object" | awk -v object="$world ${path%.o}.c" '{ print object, $(NF - 1), $NF }'
  done
done >"$work/symbols"

awk -v no_lua="$no_lua" -v internals="$internals" -v interfaces="$interfaces" -v work="$work" '
  function layer(path,   i) {
    for (i = 1; i <= count; i++)
      if (index(path, by_length[i] "/") == 1)
        return by_length[i]
    return ""
  }
  function check(user, used, what,   from, to) {
    from = layer(user)
    to = layer(used)
    if (from == "" || to == "" || from == to || allowed[from, to] || excepted[user, used])
      return
    if (allowed[from, to "()"] && what in public)
      return
    print "upward: " user " -> " used (what ? " (" what ")" : "")
    failed_files[user] = 1
  }
  FILENAME == work "/layers" {
    order[++count] = $1
    uses[$1] = ""
    for (i = 2; i <= NF; i++)
      uses[$1] = uses[$1] " " ($i == "..." ? uses[order[count - 1]] " " order[count - 1] : $i)
    n = split(uses[$1], list, " ")
    for (i = 1; i <= n; i++)
      allowed[$1, list[i]] = 1
    # longer paths first
    for (i = count; i > 1 && length(by_length[i - 1]) < length($1); i--)
      by_length[i] = by_length[i - 1]
    by_length[i] = $1
    next
  }
  FILENAME == work "/exceptions" { excepted[$1, $2] = 1; next }
  FILENAME == work "/sources" { files[$1] = 1; next }
  FILENAME == work "/public" { public[$1] = 1; next }
  FILENAME == work "/includes" {
    if ($2 ~ /\//)
      check($1, $2)
    else if ($2 ~ /^l[a-z]*\.h$/ && $2 !~ /^(lua|lauxlib|lualib)\.h$/ && $1 !~ internals) {
      print "internal: " $1 " includes " $2 ", which only port/lua/ may know"
      failed_files[$1] = 1
    } else if ($2 ~ /^(lua|lauxlib|lualib)\.h$/ && $1 ~ no_lua) {
      print "lua: " $1 " includes " $2 ", and its layer knows no Lua"
      failed_files[$1] = 1
    }
    next
  }
  { # symbols: world, file, type, symbol
    files[$2] = 1
    if ($3 ~ /^[A-TV-Z]$/ && !(($1, $4) in home))
      home[$1, $4] = $2
    else if ($3 == "U" && $4 !~ interfaces)
      used[++symbols] = $1 " " $2 " " $4
  }
  END {
    printf "order:"
    for (i = 1; i <= count; i++)
      printf " %s", order[i]
    print ""
    for (i = 1; i <= symbols; i++) {
      split(used[i], part, " ")
      if ((part[1], part[3]) in home)
        check(part[2], home[part[1], part[3]], part[3])
    }
    for (file in files)
      if (file in failed_files)
        failed++
      else
        passed++
    printf "%d passed, %d failed\n", passed, failed
    exit failed > 0
  }' "$work/layers" "$work/exceptions" "$work/sources" "$work/public" "$work/includes" \
  "$work/symbols"
