/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keys that the TA is built with: those of the publishers whose packages it accepts, and the class key if packages
 * are encrypted for a class of devices. mk/keys/embed.c writes them (make ta PUBLISHER=... CLASS_KEY=...).
 */
#ifndef LUATEE_CORE_TRUST_PUBLISHER_KEYS_H
#define LUATEE_CORE_TRUST_PUBLISHER_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/package.h"

struct publisher_key {
    uint8_t id[PACKAGE_PUBLISHER_ID_SIZE];
    uint8_t x[PACKAGE_POINT_SIZE];
    uint8_t y[PACKAGE_POINT_SIZE];
};

struct class_key {
    uint8_t id[PACKAGE_RECIPIENT_ID_SIZE];
    uint8_t key[PACKAGE_KEY_SIZE];
};

/* Ordered from old to new, 1 to PACKAGE_PUBLISHERS_MAX. */
extern const struct publisher_key publisher_keys[];
extern const unsigned publisher_keys_count;

/* NULL: this TA has no class key. */
extern const struct class_key *const publisher_keys_class;

/* Returns the index of the publisher key with this id, or publisher_keys_count when there is none. */
unsigned publisher_keys_find(const uint8_t id[PACKAGE_PUBLISHER_ID_SIZE]);

#endif
