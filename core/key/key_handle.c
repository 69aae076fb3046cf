/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "core/base/wipe.h"
#include "core/key/key.h"

#define BASE_POINT 9 /* of X25519: RFC 7748, section 4.1 */
#define SHA512_SIZE 64

void key_close(struct key *key)
{
    TEE_FreeTransientObject(key->object);
    key->object = TEE_HANDLE_NULL;
}

static TEE_Result allocate(struct key *key, const struct key_type *type, uint32_t bits, bool secret)
{
    uint32_t object_type = secret ? type->secret_type : type->public_type;
    *key = (struct key) { .type = type, .bits = bits, .uses = type->uses, .secret = secret };
    if (object_type == 0)
        return TEE_ERROR_NOT_SUPPORTED;
    if (!secret)
        key->uses &= KEY_PUBLIC_USES;
    return TEE_AllocateTransientObject(object_type, key_type_object_bits(type, bits), &key->object);
}

TEE_Result key_generate(struct key *key, const struct key_type *type, uint32_t bits)
{
    TEE_Attribute curve;
    TEE_Result result = allocate(key, type, bits, true);
    if (result != TEE_SUCCESS)
        return result;
    if (type->curve_id)
        TEE_InitValueAttribute(&curve, TEE_ATTR_ECC_CURVE, type->curve_id, 0);
    result = TEE_GenerateKey(key->object, key_type_object_bits(type, bits), &curve, type->curve_id ? 1 : 0);
    if (result != TEE_SUCCESS)
        key_close(key);
    return result;
}

TEE_Result key_restrict(struct key *key, unsigned uses)
{
    key->uses = (uint8_t)uses;
    return TEE_RestrictObjectUsage1(key->object, key_type_usage(key->type, uses));
}

static TEE_Result populate(struct key *key, const struct key_parts *parts)
{
    TEE_Attribute attributes[KEY_PARTS_MAX + 1];
    unsigned count = key_type_publics(key->type) + (parts->secret ? 1 : 0);
    for (unsigned i = 0; i < count; i++)
        TEE_InitRefAttribute(&attributes[i], key->type->parts[i], (void *)(uintptr_t)parts->part[i].data,
                             parts->part[i].size);
    if (key->type->curve_id)
        TEE_InitValueAttribute(&attributes[count++], TEE_ATTR_ECC_CURVE, key->type->curve_id, 0);
    return TEE_PopulateTransientObject(key->object, attributes, count);
}

/* Every pair from outside is tested: a private key with a wrong public key could reveal itself in signatures. The
 * shared secret of a private key and the base point is the public key. */
static TEE_Result try_agreement(const struct key *key, const struct key_parts *parts)
{
    static const uint8_t nine[CURVE_25519_SIZE] = { BASE_POINT };
    /* NIST SP 800-186, section 3.2.1.3. */
    static const uint8_t gx[] =
        "\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2\x77\x03\x7d\x81\x2d\xeb\x33\xa0"
        "\xf4\xa1\x39\x45\xd8\x98\xc2\x96";
    static const uint8_t gy[] =
        "\x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16\x2b\xce\x33\x57\x6b\x31\x5e\xce"
        "\xcb\xb6\x40\x68\x37\xbf\x51\xf5";
    struct key_parts base = { .part = { { nine, sizeof(nine) } } };
    uint8_t shared[KEY_SHARED_SIZE];
    if (key->type->family == KEY_EC) {
        base.part[0] = (struct key_part) { gx, KEY_SHARED_SIZE };
        base.part[1] = (struct key_part) { gy, KEY_SHARED_SIZE };
    }
    TEE_Result result = key_agree(key, &base, shared);
    if (result == TEE_SUCCESS && memcmp(shared, parts->part[0].data, sizeof(shared)) != 0)
        result = TEE_ERROR_BAD_PARAMETERS;
    return result;
}

static TEE_Result try_signature(const struct key *key)
{
    uint8_t message[32], signature[KEY_SIGNATURE_MAX];
    TEE_GenerateRandom(message, sizeof(message));
    TEE_Result result = key_sign(key, message, sizeof(message), signature);
    if (result == TEE_SUCCESS)
        result = key_verify(key, message, sizeof(message), signature, key_signature_size(key));
    return result == TEE_ERROR_SIGNATURE_INVALID ? TEE_ERROR_BAD_PARAMETERS : result;
}

static TEE_Result try_encryption(const struct key *key)
{
    uint8_t message[32], box[KEY_NUMBER_MAX], text[KEY_NUMBER_MAX];
    size_t box_size = key->bits / 8, size;
    TEE_GenerateRandom(message, sizeof(message));
    const struct key_part no_aad = { NULL, 0 };
    TEE_Result result = key_encrypt(key, message, sizeof(message), &no_aad, box);
    if (result == TEE_SUCCESS)
        result = key_decrypt(key, box, box_size, &no_aad, text, &size);
    if (result == TEE_SUCCESS && (size != sizeof(message) || memcmp(text, message, size) != 0))
        result = TEE_ERROR_BAD_PARAMETERS;
    return result == TEE_ERROR_MAC_INVALID ? TEE_ERROR_BAD_PARAMETERS : result;
}

static TEE_Result try_pair(const struct key *key, const struct key_parts *parts)
{
    if (key->type->uses & KEY_DERIVE)
        return try_agreement(key, parts);
    return key->type->uses & KEY_SIGN ? try_signature(key) : try_encryption(key);
}

/* Creates the object from checked parts, and tests a pair. */
static TEE_Result import(struct key *key, const struct key_type *type, uint32_t bits, const struct key_parts *parts)
{
    TEE_Result result = allocate(key, type, bits, parts->secret);
    if (result != TEE_SUCCESS)
        return result;
    result = populate(key, parts);
    if (result == TEE_SUCCESS && parts->secret && type->family != KEY_SECRET)
        result = try_pair(key, parts);
    if (result != TEE_SUCCESS)
        key_close(key);
    return result;
}

static TEE_Result import_secret(struct key *key, const struct key_type *type, const struct key_parts *parts)
{
    uint8_t padded[KEY_NUMBER_MAX] = { 0 };
    struct key_parts longer = { .part = { { padded, 0 } }, .secret = true };
    size_t size = parts->part[0].size;
    uint32_t bits = (uint32_t)size * 8;
    if (size > sizeof(padded) || bits < type->bits_min || bits > type->bits_max || bits % type->bits_step)
        return TEE_ERROR_BAD_PARAMETERS;
    memcpy(padded, parts->part[0].data, size);
    longer.part[0].size = key_type_object_bits(type, bits) / 8;
    TEE_Result result = import(key, type, bits, &longer);
    wipe(padded, sizeof(padded));
    return result;
}

static TEE_Result import_ec(struct key *key, const struct key_type *type, const struct key_parts *parts)
{
    size_t size = key_type_part_size(type);
    for (unsigned i = 0; i < (parts->secret ? 3 : 2); i++)
        if (parts->part[i].size != size)
            return TEE_ERROR_BAD_PARAMETERS;
    if (!curve_has_point(type->curve, parts->part[0].data, parts->part[1].data) ||
        (parts->secret && !curve_has_scalar(type->curve, parts->part[2].data)))
        return TEE_ERROR_BAD_PARAMETERS;
    return import(key, type, type->bits_default, parts);
}

/* Computes the public key of X25519, the shared secret of the private key and the base point. */
static TEE_Result compute_x25519(const uint8_t *secret, uint8_t x[CURVE_25519_SIZE])
{
    const uint8_t nine[CURVE_25519_SIZE] = { BASE_POINT };
    const struct key_type *type = key_type_named("x25519");
    struct key_parts parts = { .part = { { nine, sizeof(nine) }, { secret, sizeof(nine) } }, .secret = true };
    struct key key;
    TEE_Result result = allocate(&key, type, type->bits_default, true);
    if (result != TEE_SUCCESS)
        return result;
    result = populate(&key, &parts);
    if (result == TEE_SUCCESS)
        result = key_agree(&key, &parts, x);
    key_close(&key);
    return result;
}

/*
 * Computes the public key of Ed25519 (RFC 8032, section 5.1.5), for an even x coordinate. Its point is the same
 * multiple of the same base point as in X25519, which the TEE can compute; y follows from that. The caller tries both
 * signs of the x coordinate.
 */
static TEE_Result compute_ed25519(const uint8_t *secret, uint8_t x[CURVE_25519_SIZE])
{
    TEE_OperationHandle digest;
    uint8_t hash[SHA512_SIZE];
    size_t size = sizeof(hash);
    TEE_Result result = TEE_AllocateOperation(&digest, TEE_ALG_SHA512, TEE_MODE_DIGEST, 0);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_DigestDoFinal(digest, secret, CURVE_25519_SIZE, hash, &size);
    TEE_FreeOperation(digest);
    uint8_t u[CURVE_25519_SIZE];
    if (result == TEE_SUCCESS)
        result = compute_x25519(hash, u);
    wipe(hash, sizeof(hash));
    if (result == TEE_SUCCESS)
        curve_ed25519_from_x25519(u, x);
    return result;
}

static TEE_Result import_okp(struct key *key, const struct key_type *type, const struct key_parts *parts)
{
    size_t size = key_type_part_size(type);
    bool given = parts->part[0].size > 0, signs = type->uses & KEY_SIGN;
    if ((given && parts->part[0].size != size) || (parts->secret && parts->part[1].size != size) ||
        (!given && !parts->secret))
        return TEE_ERROR_BAD_PARAMETERS;
    if (given && signs && !curve_ed25519_has_point(parts->part[0].data))
        return TEE_ERROR_BAD_PARAMETERS;
    if (given)
        return import(key, type, type->bits_default, parts);
    uint8_t x[CURVE_25519_SIZE];
    struct key_parts both = *parts;
    TEE_Result result = signs ? compute_ed25519(parts->part[1].data, x) : compute_x25519(parts->part[1].data, x);
    if (result != TEE_SUCCESS)
        return result;
    both.part[0] = (struct key_part) { x, sizeof(x) };
    result = import(key, type, type->bits_default, &both);
    if (result == TEE_ERROR_BAD_PARAMETERS && signs) {
        x[CURVE_25519_SIZE - 1] |= 0x80;
        result = import(key, type, type->bits_default, &both);
    }
    return result;
}

static struct key_part without_zeros(struct key_part part)
{
    while (part.size > 0 && *part.data == 0) {
        part.data++;
        part.size--;
    }
    return part;
}

/* Returns whether the number has a factor below 2^16. A TEE blinds with a random number, and OP-TEE panics when that
 * number has no inverse, which is likely only if the modulus has a small factor. */
static bool has_small_factor(struct key_part n)
{
    for (uint32_t factor = 3; factor < 0x10000; factor += 2) {
        uint32_t rest = 0;
        for (size_t i = 0; i < n.size; i++)
            rest = (rest << 8 | n.data[i]) % factor;
        if (rest == 0)
            return true;
    }
    return false;
}

#define RSA_EXPONENT_MAX 4 /* bytes; longer exponents only cost time */

static TEE_Result import_rsa(struct key *key, const struct key_type *type, const struct key_parts *given)
{
    struct key_parts parts = { .secret = given->secret };
    for (unsigned i = 0; i < KEY_PARTS_MAX; i++)
        parts.part[i] = without_zeros(given->part[i]);
    const struct key_part *n = &parts.part[0], *e = &parts.part[1], *d = &parts.part[2];
    uint32_t bits = (uint32_t)n->size * 8;
    if (n->size > KEY_NUMBER_MAX || bits < type->bits_min || bits > type->bits_max)
        return TEE_ERROR_BAD_PARAMETERS;
    if (!(n->data[0] & 0x80) || !(n->data[n->size - 1] & 1)) /* the modulus must fill its bytes, and be odd */
        return TEE_ERROR_BAD_PARAMETERS;
    if (e->size == 0 || e->size > RSA_EXPONENT_MAX || !(e->data[e->size - 1] & 1) || (e->size == 1 && e->data[0] == 1))
        return TEE_ERROR_BAD_PARAMETERS;
    if (parts.secret && (d->size == 0 || d->size > n->size ||
                         (d->size == n->size && memcmp(d->data, n->data, d->size) >= 0) || has_small_factor(*n)))
        return TEE_ERROR_BAD_PARAMETERS;
    return import(key, type, bits, &parts);
}

TEE_Result key_import(struct key *key, const struct key_type *type, const struct key_parts *parts)
{
    *key = (struct key) { .object = TEE_HANDLE_NULL };
    switch (type->family) {
    case KEY_SECRET:
        return import_secret(key, type, parts);
    case KEY_EC:
        return import_ec(key, type, parts);
    case KEY_OKP:
        return import_okp(key, type, parts);
    default:
        return import_rsa(key, type, parts);
    }
}

/* Reads one part to `out`, KEY_NUMBER_MAX bytes. For KEY_EC, restores the leading zeros, which TEEs leave out. */
static TEE_Result read_part(const struct key *key, unsigned index, uint8_t *out, struct key_part *part)
{
    size_t size = KEY_NUMBER_MAX;
    TEE_Result result = TEE_GetObjectBufferAttribute(key->object, key->type->parts[index], out, &size);
    if (result != TEE_SUCCESS)
        return result;
    if (key->type->family == KEY_EC) {
        size_t whole = key_type_part_size(key->type);
        memmove(out + whole - size, out, size);
        memset(out, 0, whole - size);
        size = whole;
    } else if (key->type->family == KEY_SECRET) {
        size = key->bits / 8; /* without padding */
    }
    *part = (struct key_part) { out, size };
    return TEE_SUCCESS;
}

TEE_Result key_read(const struct key *key, bool secret, uint8_t buffer[KEY_BUFFER_SIZE], struct key_parts *parts)
{
    unsigned count = key_type_publics(key->type) + (secret ? 1 : 0);
    uint8_t *next = buffer;
    *parts = (struct key_parts) { .secret = secret };
    for (unsigned i = 0; i < count; i++) {
        TEE_Result result = read_part(key, i, next, &parts->part[i]);
        if (result != TEE_SUCCESS)
            return result;
        next += parts->part[i].size;
    }
    return TEE_SUCCESS;
}
