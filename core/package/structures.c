/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/package/structures.h"

#include <string.h>

#include "cbor.h"

/* The protected headers that are the same in every package: {1: 3} and {1: -31}. */
static const uint8_t body_protected[] = { 0xa1, 0x01, 0x03 };
static const uint8_t device_protected[] = { 0xa1, 0x01, 0x38, 0x1e };

/* What is written fits into the named limits, so that TinyCBOR has nothing to report. */

size_t structure_sign(const uint8_t *header, size_t header_size, size_t payload_size, uint8_t out[STRUCTURE_SIGN_MAX])
{
    CborEncoder root, items;
    cbor_encoder_init(&root, out, STRUCTURE_SIGN_MAX, 0);
    (void)cbor_encoder_create_array(&root, &items, 4);
    (void)cbor_encode_text_stringz(&items, "Signature1");
    (void)cbor_encode_byte_string(&items, header, header_size);
    (void)cbor_encode_byte_string(&items, header, 0);
    size_t size = cbor_encoder_get_buffer_size(&items, out);
    /* The head of a string whose bytes are somewhere else: an unsigned integer's, with the other major type. */
    CborEncoder head;
    cbor_encoder_init(&head, out + size, STRUCTURE_SIGN_MAX - size, 0);
    (void)cbor_encode_uint(&head, payload_size);
    out[size] |= CborByteStringType;
    return size + cbor_encoder_get_buffer_size(&head, out + size);
}

size_t structure_encrypt(const uint8_t *header, size_t header_size, uint8_t out[STRUCTURE_ENCRYPT_MAX])
{
    CborEncoder root, items;
    cbor_encoder_init(&root, out, STRUCTURE_ENCRYPT_MAX, 0);
    (void)cbor_encoder_create_array(&root, &items, 3);
    (void)cbor_encode_text_stringz(&items, "Encrypt");
    (void)cbor_encode_byte_string(&items, body_protected, sizeof(body_protected));
    (void)cbor_encode_byte_string(&items, header, header_size);
    (void)cbor_encoder_close_container(&root, &items);
    return cbor_encoder_get_buffer_size(&root, out);
}

/* A party that says nothing about itself. */
static void put_party(CborEncoder *items)
{
    CborEncoder party;
    (void)cbor_encoder_create_array(items, &party, 3);
    for (int i = 0; i < 3; i++)
        (void)cbor_encode_null(&party);
    (void)cbor_encoder_close_container(items, &party);
}

size_t structure_kdf_context(uint8_t out[STRUCTURE_KDF_CONTEXT_MAX])
{
    CborEncoder root, items, public_info;
    cbor_encoder_init(&root, out, STRUCTURE_KDF_CONTEXT_MAX, 0);
    (void)cbor_encoder_create_array(&root, &items, 4);
    (void)cbor_encode_int(&items, PACKAGE_ALG_A256KW);
    put_party(&items);
    put_party(&items);
    (void)cbor_encoder_create_array(&items, &public_info, 2);
    (void)cbor_encode_uint(&public_info, PACKAGE_KEY_SIZE * 8);
    (void)cbor_encode_byte_string(&public_info, device_protected, sizeof(device_protected));
    (void)cbor_encoder_close_container(&items, &public_info);
    (void)cbor_encoder_close_container(&root, &items);
    return cbor_encoder_get_buffer_size(&root, out);
}
