/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The development keys: a publisher key pair and a class key, made once per user, for apps in development. Their folder
 * is $LUATEE_CONFIG/dev, or else $XDG_CONFIG_HOME/luatee/dev, or else ~/.config/luatee/dev. A TA of the dev flavour
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

/* Sets the paths of the files, whether or not the files exist. Returns LUATEE_USAGE when no environment variable names
 * the folder, or when a path is too long. */
LUATEE_CHECKED luatee_status package_development_find(struct package_development *keys, luatee_error *error);

/* Sets the paths as package_development_find() does, and makes missing files, and the folder with mode 0700. Returns
 * LUATEE_USAGE when only the public half of the publisher key exists; otherwise the errors of
 * package_development_find() and package_create_publisher(). */
LUATEE_CHECKED luatee_status package_development_keys(struct package_development *keys, luatee_error *error);

#endif
