/* SPDX-License-Identifier: BSD-2-Clause */
/* number_format(): format specifications, integers, strings, padding. */
#include "port/lua/number_format.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "port/lua/number.h"

/* The output. `length` goes on counting when the `size` bytes are used up. */
struct output {
    char *text;
    size_t size;
    size_t length;
};

static void put(struct output *out, const char *text, size_t length)
{
    if (out->length < out->size)
        memcpy(out->text + out->length, text, length < out->size - out->length ? length : out->size - out->length);
    out->length += length;
}

static void put_padding(struct output *out, char c, int count)
{
    while (count-- > 0)
        put(out, &c, 1);
}

static void put_padded(struct output *out, const struct format_spec *spec, const char *text, size_t length)
{
    int padding = length < (size_t)spec->width ? spec->width - (int)length : 0;

    if (!spec->left)
        put_padding(out, ' ', padding);
    put(out, text, length);
    if (spec->left)
        put_padding(out, ' ', padding);
}

static void put_number(struct output *out, const struct format_spec *spec, const struct format_text *text)
{
    int padding = spec->width - text->prefix_length - text->body_length;
    bool zeros = spec->zero && !spec->left && !text->no_zero_padding;

    if (!zeros && !spec->left)
        put_padding(out, ' ', padding);
    put(out, text->prefix, (size_t)text->prefix_length);
    if (zeros)
        put_padding(out, '0', padding);
    put(out, text->body, (size_t)text->body_length);
    if (spec->left)
        put_padding(out, ' ', padding);
}

void format_prefix(struct format_text *text, char c)
{
    text->prefix[text->prefix_length++] = c;
}

void format_sign(struct format_text *text, const struct format_spec *spec, bool negative)
{
    if (negative)
        format_prefix(text, '-');
    else if (spec->plus)
        format_prefix(text, '+');
    else if (spec->space)
        format_prefix(text, ' ');
}

static void format_integer(struct format_text *text, const struct format_spec *spec, unsigned long long value,
                           unsigned base)
{
    const char *digits = spec->conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    char reversed[FORMAT_PRECISION_MAX];
    int length = 0;
    int length_min = spec->precision < 0 ? 1 : spec->precision;

    if (spec->alternate && base == 16 && value != 0) {
        format_prefix(text, '0');
        format_prefix(text, spec->conversion);
    }
    for (; value != 0; value /= base)
        reversed[length++] = digits[value % base];
    if (spec->alternate && base == 8 && length >= length_min)
        length_min = length + 1;
    while (length < length_min)
        reversed[length++] = '0';
    while (length > 0)
        text->body[text->body_length++] = reversed[--length];
    text->no_zero_padding = spec->precision >= 0;
}

static void format_signed(struct format_text *text, const struct format_spec *spec, long long value)
{
    format_sign(text, spec, value < 0);
    format_integer(text, spec, value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value, 10);
}

/* Like glibc: the address as by %#x, with the flags of %s. */
static void format_pointer(struct format_text *text, const struct format_spec *spec, const void *pointer)
{
    struct format_spec hexadecimal = {
        .left = spec->left, .alternate = true, .width = spec->width, .precision = spec->precision, .conversion = 'x',
    };

    format_integer(text, &hexadecimal, (uintptr_t)pointer, 16);
}

static const char *parse_number(const char *format, int *number)
{
    int digits = 2;

    *number = 0;
    while (digits-- > 0 && *format >= '0' && *format <= '9')
        *number = *number * 10 + (*format++ - '0');
    return format;
}

static const char *parse_flags(const char *format, struct format_spec *spec)
{
    for (;; format++) {
        switch (*format) {
        case '-': spec->left = true; break;
        case '+': spec->plus = true; break;
        case ' ': spec->space = true; break;
        case '#': spec->alternate = true; break;
        case '0': spec->zero = true; break;
        default: return format;
        }
    }
}

/* Parses from after the % up to the conversion character. Returns a pointer to that. */
static const char *parse_spec(const char *format, struct format_spec *spec, int *longs)
{
    memset(spec, 0, sizeof(*spec));
    spec->precision = -1;
    format = parse_flags(format, spec);
    format = parse_number(format, &spec->width);
    if (*format == '.')
        format = parse_number(format + 1, &spec->precision);
    for (*longs = 0; *format == 'l'; format++)
        ++*longs;
    spec->conversion = *format;
    return format;
}

static size_t bounded_length(const char *string, int precision)
{
    return precision < 0 ? strlen(string) : strnlen(string, (size_t)precision);
}

int number_format(char *text, size_t size, const char *format, ...)
{
    struct output out = { .text = text, .size = size };
    struct format_text number;
    struct format_spec spec;
    const char *string;
    int longs;
    char c;
    va_list args;

    va_start(args, format);
    for (; *format != '\0'; format++) {
        if (*format != '%') {
            put(&out, format, 1);
            continue;
        }
        format = parse_spec(format + 1, &spec, &longs);
        number.prefix_length = 0;
        number.body_length = 0;
        number.no_zero_padding = false;
        switch (spec.conversion) {
        case 'd':
        case 'i':
            format_signed(&number, &spec,
                          longs == 2   ? va_arg(args, long long)
                          : longs == 1 ? va_arg(args, long)
                                       : va_arg(args, int));
            put_number(&out, &spec, &number);
            break;
        case 'u':
        case 'o':
        case 'x':
        case 'X':
            format_integer(&number, &spec,
                           longs == 2   ? va_arg(args, unsigned long long)
                           : longs == 1 ? va_arg(args, unsigned long)
                                        : va_arg(args, unsigned int),
                           spec.conversion == 'u' ? 10 : spec.conversion == 'o' ? 8 : 16);
            put_number(&out, &spec, &number);
            break;
        case 'a':
        case 'A':
        case 'e':
        case 'E':
        case 'f':
        case 'F':
        case 'g':
        case 'G':
            format_float(&number, &spec, va_arg(args, double));
            put_number(&out, &spec, &number);
            break;
        case 'p':
            format_pointer(&number, &spec, va_arg(args, const void *));
            put_number(&out, &spec, &number);
            break;
        case 'c':
            c = (char)va_arg(args, int);
            put_padded(&out, &spec, &c, 1);
            break;
        case 's':
            string = va_arg(args, const char *);
            put_padded(&out, &spec, string, bounded_length(string, spec.precision));
            break;
        case '%':
            put(&out, "%", 1);
            break;
        default:
            goto done;
        }
    }
done:
    va_end(args);
    if (size > 0)
        text[out.length < size ? out.length : size - 1] = '\0';
    return (int)out.length;
}
