/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "sim/common/wire.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Room for the descriptors, aligned as a cmsghdr must be. */
union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(WIRE_PARAMS * sizeof(int))];
};

int wire_send(int socket, const void *message, size_t size, const int *fds, size_t fd_count)
{
    union control control;
    struct iovec part = {.iov_base = (void *)(uintptr_t)message, .iov_len = size};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    struct cmsghdr *cmsg;
    ssize_t sent;

    if (fd_count > WIRE_PARAMS) {
        errno = EINVAL;
        return -1;
    }
    if (fd_count) {
        memset(&control, 0, sizeof(control));
        header.msg_control = &control;
        header.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
        cmsg = CMSG_FIRSTHDR(&header);
        cmsg->cmsg_level = SOL_SOCKET;
        cmsg->cmsg_type = SCM_RIGHTS;
        cmsg->cmsg_len = CMSG_LEN(fd_count * sizeof(int));
        memcpy(CMSG_DATA(cmsg), fds, fd_count * sizeof(int));
    }
    do
        sent = sendmsg(socket, &header, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)size ? 0 : -1;
}

/* Copies up to WIRE_PARAMS descriptors out of a received message. Returns their number. The caller closes them. */
static size_t extract_fds(struct msghdr *header, int fds[WIRE_PARAMS])
{
    size_t count = 0;

    for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(header); cmsg; cmsg = CMSG_NXTHDR(header, cmsg)) {
        if (cmsg->cmsg_level != SOL_SOCKET || cmsg->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t at = CMSG_LEN(0); at + sizeof(int) <= cmsg->cmsg_len && count < WIRE_PARAMS; at += sizeof(int))
            memcpy(&fds[count++], (char *)cmsg + at, sizeof(int));
    }
    return count;
}

int wire_receive(int socket, void *message, size_t size, int fds[WIRE_PARAMS], size_t *fd_count)
{
    union control control;
    struct iovec part = {.iov_base = message, .iov_len = size};
    struct msghdr header = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};
    int taken[WIRE_PARAMS];
    size_t count;
    ssize_t got;

    do
        got = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    /* The kernel reports a reset when the peer died before it read all that we sent. */
    if (got < 0 && errno == ECONNRESET)
        return 0;
    if (got < 0)
        return -1;
    count = extract_fds(&header, taken);
    if ((size_t)got == size && !(header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) && (fds || !count)) {
        if (fds) {
            memcpy(fds, taken, count * sizeof(int));
            *fd_count = count;
        }
        return 1;
    }
    for (size_t i = 0; i < count; i++)
        close(taken[i]);
    if (got == 0)
        return 0;
    errno = EPROTO;
    return -1;
}

void wire_uuid_text(const struct wire_uuid *uuid, char text[WIRE_UUID_TEXT_SIZE])
{
    const uint8_t *tail = uuid->clock_sequence_and_node;

    snprintf(text, WIRE_UUID_TEXT_SIZE, "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", uuid->time_low,
             uuid->time_mid, uuid->time_high_and_version, tail[0], tail[1], tail[2], tail[3], tail[4], tail[5], tail[6],
             tail[7]);
}
