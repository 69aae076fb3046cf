/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The trusted half of packages in a test's own process: core/package on the simulator's Internal Core API, and the
 * host's tools, which make what it opens. The TA's built-in keys are those of three publishers, from old to new, and a
 * class key, which mk/unit.mk makes.
 */
#ifndef LUATEE_TESTS_TRUSTED_SUPPORT_H
#define LUATEE_TESTS_TRUSTED_SUPPORT_H

#include <openssl/evp.h>

#include "client/package/bundle.h"
#include "core/trust/package_open.h"

#define PUBLISHERS 3

struct trusted {
    EVP_PKEY *publishers[PUBLISHERS];
    uint8_t publisher_ids[PUBLISHERS][PACKAGE_PUBLISHER_ID_SIZE];
    EVP_PKEY *stranger; /* nobody's key */
    EVP_PKEY *device;   /* the public half of this device's key */
    uint8_t class_key[PACKAGE_KEY_SIZE];
    struct alloc *alloc;
    struct verified *verified; /* what trusted_open hands to package_open; NULL unless a test sets it */
    struct package_manifest manifest; /* app "app", version "1.0", sequence 9 */
};
extern struct trusted trusted;

/* The group's setup and teardown: starts the simulated TEE and makes or loads all keys. The state directory is
 * LUATEE_SIM_STATE: an empty one. */
int trusted_start(void **state);
int trusted_stop(void **state);

/* A package of "script", source, with the manifest above, signed by the newest publisher, readable by the class. */
struct package_maker trusted_maker(void);

/* Makes a package into an empty buffer, which the caller frees; the bundle is the maker's (32 zeros unless it is set).
 */
void trusted_make(const struct package_maker *maker, const char *name, enum package_kind kind, const char *plaintext,
                  struct luatee_buffer *out);

/* Puts another body into a package, and signs it again. */
void trusted_remake(const struct luatee_buffer *made, const struct package_body *body, EVP_PKEY *publisher,
                    struct luatee_buffer *out);

/* Opens as "script" of "app", or as expected says. */
TEE_Result trusted_open(const struct luatee_buffer *made, const struct package_expected *expected,
                        struct package_opened *opened, enum package_check *check);

/* Asserts that it opens and has this plaintext. */
void trusted_assert_opens(const struct luatee_buffer *made, const char *plaintext);

/* Asserts that it is refused for this reason, and that nothing is left of it. */
void trusted_assert_refused(const struct luatee_buffer *made, const struct package_expected *expected,
                            enum package_check reason);

/* Takes the device its key, so that it makes another one; trusted.device is the new one's public half. */
void trusted_new_device(void);

#endif
