/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The protocol between the simulator's libteec.so.2 and a TA process.
 *
 * A TA process starts with two SOCK_SEQPACKET sockets. On WIRE_COMMAND_FD it receives requests and sends one reply to
 * each, except to WIRE_FORGET. On WIRE_CONTROL_FD it receives struct wire_cancel; end of file there means that the
 * client is gone. Both sides are built from one tree, so messages are plain structs. Each side rejects a message whose
 * version is not its own WIRE_VERSION.
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

/* wire_param.memory of a NULL memory reference. Ids of memories begin at 1. */
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
    WIRE_FORGET, /* the client has released the memory `forget`: the TA process unmaps it */
};

/* One parameter: a and b of a value, or memory, offset and size of a memory reference. A reply uses a, b and size. */
struct wire_param {
    uint64_t offset;
    uint64_t size;
    uint32_t memory;
    uint32_t a;
    uint32_t b;
    uint32_t reserved;
};

/* A memory that the TA process has not mapped yet. Its memfd is sent with the message. */
struct wire_memory {
    uint64_t size;
    uint32_t id;
    uint32_t flags;
};

struct wire_request {
    uint32_t version;
    uint32_t kind;
    uint32_t sequence;  /* number of this operation, named by wire_cancel */
    uint32_t cancelled; /* not 0: cancelled before it was sent */
    uint32_t command;
    uint32_t param_types; /* TEE_PARAM_TYPES(...) */
    struct wire_param params[WIRE_PARAMS];
    uint32_t forget;
    uint32_t memory_count; /* the message carries as many file descriptors, in the order of `memories` */
    struct wire_memory memories[WIRE_PARAMS];
    struct wire_uuid target; /* WIRE_OPEN: UUID of the TA */
    uint32_t login;          /* WIRE_OPEN: TEEC_LOGIN_*, and the client UUID that goes with it */
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

/*
 * Sends one message of `size` bytes with fd_count file descriptors, which stay the caller's. Returns 0, or -1 with
 * errno (EINVAL for more than WIRE_PARAMS descriptors). Never raises SIGPIPE.
 */
int wire_send(int socket, const void *message, size_t size, const int *fds, size_t fd_count);

/*
 * Receives one message of exactly `size` bytes with up to WIRE_PARAMS file descriptors. The descriptors have
 * close-on-exec set; the caller closes them. fds and fd_count are NULL where no descriptor is allowed. Returns
 *   1   a message was received
 *   0   the peer has closed its end
 *   -1  with errno; EPROTO for a message of another size or with unexpected descriptors
 * Leaves no descriptor open unless it returns 1.
 */
int wire_receive(int socket, void *message, size_t size, int fds[WIRE_PARAMS], size_t *fd_count);

#define WIRE_UUID_TEXT_SIZE 37u

/* Writes a UUID as text, "b44f77e9-f773-4540-a371-d8a7bd0bc46f", with a NUL. */
void wire_uuid_text(const struct wire_uuid *uuid, char text[WIRE_UUID_TEXT_SIZE]);

#endif
