/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Functions that luatee needs and that the GP TEE Internal Core API does not offer well enough. port/optee/ and
 * port/sim/ implement them in files of the same names.
 */
#ifndef LUATEE_PORT_PORT_H
#define LUATEE_PORT_PORT_H

#include <stddef.h>

/* Maps zeroed pages, for the session's allocator and for large messages (memory.c). size is in bytes, above 0, and is
 * rounded up to whole pages. The caller releases them with port_unmap. Returns NULL when the TEE has no more memory, or
 * when all mapped pages together would exceed LUATEE_TA_MEMORY_MAX. */
void *port_map(size_t size);

/* Releases pages. size must be that of port_map. The TEE zeroes the pages before it maps them again, so that the caller
 * need not wipe them. Does nothing if pages is NULL. */
void port_unmap(void *pages, size_t size);

/* Writes n bytes of text as one line to the TEE's log, which may be a serial port (log.c). The TEE may cut a long
 * line. */
void port_log(const char *text, size_t n);

#endif
