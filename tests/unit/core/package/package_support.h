/* SPDX-License-Identifier: BSD-2-Clause */
/* A package with known contents for the tests of the parser: no cryptography in it. */
#ifndef LUATEE_TESTS_PACKAGE_SUPPORT_H
#define LUATEE_TESTS_PACKAGE_SUPPORT_H

#include "client/base/buffer.h"
#include "core/package/parse.h"

/*
 * The sample: app "app", script "script" (source), version "1", sequence 5, publisher id 32 times 11, bundle 32 times
 * 22; iv 12 times 33, ciphertext 20 times 44; a class recipient (id 16 times 55, wrapped 40 times 66) and a device
 * recipient (id 16 times 77, x 32 times 88, y 32 times 99, wrapped 40 times aa); signature 64 times bb; all in
 * hexadecimal.
 */
void sample_identity(struct package_identity *identity);
void sample_body(struct package_body *body);

/* The sample's parts, encoded; each buffer is to be freed. */
void sample_encode(struct luatee_buffer *header, struct luatee_buffer *body);

/* A package around a header and a body. */
void sample_wrap(const struct luatee_buffer *header, const struct luatee_buffer *body, struct luatee_buffer *whole);

#endif
