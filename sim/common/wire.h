/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What libteec.so.2 of the simulator and a TA process say to each other.
 *
 * A TA process starts with two SOCK_SEQPACKET sockets: on WIRE_COMMAND_FD it gets requests and sends one reply to each
 * (WIRE_FORGET has none); WIRE_CONTROL_FD carries struct wire_cancel, and its end of file says that the client is gone.
 * Both sides are built from one tree, so messages are plain structs; WIRE_VERSION tells two builds apart.
 */
#ifndef SIM_COMMON_WIRE_H
#define SIM_COMMON_WIRE_H

#include <stddef.h>
#include <stdint.h>

#define WIRE_VERSION 1u

#define WIRE_COMMAND_FD 3
#define WIRE_CONTROL_FD 4

/* Parameters of an operation, in both GP APIs. */
#define WIRE_PARAMS 4

/* wire_param.memory of a memory reference that points nowhere. Ids of memories begin at 1. */
#define WIRE_NO_MEMORY 0u

/* wire_memory.flags, with the values of TEEC_MEM_INPUT and TEEC_MEM_OUTPUT. */
#define WIRE_MEMORY_INPUT 1u
#define WIRE_MEMORY_OUTPUT 2u

/* Layout of TEEC_UUID and TEE_UUID. */
struct wire_uuid {
    uint32_t time_low;
    uint16_t time_mid;
    uint16_t time_high_and_version;
    uint8_t clock_sequence_and_node[8];
};

enum wire_kind {
    WIRE_OPEN = 1,
    WIRE_INVOKE,
    WIRE_CLOSE,
    WIRE_FORGET, /* the memory `forget` has been released by the client */
};

/* One parameter: a and b of a value; memory, offset and size of a memory reference. In a reply: a, b, size. */
struct wire_param {
    uint64_t offset;
    uint64_t size;
    uint32_t memory;
    uint32_t a;
    uint32_t b;
    uint32_t reserved;
};

/* A memory that the TA process has not seen yet; its memfd travels with the message. */
struct wire_memory {
    uint64_t size;
    uint32_t id;
    uint32_t flags;
};

struct wire_request {
    uint32_t version;
    uint32_t kind;
    uint32_t sequence; /* of this operation, for wire_cancel */
    uint32_t cancelled;
    uint32_t command;
    uint32_t param_types; /* TEE_PARAM_TYPES(...) */
    struct wire_param params[WIRE_PARAMS];
    uint32_t forget;
    uint32_t memory_count; /* as many file descriptors come with the message, in this order */
    struct wire_memory memories[WIRE_PARAMS];
    struct wire_uuid target; /* WIRE_OPEN: the TA that is meant, and who asks */
    uint32_t login;
    struct wire_uuid client;
    uint32_t reserved;
};

struct wire_reply {
    uint32_t version;
    uint32_t sequence;
    uint32_t result;
    uint32_t origin;
    struct wire_param params[WIRE_PARAMS];
};

struct wire_cancel {
    uint32_t version;
    uint32_t sequence;
};

/* Sends one message and up to WIRE_PARAMS file descriptors. Returns 0, or -1 with errno. Never raises SIGPIPE. */
int wire_send(int socket, const void *message, size_t size, const int *fds, size_t fd_count);

/*
 * Receives one message of exactly `size` bytes, and up to WIRE_PARAMS file descriptors, which are the caller's to close
 * (close-on-exec is set). Returns 1; 0 when the peer has gone; -1 with errno, EPROTO for a message of another size. No
 * descriptor is left open unless 1 is returned. fds and fd_count are NULL where none may come.
 */
int wire_receive(int socket, void *message, size_t size, int fds[WIRE_PARAMS], size_t *fd_count);

#define WIRE_UUID_TEXT_SIZE 37u

/* "b44f77e9-f773-4540-a371-d8a7bd0bc46f", with its NUL. */
void wire_uuid_text(const struct wire_uuid *uuid, char text[WIRE_UUID_TEXT_SIZE]);

#endif
