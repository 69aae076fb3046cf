/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TA_CIPHER_H
#define SIM_TA_CIPHER_H

#include "sim/ta/operation.h"

/* Fetches OpenSSL's cipher for an operation and its key. The caller frees it. Returns NULL when there is no memory. */
EVP_CIPHER *sim_cipher_fetch(const struct sim_operation *operation);

/* Processes `size` bytes of input. out is NULL for associated data; otherwise it has room for the whole blocks of the
 * input and of the bytes held back. Panics in the name of `function` when OpenSSL fails. */
void sim_cipher_run(struct sim_operation *operation, const uint8_t *in, size_t size, uint8_t *out,
                    const char *function);

#endif
