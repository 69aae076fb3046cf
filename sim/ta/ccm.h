/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AES-CCM (SP 800-38C) in pieces, as GP has it: OpenSSL takes the payload in one piece only. Made from single blocks of
 * AES; what does not add up to the sizes told in advance is a panic, as on OP-TEE.
 */
#ifndef SIM_TA_CCM_H
#define SIM_TA_CCM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_CCM_BLOCK 16u

struct sim_operation;

/* Plain bytes: a copy of it is a copy of the operation. */
struct sim_ccm {
    uint8_t mac[SIM_CCM_BLOCK]; /* CBC-MAC so far */
    unsigned mac_used;          /* bytes of the current block that are in it */
    uint8_t counter[SIM_CCM_BLOCK];
    uint8_t stream[SIM_CCM_BLOCK]; /* key stream of the current block */
    unsigned stream_used;
    uint8_t mask[SIM_CCM_BLOCK]; /* key stream of the tag */
    size_t aad_left, payload_left;
    uint8_t held[SIM_CCM_BLOCK]; /* input that is not a whole block yet: operation->pending bytes */
};

/* Sizes in bytes: nonce 7 to 13, tag 4 to 16 and even. The operation's cipher is AES-ECB with its key. */
void sim_ccm_begin(struct sim_operation *operation, const uint8_t *nonce, size_t nonce_size, size_t aad_size,
                   size_t payload_size);
void sim_ccm_aad(struct sim_operation *operation, const uint8_t *aad, size_t size);
void sim_ccm_payload(struct sim_operation *operation, const uint8_t *in, size_t size, uint8_t *out);
/* All 16 bytes of it; the first ones are the tag. */
void sim_ccm_tag(struct sim_operation *operation, uint8_t tag[SIM_CCM_BLOCK]);

#endif
