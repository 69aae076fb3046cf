/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tee.base64: RFC 4648, section 4, with padding; or, with "url", section 5, without. Decoding accepts only one text for
 * each data (section 3.5). No table access and no branch depends on the data, which may be a key.
 */
#include <stdbool.h>

#include "core/base/constant_time.h"
#include "core/lualib/service.h"
#include "lauxlib.h"

struct variant {
    unsigned char last[2]; /* the characters for 62 and 63 */
    bool padded;
};

static struct variant variant_of(lua_State *L, int idx)
{
    static const char *const names[] = { "standard", "url", NULL };
    bool url = luaL_checkoption(L, idx, "standard", names) == 1;
    return url ? (struct variant){ { '-', '_' }, false } : (struct variant){ { '+', '/' }, true };
}

static char digit_of(const struct variant *v, unsigned x)
{
    unsigned c = (constant_time_within(x, 0, 25) & (x + 'A')) | (constant_time_within(x, 26, 51) & (x - 26 + 'a')) |
                 (constant_time_within(x, 52, 61) & (x - 52 + '0')) | (constant_time_within(x, 62, 62) & v->last[0]) |
                 (constant_time_within(x, 63, 63) & v->last[1]);
    return (char)c;
}

/* Returns the value of a digit, 0 to 63; for other characters a number of 2^24 or more. */
static unsigned value_of(const struct variant *v, unsigned c)
{
    unsigned upper = constant_time_within(c, 'A', 'Z');
    unsigned lower = constant_time_within(c, 'a', 'z');
    unsigned decimal = constant_time_within(c, '0', '9');
    unsigned plus = constant_time_within(c, v->last[0], v->last[0]);
    unsigned slash = constant_time_within(c, v->last[1], v->last[1]);
    return (upper & (c - 'A')) | (lower & (c - 'a' + 26)) | (decimal & (c - '0' + 52)) | (plus & 62) | (slash & 63) |
           (~(upper | lower | decimal | plus | slash) & 1u << 30);
}

static int encode(lua_State *L)
{
    size_t size;
    const uint8_t *data = service_bytes(L, 1, &size);
    struct variant v = variant_of(L, 2);
    char *text = service_scratch(L, (size + 2) / 3 * 4);
    size_t used = 0;
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        service_check_deadline(L, i / 3);
        unsigned group = (unsigned)data[i] << 16 | (left > 1 ? data[i + 1] << 8 : 0) | (left > 2 ? data[i + 2] : 0);
        for (size_t k = 0; k < 4; k++) {
            if (k <= left)
                text[used++] = digit_of(&v, group >> (18 - 6 * k) & 63);
            else if (v.padded)
                text[used++] = '=';
        }
    }
    return service_return(L, text, used);
}

/* Subtracts the padding from the size. Returns false when the size is impossible. */
static bool unpad(const struct variant *v, const uint8_t *text, size_t *size)
{
    if (!v->padded)
        return *size % 4 != 1;
    if (*size % 4)
        return false;
    for (int i = 0; i < 2 && *size && text[*size - 1] == '='; i++)
        --*size;
    return true;
}

static int decode(lua_State *L)
{
    size_t size;
    const uint8_t *text = service_bytes(L, 1, &size);
    struct variant v = variant_of(L, 2);
    if (!unpad(&v, text, &size))
        return service_push_fail(L, v.padded ? "base64: not a multiple of four characters"
                                             : "base64: a character is missing");
    char *data = service_scratch(L, size / 4 * 3 + 2);
    size_t used = 0;
    unsigned bad = 0;
    for (size_t i = 0; i < size; i += 4) {
        unsigned group = 0, left = size - i < 4 ? (unsigned)(size - i) : 4; /* left: 2 to 4 */
        service_check_deadline(L, i / 4);
        for (unsigned k = 0; k < left; k++) {
            unsigned value = value_of(&v, text[i + k]);
            bad |= value & ~63u;
            group |= (value & 63) << (18 - 6 * k);
        }
        for (unsigned k = 0; k + 1 < left; k++)
            data[used++] = (char)(group >> (16 - 8 * k));
        bad |= left < 4 ? group << (8 * (left - 1)) & 0xffffffu : 0; /* unused bits must be 0 */
    }
    int results = service_return(L, data, used);
    return bad ? service_push_fail(L, "base64: not a character of the alphabet, or bits that are not zero at the end")
               : results;
}

int base64_open(lua_State *L)
{
    lua_createtable(L, 0, 2);
    service_function(L, "encode", encode);
    service_function(L, "decode", decode);
    return 1;
}
