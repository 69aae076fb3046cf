/* SPDX-License-Identifier: BSD-2-Clause */
/* The fields of an app's manifest, and the plaintext of its package (`manifest` in abi/package.cddl). */
#ifndef LUATEE_CLIENT_PACKAGE_MANIFEST_H
#define LUATEE_CLIENT_PACKAGE_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/package.h"
#include "client/base/buffer.h"
#include "client/base/scripts.h"

struct package_manifest {
    char name[LUATEE_NAME_MAX + 1];
    char version[PACKAGE_VERSION_MAX + 1]; /* printable ASCII, not empty */
    uint64_t sequence;                     /* at most PACKAGE_SEQUENCE_MAX */
    uint64_t memory;                       /* bytes; 0: the TA's default */
    uint64_t fuel;                         /* VM instructions of one call; 0: the TA's default */
    bool storage;
    bool counters;
    bool keys;
    bool load;
    bool log;
    luatee_script_name host[PACKAGE_HOST_MAX]; /* names of exports that trusted scripts may call */
    size_t host_count;
    uint8_t revoke[PACKAGE_REVOKE_MAX][PACKAGE_PUBLISHER_ID_SIZE]; /* ids of publisher keys, none twice */
    size_t revoke_count;
};

/* Returns whether the text is valid as a version: 1 to PACKAGE_VERSION_MAX characters of printable ASCII. */
bool package_version_valid(const char *version, size_t size);

/* Encodes the manifest into a buffer, which is emptied before and which the caller frees. Returns false when out of
 * memory. */
bool package_encode_manifest(const struct package_manifest *manifest, struct luatee_buffer *out);

#endif
