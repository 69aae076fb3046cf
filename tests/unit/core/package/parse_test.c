/* SPDX-License-Identifier: BSD-2-Clause */
/* The package parser: what it takes, it takes in one encoding only; everything else is refused for the right reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/package/encode.h"
#include "core/codec/cursor.h"
#include "tests/unit/core/package/package_support.h"

static struct luatee_buffer header, body, whole;

static int setup(void **state)
{
    (void)state;
    sample_encode(&header, &body);
    sample_wrap(&header, &body, &whole);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    luatee_buffer_free(&header);
    luatee_buffer_free(&body);
    luatee_buffer_free(&whole);
    return 0;
}

static enum package_check parse_all(const void *data, size_t size)
{
    struct package package;
    struct package_body parts;
    enum package_check check = package_parse(data, size, &package);
    return check != PACKAGE_FINE ? check : package_parse_body(package.payload, package.payload_size, &parts);
}

/* In memory of its own size, so that a sanitizer sees what is read beyond it. */
static enum package_check parse_copy(const void *data, size_t size)
{
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    assert_non_null(copy);
    if (size > 0)
        memcpy(copy, data, size);
    enum package_check check = parse_all(copy, size);
    free(copy);
    return check;
}

static void test_sample(void **state)
{
    (void)state;
    struct package package;
    struct package_body parts;
    assert_int_equal(package_parse(whole.data, whole.size, &package), PACKAGE_FINE);
    assert_int_equal(package.publisher_id[31], 0x11);
    assert_int_equal(package.identity.app_size, 3);
    assert_memory_equal(package.identity.app, "app", 3);
    assert_int_equal(package.identity.kind, PACKAGE_SOURCE);
    assert_int_equal(package.identity.script_size, 6);
    assert_memory_equal(package.identity.script, "script", 6);
    assert_int_equal(package.identity.version_size, 1);
    assert_int_equal(package.identity.sequence, 5);
    assert_int_equal(package.identity.bundle[31], 0x22);
    assert_int_equal(package.signature[63], 0xbb);
    assert_int_equal(package.header_size, header.size);
    assert_int_equal(package.payload_size, body.size);
    assert_int_equal(package_parse_body(package.payload, package.payload_size, &parts), PACKAGE_FINE);
    assert_int_equal(parts.iv[11], 0x33);
    assert_int_equal(parts.ciphertext_size, 20);
    assert_int_equal(parts.recipient_count, 2);
    assert_int_equal(parts.recipients[0].kind, PACKAGE_FOR_CLASS);
    assert_int_equal(parts.recipients[0].id[15], 0x55);
    assert_int_equal(parts.recipients[0].wrapped[39], 0x66);
    assert_null(parts.recipients[0].x);
    assert_int_equal(parts.recipients[1].kind, PACKAGE_FOR_DEVICE);
    assert_int_equal(parts.recipients[1].id[15], 0x77);
    assert_int_equal(parts.recipients[1].x[31], 0x88);
    assert_int_equal(parts.recipients[1].y[31], 0x99);
    assert_int_equal(parts.recipients[1].wrapped[39], 0xaa);
}

/* --- one change a test */

enum where { WHOLE, HEADER, BODY };

struct change {
    const char *name;
    enum where where;
    const char *from; /* hexadecimal, must be there; "" is the end */
    const char *to;
    enum package_check expected;
};

#define BYTES_16(b) b b b b b b b b b b b b b b b b
#define BYTES_32(b) BYTES_16(b) BYTES_16(b)
#define BYTES_40(b) BYTES_32(b) b b b b b b b b
#define BYTES_64(b) BYTES_32(b) BYTES_32(b)

#define CLASS                                                                                                          \
    "8340"                                                                                                             \
    "a2012404"                                                                                                         \
    "50" BYTES_16("55") "5828" BYTES_40("66")

static const struct change changes[] = {
    { "another tag", WHOLE, "d284", "d184", PACKAGE_BAD_ENVELOPE },
    { "no tag", WHOLE, "d284", "84", PACKAGE_BAD_ENVELOPE },
    { "two tags", WHOLE, "d284", "d2d284", PACKAGE_BAD_ENVELOPE },
    { "self-described CBOR", WHOLE, "d284", "d9d9f7d284", PACKAGE_BAD_ENVELOPE },
    { "tag not in shortest form", WHOLE, "d284", "d81284", PACKAGE_NOT_CANONICAL },
    { "three parts", WHOLE, "d284", "d283", PACKAGE_BAD_ENVELOPE },
    { "five parts", WHOLE, "d284", "d285", PACKAGE_BAD_ENVELOPE },
    { "array of indefinite length", WHOLE, "d284", "d29f", PACKAGE_NOT_CANONICAL },
    { "array's length not in shortest form", WHOLE, "d284", "d29804", PACKAGE_NOT_CANONICAL },
    { "something behind it", WHOLE, "", "00", PACKAGE_BAD_ENVELOPE },
    { "a second package behind it", WHOLE, "", "d284", PACKAGE_BAD_ENVELOPE },
    { "unprotected field", WHOLE, "a058", "a1040058", PACKAGE_BAD_ENVELOPE },
    { "unprotected is an array", WHOLE, "a058", "8058", PACKAGE_BAD_ENVELOPE },
    { "payload detached", WHOLE, "a058", "a0f658", PACKAGE_BAD_ENVELOPE },
    { "signature of 63 bytes", WHOLE, "5840" BYTES_64("bb"), "583f" BYTES_32("bb") BYTES_16("bb")
      "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", PACKAGE_BAD_ENVELOPE },
    { "signature of 65 bytes", WHOLE, "5840" BYTES_64("bb"), "5841" BYTES_64("bb") "bb", PACKAGE_BAD_ENVELOPE },
    { "signature longer than the rest", WHOLE, "5840", "59ffff", PACKAGE_BAD_ENVELOPE },
    { "signature as text", WHOLE, "5840", "7840", PACKAGE_BAD_ENVELOPE },
    { "signature's length not in shortest form", WHOLE, "5840", "590040", PACKAGE_NOT_CANONICAL },

    { "alg twice", HEADER, "031860", "0126", PACKAGE_BAD_HEADER },
    { "alg missing", HEADER, "a50126", "a4", PACKAGE_BAD_HEADER },
    { "crit missing", HEADER, "a5012602813a0001116f", "a40126", PACKAGE_BAD_HEADER },
    { "content type missing", HEADER, "a5012602813a0001116f031860", "a4012602813a0001116f", PACKAGE_BAD_HEADER },
    { "unknown field", HEADER, "a50126", "a601260000", PACKAGE_BAD_HEADER },
    { "partial IV", HEADER, "045820", "0641000458", PACKAGE_BAD_HEADER },
    { "fields out of order", HEADER, "012602813a0001116f031860", "01260318600281" "3a0001116f", PACKAGE_BAD_HEADER },
    { "alg ES384", HEADER, "0126", "013822", PACKAGE_BAD_HEADER },
    { "alg as text", HEADER, "0126", "016545533235", PACKAGE_BAD_HEADER },
    { "alg not in shortest form", HEADER, "0126", "013806", PACKAGE_NOT_CANONICAL },
    { "label not in shortest form", HEADER, "a501", "a51801", PACKAGE_NOT_CANONICAL },
    { "map of indefinite length", HEADER, "a501", "bf01", PACKAGE_NOT_CANONICAL },
    { "map is an array", HEADER, "a501", "8501", PACKAGE_BAD_HEADER },
    { "crit empty", HEADER, "813a0001116f", "80", PACKAGE_BAD_HEADER },
    { "crit with more", HEADER, "813a0001116f", "823a0001116f04", PACKAGE_BAD_HEADER },
    { "crit of another label", HEADER, "813a0001116f", "813a00011170", PACKAGE_BAD_HEADER },
    { "crit not in shortest form", HEADER, "813a0001116f", "813b000000000001116f", PACKAGE_NOT_CANONICAL },
    { "another content type", HEADER, "031860", "031861", PACKAGE_BAD_HEADER },
    { "kid of 31 bytes", HEADER, "045820" "11", "04581f", PACKAGE_BAD_HEADER },
    { "kid of 33 bytes", HEADER, "045820", "04582111", PACKAGE_BAD_HEADER },
    { "kid as text", HEADER, "045820", "047820", PACKAGE_BAD_HEADER },
    { "kid of indefinite length", HEADER, "045820", "045f5820", PACKAGE_NOT_CANONICAL },
    { "header's end", HEADER, "", "00", PACKAGE_BAD_HEADER },

    { "format 0", HEADER, "8701", "8700", PACKAGE_BAD_FORMAT },
    { "format 2", HEADER, "8701", "8702", PACKAGE_BAD_FORMAT },
    { "format 2 with more fields", HEADER, "8701", "8802", PACKAGE_BAD_FORMAT },
    { "format not in shortest form", HEADER, "8701", "871801", PACKAGE_NOT_CANONICAL },
    { "six fields", HEADER, "8701", "8601", PACKAGE_BAD_IDENTITY },
    { "eight fields", HEADER, "8701", "8801", PACKAGE_BAD_IDENTITY },
    { "app empty", HEADER, "63617070", "60", PACKAGE_BAD_IDENTITY },
    { "app with a dot in front", HEADER, "63617070", "632e7070", PACKAGE_BAD_IDENTITY },
    { "app with a slash", HEADER, "63617070", "63612f70", PACKAGE_BAD_IDENTITY },
    { "app with a NUL", HEADER, "63617070", "63610070", PACKAGE_BAD_IDENTITY },
    { "app not in ASCII", HEADER, "63617070", "6361c3a4", PACKAGE_BAD_IDENTITY },
    { "app as bytes", HEADER, "63617070", "43617070", PACKAGE_BAD_IDENTITY },
    { "app of 64 characters", HEADER, "63617070", "7840" BYTES_64("61"), PACKAGE_FINE },
    { "app of 65 characters", HEADER, "63617070", "7841" BYTES_64("61") "61", PACKAGE_BAD_IDENTITY },
    { "app longer than everything", HEADER, "63617070", "7bffffffffffffffff617070", PACKAGE_BAD_IDENTITY },
    { "bytecode", HEADER, "7070" "00" "66", "7070" "01" "66", PACKAGE_FINE },
    { "manifest called script", HEADER, "7070" "00" "66", "7070" "02" "66", PACKAGE_BAD_IDENTITY },
    { "manifest", HEADER, "0066736372697074", "02686d616e6966657374", PACKAGE_FINE },
    { "a script called manifest", HEADER, "0066736372697074", "00686d616e6966657374", PACKAGE_FINE },
    { "kind 3", HEADER, "7070" "00" "66", "7070" "03" "66", PACKAGE_BAD_IDENTITY },
    { "kind -1", HEADER, "7070" "00" "66", "7070" "20" "66", PACKAGE_BAD_IDENTITY },
    { "kind false", HEADER, "7070" "00" "66", "7070" "f4" "66", PACKAGE_BAD_IDENTITY },
    { "script empty", HEADER, "66736372697074", "60", PACKAGE_BAD_IDENTITY },
    { "script with a slash", HEADER, "66736372697074", "66732f72697074", PACKAGE_BAD_IDENTITY },
    { "version empty", HEADER, "6131", "60", PACKAGE_BAD_IDENTITY },
    { "version with a control character", HEADER, "6131", "611b", PACKAGE_BAD_IDENTITY },
    { "version not in ASCII", HEADER, "6131", "62c3a4", PACKAGE_BAD_IDENTITY },
    { "version of 65 characters", HEADER, "6131", "7841" BYTES_64("31") "31", PACKAGE_BAD_IDENTITY },
    { "sequence 2^63 - 1", HEADER, "0558", "1b7fffffffffffffff58", PACKAGE_FINE },
    { "sequence 2^63", HEADER, "0558", "1b800000000000000058", PACKAGE_BAD_IDENTITY },
    { "sequence -1", HEADER, "0558", "2058", PACKAGE_BAD_IDENTITY },
    { "sequence 5.0", HEADER, "0558", "f9450058", PACKAGE_BAD_IDENTITY },
    { "sequence not in shortest form", HEADER, "0558", "180558", PACKAGE_NOT_CANONICAL },
    { "sequence in 8 bytes", HEADER, "0558", "1b000000000000000558", PACKAGE_NOT_CANONICAL },
    { "sequence in 2 bytes that 1 would hold", HEADER, "0558", "1900ff58", PACKAGE_NOT_CANONICAL },
    { "sequence in 4 bytes that 2 would hold", HEADER, "0558", "1a0000ffff58", PACKAGE_NOT_CANONICAL },
    { "sequence in 4 bytes", HEADER, "0558", "1a0001000058", PACKAGE_FINE },
    { "reserved length", HEADER, "0558", "1c58", PACKAGE_NOT_CANONICAL },
    { "bundle of 31 bytes", HEADER, "582022", "581f", PACKAGE_BAD_IDENTITY },
    { "bundle longer than the header", HEADER, "5820" "22", "5820", PACKAGE_TRUNCATED },

    { "three parts in the body", BODY, "8443", "8343", PACKAGE_BAD_BODY },
    { "tagged body", BODY, "8443", "d8608443", PACKAGE_BAD_BODY },
    { "body's end", BODY, "", "00", PACKAGE_BAD_BODY },
    { "A128GCM", BODY, "43a10103", "43a10101", PACKAGE_BAD_BODY },
    { "content alg not in shortest form", BODY, "43a10103", "44a1011803", PACKAGE_NOT_CANONICAL },
    { "no content alg", BODY, "43a10103", "40", PACKAGE_TRUNCATED },
    { "empty map for the content alg", BODY, "43a10103", "41a0", PACKAGE_BAD_BODY },
    { "content alg and more", BODY, "43a10103", "44a1010300", PACKAGE_BAD_BODY },
    { "iv of 11 bytes", BODY, "a1054c33", "a1054b", PACKAGE_BAD_BODY },
    { "iv of 13 bytes", BODY, "a1054c", "a1054d33", PACKAGE_BAD_BODY },
    { "iv missing", BODY, "a1054c" "333333333333333333333333", "a0", PACKAGE_BAD_BODY },
    { "iv and partial iv", BODY, "a1054c", "a2064100054c", PACKAGE_BAD_BODY },
    { "iv twice", BODY, "a1054c" "333333333333333333333333",
      "a2054c" "333333333333333333333333" "054c" "333333333333333333333333", PACKAGE_BAD_BODY },
    { "ciphertext of 16 bytes", BODY, "5444444444", "50", PACKAGE_FINE },
    { "ciphertext of 15 bytes", BODY, "544444444444", "4f", PACKAGE_BAD_BODY },
    { "ciphertext detached", BODY, "54" BYTES_16("44") "44444444", "f6", PACKAGE_BAD_BODY },
    { "ciphertext's length not in shortest form", BODY, "5444", "581444", PACKAGE_NOT_CANONICAL },
    { "ciphertext longer than the body", BODY, "5444", "590fff44", PACKAGE_TRUNCATED },

    { "no recipients", BODY, "82" CLASS, "80", PACKAGE_BAD_RECIPIENT },
    { "recipients are nil", BODY, "82" CLASS, "f6", PACKAGE_BAD_RECIPIENT },
    { "fewer recipients than there are", BODY, "82" CLASS, "81" CLASS, PACKAGE_BAD_BODY },
    { "more recipients than there are", BODY, "82" CLASS, "83" CLASS, PACKAGE_TRUNCATED },
    { "two of the class", BODY, "82" CLASS, "83" CLASS CLASS, PACKAGE_FINE },
    { "sixteen recipients", BODY, "82" CLASS,
      "90" CLASS CLASS CLASS CLASS CLASS CLASS CLASS CLASS CLASS CLASS CLASS CLASS CLASS CLASS CLASS, PACKAGE_FINE },
    { "seventeen recipients", BODY, "82" CLASS,
      "91" CLASS CLASS CLASS CLASS CLASS CLASS CLASS CLASS CLASS CLASS CLASS CLASS CLASS CLASS CLASS CLASS,
      PACKAGE_BAD_RECIPIENT },
    { "as many recipients as can be counted", BODY, "82" CLASS, "9bffffffffffffffff" CLASS, PACKAGE_BAD_RECIPIENT },
    { "recipient of two parts", BODY, "8340a2", "8240a2", PACKAGE_BAD_RECIPIENT },
    { "recipient with recipients", BODY, "8340a2", "8440a2", PACKAGE_BAD_RECIPIENT },
    { "A128KW", BODY, "8340a20124", "8340a20122", PACKAGE_BAD_RECIPIENT },
    { "direct", BODY, "8340a20124", "8340a20125", PACKAGE_BAD_RECIPIENT },
    { "A256KW not in shortest form", BODY, "8340a20124", "8340a2013804", PACKAGE_NOT_CANONICAL },
    { "kid before alg", BODY, "a20124" "0450" BYTES_16("55"), "a20450" BYTES_16("55") "0124", PACKAGE_BAD_RECIPIENT },
    { "recipient without kid", BODY, "a20124" "0450" BYTES_16("55"), "a10124", PACKAGE_BAD_RECIPIENT },
    { "kid of 15 bytes", BODY, "045055", "044f", PACKAGE_BAD_RECIPIENT },
    { "key of 39 bytes", BODY, "582866", "5827", PACKAGE_BAD_RECIPIENT },
    { "key of 41 bytes", BODY, "582866", "58296666", PACKAGE_BAD_RECIPIENT },
    { "empty protected header as a map", BODY, "8340a2", "8341a0a2", PACKAGE_BAD_RECIPIENT },
    { "ECDH-SS", BODY, "44a101381e", "44a1013821", PACKAGE_BAD_RECIPIENT },
    { "ECDH-ES alg not in shortest form", BODY, "44a101381e", "45a10139001e", PACKAGE_NOT_CANONICAL },
    { "curve P-384", BODY, "a401022001", "a401022002", PACKAGE_BAD_RECIPIENT },
    { "key type OKP", BODY, "a401022001", "a401012001", PACKAGE_BAD_RECIPIENT },
    { "compressed point", BODY, "225820" BYTES_32("99"), "22f5", PACKAGE_BAD_RECIPIENT },
    { "no y", BODY, "a401022001" "215820" BYTES_32("88") "225820" BYTES_32("99"),
      "a301022001" "215820" BYTES_32("88"), PACKAGE_BAD_RECIPIENT },
    { "private key", BODY, "225820" BYTES_32("99"), "225820" BYTES_32("99") "235820" BYTES_32("99"),
      PACKAGE_BAD_RECIPIENT },
    { "x of 31 bytes", BODY, "21582088", "21581f", PACKAGE_BAD_RECIPIENT },
    { "ephemeral key before kid", BODY, "0450" BYTES_16("77"), "2050" BYTES_16("77"), PACKAGE_BAD_RECIPIENT },
};

static size_t from_hex(const char *hex, uint8_t *out, size_t room)
{
    size_t size = strlen(hex) / 2;
    assert_true(size <= room);
    for (size_t i = 0; i < size; i++) {
        char pair[3] = { hex[2 * i], hex[2 * i + 1], '\0' };
        out[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return size;
}

/* Replaces the last place where `from` is, for the sake of the signature, which stands at the end. */
static void apply(const struct change *change, const struct luatee_buffer *in, struct luatee_buffer *out)
{
    uint8_t from[2048], to[2048];
    size_t from_size = from_hex(change->from, from, sizeof(from));
    size_t to_size = from_hex(change->to, to, sizeof(to));
    size_t at = in->size - from_size;
    while (from_size > 0 && memcmp(in->data + at, from, from_size) != 0) {
        if (at == 0)
            fail_msg("%s: there is no %s", change->name, change->from);
        at--;
    }
    out->size = 0;
    assert_true(luatee_buffer_reserve(out, in->size + to_size));
    memcpy(out->data, in->data, at);
    memcpy(out->data + at, to, to_size);
    memcpy(out->data + at + to_size, in->data + at + from_size, in->size - at - from_size);
    out->size = in->size - from_size + to_size;
}

static void test_changes(void **state)
{
    (void)state;
    struct luatee_buffer changed = { 0 }, package = { 0 };
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        const struct change *change = &changes[i];
        const struct luatee_buffer *parts[] = { [WHOLE] = &whole, [HEADER] = &header, [BODY] = &body };
        apply(change, parts[change->where], &changed);
        const struct luatee_buffer *result = &changed;
        if (change->where != WHOLE) {
            sample_wrap(change->where == HEADER ? &changed : &header, change->where == BODY ? &changed : &body,
                        &package);
            result = &package;
        }
        enum package_check check = parse_copy(result->data, result->size);
        if (check != change->expected)
            fail_msg("%s: \"%s\" and not \"%s\"", change->name, package_check_text(check),
                     package_check_text(change->expected));
    }
    luatee_buffer_free(&changed);
    luatee_buffer_free(&package);
}

static void test_truncated(void **state)
{
    (void)state;
    for (size_t size = 0; size < whole.size; size++)
        assert_int_equal(parse_copy(whole.data, size), PACKAGE_TRUNCATED);
    struct package_body parts;
    for (size_t size = 0; size < body.size; size++)
        assert_int_equal(package_parse_body(body.data, size, &parts), PACKAGE_TRUNCATED);
}

/* What parses encodes to the same bytes. Returns whether it parses. */
static bool check_one_encoding(const uint8_t *data, size_t size)
{
    struct package package;
    struct package_body parts;
    if (package_parse(data, size, &package) != PACKAGE_FINE ||
        package_parse_body(package.payload, package.payload_size, &parts) != PACKAGE_FINE)
        return false;
    struct luatee_buffer out = { 0 };
    assert_true(package_encode_header(&package, &out));
    assert_int_equal(out.size, package.header_size);
    assert_memory_equal(out.data, package.header, out.size);
    assert_true(package_encode_body(&parts, &out));
    assert_int_equal(out.size, package.payload_size);
    assert_memory_equal(out.data, package.payload, out.size);
    assert_true(package_encode_whole(&package, &out));
    assert_int_equal(out.size, size);
    assert_memory_equal(out.data, data, size);
    luatee_buffer_free(&out);
    return true;
}

static void test_every_bit_flipped(void **state)
{
    (void)state;
    assert_true(check_one_encoding(whole.data, whole.size));
    size_t fine = 0;
    for (size_t bit = 0; bit < 8 * whole.size; bit++) {
        whole.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        fine += check_one_encoding(whole.data, whole.size);
        whole.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    /* Keys, ids, ciphertext and signature are any bytes: 8 * (32 + 32 + 12 + 20 + 16 + 40 + 16 + 32 + 32 + 40 + 64),
     * and some flips in names, version, kind and sequence give others. */
    assert_true(fine >= 8 * 336);
    assert_true(fine <= 8 * (336 + 3 + 1 + 6 + 1 + 1));
}

static void test_every_byte_inserted_or_removed(void **state)
{
    (void)state;
    struct luatee_buffer other = { 0 };
    assert_true(luatee_buffer_reserve(&other, whole.size + 1));
    for (size_t at = 0; at < whole.size; at++) {
        memcpy(other.data, whole.data, at);
        memcpy(other.data + at, whole.data + at + 1, whole.size - at - 1);
        assert_int_not_equal(parse_copy(other.data, whole.size - 1), PACKAGE_FINE);
        memcpy(other.data + at + 1, whole.data + at, whole.size - at);
        for (unsigned byte = 0; byte < 256; byte++) {
            other.data[at] = (uint8_t)byte;
            assert_int_not_equal(parse_copy(other.data, whole.size + 1), PACKAGE_FINE);
        }
    }
    luatee_buffer_free(&other);
}

static void test_largest(void **state)
{
    (void)state;
    struct package_body parts;
    struct luatee_buffer ciphertext = { 0 }, large = { 0 }, package = { 0 };
    assert_true(luatee_buffer_reserve(&ciphertext, PACKAGE_CIPHERTEXT_MAX + 1));
    memset(ciphertext.data, 0x44, PACKAGE_CIPHERTEXT_MAX + 1);
    sample_body(&parts);
    for (size_t i = 2; i < PACKAGE_RECIPIENTS_MAX; i++)
        parts.recipients[i] = parts.recipients[1];
    parts.recipient_count = PACKAGE_RECIPIENTS_MAX;
    parts.ciphertext = ciphertext.data;
    parts.ciphertext_size = PACKAGE_CIPHERTEXT_MAX;
    assert_true(package_encode_body(&parts, &large));
    sample_wrap(&header, &large, &package);
    assert_true(package.size <= PACKAGE_SIZE_MAX);
    assert_int_equal(parse_all(package.data, package.size), PACKAGE_FINE);
    parts.ciphertext_size++;
    assert_true(package_encode_body(&parts, &large));
    sample_wrap(&header, &large, &package);
    assert_int_equal(parse_all(package.data, package.size), PACKAGE_BAD_BODY);
    assert_int_equal(parse_all(ciphertext.data, PACKAGE_SIZE_MAX + 1), PACKAGE_TOO_LARGE);
    luatee_buffer_free(&ciphertext);
    luatee_buffer_free(&large);
    luatee_buffer_free(&package);
}

/* The largest header is as large as its bound says. */
static void test_largest_header(void **state)
{
    (void)state;
    char name[LUATEE_NAME_MAX];
    memset(name, 'a', sizeof(name));
    struct package package;
    assert_int_equal(package_parse(whole.data, whole.size, &package), PACKAGE_FINE);
    package.identity.app = package.identity.script = package.identity.version = name;
    package.identity.app_size = package.identity.script_size = package.identity.version_size = sizeof(name);
    package.identity.sequence = PACKAGE_SEQUENCE_MAX;
    struct luatee_buffer large = { 0 }, out = { 0 };
    assert_true(package_encode_header(&package, &large));
    assert_int_equal(large.size, PACKAGE_HEADER_MAX);
    sample_wrap(&large, &body, &out);
    assert_int_equal(parse_all(out.data, out.size), PACKAGE_FINE);
    luatee_buffer_free(&large);
    luatee_buffer_free(&out);
}

/* What is not reached through packages. */
static void test_cursor(void **state)
{
    (void)state;
    struct cursor c;
    size_t size;
    cursor_begin(&c, (const uint8_t *)"\xf5\xf4\xf6", 3);
    assert_true(cursor_bool(&c));
    assert_false(cursor_bool(&c));
    assert_false(cursor_bool(&c));
    assert_int_equal(c.failure, CURSOR_UNEXPECTED);
    assert_false(cursor_finish(&c));
    cursor_begin(&c, (const uint8_t *)"\xa1\x61x\x01", 4);
    assert_int_equal(cursor_map(&c), 1);
    assert_memory_equal(cursor_text(&c, 1, 1, &size), "x", 1);
    assert_int_equal(cursor_uint(&c), 1);
    assert_true(cursor_finish(&c));
    cursor_begin(&c, NULL, 0);
    assert_int_equal(cursor_uint(&c), 0);
    assert_int_equal(c.failure, CURSOR_TRUNCATED);
    /* The first failure stays, and nothing is given out any more. */
    assert_null(cursor_bytes(&c, 0, 10, &size));
    cursor_fail(&c, CURSOR_UNEXPECTED);
    assert_int_equal(c.failure, CURSOR_TRUNCATED);
}

static void test_check_text(void **state)
{
    (void)state;
    for (int check = PACKAGE_FINE; check <= PACKAGE_BAD_RECIPIENT; check++)
        for (int other = PACKAGE_FINE; other < check; other++)
            assert_string_not_equal(package_check_text((enum package_check)check),
                                    package_check_text((enum package_check)other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sample),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_every_bit_flipped),
        cmocka_unit_test(test_every_byte_inserted_or_removed),
        cmocka_unit_test(test_largest),
        cmocka_unit_test(test_largest_header),
        cmocka_unit_test(test_cursor),
        cmocka_unit_test(test_check_text),
    };
    return cmocka_run_group_tests_name("package_parse", tests, setup, teardown);
}
