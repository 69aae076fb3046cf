/* SPDX-License-Identifier: BSD-2-Clause */
/* What both parts of key_peer do with their arguments and results. */
#ifndef LUATEE_TESTS_UNIT_PEER_BYTES_H
#define LUATEE_TESTS_UNIT_PEER_BYTES_H

#include <stdbool.h>
#include <stddef.h>

struct bytes {
    unsigned char *data; /* the caller frees it */
    size_t size;
};

/* Ends the program with status 1, and says what is wrong. */
void need(bool ok, const char *what);
struct bytes from_hex(const char *text);
/* A line on stdout; returns 0. */
int print_hex(const unsigned char *data, size_t size);

#endif
