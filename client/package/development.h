/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The development keys: a publisher key pair and a class key, made once per user, for apps that are being written. They
 * lie in dev/ of $LUATEE_CONFIG, or of luatee/ in $XDG_CONFIG_HOME, or of ~/.config/luatee. A TA of the dev flavour
 * that was built with them trusts them; a release TA never does.
 */
#ifndef LUATEE_CLIENT_PACKAGE_DEVELOPMENT_H
#define LUATEE_CLIENT_PACKAGE_DEVELOPMENT_H

#include <limits.h>

#include "luatee/luatee.h"

struct package_development {
    char folder[PATH_MAX];
    char publisher[PATH_MAX];        /* publisher.pem, the private key */
    char publisher_public[PATH_MAX]; /* publisher.pub */
    char class_key[PATH_MAX];        /* class.key */
};

/* Where the files are, whether or not they exist. LUATEE_USAGE when no home is known. */
LUATEE_CHECKED luatee_status package_development_find(struct package_development *keys, luatee_error *error);

/* Finds the files, and makes those that are missing: the folder with mode 0700. LUATEE_USAGE when no home is known,
 * otherwise as package_create_publisher(). */
LUATEE_CHECKED luatee_status package_development_keys(struct package_development *keys, luatee_error *error);

#endif
