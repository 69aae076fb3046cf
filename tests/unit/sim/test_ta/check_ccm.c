/* SPDX-License-Identifier: BSD-2-Clause */
/* AES-CCM: the examples of SP 800-38C, appendix C, at once and in pieces of every size; what is refused; what
 * panics. */
#include <string.h>

#include "tests/unit/sim/test_ta/checks.h"
#include "tests/unit/sim/test_ta/commands.h"

struct example {
    size_t nonce_size, aad_size, size, tag_size;
    const char *expected; /* ciphertext, tag */
};

/* The key is 40 41 ..., the nonce 10 11 ..., the associated data 00 01 ... ff 00 ..., the payload 20 21 ... */
static const struct example examples[] = {
    {7, 8, 4, 4, "\x71\x62\x01\x5b\x4d\xac\x25\x5d"},
    {8, 16, 16, 6, "\xd2\xa1\xf0\xe0\x51\xea\x5f\x62\x08\x1a\x77\x92\x07\x3d\x59\x3d\x1f\xc6\x4f\xbf\xac\xcd"},
    {12, 20, 24, 8,
     "\xe3\xb2\x01\xa9\xf5\xb7\x1a\x7a\x9b\x1c\xea\xec\xcd\x97\xe7\x0b\x61\x76\xaa\xd9\xa4\x42\x8a\xa5"
     "\x48\x43\x92\xfb\xc1\xb0\x99\x51"},
    {13, 65536, 32, 14,
     "\x69\x91\x5d\xad\x1e\x84\xc6\x37\x6a\x68\xc2\x96\x7e\x4d\xab\x61\x5a\xe0\xfd\x1f\xae\xc4\x4c\xc4\x84\x82\x85\x29"
     "\x46\x3c\xcf\x72\xb4\xac\x6b\xec\x93\xe8\x59\x8e\x7f\x0d\xad\xbc\xea\x5b"},
};

static uint8_t key_bytes[16], nonce[13], payload[32], aad[256];

static TEE_OperationHandle operation(uint32_t mode)
{
    TEE_ObjectHandle key;
    TEE_Attribute attribute;
    TEE_OperationHandle handle = TEE_HANDLE_NULL;

    for (size_t i = 0; i < sizeof(aad); i++) {
        aad[i] = (uint8_t)i;
        key_bytes[i % 16] = (uint8_t)(0x40 + i % 16);
        nonce[i % 13] = (uint8_t)(0x10 + i % 13);
        payload[i % 32] = (uint8_t)(0x20 + i % 32);
    }
    TEE_InitRefAttribute(&attribute, TEE_ATTR_SECRET_VALUE, key_bytes, sizeof(key_bytes));
    if (TEE_AllocateTransientObject(TEE_TYPE_AES, 128, &key) || TEE_PopulateTransientObject(key, &attribute, 1) ||
        TEE_AllocateOperation(&handle, TEE_ALG_AES_CCM, mode, 128) || TEE_SetOperationKey(handle, key))
        TEE_Panic(0);
    TEE_FreeTransientObject(key);
    return handle;
}

static TEE_Result begin(TEE_OperationHandle handle, const struct example *e)
{
    TEE_Result result = TEE_AEInit(handle, nonce, e->nonce_size, (uint32_t)e->tag_size * 8, e->aad_size, e->size);

    for (size_t done = 0; !result && done < e->aad_size; done += sizeof(aad))
        TEE_AEUpdateAAD(handle, aad, e->aad_size - done < sizeof(aad) ? e->aad_size - done : sizeof(aad));
    return result;
}

uint32_t check_ccm(void)
{
    TEE_OperationHandle seal = operation(TEE_MODE_ENCRYPT), open = operation(TEE_MODE_DECRYPT);
    uint8_t out[32], tag[16];

    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        const struct example *e = &examples[i];
        size_t size = sizeof(out), tag_size = sizeof(tag);
        CHECK(begin(seal, e) == TEE_SUCCESS);
        CHECK(TEE_AEEncryptFinal(seal, payload, e->size, out, &size, tag, &tag_size) == TEE_SUCCESS);
        CHECK(size == e->size && tag_size == e->tag_size);
        CHECK(!memcmp(out, e->expected, size) && !memcmp(tag, e->expected + size, tag_size));
        size = sizeof(out);
        CHECK(begin(open, e) == TEE_SUCCESS);
        CHECK(TEE_AEDecryptFinal(open, e->expected, e->size, out, &size, tag, tag_size) == TEE_SUCCESS);
        CHECK(size == e->size && !memcmp(out, payload, size));
    }
    TEE_FreeOperation(seal);
    TEE_FreeOperation(open);
    return 0;
}

/* Whole blocks come out as soon as they are there, the rest in the end. */
static uint32_t check_pieces(TEE_OperationHandle seal, size_t piece)
{
    const struct example *e = &examples[2];
    uint8_t out[32], tag[16];
    size_t done = 0, tag_size = sizeof(tag), room;

    CHECK(begin(seal, e) == TEE_SUCCESS);
    for (size_t in = 0; in < e->size; in += piece) {
        size_t now = e->size - in < piece ? e->size - in : piece;
        room = sizeof(out) - done;
        CHECK(TEE_AEUpdate(seal, payload + in, now, out + done, &room) == TEE_SUCCESS);
        done += room;
        CHECK(done == (in + now) / 16 * 16);
    }
    room = 7;
    CHECK(TEE_AEEncryptFinal(seal, NULL, 0, out + done, &room, tag, &tag_size) == TEE_ERROR_SHORT_BUFFER && room == 8);
    CHECK(TEE_AEEncryptFinal(seal, NULL, 0, out + done, &room, tag, &tag_size) == TEE_SUCCESS && done + room == 24);
    CHECK(!memcmp(out, e->expected, 24) && !memcmp(tag, e->expected + 24, 8));
    return 0;
}

uint32_t check_ccm_pieces(void)
{
    TEE_OperationHandle seal = operation(TEE_MODE_ENCRYPT), copy = operation(TEE_MODE_ENCRYPT);
    uint8_t out[32], tag[16];
    size_t size = sizeof(out), tag_size = sizeof(tag);
    uint32_t line;

    for (size_t piece = 1; piece <= 24; piece++)
        if ((line = check_pieces(seal, piece)))
            return line;
    CHECK(begin(seal, &examples[2]) == TEE_SUCCESS);
    CHECK(TEE_AEUpdate(seal, payload, 10, out, &size) == TEE_SUCCESS && size == 0);
    TEE_CopyOperation(copy, seal);
    TEE_ResetOperation(seal);
    size = sizeof(out);
    CHECK(TEE_AEEncryptFinal(copy, payload + 10, 14, out, &size, tag, &tag_size) == TEE_SUCCESS && size == 24);
    CHECK(!memcmp(out, examples[2].expected, 24) && !memcmp(tag, examples[2].expected + 24, 8));
    TEE_FreeOperation(seal);
    TEE_FreeOperation(copy);
    return 0;
}

uint32_t check_ccm_refusals(void)
{
    static const uint32_t bad_tags[] = {0, 16, 24, 40, 136};
    static const uint8_t zeros[32];
    const struct example *e = &examples[2];
    TEE_OperationHandle open = operation(TEE_MODE_DECRYPT);
    uint8_t in[24], out[32], tag[16] = {0};
    size_t size;

    for (size_t i = 0; i < sizeof(bad_tags) / sizeof(bad_tags[0]); i++)
        CHECK(TEE_AEInit(open, nonce, 12, bad_tags[i], 0, 0) == TEE_ERROR_NOT_SUPPORTED);
    for (size_t bad = 0; bad < 32; bad++) {
        memcpy(in, e->expected, 24);
        memcpy(tag, e->expected + 24, 8);
        *(bad < 24 ? &in[bad] : &tag[bad - 24]) ^= 0x80;
        size = sizeof(out);
        CHECK(begin(open, e) == TEE_SUCCESS);
        CHECK(TEE_AEDecryptFinal(open, in, 24, out, &size, tag, 8) == TEE_ERROR_MAC_INVALID);
        CHECK(!memcmp(out, zeros, 24));
    }
    size = sizeof(out);
    CHECK(begin(open, e) == TEE_SUCCESS);
    CHECK(TEE_AEDecryptFinal(open, e->expected, 24, out, &size, (void *)(uintptr_t)(e->expected + 24), 6) ==
          TEE_ERROR_MAC_INVALID);
    TEE_FreeOperation(open);
    return 0;
}

void misuse_ccm(uint32_t which)
{
    TEE_OperationHandle seal = operation(TEE_MODE_ENCRYPT);
    static const uint8_t long_nonce[14];
    uint8_t out[32], tag[16];
    size_t size = sizeof(out), tag_size = sizeof(tag);

    switch (which) {
    case SIM_TEST_CCM_NONCE_SHORT:
        TEE_AEInit(seal, nonce, 6, 128, 0, 0);
        break;
    case SIM_TEST_CCM_NONCE_LONG:
        TEE_AEInit(seal, long_nonce, 14, 128, 0, 0);
        break;
    case SIM_TEST_CCM_TOO_LONG_FOR_NONCE:
        TEE_AEInit(seal, nonce, 13, 128, 0, 65536);
        break;
    case SIM_TEST_CCM_AAD_MORE:
        TEE_AEInit(seal, nonce, 13, 128, 7, 16);
        TEE_AEUpdateAAD(seal, aad, 8);
        break;
    case SIM_TEST_CCM_AAD_LESS:
        TEE_AEInit(seal, nonce, 13, 128, 9, 16);
        TEE_AEUpdateAAD(seal, aad, 8);
        TEE_AEUpdate(seal, payload, 16, out, &size);
        break;
    case SIM_TEST_CCM_PAYLOAD_MORE:
        TEE_AEInit(seal, nonce, 13, 128, 0, 15);
        TEE_AEEncryptFinal(seal, payload, 16, out, &size, tag, &tag_size);
        break;
    default:
        TEE_AEInit(seal, nonce, 13, 128, 0, 17);
        TEE_AEEncryptFinal(seal, payload, 16, out, &size, tag, &tag_size);
        break;
    }
}
