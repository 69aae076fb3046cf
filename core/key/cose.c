/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads and writes COSE_Key: RFC 9052, section 7; RFC 9053, section 7; RFC 8230 for RSA. */
#include "core/codec/cursor.h"
#include "core/codec/writer.h"
#include "core/key/key_encoding.h"

/* Labels. The meaning of those below 0 depends on the key type. */
#define LABEL_TYPE 1
#define LABELS 4 /* -1 to -4 are used */

/* The value of a label that we use. */
struct item {
    struct key_part bytes;
    uint64_t number;
    enum head_major major;
    bool found;
};

struct map {
    struct item type;
    struct item item[LABELS]; /* -1 to -4 */
};

/* The kty of each family (RFC 9053, section 7; RFC 8230, section 4). */
static const uint8_t key_types[] = { [KEY_SECRET] = 4, [KEY_EC] = 2, [KEY_OKP] = 1, [KEY_RSA] = 3 };

/* Returns -1 - label for each part. For KEY_EC and KEY_OKP, label -1 is the curve; KEY_OKP has no y, which is -3. */
static unsigned index_of(const struct key_type *type, unsigned part)
{
    if (type->family == KEY_SECRET || type->family == KEY_RSA)
        return part;
    return type->family == KEY_OKP && part == 1 ? 3 : part + 1;
}

/* Reads a number or a string. */
static bool read_item(struct cursor *c, struct item *item)
{
    uint8_t first;
    if (!cursor_head(c, &first, &item->number))
        return false;
    item->major = (enum head_major)(first >> HEAD_SHIFT);
    item->found = true;
    if (item->major == HEAD_UNSIGNED || item->major == HEAD_NEGATIVE)
        return true;
    if ((item->major != HEAD_BYTES && item->major != HEAD_TEXT) || item->number > cursor_left(c))
        return false;
    item->bytes = (struct key_part) { c->next, (size_t)item->number };
    c->next += item->number;
    return true;
}

/* Returns the item for the value of a label, or NULL when the label is not used. */
static struct item *item_of_label(struct map *map, const struct item *label)
{
    if (label->major == HEAD_UNSIGNED && label->number == LABEL_TYPE)
        return &map->type;
    if (label->major == HEAD_NEGATIVE && label->number < LABELS)
        return &map->item[label->number];
    return NULL;
}

/* Ignores other labels: kid, alg, key_ops and private ones. */
static bool read_map(struct cursor *c, struct map *map)
{
    for (uint64_t count = cursor_map(c); count > 0; count--) {
        struct item label;
        if (!read_item(c, &label))
            return false;
        struct item *item = item_of_label(map, &label);
        if (!item)
            cursor_skip(c);
        else if (item->found || !read_item(c, item))
            return false;
    }
    return cursor_finish(c);
}

static bool is_number(const struct item *item, uint64_t number)
{
    return item->found && item->major == HEAD_UNSIGNED && item->number == number;
}

bool key_encoding_read_cose(const struct key_type *type, const uint8_t *data, size_t size, struct key_parts *parts)
{
    struct cursor c;
    struct map map = { .type = { .found = false } };
    unsigned publics = key_type_publics(type);
    cursor_begin(&c, data, size);
    if (!read_map(&c, &map) || !is_number(&map.type, key_types[type->family]))
        return false;
    if (type->cose_curve && !is_number(&map.item[0], type->cose_curve))
        return false;
    for (unsigned i = 0; i <= publics; i++) {
        const struct item *item = &map.item[index_of(type, i)];
        if (item->found && item->major != HEAD_BYTES)
            return false;
        parts->part[i] = item->bytes;
    }
    parts->secret = parts->part[publics].size > 0;
    return true;
}

const uint8_t *key_encoding_write_cose(const struct key_type *type, bool secret, const struct key_parts *parts,
                                       uint8_t buffer[KEY_ENCODING_MAX], size_t *size)
{
    struct writer w;
    unsigned count = key_type_publics(type) + (secret ? 1 : 0);
    writer_begin(&w, buffer, KEY_ENCODING_MAX);
    writer_map(&w, 1 + count + (type->cose_curve ? 1 : 0));
    writer_uint(&w, LABEL_TYPE);
    writer_uint(&w, key_types[type->family]);
    if (type->cose_curve) {
        writer_int(&w, -1);
        writer_uint(&w, type->cose_curve);
    }
    for (unsigned i = 0; i < count; i++) {
        writer_int(&w, -1 - (int64_t)index_of(type, i));
        writer_bytes(&w, parts->part[i].data, parts->part[i].size);
    }
    *size = writer_size(&w);
    return writer_fits(&w) ? buffer : NULL;
}
