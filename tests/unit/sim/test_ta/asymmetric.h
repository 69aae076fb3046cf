/* SPDX-License-Identifier: BSD-2-Clause */
/* What the checks of asymmetric keys share: published key pairs, and short ways to objects and operations. */
#ifndef SIM_TEST_ASYMMETRIC_H
#define SIM_TEST_ASYMMETRIC_H

#include <tee_internal_api.h>

/* Room for a coordinate of the largest curve, and for a signature. */
#define TEST_COORDINATE_MAX 48
#define TEST_SIGNATURE_MAX (2 * TEST_COORDINATE_MAX)

/* A key pair on a NIST curve, in hexadecimal. */
struct test_pair {
    uint32_t curve;
    uint32_t bits;
    const char *d;
    const char *x;
    const char *y;
};

/* RFC 5903, sections 8.1 and 8.2: the initiator's and the responder's. */
extern const struct test_pair test_initiator_256, test_responder_256, test_initiator_384, test_responder_384;

/* RFC 6979, sections A.2.5 and A.2.6. */
extern const struct test_pair test_signer_256, test_signer_384;

/* Made for the purpose: the smallest d on P-256 whose point has an x with a byte of zeros in front. */
extern const struct test_pair test_leading_zero;

/* Bytes of a hexadecimal text; returns how many. */
size_t test_bytes(const char *text, uint8_t *bytes);

/* Populates a new object of this type with a pair's d (not if NULL), x and y. */
TEE_Result test_populate(uint32_t type, const struct test_pair *pair, TEE_ObjectHandle *object);

/* The same, of a pair that is fine: panics when it is not taken. */
TEE_ObjectHandle test_key(uint32_t type, const struct test_pair *pair);

/* A populated object of a type of curve 25519; private_value may be NULL. Panics when it is not taken. */
TEE_ObjectHandle test_key_25519(uint32_t type, uint32_t public_id, const char *public_value, uint32_t private_id,
                                const char *private_value);

/* An object with a key that was just made; curve: 0 for the types that take none. Panics when there is none. */
TEE_ObjectHandle test_generate(uint32_t type, uint32_t bits, uint32_t curve);

/* An operation with this key, which is freed. Panics when there is none. */
TEE_OperationHandle test_operation(uint32_t algorithm, uint32_t mode, uint32_t bits, TEE_ObjectHandle key);

/* Signs or verifies, and frees the operation. signature has room for, and is, 2 * bits / 8 bytes. */
TEE_Result test_sign(TEE_OperationHandle operation, const void *digest, size_t size, uint8_t *signature, uint32_t bits);
TEE_Result test_verify(TEE_OperationHandle operation, const void *digest, size_t size, const uint8_t *signature,
                       uint32_t bits);

/* What the operation, which is freed, derives of a point. Returns the secret's size. */
size_t test_derive(TEE_OperationHandle operation, const void *x, const void *y, size_t size, uint8_t *secret);

#endif
