/* SPDX-License-Identifier: BSD-2-Clause */
/* The contract between the simulator's tests and the TA that they run. */
#ifndef SIM_TEST_COMMANDS_H
#define SIM_TEST_COMMANDS_H

#define SIM_TEST_UUID_TEXT "3a2f0f44-7c1e-4b0e-9d60-6d1c6a3b5e01"
#define SIM_TEST_UUID \
    { 0x3a2f0f44, 0x7c1e, 0x4b0e, { 0x9d, 0x60, 0x6d, 0x1c, 0x6a, 0x3b, 0x5e, 0x01 } }

/* Opening: params[0] VALUE_INOUT, or no parameters. a: what the TA does; it leaves SIM_TEST_MARK in b. */
#define SIM_TEST_MARK 4711u
#define SIM_TEST_REFUSAL 0xABCD0001u
enum sim_test_open {
    SIM_TEST_OPEN,
    SIM_TEST_OPEN_REFUSE, /* returns SIM_TEST_REFUSAL */
    SIM_TEST_OPEN_PANIC,
};

/* Environment of the TA process. */
#define SIM_TEST_CREATE_FAILS "SIM_TEST_CREATE_FAILS" /* set: TA_CreateEntryPoint returns SIM_TEST_REFUSAL */
#define SIM_TEST_DIARY "SIM_TEST_DIARY"               /* a file: a line is added for each TA_Close..., TA_Destroy... */

enum sim_test_command {
    SIM_TEST_ADD = 1,   /* [0] VALUE_INOUT: a + 1, b + 2; [1] VALUE_OUTPUT: parameter types, 0 */
    SIM_TEST_COPY,      /* [0] MEMREF_INPUT to [1] MEMREF_OUTPUT; SHORT_BUFFER with the size needed */
    SIM_TEST_INCREMENT, /* [0] MEMREF_INOUT: every byte + 1 */
    SIM_TEST_NULLS,     /* [0] any memref; [1] VALUE_OUTPUT: 1 if its buffer is NULL, its size */
    SIM_TEST_WATCH,     /* [0] MEMREF_INPUT: returns when its first byte changes */
    SIM_TEST_SPOIL,     /* [0] memref: writes to its first byte, whatever its direction */
    SIM_TEST_WAIT,      /* [0] VALUE_INPUT: TEE_Wait(a), cancellation unmasked if b */
    SIM_TEST_SPIN,      /* never returns */
    SIM_TEST_RECURSE,   /* [0] VALUE_INPUT: a levels of some 1 KiB of stack each */
    SIM_TEST_MISUSE,    /* [0] VALUE_INPUT: a = enum sim_test_misuse */
    SIM_TEST_CHECK,     /* [0] VALUE_INOUT: a = enum sim_test_check; out: a = 0, or the line that failed */
    SIM_TEST_CLIENT,    /* [0] MEMREF_OUTPUT: gpd.client.identity as text */
    SIM_TEST_STORE,     /* [0] MEMREF_INPUT id, [1] MEMREF_INPUT data, [2] VALUE_INPUT: a = flags */
    SIM_TEST_LOAD,      /* [0] MEMREF_INPUT id, [1] MEMREF_OUTPUT data, [2] VALUE_INPUT: a = flags */
    SIM_TEST_HOLD,      /* [0] MEMREF_INPUT id, [2] VALUE_INPUT: a = flags: opens it until the session ends */
    SIM_TEST_REMOVE,    /* [0] MEMREF_INPUT id */
    SIM_TEST_RENAME,    /* [0] MEMREF_INPUT id, [1] MEMREF_INPUT new id */
    SIM_TEST_LIST,      /* [1] VALUE_OUTPUT: how many objects there are; how many could not be read */
    SIM_TEST_EXTEND,    /* [0] MEMREF_INPUT id, [1] MEMREF_INPUT data: appended with TEE_WriteObjectData */
    SIM_TEST_HEAP,      /* [0] VALUE_INPUT: a = size; SUCCESS if TEE_Malloc gives so much */

    /* ECDSA and ECDH with the test's process: [0] VALUE_INPUT: a = bits of the curve, [1] MEMREF_INPUT, [2] memref. A
     * point is x || y, a signature r || s; numbers have the curve's size. */
    SIM_TEST_SIGN,   /* [1] digest, [2] MEMREF_OUTPUT: point of a new key, signature */
    SIM_TEST_VERIFY, /* [1] digest, [2] MEMREF_INPUT: point, signature: what TEE_AsymmetricVerifyDigest says */
    SIM_TEST_AGREE,  /* [1] point of the other, [2] MEMREF_OUTPUT: point of a new key, shared secret */
};

/* Each must end in a panic. */
enum sim_test_misuse {
    SIM_TEST_PANIC,
    SIM_TEST_ABORT,
    SIM_TEST_DOUBLE_FREE,
    SIM_TEST_FREE_OF_STACK,
    SIM_TEST_FREE_INSIDE,
    SIM_TEST_CLOSED_OBJECT,
    SIM_TEST_BAD_OBJECT,
    SIM_TEST_READ_WITHOUT_ACCESS,
    SIM_TEST_DELETE_WITHOUT_ACCESS,
    SIM_TEST_LONG_ID,
    SIM_TEST_BAD_FLAGS,
    SIM_TEST_FREED_OPERATION,
    SIM_TEST_OPERATION_OF_OTHER_CLASS,
    SIM_TEST_CIPHER_WITHOUT_KEY,
    SIM_TEST_CIPHER_HALF_BLOCK,
    SIM_TEST_KEY_WITHOUT_USAGE,
    SIM_TEST_KEY_OF_OTHER_TYPE,
    SIM_TEST_POPULATE_TWICE,
    SIM_TEST_AAD_AFTER_PAYLOAD,
    SIM_TEST_RANDOM_TOO_MUCH,
    SIM_TEST_CCM_NONCE_SHORT,
    SIM_TEST_CCM_NONCE_LONG,
    SIM_TEST_CCM_TOO_LONG_FOR_NONCE,
    SIM_TEST_CCM_AAD_MORE,
    SIM_TEST_CCM_AAD_LESS,
    SIM_TEST_CCM_PAYLOAD_MORE,
    SIM_TEST_CCM_PAYLOAD_LESS,
    SIM_TEST_BAD_ENUMERATOR,
    SIM_TEST_PROPERTY_WITHOUT_NAME,
    SIM_TEST_MISUSES_ASYMMETRIC, /* from here on: misuse_asymmetric.c */
    SIM_TEST_PRIVATE_NOT_EXTRACTABLE = SIM_TEST_MISUSES_ASYMMETRIC,
    SIM_TEST_ATTRIBUTE_MISSING,
    SIM_TEST_ATTRIBUTE_TWICE,
    SIM_TEST_ATTRIBUTE_OF_OTHER_TYPE,
    SIM_TEST_CURVE_UNKNOWN,
    SIM_TEST_CURVE_TOO_LARGE,
    SIM_TEST_KEY_TOO_LARGE,
    SIM_TEST_STRING_TOO_SHORT,
    SIM_TEST_GENERATE_PUBLIC,
    SIM_TEST_GENERATE_WITHOUT_CURVE,
    SIM_TEST_GENERATE_TWICE,
    SIM_TEST_PAIR_OF_PUBLIC,
    SIM_TEST_SIGN_WITHOUT_KEY,
    SIM_TEST_SIGN_WITH_PUBLIC,
    SIM_TEST_SIGN_WITH_AGREEMENT_KEY,
    SIM_TEST_SIGN_WITHOUT_USAGE,
    SIM_TEST_SIGN_ON_OTHER_CURVE,
    SIM_TEST_SIGN_IN_VERIFY_MODE,
    SIM_TEST_SIGN_SHORT_DIGEST,
    SIM_TEST_VERIFY_SHORT_SIGNATURE,
    SIM_TEST_VERIFY_LONG_SIGNATURE,
    SIM_TEST_COPY_SIGNER,
    SIM_TEST_AGREE_WITHOUT_KEY,
    SIM_TEST_AGREE_WITH_NO_POINT,
    SIM_TEST_AGREE_WITH_NOUGHT,
    SIM_TEST_AGREE_Y_FIRST,
    SIM_TEST_AGREE_ON_AES_KEY,
    SIM_TEST_AGREE_ON_TOO_MUCH,
    SIM_TEST_AGREE_ON_ZEROS,
    SIM_TEST_RSA_HALF_OF_PRIMES,
    SIM_TEST_RSA_SHORT_SIGNATURE,
    SIM_TEST_RSA_SHORT_DIGEST,
    SIM_TEST_RSA_SALT_OF_PKCS1,
    SIM_TEST_RSA_LABEL,
    SIM_TEST_RSA_ENCRYPT_TO_SIGNER,
    SIM_TEST_MISUSES,
};

enum sim_test_check {
    SIM_TEST_CHECK_MEMORY,
    SIM_TEST_CHECK_ACCESS,
    SIM_TEST_CHECK_PROPERTIES,
    SIM_TEST_CHECK_TIME,
    SIM_TEST_CHECK_DIGEST,
    SIM_TEST_CHECK_CIPHER,
    SIM_TEST_CHECK_AE,
    SIM_TEST_CHECK_MAC,
    SIM_TEST_CHECK_KEYS,
    SIM_TEST_CHECK_OBJECTS,
    SIM_TEST_CHECK_STREAM,
    SIM_TEST_CHECK_SHARING,
    SIM_TEST_CHECK_ENUMERATOR,
    SIM_TEST_CHECK_PERSISTENT_KEY,
    SIM_TEST_CHECK_PUBLISHED_SIGNATURES,
    SIM_TEST_CHECK_SIGNATURE_BITS,
    SIM_TEST_CHECK_SIGNATURE_OPERATION,
    SIM_TEST_CHECK_ED25519,
    SIM_TEST_CHECK_AGREEMENT,
    SIM_TEST_CHECK_X25519,
    SIM_TEST_CHECK_PAIR_ATTRIBUTES,
    SIM_TEST_CHECK_PAIR_GENERATION,
    SIM_TEST_CHECK_PAIR_STORAGE,
    SIM_TEST_CHECK_PAIR_REFUSALS,
    SIM_TEST_CHECK_PAIR_ZEROS,
    SIM_TEST_CHECK_RSA,
    SIM_TEST_CHECK_RSA_REFUSALS,
    SIM_TEST_CHECK_X25519_PUBLIC,
    SIM_TEST_CHECK_CCM,
    SIM_TEST_CHECK_CCM_PIECES,
    SIM_TEST_CHECK_CCM_REFUSALS,
    SIM_TEST_CHECKS,
};

#endif
