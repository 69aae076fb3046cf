/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads a package (abi/package.cddl), for both worlds: pure C, no cryptography, no allocation.
 *
 * It is read in two steps, so that a body is looked at only when its signature was found good:
 *
 *     struct package package;
 *     struct package_body body;
 *     enum package_check check = package_parse(data, size, &package);
 *     ... verify package.signature over Sig_structure (structures.h) with the key that package.publisher_id names ...
 *     check = package_parse_body(package.payload, package.payload_size, &body);
 *     ... unwrap the content key from one of body.recipients, decrypt body.ciphertext ...
 *
 * What is accepted is exactly what package.cddl describes, in the one encoding that it has: two different files never
 * read as the same fields. That the values mean what they should (the app, the sequence, the keys) is for the caller to
 * decide.
 *
 * The data must lie in memory that nobody else can write (never in memory shared with the other world), and stay there
 * as long as the results are used: all pointers in them point into it. Texts are not NUL-terminated. Where anything but
 * PACKAGE_FINE is returned, the results must not be used.
 */
#ifndef LUATEE_CORE_PACKAGE_PARSE_H
#define LUATEE_CORE_PACKAGE_PARSE_H

#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "abi/package.h"

/* Which rule a package breaks: the first one found. */
enum package_check {
    PACKAGE_FINE = 0,
    PACKAGE_TOO_LARGE,     /* above PACKAGE_SIZE_MAX */
    PACKAGE_TRUNCATED,     /* it ends too early, or one of its parts does */
    PACKAGE_NOT_CANONICAL, /* a length or number is not in its shortest form, or a length is indefinite */
    PACKAGE_BAD_ENVELOPE,  /* not a tagged COSE_Sign1 of our four parts, or something follows it */
    PACKAGE_BAD_HEADER,    /* a field of the header is missing, twice there, unknown, out of order, of another value */
    PACKAGE_BAD_FORMAT,    /* a format version that this luatee does not know */
    PACKAGE_BAD_IDENTITY,  /* a name, kind, version, sequence or bundle against the rules */
    PACKAGE_BAD_BODY,      /* the body is not a COSE_Encrypt as described */
    PACKAGE_BAD_RECIPIENT, /* none, too many, or one that is not as described */
    /* What only a TEE can tell (open.h). */
    PACKAGE_UNKNOWN_PUBLISHER, /* signed with a key that the TA was not built with */
    PACKAGE_REVOKED_PUBLISHER, /* signed with a key that was revoked */
    PACKAGE_BAD_SIGNATURE,
    PACKAGE_OTHER_APP,    /* it is a package, but not the one that was asked for: another app's ... */
    PACKAGE_OTHER_SCRIPT, /* ... another script's ... */
    PACKAGE_OTHER_KIND,   /* ... a manifest instead of a script, or a script instead of a manifest ... */
    PACKAGE_OTHER_BUNDLE, /* ... or not packed together with the session's others */
    PACKAGE_OLD_SEQUENCE, /* the app has run with a higher sequence */
    PACKAGE_NOT_FOR_US,   /* neither the class key nor the device's is among its recipients */
    PACKAGE_BAD_KEY,      /* the wrapped content key is not sound, or the ephemeral key is no point of the curve */
    PACKAGE_BAD_CIPHERTEXT,
};

/* The rule in words, as in "the protected header is not as described". Never NULL, no newline. */
const char *package_check_text(enum package_check check);

/* Bounds, in bytes: of the protected header as it is encoded, of all around a ciphertext, of a package. */
#define PACKAGE_HEADER_MAX 297
#define PACKAGE_OVERHEAD_MAX 4096
#define PACKAGE_CIPHERTEXT_MAX (LUATEE_SCRIPT_MAX + PACKAGE_TAG_SIZE)
#define PACKAGE_SIZE_MAX (PACKAGE_CIPHERTEXT_MAX + PACKAGE_OVERHEAD_MAX)

struct package_identity {
    const char *app; /* a valid name (abi/name.h) */
    size_t app_size;
    enum package_kind kind;
    const char *script; /* a valid name; of a manifest: PACKAGE_MANIFEST_NAME */
    size_t script_size;
    const char *version; /* 1 to PACKAGE_VERSION_MAX printable ASCII characters */
    size_t version_size;
    uint64_t sequence;     /* at most PACKAGE_SEQUENCE_MAX */
    const uint8_t *bundle; /* PACKAGE_BUNDLE_SIZE */
};

struct package {
    const uint8_t *header;       /* the protected header as it is encoded: what structures.h takes */
    size_t header_size;          /* at most PACKAGE_HEADER_MAX */
    const uint8_t *publisher_id; /* PACKAGE_PUBLISHER_ID_SIZE */
    struct package_identity identity;
    const uint8_t *payload; /* the encoded body */
    size_t payload_size;
    const uint8_t *signature; /* PACKAGE_SIGNATURE_SIZE */
};

enum package_recipient_kind {
    PACKAGE_FOR_CLASS,
    PACKAGE_FOR_DEVICE,
};

struct package_recipient {
    enum package_recipient_kind kind;
    const uint8_t *id;      /* PACKAGE_RECIPIENT_ID_SIZE */
    const uint8_t *wrapped; /* PACKAGE_WRAPPED_SIZE */
    const uint8_t *x;       /* of a device: the ephemeral key, PACKAGE_POINT_SIZE, not checked to be on the curve */
    const uint8_t *y;
};

struct package_body {
    const uint8_t *iv; /* PACKAGE_IV_SIZE */
    const uint8_t *ciphertext;
    size_t ciphertext_size; /* with its PACKAGE_TAG_SIZE; at most PACKAGE_CIPHERTEXT_MAX */
    size_t recipient_count; /* 1 to PACKAGE_RECIPIENTS_MAX */
    struct package_recipient recipients[PACKAGE_RECIPIENTS_MAX];
};

/* Reads all but the body. */
enum package_check package_parse(const void *data, size_t size, struct package *package)
    __attribute__((warn_unused_result));

/* Reads the body; payload is struct package's. */
enum package_check package_parse_body(const void *payload, size_t size, struct package_body *body)
    __attribute__((warn_unused_result));

#endif
