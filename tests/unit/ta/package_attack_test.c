/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packages as an attacker in the rich OS sends them: changed, cut, swapped, replaced while the TA reads them. Runs on
 * the simulator and on OP-TEE (raw_client.h).
 *
 *   ATTACK_APP    the folder where tests/unit/ta/attack_app was packed for this TA
 *   ATTACK_STEP   only every so manyth bit and length (default 1: all)
 *   ATTACK_RACES  tries of replacing a package during its call (default 10000)
 */
#define _GNU_SOURCE /* memmem */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/sha.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/commands.h"
#include "core/package/parse.h"
#include "tests/unit/ta/raw_client.h"

#define FILE_MAX 4096

struct file {
    uint8_t data[FILE_MAX];
    size_t size;
};

static struct raw raw;
static struct file manifest, one, two;
static size_t step = 1;
static unsigned races = 10000;

static void read_file(const char *name, struct file *file)
{
    char path[1024];
    const char *app = getenv("ATTACK_APP");
    assert_non_null(app);
    (void)snprintf(path, sizeof(path), "%s/%s", app, name);
    FILE *stream = fopen(path, "rb");
    if (!stream)
        fail_msg("cannot read %s", path);
    file->size = fread(file->data, 1, sizeof(file->data), stream);
    (void)fclose(stream);
    assert_in_range(file->size, 100, FILE_MAX - 1);
}

static int setup(void **state)
{
    (void)state;
    raw_begin(&raw);
    raw_open(&raw, "\x82\x6a" "attack_app\x00", 13, LUATEE_PROTOCOL_VERSION);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    raw_close(&raw);
    raw_end(&raw);
    return 0;
}

static void open_again(void)
{
    raw_close(&raw);
    assert_int_equal(raw_open(&raw, "\x82\x6a" "attack_app\x00", 13, LUATEE_PROTOCOL_VERSION), TEEC_SUCCESS);
}

/* --- what is sent ------------------------------------------------------------------------------------------------- */

/* A byte string in its one encoding. */
static size_t put_bytes(uint8_t *out, const void *bytes, size_t size)
{
    size_t head = 0;
    if (size < 24) {
        out[head++] = (uint8_t)(0x40 | size);
    } else if (size < 256) {
        out[head++] = 0x58;
        out[head++] = (uint8_t)size;
    } else {
        out[head++] = 0x59;
        out[head++] = (uint8_t)(size >> 8);
        out[head++] = (uint8_t)size;
    }
    memcpy(out + head, bytes, size);
    return head + size;
}

/* [kind, digest, data], with a digest that fits. The data are its end. */
static size_t write_script(uint8_t *out, enum luatee_script_kind kind, const void *data, size_t size)
{
    uint8_t digest[LUATEE_DIGEST_SIZE];
    size_t n = 0;
    out[n++] = 0x83;
    out[n++] = (uint8_t)kind;
    SHA256(data, size, digest);
    n += put_bytes(out + n, digest, sizeof(digest));
    return n + put_bytes(out + n, data, size);
}

static TEEC_Result answer(enum luatee_script_kind kind, const void *data, size_t size)
{
    return raw_command(&raw, LUATEE_CMD_SUPPLY_SCRIPT, NULL, write_script(raw_request(&raw), kind, data, size), 0, 0);
}

/* Calls a script of a three-letter name; *kind: what the TA asks for. */
static void ask(const char *name, enum luatee_script_kind *kind)
{
    uint8_t call[] = { 0x81, 0x63, (uint8_t)name[0], (uint8_t)name[1], (uint8_t)name[2] };
    assert_int_equal(raw_command(&raw, LUATEE_CMD_CALL, call, sizeof(call), 0, 0), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_NEED_SCRIPT);
    *kind = raw_response(&raw)[raw.size - 1];
}

/* Gets as far as the question for the script. */
static void ask_script(const char *name)
{
    enum luatee_script_kind kind;
    ask(name, &kind);
    if (kind != LUATEE_KIND_MANIFEST)
        return;
    assert_int_equal(answer(LUATEE_KIND_MANIFEST, manifest.data, manifest.size), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_NEED_SCRIPT);
}

/* --- what must come back ------------------------------------------------------------------------------------------ */

/* Nothing of a trusted script, whatever the TA says. */
static void check_silence(void)
{
    static const char secret[] = "tell nobody";
    for (size_t i = 0; i + sizeof(secret) - 1 <= raw.size; i++)
        assert_memory_not_equal(raw_response(&raw) + i, secret, sizeof(secret) - 1);
}

static void check_refused(TEEC_Result result, const char *what, size_t where)
{
    if (result != TEEC_SUCCESS || raw.a != LUATEE_ANSWER_REFUSED)
        fail_msg("%s, %zu: 0x%08x, answer %u", what, where, (unsigned)result, raw.a);
    check_silence();
}

static void refuse_script(const void *data, size_t size, const char *what, size_t where)
{
    ask_script("one");
    check_refused(answer(LUATEE_KIND_SCRIPT, data, size), what, where);
}

/* The dev flavour tells which check failed: this one, and not one behind it. */
static void check_reason(enum package_check reason, const char *what)
{
    const char *text = package_check_text(reason);
    if (memmem(raw_response(&raw), raw.size, text, strlen(text)) == NULL)
        fail_msg("%s: not refused because %s", what, text);
}

static void refuse_script_because(enum package_check reason, const void *data, size_t size, const char *what)
{
    refuse_script(data, size, what, 0);
    check_reason(reason, what);
}

/* In a session that has no manifest yet. */
static void refuse_manifest(const void *data, size_t size, const char *what, size_t where)
{
    enum luatee_script_kind kind;
    ask("one", &kind);
    assert_int_equal(kind, LUATEE_KIND_MANIFEST);
    check_refused(answer(LUATEE_KIND_MANIFEST, data, size), what, where);
}

static void check_good(void)
{
    ask_script("one");
    assert_int_equal(answer(LUATEE_KIND_SCRIPT, one.data, one.size), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_DONE);
    assert_memory_equal(raw_response(&raw), "\x82\xf6\x0b", 3);
}

/* --- the attacks -------------------------------------------------------------------------------------------------- */

static void good_packages_run(void **state)
{
    (void)state;
    check_good();
}

typedef void (*refuse)(const void *data, size_t size, const char *what, size_t where);

static void flip_every_bit(struct file *file, refuse expect)
{
    for (size_t bit = 0; bit < 8 * file->size; bit += step) {
        file->data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        expect(file->data, file->size, "bit", bit);
        file->data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    check_good();
}

static void every_bit_of_a_script(void **state)
{
    (void)state;
    flip_every_bit(&one, refuse_script);
}

static void every_bit_of_the_manifest(void **state)
{
    (void)state;
    flip_every_bit(&manifest, refuse_manifest);
}

static void cut_at_every_length_and_longer(void **state)
{
    (void)state;
    for (size_t size = 0; size < manifest.size; size += step)
        refuse_manifest(manifest.data, size, "manifest cut", size);
    for (size_t size = 0; size < one.size; size += step)
        refuse_script(one.data, size, "cut", size);
    one.data[one.size] = 0;
    refuse_script(one.data, one.size + 1, "longer", one.size + 1);
    check_good();
}

static void another_script(void **state)
{
    (void)state;
    refuse_script_because(PACKAGE_OTHER_SCRIPT, two.data, two.size, "renamed");
    refuse_script_because(PACKAGE_OTHER_KIND, manifest.data, manifest.size, "the manifest as a script");
    open_again();
    refuse_manifest(one.data, one.size, "a script as the manifest", 0);
    check_reason(PACKAGE_OTHER_KIND, "a script as the manifest");
    check_good();
}

/* A COSE_Sign1 of these parts. */
static size_t put_together(uint8_t *out, const uint8_t *header, size_t header_size, const uint8_t *payload,
                           size_t payload_size, const uint8_t *signature)
{
    size_t n = 0;
    out[n++] = 0xd2;
    out[n++] = 0x84;
    n += put_bytes(out + n, header, header_size);
    out[n++] = 0xa0;
    n += put_bytes(out + n, payload, payload_size);
    return n + put_bytes(out + n, signature, PACKAGE_SIGNATURE_SIZE);
}

static void parts_of_two_packages(void **state)
{
    (void)state;
    struct package a, b;
    uint8_t out[2 * FILE_MAX];
    assert_int_equal(package_parse(one.data, one.size, &a), PACKAGE_FINE);
    assert_int_equal(package_parse(two.data, two.size, &b), PACKAGE_FINE);
    assert_int_equal(put_together(out, a.header, a.header_size, a.payload, a.payload_size, a.signature), one.size);
    assert_memory_equal(out, one.data, one.size);
    for (unsigned mix = 1; mix < 7; mix++) {
        const struct package *header = mix & 1 ? &b : &a, *payload = mix & 2 ? &b : &a, *signature = mix & 4 ? &b : &a;
        size_t size = put_together(out, header->header, header->header_size, payload->payload, payload->payload_size,
                                   signature->signature);
        refuse_script(out, size, "mixed", mix);
        check_reason(PACKAGE_BAD_SIGNATURE, "mixed");
    }
    check_good();
}

/* The header of `one` with something put in, left out or replaced. The signature would not fit either: the reason shows
 * that nothing gets that far. */
static void headers_that_are_not_as_described(void **state)
{
    (void)state;
    struct package package;
    uint8_t header[2 * PACKAGE_HEADER_MAX], out[2 * FILE_MAX];
    assert_int_equal(package_parse(one.data, one.size, &package), PACKAGE_FINE);
    static const struct {
        const char *what;
        size_t at, removed;
        const char *put;
        size_t size;
        uint8_t pairs;
        enum package_check reason;
    } changes[] = {
        { "algorithm twice", 1, 0, "\x01\x26", 2, 0xa6, PACKAGE_BAD_HEADER },
        { "algorithm missing", 1, 2, "", 0, 0xa4, PACKAGE_BAD_HEADER },
        { "another algorithm", 2, 1, "\x38\x22", 2, 0xa5, PACKAGE_BAD_HEADER },
        { "no algorithm at all", 2, 1, "\xf6", 1, 0xa5, PACKAGE_BAD_HEADER },
        { "algorithm in a longer head", 1, 1, "\x18\x01", 2, 0xa5, PACKAGE_NOT_CANONICAL },
        { "critical label missing", 3, 7, "", 0, 0xa4, PACKAGE_BAD_HEADER },
        { "content type missing", 10, 3, "", 0, 0xa4, PACKAGE_BAD_HEADER },
        { "content type in a longer number", 11, 2, "\x19\x00\x60", 3, 0xa5, PACKAGE_NOT_CANONICAL },
        { "an unknown label in front", 1, 0, "\x00\x00", 2, 0xa6, PACKAGE_BAD_HEADER },
        { "key id in an indefinite string", 14, 2, "\x5f\x58\x20", 3, 0xa5, PACKAGE_NOT_CANONICAL },
        { "a map of indefinite length", 1, 0, "", 0, 0xbf, PACKAGE_NOT_CANONICAL },
        { "a count that claims more", 1, 0, "", 0, 0xbb, PACKAGE_BAD_HEADER },
    };
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        size_t at = changes[i].at, size = at;
        memcpy(header, package.header, at);
        header[0] = changes[i].pairs;
        memcpy(header + size, changes[i].put, changes[i].size);
        size += changes[i].size;
        memcpy(header + size, package.header + at + changes[i].removed, package.header_size - at - changes[i].removed);
        size += package.header_size - at - changes[i].removed;
        size = put_together(out, header, size, package.payload, package.payload_size, package.signature);
        refuse_script_because(changes[i].reason, out, size, changes[i].what);
    }
    memset(header, 0, sizeof(header));
    memcpy(header, package.header, package.header_size);
    size_t size =
        put_together(out, header, PACKAGE_HEADER_MAX + 1, package.payload, package.payload_size, package.signature);
    refuse_script_because(PACKAGE_BAD_ENVELOPE, out, size, "oversized header");
    check_good();
}

static void things_that_are_no_packages(void **state)
{
    (void)state;
    static const char source[] = "return 11", bytecode[] = "\x1bLua\x54\x00\x19\x93\r\n\x1a\n";
    refuse_script(source, sizeof(source) - 1, "source", 0);
    refuse_script(bytecode, sizeof(bytecode) - 1, "bytecode", 0);
    refuse_script("", 0, "nothing", 0);
    open_again();
    static const char plain[] = "\xa3\x64name\x6a" "attack_app\x67version\x63" "1.0\x68sequence\x05";
    refuse_manifest(plain, sizeof(plain) - 1, "plaintext manifest", 0);
    check_good();
}

/* A refused script stays refused, also behind pcall, and the session goes on. */
static void a_refusal_leaves_the_session(void **state)
{
    (void)state;
    ask_script("one");
    two.data[40] ^= 1;
    check_refused(answer(LUATEE_KIND_SCRIPT, two.data, two.size), "changed", 0);
    two.data[40] ^= 1;
    check_good();
    enum luatee_script_kind kind;
    ask("two", &kind);
    assert_int_equal(kind, LUATEE_KIND_SCRIPT);
    assert_int_equal(answer(LUATEE_KIND_SCRIPT, two.data, two.size), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_DONE);
    assert_memory_equal(raw_response(&raw), "\x82\xf6\x02", 3);
}

static void junk_is_not_stored(void **state)
{
    (void)state;
    uint8_t *request = raw_request(&raw);
    two.data[two.size - 1] ^= 1;
    /* [name, kind, digest, data]: the array's first byte gives way to the name's last. */
    size_t size = 4 + write_script(request + 4, LUATEE_KIND_SCRIPT, two.data, two.size);
    memcpy(request, "\x84\x63two", 5);
    two.data[two.size - 1] ^= 1;
    check_refused(raw_command(&raw, LUATEE_CMD_STORE_ADD, NULL, size, 0, 0), "stored", 0);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_STORE_LIST, "\xf6", 1, 0, 0), TEEC_SUCCESS);
    assert_memory_equal(raw_response(&raw), "\x80", 1);
}

/* --- replaced between check and use ------------------------------------------------------------------------------- */

static atomic_bool racing;

/* How the tries ended. */
static unsigned seen_good, seen_refused, seen_torn;

struct race {
    volatile uint8_t *byte;
    uint8_t first, second;
};

static void *toggle(void *argument)
{
    const struct race *race = argument;
    while (racing) {
        *race->byte = race->first;
        *race->byte = race->second;
    }
    return NULL;
}

/* Sends `one` with one byte of its package that is good at one moment and bad at the next. The digest fits the good one
 * or the bad one. Whatever the TA sees, it is the good package that runs or none. */
static void race(bool digest_of_good, size_t at)
{
    uint8_t *request = raw_request(&raw);
    struct race r = { .first = one.data[at], .second = one.data[at] ^ 0x10 };
    uint8_t good = one.data[at];
    ask_script("one");
    one.data[at] = digest_of_good ? good : r.second;
    size_t size = write_script(request, LUATEE_KIND_SCRIPT, one.data, one.size);
    one.data[at] = good;
    r.byte = request + (size - one.size) + at;
    racing = true;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, toggle, &r), 0);
    TEEC_Result result = TEEC_ERROR_SECURITY;
    for (int i = 0; i < 8 && result == TEEC_ERROR_SECURITY; i++) /* the question stays */
        result = raw_command(&raw, LUATEE_CMD_SUPPLY_SCRIPT, NULL, size, 0, 0);
    seen_torn += result == TEEC_ERROR_SECURITY;
    seen_refused += result == TEEC_SUCCESS && raw.a == LUATEE_ANSWER_REFUSED;
    seen_good += result == TEEC_SUCCESS && raw.a == LUATEE_ANSWER_DONE;
    racing = false;
    (void)pthread_join(thread, NULL);
    if (result == TEEC_ERROR_SECURITY) {
        check_silence();
        check_refused(answer(LUATEE_KIND_SCRIPT, "", 0), "after a race", at);
        return;
    }
    assert_int_equal(result, TEEC_SUCCESS);
    if (raw.a == LUATEE_ANSWER_DONE) {
        assert_true(digest_of_good);
        assert_memory_equal(raw_response(&raw), "\x82\xf6\x0b", 3);
        open_again();
        return;
    }
    assert_int_equal(raw.a, LUATEE_ANSWER_REFUSED);
    check_silence();
}

static void replaced_between_check_and_use(void **state)
{
    (void)state;
    struct package package;
    assert_int_equal(package_parse(one.data, one.size, &package), PACKAGE_FINE);
    /* A byte of the sequence's and names' part of the header, of the ciphertext, and of the signature. */
    const size_t places[] = { (size_t)(package.identity.bundle - one.data), (size_t)(package.payload - one.data) + 40,
                              (size_t)(package.signature - one.data) };
    for (unsigned i = 0; i < races; i++)
        race(i % 4 == 0, places[i % 3]);
    printf("%u tries: %u times the good package ran, %u were refused, %u did not fit their digest\n", races, seen_good,
           seen_refused, seen_torn);
    open_again();
    check_good();
}

static size_t number(const char *name, size_t otherwise)
{
    const char *text = getenv(name);
    return text && atoi(text) > 0 ? (size_t)atoi(text) : otherwise;
}

static int read_all(void **state)
{
    (void)state;
    read_file("manifest.luata", &manifest);
    read_file("ta/one.luata", &one);
    read_file("ta/two.luata", &two);
    step = number("ATTACK_STEP", step);
    races = (unsigned)number("ATTACK_RACES", races);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(good_packages_run),
        TEST(every_bit_of_a_script),
        TEST(every_bit_of_the_manifest),
        TEST(cut_at_every_length_and_longer),
        TEST(another_script),
        TEST(parts_of_two_packages),
        TEST(headers_that_are_not_as_described),
        TEST(things_that_are_no_packages),
        TEST(a_refusal_leaves_the_session),
        TEST(junk_is_not_stored),
        TEST(replaced_between_check_and_use),
    };
    return cmocka_run_group_tests_name("package_attack", tests, read_all, NULL);
}
