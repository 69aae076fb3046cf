/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/package/encode.h"

#include <stdlib.h>

/* The write_* functions below need no checks: the first run only measures, and in the second run everything fits. */

bool package_encode(struct luatee_buffer *out, void (*write)(struct writer *w, const void *context),
                    const void *context)
{
    struct writer w;
    writer_begin(&w, NULL, 0);
    write(&w, context);
    size_t size = writer_size(&w);
    out->size = 0;
    if (!luatee_buffer_reserve(out, size))
        return false;
    writer_begin(&w, out->data, size);
    write(&w, context);
    out->size = size;
    return true;
}

static void put_pair_int(struct writer *w, int64_t label, int64_t value)
{
    writer_int(w, label);
    writer_int(w, value);
}

static void put_pair_bytes(struct writer *w, int64_t label, const uint8_t *bytes, size_t size)
{
    writer_int(w, label);
    writer_bytes(w, bytes, size);
}

static void put_identity(struct writer *w, const struct package_identity *identity)
{
    writer_array(w, 7);
    writer_uint(w, PACKAGE_FORMAT);
    writer_text(w, identity->app, identity->app_size);
    writer_uint(w, identity->kind);
    writer_text(w, identity->script, identity->script_size);
    writer_text(w, identity->version, identity->version_size);
    writer_uint(w, identity->sequence);
    writer_bytes(w, identity->bundle, PACKAGE_BUNDLE_SIZE);
}

static void write_header(struct writer *w, const void *context)
{
    const struct package *package = context;
    writer_map(w, 5);
    put_pair_int(w, PACKAGE_LABEL_ALG, PACKAGE_ALG_ES256);
    writer_int(w, PACKAGE_LABEL_CRIT);
    writer_array(w, 1);
    writer_int(w, PACKAGE_LABEL_IDENTITY);
    put_pair_int(w, PACKAGE_LABEL_CONTENT_TYPE, PACKAGE_CONTENT_TYPE);
    put_pair_bytes(w, PACKAGE_LABEL_KID, package->publisher_id, PACKAGE_PUBLISHER_ID_SIZE);
    writer_int(w, PACKAGE_LABEL_IDENTITY);
    put_identity(w, &package->identity);
}

bool package_encode_header(const struct package *package, struct luatee_buffer *out)
{
    return package_encode(out, write_header, package);
}

/* Writes a byte string that contains {1 => alg}. */
static void put_protected_algorithm(struct writer *w, int64_t algorithm)
{
    uint8_t bytes[16];
    struct writer inner;
    writer_begin(&inner, bytes, sizeof(bytes));
    writer_map(&inner, 1);
    put_pair_int(&inner, PACKAGE_LABEL_ALG, algorithm);
    writer_bytes(w, bytes, writer_size(&inner));
}

static void put_class_headers(struct writer *w, const struct package_recipient *recipient)
{
    writer_bytes(w, recipient->id, 0);
    writer_map(w, 2);
    put_pair_int(w, PACKAGE_LABEL_ALG, PACKAGE_ALG_A256KW);
    put_pair_bytes(w, PACKAGE_LABEL_KID, recipient->id, PACKAGE_RECIPIENT_ID_SIZE);
}

static void put_device_headers(struct writer *w, const struct package_recipient *recipient)
{
    put_protected_algorithm(w, PACKAGE_ALG_ECDH_ES_A256KW);
    writer_map(w, 2);
    put_pair_bytes(w, PACKAGE_LABEL_KID, recipient->id, PACKAGE_RECIPIENT_ID_SIZE);
    writer_int(w, PACKAGE_LABEL_EPHEMERAL);
    writer_map(w, 4);
    put_pair_int(w, PACKAGE_KEY_LABEL_TYPE, PACKAGE_KEY_TYPE_EC2);
    put_pair_int(w, PACKAGE_KEY_LABEL_CURVE, PACKAGE_KEY_CURVE_P256);
    put_pair_bytes(w, PACKAGE_KEY_LABEL_X, recipient->x, PACKAGE_POINT_SIZE);
    put_pair_bytes(w, PACKAGE_KEY_LABEL_Y, recipient->y, PACKAGE_POINT_SIZE);
}

static void put_recipient(struct writer *w, const struct package_recipient *recipient)
{
    writer_array(w, 3);
    if (recipient->kind == PACKAGE_FOR_CLASS)
        put_class_headers(w, recipient);
    else
        put_device_headers(w, recipient);
    writer_bytes(w, recipient->wrapped, PACKAGE_WRAPPED_SIZE);
}

static void write_body(struct writer *w, const void *context)
{
    const struct package_body *body = context;
    writer_array(w, 4);
    put_protected_algorithm(w, PACKAGE_ALG_A256GCM);
    writer_map(w, 1);
    put_pair_bytes(w, PACKAGE_LABEL_IV, body->iv, PACKAGE_IV_SIZE);
    writer_bytes(w, body->ciphertext, body->ciphertext_size);
    writer_array(w, body->recipient_count);
    for (size_t i = 0; i < body->recipient_count; i++)
        put_recipient(w, &body->recipients[i]);
}

bool package_encode_body(const struct package_body *body, struct luatee_buffer *out)
{
    return package_encode(out, write_body, body);
}

static void write_whole(struct writer *w, const void *context)
{
    const struct package *package = context;
    writer_head(w, HEAD_TAG, PACKAGE_TAG);
    writer_array(w, 4);
    writer_bytes(w, package->header, package->header_size);
    writer_map(w, 0);
    writer_bytes(w, package->payload, package->payload_size);
    writer_bytes(w, package->signature, PACKAGE_SIGNATURE_SIZE);
}

bool package_encode_whole(const struct package *package, struct luatee_buffer *out)
{
    return package_encode(out, write_whole, package);
}
