/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registry of object identifiers in the TA's secure storage (TEE_STORAGE_PRIVATE). The first byte of an identifier
 * is the kind of the object, so that objects of two kinds never share an identifier. Names follow as SHA-256 digests,
 * so that every identifier of a kind has the same size (GP allows TEE_OBJECT_ID_MAX_LEN, 64 bytes). Where half a digest
 * stands for a name, it excludes accidental collisions; the object holds the name itself, against deliberate ones.
 */
#ifndef LUATEE_CORE_STORAGE_OBJECT_ID_H
#define LUATEE_CORE_STORAGE_OBJECT_ID_H

#include <stdint.h>

#include "abi/limits.h"
#include "tee_internal_api.h"

enum object_kind {
    /* The identifier is the kind alone. */
    OBJECT_DEVICE_KEY = 'D', /* core/trust/device_key.h */
    OBJECT_REVOKED = 'R',    /* core/trust/rollback.h: revoked publisher keys */

    /* The kind alone for the object of the TA; kind and app's name for the object of an app. */
    OBJECT_DIRECTORY = 'A', /* core/storage/directory.h: the first half of the digest */
    OBJECT_TIME = 'T',      /* core/storage/clock.h */

    /* Kind and app's name: object_id_of_app(). */
    OBJECT_COUNTERS = 'C', /* core/storage/persistent_counter.h */
    OBJECT_HIGHEST = 'H',  /* core/trust/rollback.h: the highest sequence */
    OBJECT_STORE = 'V',    /* core/storage/sealed.h: the log of tee.store */

    /* Kind, app's name and another name: object_id_of_named(). Those after the first: core/trust/script_store.h. */
    OBJECT_KEY = 'K',               /* core/key/key.h */
    OBJECT_MANIFEST = 'M',          /* a manifest in plaintext */
    OBJECT_PACKAGE = 'P',           /* the package of a script; the bundle follows in the identifier */
    OBJECT_PACKAGED_MANIFEST = 'Q', /* the package of a manifest */
    OBJECT_SCRIPT = 'S',            /* a script in plaintext */
};

/* Added to the first byte of an object's identifier, for objects that belong to it: its existence marker, and the
 * scratch object that core/storage/existence_marker.c creates to check for the marker. */
enum object_part { OBJECT_MARKER = 0x80, OBJECT_SCRATCH = 0xa0 };

#define OBJECT_ID_APP_SIZE (1u + LUATEE_DIGEST_SIZE)

/* Writes the kind and the digest of the app's name. Returns TEE_SUCCESS, or what sha256_digest() returns. */
TEE_Result object_id_of_app(enum object_kind kind, const char *app, uint8_t id[OBJECT_ID_APP_SIZE])
    __attribute__((warn_unused_result));

#define OBJECT_ID_HALF (LUATEE_DIGEST_SIZE / 2u)
#define OBJECT_ID_NAMED_SIZE (1u + 2u * OBJECT_ID_HALF)

/* Writes the kind and the first halves of the digests of both names. Returns TEE_SUCCESS, or what sha256_digest()
 * returns. */
TEE_Result object_id_of_named(enum object_kind kind, const char *app, const char *name,
                              uint8_t id[OBJECT_ID_NAMED_SIZE]) __attribute__((warn_unused_result));

#endif
