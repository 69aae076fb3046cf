/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads a package (abi/package.cddl), for both worlds. Uses no cryptography and allocates nothing.
 *
 * Reading has two steps, so that a body is parsed only after its signature was verified:
 *
 *     struct package package;
 *     struct package_body body;
 *     enum package_check check = package_parse(data, size, &package);
 *     ... verify package.signature over Sig_structure (structures.h) with the key that package.publisher_id names ...
 *     check = package_parse_body(package.payload, package.payload_size, &body);
 *     ... unwrap the content key from one of body.recipients, decrypt body.ciphertext ...
 *
 * Accepts exactly what package.cddl describes, in its only encoding: two different files never have the same fields.
 * The caller checks that the values are the right ones (the app, the sequence, the keys).
 *
 * The data must lie in memory that only the caller can write (never in memory shared with the other world), and stay
 * valid while the results are used, whose pointers point into it. Texts are not NUL-terminated. When a function does
 * not return PACKAGE_FINE, its results must not be used.
 */
#ifndef LUATEE_CORE_PACKAGE_PARSE_H
#define LUATEE_CORE_PACKAGE_PARSE_H

#include <stddef.h>
#include <stdint.h>

#include "abi/limits.h"
#include "abi/package.h"

/* The rule that a package breaks: the first one that is found. */
enum package_check {
    PACKAGE_FINE = 0,
    PACKAGE_TOO_LARGE,     /* above PACKAGE_SIZE_MAX */
    PACKAGE_TRUNCATED,     /* the package or one of its parts ends too early */
    PACKAGE_NOT_CANONICAL, /* a length or number is not in its shortest form, or a length is indefinite */
    PACKAGE_BAD_ENVELOPE,  /* not a tagged COSE_Sign1 of our four parts, or something follows it */
    PACKAGE_BAD_HEADER,    /* a field of the header is missing, repeated, unknown, out of order, or has a wrong value */
    PACKAGE_BAD_FORMAT,    /* a format version that this luatee does not know */
    PACKAGE_BAD_IDENTITY,  /* an invalid name, kind, version, sequence or bundle */
    PACKAGE_BAD_BODY,      /* the body is not a COSE_Encrypt as in package.cddl */
    PACKAGE_BAD_RECIPIENT, /* there are no recipients, too many, or an invalid one */
    /* Rules that only a TEE can check (core/trust/package_open.h). */
    PACKAGE_UNKNOWN_PUBLISHER, /* signed with a key that the TA was not built with */
    PACKAGE_REVOKED_PUBLISHER, /* signed with a key that was revoked */
    PACKAGE_BAD_SIGNATURE,
    PACKAGE_OTHER_APP,    /* the package of another app */
    PACKAGE_OTHER_SCRIPT, /* the package of another script */
    PACKAGE_OTHER_KIND,   /* a manifest instead of a script, or a script instead of a manifest */
    PACKAGE_OTHER_BUNDLE, /* not packed together with the session's other packages */
    PACKAGE_OLD_SEQUENCE, /* the app has run with a higher sequence */
    PACKAGE_NOT_FOR_US,   /* its recipients include neither the class key nor the device key */
    PACKAGE_BAD_KEY,      /* the wrapped content key is invalid, or the ephemeral key is not a point of the curve */
    PACKAGE_BAD_CIPHERTEXT,
};

/* Returns the rule as a clause for a message ("it ends too early: ..."), without a newline. Never returns NULL. */
const char *package_check_text(enum package_check check);

/* Limits in bytes: of the encoded protected header, of everything around a ciphertext, of a ciphertext, of a
 * package. */
#define PACKAGE_HEADER_MAX 297
#define PACKAGE_OVERHEAD_MAX 4096
#define PACKAGE_CIPHERTEXT_MAX (LUATEE_SCRIPT_MAX + PACKAGE_TAG_SIZE)
#define PACKAGE_SIZE_MAX (PACKAGE_CIPHERTEXT_MAX + PACKAGE_OVERHEAD_MAX)

struct package_identity {
    const char *app; /* a valid name (abi/name.h) */
    size_t app_size;
    enum package_kind kind;
    const char *script; /* a valid name; PACKAGE_MANIFEST_NAME for a manifest */
    size_t script_size;
    const char *version; /* 1 to PACKAGE_VERSION_MAX printable ASCII characters */
    size_t version_size;
    uint64_t sequence;     /* at most PACKAGE_SEQUENCE_MAX */
    const uint8_t *bundle; /* PACKAGE_BUNDLE_SIZE */
};

struct package {
    const uint8_t *header;       /* the encoded protected header, an argument for the functions of structures.h */
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
    const uint8_t *x;       /* PACKAGE_FOR_DEVICE: the ephemeral key, PACKAGE_POINT_SIZE each, not checked to be a */
    const uint8_t *y;       /* point of the curve */
};

struct package_body {
    const uint8_t *iv; /* PACKAGE_IV_SIZE */
    const uint8_t *ciphertext;
    size_t ciphertext_size; /* with its PACKAGE_TAG_SIZE; at most PACKAGE_CIPHERTEXT_MAX */
    size_t recipient_count; /* 1 to PACKAGE_RECIPIENTS_MAX */
    struct package_recipient recipients[PACKAGE_RECIPIENTS_MAX];
};

/* Reads the package except its body. */
enum package_check package_parse(const void *data, size_t size, struct package *package)
    __attribute__((warn_unused_result));

/* Reads the body. payload: of the struct package. */
enum package_check package_parse_body(const void *payload, size_t size, struct package_body *body)
    __attribute__((warn_unused_result));

#endif
