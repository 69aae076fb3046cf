/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program of a TA. libteec.so.2 starts one process for each session. The TA runs on a thread with the stack that it
 * asked for. The first thread only watches the client: it receives cancellations, and notices when the client dies.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "sim/common/log.h"
#include "sim/common/wire.h"
#include "sim/ta/cancel.h"
#include "sim/ta/header.h"
#include "sim/ta/memory.h"
#include "sim/ta/panic.h"
#include "sim/ta/serve.h"

/*
 * The TA's stack here is larger than its TA_STACK_SIZE. Frames of optimised x86-64 code are about as large as those of
 * AArch64, but stack protectors, -O0 builds and glibc's printf need more. With twice the size, Lua's own limits end
 * deep recursion, as on the device. Sanitizers put red zones around every variable and need eight times the size.
 * Cryptography and storage have a stack of their own on the device and run on the TA's here: STACK_FOR_SERVICES is for
 * them and for glibc's thread-local storage.
 */
#if defined(__SANITIZE_ADDRESS__)
#define STACK_FACTOR 8u
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define STACK_FACTOR 8u
#endif
#endif
#ifndef STACK_FACTOR
#define STACK_FACTOR 2u
#endif
#define STACK_FOR_SERVICES (256u * 1024u)

/* Seconds that a TA may run on after its client has died. A storage operation takes milliseconds. */
#define CLIENT_GONE_GRACE_SECONDS 2

static void *run_ta(void *unused)
{
    (void)unused;
    exit(sim_serve());
}

static bool start_ta(void)
{
    long page = sysconf(_SC_PAGESIZE);
    pthread_attr_t attributes;
    pthread_t thread;
    size_t size = sim_ta_stack_size * STACK_FACTOR + STACK_FOR_SERVICES;
    bool started;

    if (pthread_attr_init(&attributes))
        return false;
    size += (size_t)page - size % (size_t)page;
    started = !pthread_attr_setstacksize(&attributes, size) && !pthread_attr_setguardsize(&attributes, (size_t)page) &&
              !pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED) &&
              !pthread_create(&thread, &attributes, run_ta, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}

static void watch_client(void)
{
    const struct timespec grace = {.tv_sec = CLIENT_GONE_GRACE_SECONDS};
    struct wire_cancel cancel;

    while (wire_receive(WIRE_CONTROL_FD, &cancel, sizeof(cancel), NULL, NULL) == 1)
        if (cancel.version == WIRE_VERSION)
            sim_cancel_request(cancel.sequence);
    /* A TA that returns finds the end of file when it reads the next request, closes the session and exits. */
    sim_cancel_all();
    clock_nanosleep(CLOCK_MONOTONIC, 0, &grace, NULL);
    sim_log("the client is gone and the TA still runs after %d s: killed", CLIENT_GONE_GRACE_SECONDS);
    _exit(SIM_STATUS_CLIENT_GONE);
}

static bool is_socket(int fd)
{
    int type;
    socklen_t size = sizeof(type);

    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

/* Opens /dev/null for standard files that the client had closed, so that no file opened later becomes stderr. */
static bool fill_standard_files(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDWR) != fd)
            return false;
    return true;
}

static void set_limits(void)
{
    const struct rlimit none = {0, 0};

    /* A core file would hold secrets of the TA. SIGXFSZ would kill the TA where storage must report a full disk. */
    setrlimit(RLIMIT_CORE, &none);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

static void name_the_log(void)
{
    char text[WIRE_UUID_TEXT_SIZE];
    char name[sizeof("TA 12345678")];
    const TEE_UUID *uuid = &sim_ta_uuid;

    wire_uuid_text((const struct wire_uuid *)(const void *)uuid, text);
    snprintf(name, sizeof(name), "TA %.8s", text);
    sim_log_name(name);
}

int main(int argc, char **argv)
{
    if (!is_socket(WIRE_COMMAND_FD) || !is_socket(WIRE_CONTROL_FD)) {
        fprintf(stderr,
                "%s: this is a Trusted Application of luatee's simulator and cannot be run by hand; libteec.so.2 "
                "starts it when a client opens a session\n",
                argc > 0 ? argv[0] : "ta");
        return SIM_STATUS_NOT_STARTED_BY_LIBTEEC;
    }
    if (!fill_standard_files())
        return SIM_STATUS_BROKEN;
    set_limits();
    name_the_log();
    if (sim_ta_is_release)
        fprintf(stderr,
                "luatee: a release TA runs in the simulator, which protects nothing; use a device for secrets\n");
    if (!sim_memory_start() || !start_ta()) {
        fprintf(stderr, "luatee: the simulator has no memory for the TA's heap and stack\n");
        return SIM_STATUS_BROKEN;
    }
    watch_client();
    return SIM_STATUS_BROKEN;
}
