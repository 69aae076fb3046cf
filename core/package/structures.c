/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/package/structures.h"

#include "core/codec/writer.h"

/* The protected headers that are the same in every package: {1: 3} and {1: -31}. */
static const uint8_t body_protected[] = { 0xa1, 0x01, 0x03 };
static const uint8_t device_protected[] = { 0xa1, 0x01, 0x38, 0x1e };

/* The output of each function below fits into its named limit. */

size_t structure_sign(const uint8_t *header, size_t header_size, size_t payload_size, uint8_t out[STRUCTURE_SIGN_MAX])
{
    struct writer w;
    writer_begin(&w, out, STRUCTURE_SIGN_MAX);
    writer_array(&w, 4);
    writer_textz(&w, "Signature1");
    writer_bytes(&w, header, header_size);
    writer_bytes(&w, NULL, 0);
    writer_head(&w, HEAD_BYTES, payload_size); /* the payload itself is not copied */
    return writer_size(&w);
}

size_t structure_encrypt(const uint8_t *header, size_t header_size, uint8_t out[STRUCTURE_ENCRYPT_MAX])
{
    struct writer w;
    writer_begin(&w, out, STRUCTURE_ENCRYPT_MAX);
    writer_array(&w, 3);
    writer_textz(&w, "Encrypt");
    writer_bytes(&w, body_protected, sizeof(body_protected));
    writer_bytes(&w, header, header_size);
    return writer_size(&w);
}

/* Appends a party without information. */
static void write_party(struct writer *w)
{
    writer_array(w, 3);
    for (int i = 0; i < 3; i++)
        writer_nil(w);
}

size_t structure_kdf_context(uint8_t out[STRUCTURE_KDF_CONTEXT_MAX])
{
    struct writer w;
    writer_begin(&w, out, STRUCTURE_KDF_CONTEXT_MAX);
    writer_array(&w, 4);
    writer_int(&w, PACKAGE_ALG_A256KW);
    write_party(&w);
    write_party(&w);
    writer_array(&w, 2);
    writer_uint(&w, PACKAGE_KEY_SIZE * 8);
    writer_bytes(&w, device_protected, sizeof(device_protected));
    return writer_size(&w);
}
