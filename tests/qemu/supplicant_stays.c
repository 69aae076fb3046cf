/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded into tee-supplicant. When a client is killed while the supplicant works for it, Linux tells the supplicant
 * so by refusing its answer with EBADF. tee-supplicant takes that for the end of the device and exits
 * (OP-TEE/optee_client, issue 423), and no second one can take its place: OP-TEE still holds memory of the first.
 * Nobody waits for the answer any more, so that there is nothing to do but to go on.
 */
#include <errno.h>
#include <linux/tee.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int ioctl(int fd, unsigned long request, ...)
{
    va_list rest;
    va_start(rest, request);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    long result = syscall(SYS_ioctl, fd, request, argument);
    if (result == -1 && errno == EBADF && request == TEE_IOC_SUPPL_SEND)
        return 0;
    return (int)result;
}
