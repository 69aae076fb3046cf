/* SPDX-License-Identifier: BSD-2-Clause */
/* Constants of the package format (package.cddl). Labels and algorithms are those registered for COSE; our own label is
 * in the private range. */
#ifndef LUATEE_ABI_PACKAGE_H
#define LUATEE_ABI_PACKAGE_H

#define PACKAGE_FORMAT 1
#define PACKAGE_TAG 18 /* COSE_Sign1 */

#define PACKAGE_LABEL_ALG 1
#define PACKAGE_LABEL_CRIT 2
#define PACKAGE_LABEL_CONTENT_TYPE 3
#define PACKAGE_LABEL_KID 4
#define PACKAGE_LABEL_IV 5
#define PACKAGE_LABEL_EPHEMERAL (-1)
#define PACKAGE_LABEL_IDENTITY (-70000)

#define PACKAGE_ALG_ES256 (-7)
#define PACKAGE_ALG_A256GCM 3
#define PACKAGE_ALG_A256KW (-5)
#define PACKAGE_ALG_ECDH_ES_A256KW (-31)
#define PACKAGE_CONTENT_TYPE 96

/* Labels and values of the ephemeral key, a COSE_Key. */
#define PACKAGE_KEY_LABEL_TYPE 1
#define PACKAGE_KEY_LABEL_CURVE (-1)
#define PACKAGE_KEY_LABEL_X (-2)
#define PACKAGE_KEY_LABEL_Y (-3)
#define PACKAGE_KEY_TYPE_EC2 2
#define PACKAGE_KEY_CURVE_P256 1

enum package_kind {
    PACKAGE_SOURCE = 0,
    PACKAGE_BYTECODE = 1,
    PACKAGE_MANIFEST = 2,
};
#define PACKAGE_MANIFEST_NAME "manifest"

/* Sizes in bytes. */
#define PACKAGE_SIGNATURE_SIZE 64
#define PACKAGE_PUBLISHER_ID_SIZE 32
#define PACKAGE_RECIPIENT_ID_SIZE 16
#define PACKAGE_BUNDLE_SIZE 32
#define PACKAGE_KEY_SIZE 32
#define PACKAGE_IV_SIZE 12
#define PACKAGE_TAG_SIZE 16
#define PACKAGE_WRAPPED_SIZE 40
#define PACKAGE_POINT_SIZE 32 /* of one coordinate */
#define PACKAGE_SPKI_SIZE 91 /* of a public key's SubjectPublicKeyInfo */
#define PACKAGE_VERSION_MAX 64

/* Counts. */
#define PACKAGE_RECIPIENTS_MAX 16
#define PACKAGE_HOST_MAX 64 /* names of host exports that a manifest grants */
#define PACKAGE_REVOKE_MAX 16 /* publisher keys that a manifest revokes */
#define PACKAGE_PUBLISHERS_MAX 8 /* publisher keys that a TA is built with */

/* Whether a TA accepts packages that a publisher key has signed. */
enum package_publisher_state {
    PACKAGE_PUBLISHER_TRUSTED = 0,
    PACKAGE_PUBLISHER_REVOKED = 1,
    PACKAGE_PUBLISHER_DAMAGED = 2, /* the record of revoked keys is damaged: the TA accepts no package */
};

#define PACKAGE_SEQUENCE_MAX 0x7fffffffffffffffull

/* The DER of a P-256 key's SubjectPublicKeyInfo up to the coordinates of its point. */
#define PACKAGE_SPKI_HEAD                                                                                              \
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,  \
        0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04

#define PACKAGE_CLASS_KEY_LABEL "luatee class key"

#endif
