/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the GP TEE Internal Core API does not offer, or not well enough. port/optee/ and port/sim/ hold one file of the
 * same name for each part.
 */
#ifndef LUATEE_PORT_PORT_H
#define LUATEE_PORT_PORT_H

#include <stddef.h>

/* port/.../memory.c: whole pages, zeroed, for the VM's allocator and for large messages. size: bytes, above 0, rounded
 * up to pages. Returns NULL when the TEE has no more, or LUATEE_TA_MEMORY_MAX is reached. Nothing is kept back by the
 * port. */
void *port_map(size_t size);
/* Gives pages back; nobody gets them again but zeroed. size: as it was asked for. NULL is fine. */
void port_unmap(void *pages, size_t size);

/* port/.../log.c: appends n bytes of text, a line or a part of one, to the TEE's log. */
void port_log(const char *text, size_t n);

#endif
