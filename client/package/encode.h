/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encodes the parts of a package (abi/package.cddl) from the structures of core/package/parse.h. A part that was parsed
 * encodes to the same bytes again.
 *
 * Each function empties the caller's buffer, writes its result there, and returns false when out of memory. The caller
 * frees the buffer. The structures must keep the rules of package.cddl: these functions do not check them.
 */
#ifndef LUATEE_CLIENT_PACKAGE_ENCODE_H
#define LUATEE_CLIENT_PACKAGE_ENCODE_H

#include <stdbool.h>
#include <stdint.h>

#include "client/base/buffer.h"
#include "core/codec/writer.h"
#include "core/package/parse.h"

/* Calls `write` with the context twice, to measure and to write. Both calls must write the same bytes. */
bool package_encode(struct luatee_buffer *out, void (*write)(struct writer *w, const void *context),
                    const void *context);

/* Encodes the protected header. Uses publisher_id and identity. */
bool package_encode_header(const struct package *package, struct luatee_buffer *out);

/* Encodes the body, the payload of a package. */
bool package_encode_body(const struct package_body *body, struct luatee_buffer *out);

/* Encodes the whole package. Uses header, payload and signature. */
bool package_encode_whole(const struct package *package, struct luatee_buffer *out);

#endif
