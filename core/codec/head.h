/* SPDX-License-Identifier: BSD-2-Clause */
/* Heads of CBOR items (RFC 8949, section 3), for the reader (cursor.h) and the writer (writer.h). */
#ifndef LUATEE_CORE_CODEC_HEAD_H
#define LUATEE_CORE_CODEC_HEAD_H

/* The first byte of a head: three bits are the major type, five are the additional information. */
enum head_major {
    HEAD_UNSIGNED = 0,
    HEAD_NEGATIVE = 1,
    HEAD_BYTES = 2,
    HEAD_TEXT = 3,
    HEAD_ARRAY = 4,
    HEAD_MAP = 5,
    HEAD_TAG = 6,
    HEAD_SIMPLE = 7,
};
#define HEAD_SHIFT 5
#define HEAD_INFO 0x1fu
/* Information below 24 is the head's number itself. From 24 to 27, the number follows in 1, 2, 4 or 8 bytes. */
#define HEAD_1_BYTE 24u
#define HEAD_8_BYTES 27u

/* The most bytes of a head, and so of an item that is only a head. */
#define HEAD_MAX 9

/* Items of one byte, and the first byte of a double. */
#define HEAD_FALSE 0xf4
#define HEAD_TRUE 0xf5
#define HEAD_NULL 0xf6
#define HEAD_DOUBLE 0xfb

#endif
