/* SPDX-License-Identifier: BSD-2-Clause */
/* core/package/manifest_parse: what a manifest may say, in which bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/package/manifest.h"
#include "core/package/manifest_parse.h"

static struct manifest manifest;
static struct manifest_identity identity;

/* The parser sees memory of its own size, so that the sanitizer sees what is read beyond it. */
static const char *parse(const void *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    memcpy(copy, data, size);
    const char *why = manifest_parse(copy, size, &manifest, &identity);
    free(copy);
    return why;
}

static struct package_manifest full(void)
{
    struct package_manifest m = {
        .name = "app", .version = "1.0", .sequence = 9, .memory = LUATEE_MEMORY_MIN, .fuel = 1000
    };
    m.storage = m.counters = m.keys = m.load = m.log = true;
    strcpy(m.host[0], "confirm");
    strcpy(m.host[1], "ask");
    m.host_count = 2;
    return m;
}

static void the_least(void **state)
{
    (void)state;
    struct package_manifest m = { .name = "app", .version = "1.0", .sequence = PACKAGE_SEQUENCE_MAX };
    struct luatee_buffer out = { 0 };
    assert_true(package_encode_manifest(&m, &out));
    assert_null(parse(out.data, out.size));
    assert_string_equal(identity.name, "app");
    assert_int_equal(identity.sequence, PACKAGE_SEQUENCE_MAX);
    assert_int_equal(identity.revoked_count, 0);
    assert_int_equal(manifest.memory, LUATEE_MEMORY_DEFAULT);
    assert_int_equal(manifest.fuel, LUATEE_FUEL_DEFAULT);
    assert_int_equal(manifest.permissions, 0);
    assert_int_equal(manifest.host_count, 0);
    luatee_buffer_free(&out);
}

static void everything(void **state)
{
    (void)state;
    struct package_manifest m = full();
    struct luatee_buffer out = { 0 };
    assert_true(package_encode_manifest(&m, &out));
    assert_null(parse(out.data, out.size));
    assert_int_equal(identity.sequence, 9);
    assert_int_equal(manifest.memory, LUATEE_MEMORY_MIN);
    assert_int_equal(manifest.fuel, 1000);
    assert_int_equal(manifest.permissions, MANIFEST_STORAGE | MANIFEST_COUNTERS | MANIFEST_KEYS | MANIFEST_LOAD |
                                                   MANIFEST_LOG);
    assert_int_equal(manifest.host_count, 2);
    assert_true(manifest_grants_host(&manifest, "confirm"));
    assert_true(manifest_grants_host(&manifest, "ask"));
    assert_false(manifest_grants_host(&manifest, "as"));
    assert_false(manifest_grants_host(&manifest, "other"));
    luatee_buffer_free(&out);
}

static void cut_at_every_length_and_longer(void **state)
{
    (void)state;
    struct package_manifest m = full();
    struct luatee_buffer out = { 0 };
    assert_true(package_encode_manifest(&m, &out));
    for (size_t size = 0; size < out.size; size++)
        assert_non_null(parse(out.data, size));
    assert_true(luatee_buffer_reserve(&out, out.size + 1));
    out.data[out.size] = 0;
    assert_non_null(parse(out.data, out.size + 1));
    luatee_buffer_free(&out);
}

static void memory_limits_are_reported(void **state)
{
    (void)state;
    struct package_manifest m = full();
    struct luatee_buffer out = { 0 };
    m.memory = LUATEE_TA_MEMORY_MAX;
    assert_true(package_encode_manifest(&m, &out));
    assert_null(parse(out.data, out.size));
    m.memory++;
    assert_true(package_encode_manifest(&m, &out));
    const char *why = parse(out.data, out.size);
    assert_non_null(why);
    assert_non_null(strstr(why, "memory"));
    assert_non_null(strstr(why, "12 MiB"));
    for (m.memory = 1; m.memory < LUATEE_MEMORY_MIN; m.memory += m.memory + 1) {
        assert_true(package_encode_manifest(&m, &out));
        why = parse(out.data, out.size);
        assert_non_null(why);
        assert_non_null(strstr(why, "raise `memory`"));
    }
    m.memory = LUATEE_MEMORY_MIN - 1;
    assert_true(package_encode_manifest(&m, &out));
    assert_non_null(parse(out.data, out.size));
    luatee_buffer_free(&out);
}

static void up_to_64_exports(void **state)
{
    (void)state;
    struct package_manifest m = full();
    struct luatee_buffer out = { 0 };
    m.host_count = PACKAGE_HOST_MAX;
    for (size_t i = 0; i < m.host_count; i++)
        (void)snprintf(m.host[i], sizeof(m.host[i]), "export%zu", i);
    assert_true(package_encode_manifest(&m, &out));
    assert_null(parse(out.data, out.size));
    assert_int_equal(manifest.host_count, PACKAGE_HOST_MAX);
    strcpy(m.host[63], m.host[0]);
    assert_true(package_encode_manifest(&m, &out));
    assert_non_null(parse(out.data, out.size));
    luatee_buffer_free(&out);
}

#define NAME     "\x64name\x63" "app"
#define VERSION  "\x67version\x61" "1"
#define SEQUENCE "\x68sequence\x00"
#define ID_31    "0123456789abcdef0123456789abcde"
#define BYTES(text) text, sizeof(text) - 1

struct sample {
    const char *what;
    const char *bytes;
    size_t size;
};

static void good_ones(void **state)
{
    (void)state;
    static const struct sample samples[] = {
        { "least", BYTES("\xa3" NAME VERSION SEQUENCE) },
        { "fuel of 1", BYTES("\xa4\x64" "fuel\x01" NAME VERSION SEQUENCE) },
        { "one export", BYTES("\xa4" NAME VERSION SEQUENCE "\x6bpermissions\xa1\x64host\x81\x61x") },
        { "revocations", BYTES("\xa4" NAME "\x66revoke\x82\x58\x20" ID_31 "1\x58\x20" ID_31 "2" VERSION SEQUENCE) },
    };
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
        if (parse(samples[i].bytes, samples[i].size))
            fail_msg("%s", samples[i].what);
    assert_int_equal(identity.revoked_count, 2);
}

static void bad_ones(void **state)
{
    (void)state;
    static const struct sample samples[] = {
        { "an array", BYTES("\x83" NAME VERSION SEQUENCE) },
        { "an indefinite map", BYTES("\xbf" NAME VERSION SEQUENCE "\xff") },
        { "a long head", BYTES("\xb8\x03" NAME VERSION SEQUENCE) },
        { "no name", BYTES("\xa2" VERSION SEQUENCE) },
        { "no version", BYTES("\xa2" NAME SEQUENCE) },
        { "no sequence", BYTES("\xa2" NAME VERSION) },
        { "nothing", BYTES("\xa0") },
        { "name twice", BYTES("\xa4" NAME NAME VERSION SEQUENCE) },
        { "out of order", BYTES("\xa3" VERSION NAME SEQUENCE) },
        { "unknown key", BYTES("\xa4" NAME VERSION "\x68password\x00" SEQUENCE) },
        { "a key that goes on", BYTES("\xa3\x65names\x63" "app" VERSION SEQUENCE) },
        { "a key that is too long", BYTES("\xa4" NAME VERSION SEQUENCE "\x6cpermissions!\xa0") },
        { "a number as key", BYTES("\xa4\x00\x00" NAME VERSION SEQUENCE) },
        { "name as bytes", BYTES("\xa3\x64name\x43" "app" VERSION SEQUENCE) },
        { "empty name", BYTES("\xa3\x64name\x60" VERSION SEQUENCE) },
        { "name with a slash", BYTES("\xa3\x64name\x63" "a/p" VERSION SEQUENCE) },
        { "name with a dot in front", BYTES("\xa3\x64name\x63.ap" VERSION SEQUENCE) },
        { "empty version", BYTES("\xa3" NAME "\x67version\x60" SEQUENCE) },
        { "version with an escape", BYTES("\xa3" NAME "\x67version\x61\x1b" SEQUENCE) },
        { "negative sequence", BYTES("\xa3" NAME VERSION "\x68sequence\x20") },
        { "sequence of 2^63", BYTES("\xa3" NAME VERSION "\x68sequence\x1b\x80\x00\x00\x00\x00\x00\x00\x00") },
        { "sequence in two bytes", BYTES("\xa3" NAME VERSION "\x68sequence\x18\x00") },
        { "no fuel", BYTES("\xa4\x64" "fuel\x00" NAME VERSION SEQUENCE) },
        { "fuel as text", BYTES("\xa4\x64" "fuel\x61" "1" NAME VERSION SEQUENCE) },
        { "no memory", BYTES("\xa4" NAME "\x66memory\x00" VERSION SEQUENCE) },
        { "empty permissions", BYTES("\xa4" NAME VERSION SEQUENCE "\x6bpermissions\xa0") },
        { "permissions that are no map", BYTES("\xa4" NAME VERSION SEQUENCE "\x6bpermissions\xf5") },
        { "not granted", BYTES("\xa4" NAME VERSION SEQUENCE "\x6bpermissions\xa1\x64keys\xf4") },
        { "granted by 1", BYTES("\xa4" NAME VERSION SEQUENCE "\x6bpermissions\xa1\x64keys\x01") },
        { "permissions out of order",
          BYTES("\xa4" NAME VERSION SEQUENCE "\x6bpermissions\xa2\x64load\xf5\x64keys\xf5") },
        { "unknown permission", BYTES("\xa4" NAME VERSION SEQUENCE "\x6bpermissions\xa1\x64root\xf5") },
        { "no export", BYTES("\xa4" NAME VERSION SEQUENCE "\x6bpermissions\xa1\x64host\x80") },
        { "an export twice", BYTES("\xa4" NAME VERSION SEQUENCE "\x6bpermissions\xa1\x64host\x82\x61x\x61x") },
        { "any export", BYTES("\xa4" NAME VERSION SEQUENCE "\x6bpermissions\xa1\x64host\xf5") },
        { "exports without end",
          BYTES("\xa4" NAME VERSION SEQUENCE "\x6bpermissions\xa1\x64host\x9a\xff\xff\xff\xff") },
        { "no revocation", BYTES("\xa4" NAME "\x66revoke\x80" VERSION SEQUENCE) },
        { "a short id", BYTES("\xa4" NAME "\x66revoke\x81\x58\x1f" ID_31 VERSION SEQUENCE) },
        { "an id twice", BYTES("\xa4" NAME "\x66revoke\x82\x58\x20" ID_31 "1\x58\x20" ID_31 "1" VERSION SEQUENCE) },
        { "17 ids", BYTES("\xa4" NAME "\x66revoke\x91" VERSION SEQUENCE) },
        { "2^64 - 1 pairs", BYTES("\xbb\xff\xff\xff\xff\xff\xff\xff\xff" NAME VERSION SEQUENCE) },
    };
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
        if (!parse(samples[i].bytes, samples[i].size))
            fail_msg("%s", samples[i].what);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least),
        cmocka_unit_test(everything),
        cmocka_unit_test(cut_at_every_length_and_longer),
        cmocka_unit_test(memory_limits_are_reported),
        cmocka_unit_test(up_to_64_exports),
        cmocka_unit_test(good_ones),
        cmocka_unit_test(bad_ones),
    };
    return cmocka_run_group_tests_name("package_manifest", tests, NULL, NULL);
}
