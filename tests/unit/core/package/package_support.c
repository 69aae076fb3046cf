/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/core/package/package_support.h"

#include <stdlib.h>
#include <string.h>

#include "client/package/encode.h"

#define SAME_4(b) b, b, b, b
#define SAME_16(b) SAME_4(b), SAME_4(b), SAME_4(b), SAME_4(b)

static const uint8_t publisher_id[] = { SAME_16(0x11), SAME_16(0x11) };
static const uint8_t bundle[] = { SAME_16(0x22), SAME_16(0x22) };
static const uint8_t iv[] = { SAME_4(0x33), SAME_4(0x33), SAME_4(0x33) };
static const uint8_t ciphertext[] = { SAME_16(0x44), SAME_4(0x44) };
static const uint8_t class_id[] = { SAME_16(0x55) };
static const uint8_t class_wrapped[] = { SAME_16(0x66), SAME_16(0x66), SAME_4(0x66), SAME_4(0x66) };
static const uint8_t device_id[] = { SAME_16(0x77) };
static const uint8_t x[] = { SAME_16(0x88), SAME_16(0x88) };
static const uint8_t y[] = { SAME_16(0x99), SAME_16(0x99) };
static const uint8_t device_wrapped[] = { SAME_16(0xaa), SAME_16(0xaa), SAME_4(0xaa), SAME_4(0xaa) };
static const uint8_t signature[] = { SAME_16(0xbb), SAME_16(0xbb), SAME_16(0xbb), SAME_16(0xbb) };

void sample_identity(struct package_identity *identity)
{
    *identity = (struct package_identity) { .app = "app",
                                            .app_size = strlen("app"),
                                            .kind = PACKAGE_SOURCE,
                                            .script = "script",
                                            .script_size = strlen("script"),
                                            .version = "1",
                                            .version_size = 1,
                                            .sequence = 5,
                                            .bundle = bundle };
}

void sample_body(struct package_body *body)
{
    *body = (struct package_body) {
        .iv = iv, .ciphertext = ciphertext, .ciphertext_size = sizeof(ciphertext), .recipient_count = 2
    };
    body->recipients[0] =
        (struct package_recipient) { .kind = PACKAGE_FOR_CLASS, .id = class_id, .wrapped = class_wrapped };
    body->recipients[1] = (struct package_recipient) {
        .kind = PACKAGE_FOR_DEVICE, .id = device_id, .wrapped = device_wrapped, .x = x, .y = y
    };
}

void sample_encode(struct luatee_buffer *header, struct luatee_buffer *body)
{
    struct package package = { .publisher_id = publisher_id };
    struct package_body parts;
    sample_identity(&package.identity);
    sample_body(&parts);
    if (!package_encode_header(&package, header) || !package_encode_body(&parts, body))
        abort();
}

void sample_wrap(const struct luatee_buffer *header, const struct luatee_buffer *body, struct luatee_buffer *whole)
{
    struct package package = { .header = header->data,
                               .header_size = header->size,
                               .payload = body->data,
                               .payload_size = body->size,
                               .signature = signature };
    if (!package_encode_whole(&package, whole))
        abort();
}
