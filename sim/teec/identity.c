/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "sim/teec/identity.h"

#include <grp.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UUID_BYTES 16u
#define NAME_SIZE 32u

/* The name space of Linux's TEE client UUIDs (drivers/tee/tee_core.c). */
static const uint8_t name_space[UUID_BYTES] = {0x58, 0xac, 0x9c, 0xa0, 0x20, 0x86, 0x46, 0x83,
                                               0xa1, 0xb8, 0xec, 0x4b, 0xc0, 0x8e, 0x01, 0xb6};

static bool in_group(gid_t group)
{
    gid_t *groups;
    bool found = group == getegid();
    int count = getgroups(0, NULL);

    if (found || count <= 0)
        return found;
    groups = calloc((size_t)count, sizeof(*groups));
    count = groups ? getgroups(count, groups) : 0;
    for (int i = 0; i < count && !found; i++)
        found = groups[i] == group;
    free(groups);
    return found;
}

/* Makes a UUID of version 5 (RFC 4122, section 4.3): SHA-1 of name space and name, cut to 16 bytes, with version and
 * variant set. */
static TEEC_Result uuid_version_5(const char *name, struct wire_uuid *uuid)
{
    uint8_t text[UUID_BYTES + NAME_SIZE];
    uint8_t hash[EVP_MAX_MD_SIZE];
    size_t length = strlen(name);

    memcpy(text, name_space, UUID_BYTES);
    memcpy(text + UUID_BYTES, name, length);
    if (!EVP_Digest(text, UUID_BYTES + length, hash, NULL, EVP_sha1(), NULL))
        return TEEC_ERROR_GENERIC;
    hash[6] = (uint8_t)((hash[6] & 0x0f) | 0x50);
    hash[8] = (uint8_t)((hash[8] & 0x3f) | 0x80);
    uuid->time_low = (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 | hash[3];
    uuid->time_mid = (uint16_t)(hash[4] << 8 | hash[5]);
    uuid->time_high_and_version = (uint16_t)(hash[6] << 8 | hash[7]);
    memcpy(uuid->clock_sequence_and_node, hash + 8, sizeof(uuid->clock_sequence_and_node));
    return TEEC_SUCCESS;
}

TEEC_Result identity_from_login(uint32_t login, const void *data, struct wire_uuid *uuid)
{
    char name[NAME_SIZE];
    uint32_t group;

    memset(uuid, 0, sizeof(*uuid));
    switch (login) {
    case TEEC_LOGIN_PUBLIC:
        return data ? TEEC_ERROR_BAD_PARAMETERS : TEEC_SUCCESS;
    case TEEC_LOGIN_USER:
        if (data)
            return TEEC_ERROR_BAD_PARAMETERS;
        snprintf(name, sizeof(name), "uid=%x", (unsigned)geteuid());
        return uuid_version_5(name, uuid);
    case TEEC_LOGIN_GROUP:
        if (!data)
            return TEEC_ERROR_BAD_PARAMETERS;
        memcpy(&group, data, sizeof(group));
        if (!in_group((gid_t)group))
            return TEEC_ERROR_ACCESS_DENIED;
        snprintf(name, sizeof(name), "gid=%x", group);
        return uuid_version_5(name, uuid);
    default:
        return TEEC_ERROR_BAD_PARAMETERS;
    }
}
