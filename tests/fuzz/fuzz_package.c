/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes into the package parser. What it takes must encode to the same bytes again; nothing may read outside of the
 * input. The first byte chooses how deep the rest goes, so that mutations need not guess the lengths around it: 'H' a
 * header, 'B' a body, 'M' a manifest's plaintext, anything else begins a whole package.
 */
/* link: host */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "abi/name.h"
#include "client/package/encode.h"
#include "core/package/manifest_parse.h"
#include "core/package/structures.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same(const struct luatee_buffer *encoded, const uint8_t *data, size_t size)
{
    if (encoded->size != size || memcmp(encoded->data, data, size) != 0)
        abort();
}

static void check_identity(const struct package_identity *identity)
{
    if (!luatee_name_valid(identity->app, identity->app_size) ||
        !luatee_name_valid(identity->script, identity->script_size) || identity->kind > PACKAGE_MANIFEST ||
        identity->version_size == 0 || identity->version_size > PACKAGE_VERSION_MAX ||
        identity->sequence > PACKAGE_SEQUENCE_MAX)
        abort();
}

static void parse_body(const uint8_t *data, size_t size)
{
    struct package_body body;
    struct luatee_buffer encoded = { 0 };
    if (package_parse_body(data, size, &body) != PACKAGE_FINE)
        return;
    if (body.recipient_count == 0 || body.recipient_count > PACKAGE_RECIPIENTS_MAX ||
        body.ciphertext_size < PACKAGE_TAG_SIZE || !package_encode_body(&body, &encoded))
        abort();
    same(&encoded, data, size);
    luatee_buffer_free(&encoded);
}

static void parse_whole(const uint8_t *data, size_t size)
{
    struct package package;
    struct luatee_buffer encoded = { 0 };
    uint8_t structure[STRUCTURE_SIGN_MAX];
    if (package_parse(data, size, &package) != PACKAGE_FINE)
        return;
    check_identity(&package.identity);
    if (!package_encode_header(&package, &encoded))
        abort();
    same(&encoded, package.header, package.header_size);
    if (!package_encode_whole(&package, &encoded))
        abort();
    same(&encoded, data, size);
    luatee_buffer_free(&encoded);
    if (structure_sign(package.header, package.header_size, package.payload_size, structure) > STRUCTURE_SIGN_MAX ||
        structure_encrypt(package.header, package.header_size, structure) > STRUCTURE_ENCRYPT_MAX)
        abort();
    parse_body(package.payload, package.payload_size);
}

/* A header in the package that it would make. */
static void parse_header(const uint8_t *data, size_t size)
{
    static const uint8_t payload[1], signature[PACKAGE_SIGNATURE_SIZE];
    struct package package = {
        .header = data, .header_size = size, .payload = payload, .payload_size = sizeof(payload), .signature = signature
    };
    struct luatee_buffer whole = { 0 };
    if (!package_encode_whole(&package, &whole))
        abort();
    parse_whole(whole.data, whole.size);
    luatee_buffer_free(&whole);
}

static void parse_manifest(const uint8_t *data, size_t size)
{
    static struct manifest manifest;
    struct manifest_identity identity;
    if (manifest_parse(data, size, &manifest, &identity))
        return;
    if (!luatee_name_valid(identity.name, strlen(identity.name)) || identity.sequence > PACKAGE_SEQUENCE_MAX ||
        identity.revoked_count > PACKAGE_REVOKE_MAX || manifest.memory < LUATEE_MEMORY_MIN ||
        manifest.memory > LUATEE_TA_MEMORY_MAX || manifest.fuel == 0 || manifest.host_count > PACKAGE_HOST_MAX ||
        (manifest.permissions & MANIFEST_HOST_ANY))
        abort();
    for (size_t i = 0; i < manifest.host_count; i++)
        if (!luatee_name_valid(manifest.host[i], strlen(manifest.host[i])))
            abort();
    for (size_t i = 0; i < identity.revoked_count; i++)
        if (identity.revoked[i] < data || identity.revoked[i] + PACKAGE_PUBLISHER_ID_SIZE > data + size)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0 && data[0] == 'H')
        parse_header(data + 1, size - 1);
    else if (size > 0 && data[0] == 'B')
        parse_body(data + 1, size - 1);
    else if (size > 0 && data[0] == 'M')
        parse_manifest(data + 1, size - 1);
    else
        parse_whole(data, size);
    return 0;
}
