/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/package/encode.h"

#include <stdlib.h>

/* The writers below cannot fail: what does not fit is measured, and at the second time everything fits. */

bool package_encode(struct luatee_buffer *out, void (*write)(CborEncoder *root, const void *what), const void *what)
{
    CborEncoder root;
    uint8_t nothing;
    cbor_encoder_init(&root, &nothing, 0, 0);
    write(&root, what);
    size_t size = cbor_encoder_get_extra_bytes_needed(&root);
    out->size = 0;
    if (!luatee_buffer_reserve(out, size))
        return false;
    cbor_encoder_init(&root, out->data, size, 0);
    write(&root, what);
    out->size = cbor_encoder_get_buffer_size(&root, out->data);
    return true;
}

static void put_pair_head(CborEncoder *map, int64_t label)
{
    (void)cbor_encode_int(map, label);
}

static void put_pair_int(CborEncoder *map, int64_t label, int64_t value)
{
    put_pair_head(map, label);
    (void)cbor_encode_int(map, value);
}

static void put_pair_bytes(CborEncoder *map, int64_t label, const uint8_t *bytes, size_t size)
{
    put_pair_head(map, label);
    (void)cbor_encode_byte_string(map, bytes, size);
}

static void put_empty_map(CborEncoder *items)
{
    CborEncoder map;
    (void)cbor_encoder_create_map(items, &map, 0);
    (void)cbor_encoder_close_container(items, &map);
}

static void put_identity(CborEncoder *items, const struct package_identity *identity)
{
    CborEncoder fields;
    (void)cbor_encoder_create_array(items, &fields, 7);
    (void)cbor_encode_uint(&fields, PACKAGE_FORMAT);
    (void)cbor_encode_text_string(&fields, identity->app, identity->app_size);
    (void)cbor_encode_uint(&fields, identity->kind);
    (void)cbor_encode_text_string(&fields, identity->script, identity->script_size);
    (void)cbor_encode_text_string(&fields, identity->version, identity->version_size);
    (void)cbor_encode_uint(&fields, identity->sequence);
    (void)cbor_encode_byte_string(&fields, identity->bundle, PACKAGE_BUNDLE_SIZE);
    (void)cbor_encoder_close_container(items, &fields);
}

static void write_header(CborEncoder *root, const void *what)
{
    const struct package *package = what;
    CborEncoder map, critical;
    (void)cbor_encoder_create_map(root, &map, 5);
    put_pair_int(&map, PACKAGE_LABEL_ALG, PACKAGE_ALG_ES256);
    put_pair_head(&map, PACKAGE_LABEL_CRIT);
    (void)cbor_encoder_create_array(&map, &critical, 1);
    (void)cbor_encode_int(&critical, PACKAGE_LABEL_IDENTITY);
    (void)cbor_encoder_close_container(&map, &critical);
    put_pair_int(&map, PACKAGE_LABEL_CONTENT_TYPE, PACKAGE_CONTENT_TYPE);
    put_pair_bytes(&map, PACKAGE_LABEL_KID, package->publisher_id, PACKAGE_PUBLISHER_ID_SIZE);
    put_pair_head(&map, PACKAGE_LABEL_IDENTITY);
    put_identity(&map, &package->identity);
    (void)cbor_encoder_close_container(root, &map);
}

bool package_encode_header(const struct package *package, struct luatee_buffer *out)
{
    return package_encode(out, write_header, package);
}

/* A byte string that holds {1 => alg}. */
static void put_protected_algorithm(CborEncoder *items, int64_t algorithm)
{
    uint8_t bytes[16];
    CborEncoder root, map;
    cbor_encoder_init(&root, bytes, sizeof(bytes), 0);
    (void)cbor_encoder_create_map(&root, &map, 1);
    put_pair_int(&map, PACKAGE_LABEL_ALG, algorithm);
    (void)cbor_encoder_close_container(&root, &map);
    (void)cbor_encode_byte_string(items, bytes, cbor_encoder_get_buffer_size(&root, bytes));
}

static void put_class_headers(CborEncoder *fields, const struct package_recipient *recipient)
{
    CborEncoder map;
    (void)cbor_encode_byte_string(fields, recipient->id, 0);
    (void)cbor_encoder_create_map(fields, &map, 2);
    put_pair_int(&map, PACKAGE_LABEL_ALG, PACKAGE_ALG_A256KW);
    put_pair_bytes(&map, PACKAGE_LABEL_KID, recipient->id, PACKAGE_RECIPIENT_ID_SIZE);
    (void)cbor_encoder_close_container(fields, &map);
}

static void put_device_headers(CborEncoder *fields, const struct package_recipient *recipient)
{
    CborEncoder map, key;
    put_protected_algorithm(fields, PACKAGE_ALG_ECDH_ES_A256KW);
    (void)cbor_encoder_create_map(fields, &map, 2);
    put_pair_bytes(&map, PACKAGE_LABEL_KID, recipient->id, PACKAGE_RECIPIENT_ID_SIZE);
    put_pair_head(&map, PACKAGE_LABEL_EPHEMERAL);
    (void)cbor_encoder_create_map(&map, &key, 4);
    put_pair_int(&key, PACKAGE_KEY_LABEL_TYPE, PACKAGE_KEY_TYPE_EC2);
    put_pair_int(&key, PACKAGE_KEY_LABEL_CURVE, PACKAGE_KEY_CURVE_P256);
    put_pair_bytes(&key, PACKAGE_KEY_LABEL_X, recipient->x, PACKAGE_POINT_SIZE);
    put_pair_bytes(&key, PACKAGE_KEY_LABEL_Y, recipient->y, PACKAGE_POINT_SIZE);
    (void)cbor_encoder_close_container(&map, &key);
    (void)cbor_encoder_close_container(fields, &map);
}

static void put_recipient(CborEncoder *items, const struct package_recipient *recipient)
{
    CborEncoder fields;
    (void)cbor_encoder_create_array(items, &fields, 3);
    if (recipient->kind == PACKAGE_FOR_CLASS)
        put_class_headers(&fields, recipient);
    else
        put_device_headers(&fields, recipient);
    (void)cbor_encode_byte_string(&fields, recipient->wrapped, PACKAGE_WRAPPED_SIZE);
    (void)cbor_encoder_close_container(items, &fields);
}

static void write_body(CborEncoder *root, const void *what)
{
    const struct package_body *body = what;
    CborEncoder items, map, recipients;
    (void)cbor_encoder_create_array(root, &items, 4);
    put_protected_algorithm(&items, PACKAGE_ALG_A256GCM);
    (void)cbor_encoder_create_map(&items, &map, 1);
    put_pair_bytes(&map, PACKAGE_LABEL_IV, body->iv, PACKAGE_IV_SIZE);
    (void)cbor_encoder_close_container(&items, &map);
    (void)cbor_encode_byte_string(&items, body->ciphertext, body->ciphertext_size);
    (void)cbor_encoder_create_array(&items, &recipients, body->recipient_count);
    for (size_t i = 0; i < body->recipient_count; i++)
        put_recipient(&recipients, &body->recipients[i]);
    (void)cbor_encoder_close_container(&items, &recipients);
    (void)cbor_encoder_close_container(root, &items);
}

bool package_encode_body(const struct package_body *body, struct luatee_buffer *out)
{
    return package_encode(out, write_body, body);
}

static void write_whole(CborEncoder *root, const void *what)
{
    const struct package *package = what;
    CborEncoder items;
    (void)cbor_encode_tag(root, PACKAGE_TAG);
    (void)cbor_encoder_create_array(root, &items, 4);
    (void)cbor_encode_byte_string(&items, package->header, package->header_size);
    put_empty_map(&items);
    (void)cbor_encode_byte_string(&items, package->payload, package->payload_size);
    (void)cbor_encode_byte_string(&items, package->signature, PACKAGE_SIGNATURE_SIZE);
    (void)cbor_encoder_close_container(root, &items);
}

bool package_encode_whole(const struct package *package, struct luatee_buffer *out)
{
    return package_encode(out, write_whole, package);
}
