/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TA_ALGORITHM_H
#define SIM_TA_ALGORITHM_H

#include <stdbool.h>
#include <tee_internal_api.h>

/* What the simulator knows of an algorithm. */
struct sim_algorithm {
    uint32_t id;
    uint32_t operation_class; /* TEE_OPERATION_* */
    uint32_t key_type;        /* of an asymmetric one: the key pair's; 0: none */
    uint32_t digest_size;     /* of a digest or MAC, or of the digest to be signed (0: a message), in bytes */
    uint32_t block_size;      /* of a cipher; 1: a stream */
    const char *name;         /* OpenSSL's: of the digest, or of the mode of AES */
    uint32_t key_bits;        /* the only size of a key; 0: whatever the type allows */
};

/* NULL: not an algorithm of the simulator. */
const struct sim_algorithm *sim_algorithm_find(uint32_t id);

/* Does it work with key pairs? */
bool sim_algorithm_is_asymmetric(const struct sim_algorithm *algorithm);

/* May a key of this type be used in this mode? */
bool sim_algorithm_takes(const struct sim_algorithm *algorithm, uint32_t mode, uint32_t key_type);

/* Is there an operation with this mode and this largest key size? */
bool sim_algorithm_allows(const struct sim_algorithm *algorithm, uint32_t mode, uint32_t max_bits);

#endif
