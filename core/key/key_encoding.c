/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/key/key_encoding.h"

#include <string.h>

#include "core/key/der.h"

#define UNCOMPRESSED 4

/* Constant AlgorithmIdentifiers (RFC 5480, RFC 8410, RFC 8017). The first byte is the size of the rest. */
static const uint8_t id_p256[] =
    "\x15\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
static const uint8_t id_p384[] = "\x12\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22";
static const uint8_t id_x25519[] = "\x07\x30\x05\x06\x03\x2b\x65\x6e";
static const uint8_t id_ed25519[] = "\x07\x30\x05\x06\x03\x2b\x65\x70";
static const uint8_t id_rsa[] = "\x0f\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";

static const uint8_t *identifier(const struct key_type *type)
{
    if (type->family == KEY_RSA)
        return id_rsa;
    if (type->family == KEY_EC)
        return type->curve == &curve_p256 ? id_p256 : id_p384;
    return type->secret_type == TEE_TYPE_ED25519_KEYPAIR ? id_ed25519 : id_x25519;
}

static bool read_public_bytes(const struct key_type *type, const uint8_t *data, size_t size, struct key_parts *parts)
{
    size_t each = key_type_part_size(type);
    if (type->family == KEY_OKP && size == each) {
        parts->part[0] = (struct key_part) { data, each };
        return true;
    }
    if (type->family != KEY_EC || size != 1 + 2 * each || data[0] != UNCOMPRESSED)
        return false;
    parts->part[0] = (struct key_part) { data + 1, each };
    parts->part[1] = (struct key_part) { data + 1 + each, each };
    return true;
}

static bool read_raw(const struct key_type *type, const uint8_t *data, size_t size, struct key_parts *parts)
{
    if (type->family != KEY_SECRET && (type->family != KEY_OKP || size != key_type_part_size(type)))
        return false;
    parts->part[key_type_publics(type)] = (struct key_part) { data, size };
    parts->secret = true;
    return true;
}

/* Reads `count` numbers, one after the other, such as n and e of RSA (RFC 8017, section A.1). */
static void read_numbers(struct der *d, struct key_parts *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        parts->part[i].data = der_number(d, &parts->part[i].size);
}

static bool read_spki_key(const struct key_type *type, const uint8_t *data, size_t size, struct key_parts *parts)
{
    if (type->family != KEY_RSA)
        return read_public_bytes(type, data, size, parts);
    struct der outer, inner;
    der_begin(&outer, data, size);
    inner = der_enter(&outer, DER_SEQUENCE);
    read_numbers(&inner, parts, 2);
    return der_finished(&inner) && der_finished(&outer);
}

/* RFC 8017, section A.1.2. The primes and the numbers derived from them are ignored: see key_import(). */
static bool read_rsa_private(struct der *d, struct key_parts *parts)
{
    static const uint8_t version[] = { DER_INTEGER, 1, 0 };
    struct der inner = der_enter(d, DER_SEQUENCE);
    struct key_parts rest;
    der_expect(&inner, version, sizeof(version));
    read_numbers(&inner, parts, 3);
    read_numbers(&inner, &rest, 3);
    read_numbers(&inner, &rest, 2);
    return der_finished(&inner);
}

/* RFC 5915. The public key is optional there; without it, key_import() rejects the key, since the TEE cannot compute
 * it. */
static bool read_ec_private(const struct key_type *type, struct der *d, struct key_parts *parts)
{
    static const uint8_t version[] = { DER_INTEGER, 1, 1 };
    struct der inner = der_enter(d, DER_SEQUENCE);
    size_t size;
    der_expect(&inner, version, sizeof(version));
    parts->part[2].data = der_read(&inner, DER_OCTET_STRING, &parts->part[2].size);
    if (der_is(&inner, DER_CONTEXT_0))
        (void)der_read(&inner, DER_CONTEXT_0, &size);
    if (!der_is(&inner, DER_CONTEXT_1))
        return der_finished(&inner) && parts->part[2].size == key_type_part_size(type);
    struct der outer = der_enter(&inner, DER_CONTEXT_1);
    const uint8_t *point = der_bits(&outer, &size);
    return der_finished(&outer) && der_finished(&inner) && parts->part[2].size == key_type_part_size(type) &&
           read_public_bytes(type, point, size, parts);
}

/* RFC 8410, section 7: the secret is an octet string inside the octet string. */
static bool read_okp_private(const struct key_type *type, struct der *d, struct key_parts *parts)
{
    parts->part[1].data = der_read(d, DER_OCTET_STRING, &parts->part[1].size);
    return parts->part[1].size == key_type_part_size(type);
}

static bool read_pkcs8_key(const struct key_type *type, const uint8_t *data, size_t size, struct key_parts *parts)
{
    struct der d;
    bool ok;
    der_begin(&d, data, size);
    if (type->family == KEY_RSA)
        ok = read_rsa_private(&d, parts);
    else if (type->family == KEY_EC)
        ok = read_ec_private(type, &d, parts);
    else
        ok = read_okp_private(type, &d, parts);
    return ok && der_finished(&d);
}

/* RFC 5958: version 0, or 1 with the public key of KEY_OKP at the end. */
static bool read_pkcs8(const struct key_type *type, struct der *d, struct key_parts *parts)
{
    size_t size, public_size = 0;
    const uint8_t *public_key = NULL;
    (void)der_number(d, &size);
    bool newer = size > 0;
    der_expect(d, identifier(type) + 1, identifier(type)[0]);
    const uint8_t *key = der_read(d, DER_OCTET_STRING, &size);
    size_t ignored;
    if (der_is(d, DER_CONTEXT_0))
        (void)der_read(d, DER_CONTEXT_0, &ignored); /* attributes are ignored */
    if (newer && der_is(d, DER_IMPLICIT_1))
        public_key = der_read(d, DER_IMPLICIT_1, &public_size);
    parts->secret = true;
    if (!der_finished(d) || !read_pkcs8_key(type, key, size, parts))
        return false;
    /* The public key is a bit string of whole bytes. */
    return !public_key ||
           (public_size > 1 && public_key[0] == 0 && read_public_bytes(type, public_key + 1, public_size - 1, parts));
}

static bool read_der(const struct key_type *type, const uint8_t *data, size_t size, struct key_parts *parts)
{
    struct der outer, d;
    if (type->family == KEY_SECRET)
        return false;
    der_begin(&outer, data, size);
    d = der_enter(&outer, DER_SEQUENCE);
    if (!der_finished(&outer))
        return false;
    if (der_is(&d, DER_INTEGER))
        return read_pkcs8(type, &d, parts);
    der_expect(&d, identifier(type) + 1, identifier(type)[0]);
    const uint8_t *key = der_bits(&d, &size);
    return der_finished(&d) && read_spki_key(type, key, size, parts);
}

bool key_encoding_read(const struct key_type *type, enum key_form form, const uint8_t *data, size_t size,
                struct key_parts *parts)
{
    *parts = (struct key_parts) { .secret = false };
    switch (form) {
    case KEY_FORM_DER:
        return read_der(type, data, size, parts);
    case KEY_FORM_COSE:
        return key_encoding_read_cose(type, data, size, parts);
    case KEY_FORM_RAW:
        return read_raw(type, data, size, parts);
    default:
        return read_public_bytes(type, data, size, parts);
    }
}

bool key_encoding_read_public(const struct key_type *type, const uint8_t *data, size_t size, struct key_parts *parts)
{
    static const enum key_form forms[] = { KEY_FORM_PUBLIC, KEY_FORM_DER, KEY_FORM_COSE };
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
        if (key_encoding_read(type, forms[i], data, size, parts))
            return !parts->secret;
    return false;
}

static void put(struct der_writer *w, const struct key_parts *parts, unsigned index)
{
    der_put(w, parts->part[index].data, parts->part[index].size);
}

static void put_public(struct der_writer *w, const struct key_type *type, const struct key_parts *parts)
{
    const uint8_t *end = w->at;
    if (type->family == KEY_RSA) {
        der_put_number(w, parts->part[1].data, parts->part[1].size);
        der_put_number(w, parts->part[0].data, parts->part[0].size);
        der_wrap(w, DER_SEQUENCE, end);
        return;
    }
    for (unsigned i = key_type_publics(type); i-- > 0;)
        put(w, parts, i);
    if (type->family == KEY_EC)
        der_put_byte(w, UNCOMPRESSED);
}

static void put_private(struct der_writer *w, const struct key_type *type, const struct key_parts *parts)
{
    static const uint8_t version[] = { DER_INTEGER, 1, 1 };
    const uint8_t *end = w->at;
    if (type->family == KEY_EC) {
        put_public(w, type, parts);
        der_wrap_bits(w, end);
        der_wrap(w, DER_CONTEXT_1, end);
    }
    const uint8_t *secret_end = w->at;
    put(w, parts, key_type_publics(type));
    der_wrap(w, DER_OCTET_STRING, secret_end);
    if (type->family == KEY_EC) {
        der_put(w, version, sizeof(version));
        der_wrap(w, DER_SEQUENCE, end);
    }
    der_wrap(w, DER_OCTET_STRING, end);
}

static void put_der(struct der_writer *w, const struct key_type *type, bool secret, const struct key_parts *parts)
{
    static const uint8_t version[] = { DER_INTEGER, 1, 0 };
    const uint8_t *end = w->at;
    if (secret) {
        put_private(w, type, parts);
    } else {
        put_public(w, type, parts);
        der_wrap_bits(w, end);
    }
    der_put(w, identifier(type) + 1, identifier(type)[0]);
    if (secret)
        der_put(w, version, sizeof(version));
    der_wrap(w, DER_SEQUENCE, end);
}

const uint8_t *key_encoding_write(const struct key_type *type, enum key_form form, bool secret,
                                  const struct key_parts *parts, uint8_t buffer[KEY_ENCODING_MAX], size_t *size)
{
    struct der_writer w;
    bool public_rsa = type->family == KEY_RSA && !secret;
    if (form == KEY_FORM_COSE)
        return key_encoding_write_cose(type, secret, parts, buffer, size);
    if (form == KEY_FORM_DER ? type->family == KEY_SECRET : public_rsa)
        return NULL;
    der_write_begin(&w, buffer, KEY_ENCODING_MAX);
    if (form == KEY_FORM_DER)
        put_der(&w, type, secret, parts);
    else if (secret)
        put(&w, parts, key_type_publics(type));
    else
        put_public(&w, type, parts);
    *size = (size_t)(buffer + KEY_ENCODING_MAX - w.at);
    return w.failed ? NULL : w.at;
}
