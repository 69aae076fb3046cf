# SPDX-License-Identifier: BSD-2-Clause
# The keys that the TA is built with, for the device and for the simulator:
#
#   FLAVOUR=dev       the user's development keys, made on first use; PUBLISHER and CLASS_KEY may add to them
#   FLAVOUR=release   PUBLISHER=old.pub[,new.pub...], from old to new; CLASS_KEY=class.key if packages are encrypted for it

PUBLISHER ?=
CLASS_KEY ?=

keys_tool := $(O)/keys/embed

.PHONY: keys_force
keys_force:

$(keys_tool): $(call objs,host,mk/keys/embed.c) $(pkg_objs) $(client_objs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $^ -o $@ $(ldflags_native) -ldl -lcrypto

# embed writes the file only when the keys have changed.
$(keys_src): $(keys_tool) keys_force
	$(Q)$(keys_tool) '$(FLAVOUR)' $@ '$(PUBLISHER)' '$(CLASS_KEY)'

# Changes only with the flavour.
$(obj)/flavour: keys_force
	@mkdir -p $(@D)
	@echo '$(FLAVOUR)' | cmp -s - $@ || echo '$(FLAVOUR)' >$@
