/* SPDX-License-Identifier: BSD-2-Clause */
/* The first bytes of CBOR items (RFC 8949, section 3): what the reader (cursor.h) and the writer (writer.h) share. */
#ifndef LUATEE_CORE_CODEC_HEAD_H
#define LUATEE_CORE_CODEC_HEAD_H

/* A head: three bits of major type, five of information; the number that belongs to it may follow. */
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
/* The number follows in 1, 2, 4 or 8 bytes; below 24 it is the information itself. */
#define HEAD_1_BYTE 24u
#define HEAD_8_BYTES 27u

/* A head, or an item that is nothing but its head, takes at most this many bytes. */
#define HEAD_MAX 9

/* Items of one byte, and the first byte of a double. */
#define HEAD_FALSE 0xf4
#define HEAD_TRUE 0xf5
#define HEAD_NULL 0xf6
#define HEAD_DOUBLE 0xfb

#endif
