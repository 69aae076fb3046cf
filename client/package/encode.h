/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes the parts of a package (abi/package.cddl) from the structures that core/package/parse.h reads them into: what
 * was read encodes to the same bytes again.
 *
 * Each function puts its result into a buffer of the caller's, which is emptied before and grows, and returns false
 * when out of memory. What goes in must keep the rules of package.cddl; they are not checked here.
 */
#ifndef LUATEE_CLIENT_PACKAGE_ENCODE_H
#define LUATEE_CLIENT_PACKAGE_ENCODE_H

#include <stdbool.h>
#include <stdint.h>

#include "client/base/buffer.h"
#include "core/codec/writer.h"
#include "core/package/parse.h"

/* Anything: `write` is run once to measure and once to write, and must do the same both times. */
bool package_encode(struct luatee_buffer *out, void (*write)(struct writer *w, const void *what), const void *what);

/* The protected header: publisher_id and identity are used. */
bool package_encode_header(const struct package *package, struct luatee_buffer *out);

bool package_encode_body(const struct package_body *body, struct luatee_buffer *out);

/* The whole: header, payload and signature are used. */
bool package_encode_whole(const struct package *package, struct luatee_buffer *out);

#endif
