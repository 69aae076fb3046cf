/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TA_CIPHER_H
#define SIM_TA_CIPHER_H

#include "sim/ta/operation.h"

/* OpenSSL's cipher for an operation and its key; the caller frees it. NULL: no memory. */
EVP_CIPHER *sim_cipher_fetch(const struct sim_operation *operation);

/* Feeds the cipher. out: NULL for associated data, else room for what comes out. Panics when OpenSSL fails. */
void sim_cipher_run(struct sim_operation *operation, const uint8_t *in, size_t size, uint8_t *out,
                    const char *function);

#endif
