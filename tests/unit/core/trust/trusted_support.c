/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/core/trust/trusted_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/ec.h>
#include <openssl/x509.h>

#include "client/package/encode.h"
#include "client/package/keys.h"
#include "client/package/sign.h"
#include "core/storage/object.h"
#include "core/trust/device_key.h"
#include "sim/ta/memory.h"

struct trusted trusted;

static const char *const publisher_files[PUBLISHERS] = { "old.pem", "middle.pem", "new.pem" };

static void path_of(const char *file, char path[PATH_MAX])
{
    const char *folder = getenv("LUATEE_TEST_KEYS");
    if (folder == NULL || snprintf(path, PATH_MAX, "%s/%s", folder, file) >= PATH_MAX)
        abort();
}

static void load_publishers(void)
{
    char path[PATH_MAX];
    for (size_t i = 0; i < PUBLISHERS; i++) {
        bool is_private;
        path_of(publisher_files[i], path);
        if (package_load_publisher(path, &trusted.publishers[i], &is_private, NULL) != LUATEE_OK || !is_private ||
            !package_publisher_id(trusted.publishers[i], trusted.publisher_ids[i]))
            abort();
    }
    path_of("class.key", path);
    if (package_load_class(path, trusted.class_key, NULL) != LUATEE_OK)
        abort();
}

static void load_device(void)
{
    uint8_t spki[PACKAGE_SPKI_SIZE];
    const uint8_t *next = spki;
    if (device_key_public(spki) != TEE_SUCCESS)
        abort();
    EVP_PKEY_free(trusted.device);
    trusted.device = d2i_PUBKEY(NULL, &next, sizeof(spki));
    if (trusted.device == NULL || next != spki + sizeof(spki))
        abort();
}

int trusted_start(void **state)
{
    (void)state;
    if (!sim_memory_start())
        abort();
    load_publishers();
    load_device();
    trusted.stranger = EVP_EC_gen("P-256");
    trusted.alloc = alloc_new();
    trusted.manifest = (struct package_manifest) { .name = "app", .version = "1.0", .sequence = 9 };
    if (trusted.stranger == NULL || trusted.alloc == NULL)
        abort();
    return 0;
}

int trusted_stop(void **state)
{
    (void)state;
    for (size_t i = 0; i < PUBLISHERS; i++)
        EVP_PKEY_free(trusted.publishers[i]);
    EVP_PKEY_free(trusted.stranger);
    EVP_PKEY_free(trusted.device);
    alloc_delete(trusted.alloc);
    return 0;
}

void trusted_new_device(void)
{
    const uint8_t id[] = { OBJECT_DEVICE_KEY };
    TEE_ObjectHandle key;
    assert_int_equal(object_open(id, sizeof(id), TEE_DATA_FLAG_ACCESS_WRITE_META, &key), TEE_SUCCESS);
    assert_int_equal(TEE_CloseAndDeletePersistentObject1(key), TEE_SUCCESS);
    load_device();
}

struct package_maker trusted_maker(void)
{
    return (struct package_maker) { .manifest = &trusted.manifest,
                                    .publisher = trusted.publishers[PUBLISHERS - 1],
                                    .sign = true,
                                    .readers = { .class_key = trusted.class_key } };
}

void trusted_make(const struct package_maker *maker, const char *name, enum package_kind kind, const char *plaintext,
                  struct luatee_buffer *out)
{
    struct package_part part = { .kind = kind };
    memcpy(part.name, name, strlen(name) + 1);
    part.plaintext = (struct luatee_buffer) { .data = (uint8_t *)(uintptr_t)plaintext, .size = strlen(plaintext) };
    assert_int_equal(package_make(maker, &part, out, NULL), LUATEE_OK);
}

void trusted_remake(const struct luatee_buffer *made, const struct package_body *body, EVP_PKEY *publisher,
                    struct luatee_buffer *out)
{
    struct package package;
    struct luatee_buffer payload = { 0 };
    uint8_t signature[PACKAGE_SIGNATURE_SIZE];
    assert_int_equal(package_parse(made->data, made->size, &package), PACKAGE_FINE);
    assert_true(package_encode_body(body, &payload));
    package.payload = payload.data;
    package.payload_size = payload.size;
    assert_int_equal(package_sign(publisher, &package, signature, NULL), LUATEE_OK);
    package.signature = signature;
    assert_true(package_encode_whole(&package, out));
    luatee_buffer_free(&payload);
}

TEE_Result trusted_open(const struct luatee_buffer *made, const struct package_expected *expected,
                        struct package_opened *opened, enum package_check *check)
{
    static const struct package_expected usual = { .app = "app", .script = "script", .kind = PACKAGE_SOURCE };
    struct package_expected all = expected != NULL ? *expected : usual;
    all.verified = trusted.verified;
    return package_open(trusted.alloc, made->data, made->size, &all, opened, check);
}

void trusted_assert_opens(const struct luatee_buffer *made, const char *plaintext)
{
    struct package_opened opened;
    enum package_check check;
    assert_int_equal(trusted_open(made, NULL, &opened, &check), TEE_SUCCESS);
    assert_int_equal(check, PACKAGE_FINE);
    assert_int_equal(opened.size, strlen(plaintext));
    assert_memory_equal(opened.plaintext, plaintext, opened.size);
    package_opened_free(trusted.alloc, &opened);
}

void trusted_assert_refused(const struct luatee_buffer *made, const struct package_expected *expected,
                            enum package_check reason)
{
    const struct package_opened nothing = { 0 };
    struct package_opened opened;
    enum package_check check;
    size_t used = alloc_used(trusted.alloc);
    assert_int_equal(trusted_open(made, expected, &opened, &check), TEE_ERROR_SECURITY);
    assert_string_equal(package_check_text(check), package_check_text(reason));
    assert_memory_equal(&opened, &nothing, sizeof(opened));
    assert_int_equal(alloc_used(trusted.alloc), used);
}
