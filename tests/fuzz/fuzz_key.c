/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys in the forms of the outside world. First byte: type (low four bits) and form; the rest is the key. What is read
 * must lie within the input, and come out of a write and a read as it was.
 */
#include <stdlib.h>
#include <string.h>

#include "core/key/der.h"
#include "core/key/key_encoding.h"

static void expect(bool ok)
{
    if (!ok)
        abort();
}

static bool fits(const struct key_type *type, const struct key_parts *parts)
{
    size_t each = key_type_part_size(type);
    for (unsigned i = 0; i < key_type_publics(type) + (parts->secret ? 1u : 0u); i++) {
        size_t size = parts->part[i].size;
        if (type->family == KEY_RSA || type->family == KEY_SECRET ? size == 0 || size > 64 : size != each)
            return false;
    }
    return true;
}

static void check_round(const struct key_type *type, enum key_form form, const struct key_parts *parts)
{
    uint8_t buffer[KEY_ENCODING_MAX];
    struct key_parts again;
    size_t size;
    bool secret = parts->secret && type->family != KEY_RSA;
    const uint8_t *out = key_encoding_write(type, form, secret, parts, buffer, &size);
    if (!out)
        return;
    expect(size <= sizeof(buffer) && key_encoding_read(type, form, out, size, &again) && again.secret == secret);
    for (unsigned i = 0; i < key_type_publics(type); i++) {
        const struct key_part *a = &parts->part[i], *b = &again.part[i];
        if (type->family == KEY_RSA && b->size < a->size && *a->data == 0)
            continue; /* DER drops zeros in front */
        /* PKCS #8 of KEY_OKP leaves the public half out. */
        expect(b->size == 0 || (a->size == b->size && memcmp(a->data, b->data, a->size) == 0));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const struct key_type *type = key_type_at(data[0] & 15);
    enum key_form form = (enum key_form)(data[0] >> 4 & 3);
    struct key_parts parts;
    if (!type)
        return 0;
    const uint8_t *key = data + 1, *end = data + size;
    (void)key_encoding_read_public(type, key, size - 1, &parts);
    if (!key_encoding_read(type, form, key, size - 1, &parts))
        return 0;
    for (unsigned i = 0; i < KEY_PARTS_MAX; i++) {
        const struct key_part *part = &parts.part[i];
        expect(part->size == 0 || (part->data >= key && part->data + part->size <= end));
    }
    if (type->family == KEY_EC && parts.part[0].size == 32 && parts.part[1].size == 32 && type->curve == &curve_p256)
        (void)curve_has_point(type->curve, parts.part[0].data, parts.part[1].data);
    if ((form == KEY_FORM_DER || form == KEY_FORM_COSE) && fits(type, &parts))
        check_round(type, form, &parts);
    return 0;
}
