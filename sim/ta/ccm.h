/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AES-CCM (SP 800-38C) in pieces, as GP's API has it. OpenSSL accepts the payload in one piece only, so CCM is built
 * here from single AES blocks. Data that does not add up to the announced sizes is a panic, as on OP-TEE.
 */
#ifndef SIM_TA_CCM_H
#define SIM_TA_CCM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_CCM_BLOCK 16u

struct sim_operation;

/* State of one CCM operation. It has no pointers, so that assignment copies it. */
struct sim_ccm {
    uint8_t mac[SIM_CCM_BLOCK]; /* CBC-MAC so far */
    unsigned mac_used;          /* bytes of the current block that are in `mac` */
    uint8_t counter[SIM_CCM_BLOCK];
    uint8_t stream[SIM_CCM_BLOCK]; /* key stream of the current block */
    unsigned stream_used;
    uint8_t mask[SIM_CCM_BLOCK]; /* key stream of the tag */
    size_t aad_left, payload_left;
    uint8_t held[SIM_CCM_BLOCK]; /* input that is not a whole block yet: operation->pending bytes */
};

/*
 * Begins CCM. The operation's cipher must be AES-ECB with its key set, and its tag size even, 4 to 16 bytes. The nonce
 * has 7 to 13 bytes; aad_size and payload_size are the exact totals, in bytes. Panics if the payload is too long for
 * the nonce: OP-TEE would cut the nonce.
 */
void sim_ccm_begin(struct sim_operation *operation, const uint8_t *nonce, size_t nonce_size, size_t aad_size,
                   size_t payload_size);

/* Adds associated data. Panics if it exceeds aad_size. */
void sim_ccm_aad(struct sim_operation *operation, const uint8_t *aad, size_t size);

/* Encrypts or decrypts the next part of the payload into out, `size` bytes. Panics if associated data is missing, or if
 * the payload exceeds payload_size. */
void sim_ccm_payload(struct sim_operation *operation, const uint8_t *in, size_t size, uint8_t *out);

/* Computes the tag: its first tag_size bytes count. Panics if the payload is incomplete. */
void sim_ccm_tag(struct sim_operation *operation, uint8_t tag[SIM_CCM_BLOCK]);

#endif
