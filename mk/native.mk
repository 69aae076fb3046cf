# SPDX-License-Identifier: BSD-2-Clause
# The programs for Linux: libluatee, the tee module, the CLI, and the simulator. Uses O, CC, AR, OBJCOPY, OPT,
# EXTRA_CFLAGS and EXTRA_LDFLAGS. For the trusted side alone, uses EXTRA_SIM_CFLAGS, EXTRA_PATCHES (for its Lua) and
# ALLOC=malloc, which allocates blocks of sessions with malloc, for sanitizers.
# CPPFLAGS, CFLAGS and LDFLAGS, of the environment or of make's command line, follow our own flags.
#
#   $(O)/bin/luatee, invoke_lua_interpreter, encrypt_lua
#   $(O)/lib/libluatee.{a,so}, tee.so
#   $(O)/lib/luatee/sim/libteec.so.2         the simulator's TEE Client API
#   $(O)/lib/luatee/sim/ta/$(TA_UUID)        the Trusted Application, as a program of the simulator

obj := $(O)/obj

# GP's headers, picked out of the unpacked packages: the folders they lie in hold a libc that must not shadow ours.
gp_inc   := $(DEPS)/include/gp
teec_inc := $(DEPS)/include/teec
openssl_inc ?=

# FORTIFY needs optimisation, and hides from sanitizers what they would see. A level that the caller gives stays.
caller_cflags := $(EXTRA_CFLAGS) $(CPPFLAGS) $(CFLAGS)
sanitized := $(findstring -fsanitize,$(caller_cflags))
optimised := $(filter-out -O0,$(lastword $(filter -O%,$(OPT) $(caller_cflags))))
fortify   := $(if $(optimised),$(if $(sanitized)$(findstring _FORTIFY_SOURCE,$(caller_cflags)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3))
cflags_hardening := -fstack-protector-strong $(if $(sanitized),,-fstack-clash-protection) $(fortify)

# Our folders come before those that CPPFLAGS may name: an installed Lua or luatee must not shadow what is built here.
cflags_native := $(CSTD) $(WARN) $(OPT) -fPIC -fvisibility=hidden -pthread $(cflags_hardening) -MD -MP \
                 -I. -Iinclude -I$(LUA_SRC) -DLUATEE_VERSION='"$(VERSION)"' $(openssl_inc) $(caller_cflags)
cflags_client := -isystem $(teec_inc)
cflags_ta_sim := -isystem $(gp_inc) -DLUA_USER_H='"port/lua/luatee_user.h"' -Iport/lua -DLUATEE_FLAVOUR_$(FLAVOUR)
ldflags_native := -pthread -Wl,-z,relro,-z,now $(EXTRA_LDFLAGS) $(LDFLAGS)

# Objects depend on their sources, on the rules, and on the options of make.
settings := mk/native.mk $(obj)/settings
.PHONY: settings_force
settings_force:
settings_text := $(CC) $(ALLOC) $(LUA_EXTRA_CFLAGS) $(cflags_native) $(ldflags_native)
$(obj)/settings: settings_force
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(settings_text))' | cmp -s - $@ || echo '$(subst ','\'',$(settings_text))' >$@

# Third-party sources are compiled as they come, without our warnings.
# The trusted side has Lua of its own.
cflags_sim := $(subst $(LUA_SRC),$(LUA_TA_SRC),$(cflags_native)) $(cflags_ta_sim) $(EXTRA_SIM_CFLAGS)
cflags_third := $(filter-out $(WARN),$(cflags_native)) -w

lua_srcs  := lapi lauxlib lbaselib lcode lcorolib lctype ldebug ldo ldump lfunc lgc llex lmathlib lmem lobject lopcodes \
             lparser lstate lstring lstrlib ltable ltablib ltm lundump lutf8lib lvm lzio
lua_host_srcs := $(lua_srcs) ldblib linit liolib loadlib loslib

# port/lua/table.c replaces core/codec/table.c.
core_srcs   := $(filter-out core/codec/table.c,$(wildcard core/*/*.c))
# The codec without Lua.
cbor_srcs   := core/codec/cursor.c core/codec/writer.c
codec_srcs  := $(wildcard core/codec/*.c)
ta_srcs     := ta/entry.c
client_srcs := $(wildcard client/*.c client/base/*.c client/engine/*.c) core/codec/held.c core/codec/visible.c $(cbor_srcs) \
               $(addprefix core/package/,manifest.c manifest_parse.c parse.c source.c)
# Packages: the parser and what it needs is the TA's own.
pkg_srcs    := $(wildcard client/package/*.c) core/package/parse.c core/package/structures.c
teelua_srcs := $(wildcard client/lua/*.c)
# The sources with which the module reads an app's manifest.
teelua_pkg_srcs := $(addprefix client/package/,encode.c files.c manifest.c)
cli_srcs    := $(wildcard cli/*.c)
teec_srcs   := $(wildcard sim/teec/*.c sim/common/*.c)
simta_srcs  := $(wildcard sim/ta/*.c sim/common/*.c port/sim/*.c) $(addprefix port/lua/,clone.c frame.c hash.c hide.c seed.c table.c)

# The keys that the TA is built with, as a source of it: mk/keys.mk.
keys_src := $(shell realpath -m --relative-to=. $(O))/keys/built_in.c

# objects of a world: $(call objs,world,sources)
objs = $(patsubst %.c,$(obj)/$(1)/%.o,$(2))

# host: stock Lua, the codec, the client. sim: the trusted side. teec: the simulator's client library.
lua_host_objs := $(patsubst %,$(obj)/host/lua/%.o,$(lua_host_srcs))
lua_sim_objs  := $(patsubst %,$(obj)/sim/lua/%.o,$(lua_srcs))
cbor_objs     := $(call objs,host,$(cbor_srcs))
codec_objs    := $(call objs,host,$(codec_srcs))
# For a program that has our own Lua inside: its tables are walked directly.
codec_own_lua_objs := $(filter-out %/core/codec/table.o,$(codec_objs)) $(obj)/host/port/lua/table.o
client_objs   := $(call objs,host,$(client_srcs))
pkg_objs      := $(call objs,host,$(pkg_srcs))
teelua_objs   := $(call objs,host,$(teelua_srcs) $(teelua_pkg_srcs))
cli_objs      := $(call objs,host,$(cli_srcs))
teec_objs     := $(call objs,teec,$(teec_srcs))
# The trusted side with its own allocator, whatever ALLOC is.
slabs_simta_objs := $(call objs,sim,$(core_srcs) $(ta_srcs) $(simta_srcs) $(keys_src))
alloc_srcs    := $(wildcard core/base/alloc*.c)
malloc_objs   := $(call objs,placement,$(alloc_srcs)) $(call objs,sim,port/malloc/alloc.c)
simta_objs    := $(if $(filter malloc,$(ALLOC)),$(filter-out $(call objs,sim,$(alloc_srcs)),$(slabs_simta_objs)) $(malloc_objs),$(slabs_simta_objs))

# All files for a device, and the simulator.
client_products := $(O)/bin/luatee $(O)/bin/invoke_lua_interpreter $(O)/bin/encrypt_lua $(O)/lib/libluatee.a $(O)/lib/libluatee.so $(O)/lib/tee.so
sim_products    := $(O)/lib/luatee/sim/libteec.so.2 $(O)/lib/luatee/sim/ta/$(TA_UUID)
native_products := $(client_products) $(sim_products)

.PHONY: all native client
all: native
native: $(native_products)
	@:
client: $(client_products)
	@:

# `patch` stops the build when a patch does not fit exactly.
lua_patches := $(wildcard port/lua/patches/*.patch) $(EXTRA_PATCHES)
$(LUA_TA_SRC)/stamp: $(lua_patches) | $(DEPS)/ready
	@echo "  PATCH   $(LUA_TA_SRC)"
	$(Q)rm -rf $(@D) $(@D).tmp && mkdir -p $(@D).tmp && cp -p $(LUA_SRC)/*.[ch] $(@D).tmp
	$(Q)for patch in $(lua_patches); do patch -s -p1 -F0 -d $(@D).tmp <$$patch || exit 1; done
	$(Q)touch $(@D).tmp/stamp && mv $(@D).tmp $(@D)
$(lua_srcs:%=$(LUA_TA_SRC)/%.c): $(LUA_TA_SRC)/stamp ;

$(obj)/host/lua/%.o: $(LUA_SRC)/%.c $(settings) | $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(cflags_third) -fvisibility=default -DLUA_USE_LINUX -DLUA_COMPAT_5_3 -c $< -o $@
$(obj)/sim/lua/%.o: $(LUA_TA_SRC)/%.c port/lua/luatee_user.h $(settings)
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(filter-out $(WARN),$(cflags_sim)) $(LUA_EXTRA_CFLAGS) -w -c $< -o $@
$(obj)/host/%.o: %.c $(settings) | $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(cflags_native) $(cflags_client) -c $< -o $@
$(obj)/teec/%.o: %.c $(settings) | $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(cflags_native) $(cflags_client) -c $< -o $@
$(obj)/sim/%.o: %.c port/lua/luatee_user.h $(obj)/flavour $(LUA_TA_SRC)/stamp $(settings) | $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(cflags_sim) -c $< -o $@

$(obj)/placement/%.o: %.c port/malloc/placement.h $(settings)
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(cflags_sim) -include port/malloc/placement.h -c $< -o $@

# The client library: no Lua in it. One object, in which only luatee_* is visible: a program may have a cursor_begin of
# its own. What needs more of the client than luatee_* links $(client_objs).
$(obj)/libluatee.o: $(client_objs)
	@echo "  LD      $@"
	$(Q)$(CC) -r -nostdlib $^ -o $@
	$(Q)$(OBJCOPY) --wildcard --keep-global-symbol='luatee_*' $@
$(O)/lib/libluatee.a: $(obj)/libluatee.o
	@mkdir -p $(@D)
	@echo "  AR      $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $^
$(O)/lib/libluatee.so: $(client_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -shared -Wl,-soname,libluatee.so.0 $(if $(findstring sanitize,$(EXTRA_LDFLAGS)),,-Wl,-z,defs) $^ -o $@ $(ldflags_native) -ldl -lcrypto
	ln -sf libluatee.so $@.0

# The tee module for any Lua 5.4: it takes lua_* from the program that loads it, and exports luaopen_tee alone.
$(O)/lib/tee.so: $(sort $(teelua_objs) $(codec_objs) $(client_objs)) mk/tee.map
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -shared -Wl,--version-script=mk/tee.map $(filter %.o,$^) -o $@ $(ldflags_native) -ldl -lcrypto

$(O)/bin/luatee: $(sort $(cli_objs) $(pkg_objs) $(teelua_objs) $(client_objs) $(codec_own_lua_objs)) $(lua_host_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -pie -Wl,-E $^ -o $@ $(ldflags_native) -lm -ldl -lcrypto
$(O)/bin/invoke_lua_interpreter $(O)/bin/encrypt_lua: $(O)/bin/luatee
	$(Q)ln -sf luatee $@

$(O)/lib/luatee/sim/libteec.so.2: $(teec_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -shared -Wl,-soname,libteec.so.2 $^ -o $@ $(ldflags_native) -lcrypto
$(O)/lib/luatee/sim/ta/$(TA_UUID): $(simta_objs) $(lua_sim_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) -pie $^ -o $@ $(ldflags_native) -lm -lcrypto

-include $(shell find $(obj) -name '*.d' 2>/dev/null)
