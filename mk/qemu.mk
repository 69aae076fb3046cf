# SPDX-License-Identifier: BSD-2-Clause
# The machine in QEMU with real OP-TEE: TF-A and OP-TEE in a flash image, Linux, and the arm64 build of luatee.
#
#   $(qemu_dir)/flash.bin     TF-A, built from source, and Debian's OP-TEE
#   $(qemu_dir)/base.cpio     Linux's userland: busybox, libraries, supplicant, xtest
#   $(qemu_dir)/luatee.cpio   luatee from $(O)/guest, and the TA
# tests/qemu/run.sh boots it.

qemu_dir := $(O)/qemu
qemu_run := tests/qemu/run.sh --machine $(qemu_dir) --deps $(DEPS)
GUEST_CROSS ?= aarch64-linux-gnu-

.PHONY: qemu-machine qemu-run qemu-shell guest
qemu-machine: $(qemu_dir)/flash.bin $(qemu_dir)/base.cpio $(qemu_dir)/luatee.cpio

# --- firmware ---------------------------------------------------------------------------------------------------------

tfa_src   := $(SRC)/arm-trusted-firmware-2.12.1
tfa_out   := $(qemu_dir)/tf-a/qemu/release
tfa_bl32  := $(abspath $(ROOT))/usr/lib/optee/vexpress-qemu_armv8a/tee
# Linux is started by TF-A itself. Its place must be the one that run.sh loads it to; lower down it would overlap
# OP-TEE's static shared memory.
tfa_flags := PLAT=qemu SPD=opteed QEMU_USE_GIC_DRIVER=QEMU_GICV3 BL32_RAM_LOCATION=tdram LOG_LEVEL=10 \
             ARM_LINUX_KERNEL_AS_BL33=1 PRELOADED_BL33_BASE=0x44000000 \
             BL32=$(tfa_bl32)-header_v2.bin BL32_EXTRA1=$(tfa_bl32)-pager_v2.bin BL32_EXTRA2=$(tfa_bl32)-pageable_v2.bin

# bl1 at 0, fip at 256 KiB, 64 MiB in all: the flash of QEMU's machine "virt". Our make's own flags and variables (O,
# CC, ...) mean other things to TF-A.
$(qemu_dir)/flash.bin: mk/qemu.mk $(DEPS)/ready-qemu
	@mkdir -p $(@D)
	@echo "building TF-A"
	@env $(no_host_flags) -u MAKEFLAGS -u MAKEOVERRIDES -u MFLAGS $(MAKE) -s -j$$(nproc) -C $(tfa_src) \
	  BUILD_BASE=$(abspath $(qemu_dir)/tf-a) CROSS_COMPILE=$(GUEST_CROSS) $(tfa_flags) \
	  bl1 fip >$@.log 2>&1 || { tail -n 20 $@.log >&2; exit 1; }
	@dd if=$(tfa_out)/bl1.bin of=$@.new bs=256K status=none
	@dd if=$(tfa_out)/fip.bin of=$@.new bs=256K seek=1 status=none
	@truncate -s 64M $@.new
	@mv $@.new $@

# --- Linux ------------------------------------------------------------------------------------------------------------

$(qemu_dir)/supplicant_stays.so: tests/qemu/supplicant_stays.c
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(GUEST_CROSS)gcc $(CSTD) -O2 $(WARN) -fPIC -shared $< -o $@

$(qemu_dir)/base.cpio: tests/qemu/base.sh tests/qemu/libraries.sh tests/qemu/init $(qemu_dir)/supplicant_stays.so \
                       $(DEPS)/ready-qemu
	@mkdir -p $(@D)
	tests/qemu/base.sh $(DEPS) $(qemu_dir)/supplicant_stays.so $@

# The libraries are those of the machine (Debian 13), the compiler is this system's; their glibc is newer than its.
guest_lib := $(ROOT)/usr/lib/aarch64-linux-gnu
guest: $(DEPS)/ready-qemu
	@$(MAKE) O=$(O)/guest CC=$(GUEST_CROSS)gcc AR=$(GUEST_CROSS)ar OBJCOPY=$(GUEST_CROSS)objcopy \
	  CPPFLAGS= CFLAGS= LDFLAGS= EXTRA_CFLAGS= \
	  EXTRA_LDFLAGS='-L$(guest_lib) -Wl,--allow-shlib-undefined' \
	  openssl_inc='-isystem $(ROOT)/usr/include -isystem $(ROOT)/usr/include/aarch64-linux-gnu' client $(O)/guest/tests/key_peer \
	  $(addprefix $(O)/guest/tests/unit/,$(filter ta/%,$(unit_tests)) client/secret_test)

# The inner make knows whether these are up to date.
guest_products := $(patsubst $(O)/%,$(O)/guest/%,$(client_products))
$(guest_products): guest ;

$(qemu_dir)/luatee.cpio: tests/qemu/luatee.sh $(guest_products) $(O)/ta/$(TA_UUID).ta
	tests/qemu/luatee.sh $(O)/guest $(O)/ta/$(TA_UUID).ta $@

# --- to be typed ------------------------------------------------------------------------------------------------------

# Only the app's output is on standard output.
qemu-run:
	@mk/deps/host-packages.sh device >&2
	@$(MAKE) deps-device >&2
	@$(MAKE) $(jobs) native qemu-machine >&2
	@$(pack_app)
	@tests/qemu/app.sh $(O) $(DEPS) '$(APP)' '$(FLAGS)' $(ARGS)

qemu-shell:
	@mk/deps/host-packages.sh device
	@$(MAKE) deps-device
	@$(MAKE) $(jobs) qemu-machine
	@$(qemu_run) --shell
