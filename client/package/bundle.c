/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/package/bundle.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "client/base/error.h"
#include "client/package/encode.h"
#include "client/package/keys.h"
#include "client/package/sign.h"

#define SALT_SIZE 32

/* The contents of a bundle: the bundle is the SHA-256 digest of their encoding. */
struct contents {
    const struct package_manifest *manifest;
    const struct package_part *parts;
    const uint8_t (*digests)[LUATEE_DIGEST_SIZE];
    size_t count;
    uint8_t salt[SALT_SIZE];
};

static int compare_parts(const void *a, const void *b)
{
    const struct package_part *one = a, *other = b;
    if (one->kind != other->kind)
        return one->kind < other->kind ? -1 : 1;
    return strcmp(one->name, other->name);
}

static void write_contents(struct writer *w, const void *context)
{
    const struct contents *contents = context;
    const struct package_manifest *manifest = contents->manifest;
    writer_array(w, 5);
    writer_bytes(w, contents->salt, SALT_SIZE);
    writer_textz(w, manifest->name);
    writer_textz(w, manifest->version);
    writer_uint(w, manifest->sequence);
    writer_array(w, contents->count);
    for (size_t i = 0; i < contents->count; i++) {
        writer_array(w, 3);
        writer_textz(w, contents->parts[i].name);
        writer_uint(w, contents->parts[i].kind);
        writer_bytes(w, contents->digests[i], LUATEE_DIGEST_SIZE);
    }
}

static bool digest(const struct luatee_buffer *data, uint8_t out[LUATEE_DIGEST_SIZE])
{
    return EVP_Digest(data->data, data->size, out, NULL, EVP_sha256(), NULL) == 1;
}

luatee_status package_bundle(struct package_maker *maker, struct package_part *parts, size_t count, luatee_error *error)
{
    uint8_t(*digests)[LUATEE_DIGEST_SIZE] = calloc(count, sizeof(*digests));
    struct contents contents = { .manifest = maker->manifest,
                                 .parts = parts,
                                 .digests = (const uint8_t(*)[LUATEE_DIGEST_SIZE])digests,
                                 .count = count };
    struct luatee_buffer encoded = { 0 };
    luatee_status status = LUATEE_OK;
    qsort(parts, count, sizeof(*parts), compare_parts);
    bool fine = digests != NULL && RAND_priv_bytes(contents.salt, SALT_SIZE) == 1;
    for (size_t i = 0; i < count && fine; i++)
        fine = digest(&parts[i].plaintext, digests[i]);
    if (digests == NULL || (fine && !package_encode(&encoded, write_contents, &contents)))
        status = luatee_error_memory(error);
    else if (!fine || !digest(&encoded, maker->bundle))
        status = luatee_error_set(error, LUATEE_FAILED, "OpenSSL cannot compute a digest");
    /* The salt stays secret: with it, an attacker could test guesses of a script against the bundle. */
    OPENSSL_cleanse(contents.salt, SALT_SIZE);
    luatee_buffer_free(&encoded);
    free(digests);
    return status;
}

static luatee_status sign_and_encode(const struct package_maker *maker, struct package *package,
                                     struct luatee_buffer *out, luatee_error *error)
{
    uint8_t signature[PACKAGE_SIGNATURE_SIZE] = { 0 };
    luatee_status status = maker->sign ? package_sign(maker->publisher, package, signature, error) : LUATEE_OK;
    if (status != LUATEE_OK)
        return status;
    package->signature = signature;
    status = package_encode_whole(package, out) ? LUATEE_OK : luatee_error_memory(error);
    package->signature = NULL;
    return status;
}

luatee_status package_make(const struct package_maker *maker, const struct package_part *part,
                           struct luatee_buffer *out, luatee_error *error)
{
    const struct package_manifest *manifest = maker->manifest;
    uint8_t publisher_id[PACKAGE_PUBLISHER_ID_SIZE];
    if (!package_publisher_id(maker->publisher, publisher_id))
        return luatee_error_set(error, LUATEE_FAILED, "OpenSSL cannot compute a key's id");
    struct package package = {
        .publisher_id = publisher_id,
        .identity = { .app = manifest->name,
                      .app_size = strlen(manifest->name),
                      .kind = part->kind,
                      .script = part->name,
                      .script_size = strlen(part->name),
                      .version = manifest->version,
                      .version_size = strlen(manifest->version),
                      .sequence = manifest->sequence,
                      .bundle = maker->bundle },
    };
    struct luatee_buffer header = { 0 }, body = { 0 };
    luatee_status status = package_encode_header(&package, &header) ? LUATEE_OK : luatee_error_memory(error);
    if (status == LUATEE_OK)
        status = package_seal(&header, part->plaintext.data, part->plaintext.size, &maker->readers, &body, error);
    if (status == LUATEE_OK) {
        package.header = header.data;
        package.header_size = header.size;
        package.payload = body.data;
        package.payload_size = body.size;
        status = sign_and_encode(maker, &package, out, error);
    }
    luatee_buffer_free(&header);
    luatee_buffer_free(&body);
    return status;
}
