/* SPDX-License-Identifier: BSD-2-Clause */
/* tee.hex: base 16 (RFC 4648, section 8). No table access and no branch depends on the data, which may be a key. */
#include "core/base/constant_time.h"
#include "core/lualib/service.h"

static char digit_of(unsigned nibble)
{
    return (char)('0' + nibble + (constant_time_within(nibble, 10, 15) & ('a' - '0' - 10)));
}

/* Returns the value of a digit, 0 to 15; for other characters a number above 255. */
static unsigned value_of(unsigned c)
{
    unsigned decimal = constant_time_within(c, '0', '9');
    unsigned lower = constant_time_within(c, 'a', 'f');
    unsigned upper = constant_time_within(c, 'A', 'F');
    return (decimal & (c - '0')) | (lower & (c - 'a' + 10)) | (upper & (c - 'A' + 10)) |
           (~(decimal | lower | upper) & 256);
}

static int encode(lua_State *L)
{
    size_t size;
    const uint8_t *data = service_bytes(L, 1, &size);
    char *text = service_scratch(L, 2 * size);
    for (size_t i = 0; i < size; i++) {
        service_check_deadline(L, i);
        text[2 * i] = digit_of(data[i] >> 4);
        text[2 * i + 1] = digit_of(data[i] & 15);
    }
    return service_return(L, text, 2 * size);
}

static int decode(lua_State *L)
{
    size_t size;
    const uint8_t *text = service_bytes(L, 1, &size);
    if (size % 2)
        return service_push_fail(L, "hex: an odd number of digits");
    char *data = service_scratch(L, size / 2);
    unsigned bad = 0;
    for (size_t i = 0; i < size / 2; i++) {
        service_check_deadline(L, i);
        unsigned value = value_of(text[2 * i]) << 4 | value_of(text[2 * i + 1]);
        bad |= value & ~255u;
        data[i] = (char)value;
    }
    int results = service_return(L, data, size / 2);
    return bad ? service_push_fail(L, "hex: not a digit of 0-9 a-f A-F") : results;
}

int hex_open(lua_State *L)
{
    lua_createtable(L, 0, 2);
    service_function(L, "encode", encode);
    service_function(L, "decode", decode);
    return 1;
}
