/* SPDX-License-Identifier: BSD-2-Clause */
#include "sim/ta/ccm.h"

#include <string.h>

#include "sim/ta/operation.h"
#include "sim/ta/panic.h"

static void encrypt_block(struct sim_operation *operation, const uint8_t *in, uint8_t *out)
{
    int written;

    if (!EVP_EncryptUpdate(operation->cipher, out, &written, in, SIM_CCM_BLOCK))
        sim_operation_failed(__func__);
}

static void authenticate(struct sim_operation *operation, const uint8_t *bytes, size_t size)
{
    struct sim_ccm *ccm = &operation->ccm;

    for (size_t i = 0; i < size; i++) {
        ccm->mac[ccm->mac_used++] ^= bytes[i];
        if (ccm->mac_used == SIM_CCM_BLOCK) {
            encrypt_block(operation, ccm->mac, ccm->mac);
            ccm->mac_used = 0;
        }
    }
}

/* Ends the current block of the MAC, filled up with zeros. */
static void end_block(struct sim_operation *operation)
{
    struct sim_ccm *ccm = &operation->ccm;

    if (ccm->mac_used)
        encrypt_block(operation, ccm->mac, ccm->mac);
    ccm->mac_used = 0;
}

/* Authenticates the encoded size that precedes the associated data (SP 800-38C, A.2.2). */
static void authenticate_aad_size(struct sim_operation *operation, uint64_t size)
{
    uint8_t head[10] = {0xff, size > UINT32_MAX ? 0xff : 0xfe};
    size_t used = size < 0xff00 ? 0 : 2;
    size_t bytes = size < 0xff00 ? 2 : size > UINT32_MAX ? 8 : 4;

    if (!size)
        return;
    for (size_t i = bytes; i > 0; i--)
        head[used++] = (uint8_t)(size >> (8 * (i - 1)));
    authenticate(operation, head, used);
}

/* Makes the first block of the MAC (SP 800-38C, A.2.1) and the first counter (A.3). */
void sim_ccm_begin(struct sim_operation *operation, const uint8_t *nonce, size_t nonce_size, size_t aad_size,
                   size_t payload_size)
{
    struct sim_ccm *ccm = &operation->ccm;
    size_t length_size = SIM_CCM_BLOCK - 1 - nonce_size;
    uint8_t first[SIM_CCM_BLOCK];

    if (length_size < sizeof(size_t) && payload_size >> (8 * length_size))
        sim_panic(TEE_ERROR_BAD_PARAMETERS, __func__, "the payload is too long for a nonce of this size");
    memset(ccm, 0, sizeof(*ccm));
    ccm->aad_left = aad_size;
    ccm->payload_left = payload_size;
    ccm->counter[0] = (uint8_t)(length_size - 1);
    memcpy(ccm->counter + 1, nonce, nonce_size);
    memcpy(first, ccm->counter, sizeof(first));
    first[0] |= (uint8_t)((aad_size ? 0x40u : 0u) | ((operation->tag_size - 2) / 2) << 3);
    for (size_t i = 0; i < length_size && i < sizeof(size_t); i++)
        first[SIM_CCM_BLOCK - 1 - i] = (uint8_t)(payload_size >> (8 * i));
    encrypt_block(operation, ccm->counter, ccm->mask);
    ccm->stream_used = SIM_CCM_BLOCK;
    authenticate(operation, first, sizeof(first));
    authenticate_aad_size(operation, aad_size);
}

void sim_ccm_aad(struct sim_operation *operation, const uint8_t *aad, size_t size)
{
    struct sim_ccm *ccm = &operation->ccm;

    if (size > ccm->aad_left)
        sim_panic(TEE_ERROR_BAD_STATE, __func__, "more associated data than TEE_AEInit announced");
    ccm->aad_left -= size;
    authenticate(operation, aad, size);
    if (!ccm->aad_left)
        end_block(operation);
}

static uint8_t next_of_stream(struct sim_operation *operation)
{
    struct sim_ccm *ccm = &operation->ccm;
    int at = SIM_CCM_BLOCK - 1;

    if (ccm->stream_used == SIM_CCM_BLOCK) {
        while (!++ccm->counter[at])
            at--;
        encrypt_block(operation, ccm->counter, ccm->stream);
        ccm->stream_used = 0;
    }
    return ccm->stream[ccm->stream_used++];
}

void sim_ccm_payload(struct sim_operation *operation, const uint8_t *in, size_t size, uint8_t *out)
{
    struct sim_ccm *ccm = &operation->ccm;
    uint8_t text;

    if (ccm->aad_left)
        sim_panic(TEE_ERROR_BAD_STATE, __func__, "less associated data than TEE_AEInit announced");
    if (size > ccm->payload_left)
        sim_panic(TEE_ERROR_BAD_STATE, __func__, "a longer payload than TEE_AEInit announced");
    ccm->payload_left -= size;
    for (size_t i = 0; i < size; i++) {
        text = in[i] ^ next_of_stream(operation);
        authenticate(operation, operation->mode == TEE_MODE_ENCRYPT ? &in[i] : &text, 1);
        out[i] = text;
    }
}

void sim_ccm_tag(struct sim_operation *operation, uint8_t tag[SIM_CCM_BLOCK])
{
    struct sim_ccm *ccm = &operation->ccm;

    if (ccm->payload_left)
        sim_panic(TEE_ERROR_BAD_STATE, __func__, "a shorter payload than TEE_AEInit announced");
    end_block(operation);
    for (size_t i = 0; i < SIM_CCM_BLOCK; i++)
        tag[i] = ccm->mac[i] ^ ccm->mask[i];
}
