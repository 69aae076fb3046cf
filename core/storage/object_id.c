/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/storage/object_id.h"

#include <string.h>

#include "core/base/sha256.h"

TEE_Result object_id_of_app(enum object_kind kind, const char *app, uint8_t id[OBJECT_ID_APP_SIZE])
{
    id[0] = (uint8_t)kind;
    return sha256_digest(app, strlen(app), id + 1);
}

TEE_Result object_id_of_named(enum object_kind kind, const char *app, const char *name,
                              uint8_t id[OBJECT_ID_NAMED_SIZE])
{
    uint8_t digest[LUATEE_DIGEST_SIZE];
    id[0] = (uint8_t)kind;
    TEE_Result result = sha256_digest(app, strlen(app), digest);
    if (result != TEE_SUCCESS)
        return result;
    memcpy(id + 1, digest, OBJECT_ID_HALF);
    result = sha256_digest(name, strlen(name), digest);
    memcpy(id + 1 + OBJECT_ID_HALF, digest, OBJECT_ID_HALF);
    return result;
}
