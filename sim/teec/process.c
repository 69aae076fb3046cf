/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "sim/teec/process.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/common/log.h"
#include "sim/common/wire.h"

/* Our sockets get numbers from here on, so that none is a number that the child dups its ends to. */
#define FIRST_FD 16

static char library_ta_dir[PATH_MAX];

/* Runs when the library is loaded: its name may be relative to the working directory, which can change later. */
__attribute__((constructor)) static void find_library_ta_dir(void)
{
    char real[PATH_MAX];
    char *slash;
    Dl_info info;

    if (!dladdr(library_ta_dir, &info) || !info.dli_fname || !realpath(info.dli_fname, real))
        return;
    slash = strrchr(real, '/');
    if (slash)
        *slash = '\0';
    if (snprintf(library_ta_dir, sizeof(library_ta_dir), "%s/ta", real) >= (int)sizeof(library_ta_dir))
        library_ta_dir[0] = '\0';
}

static bool program_path(char path[PATH_MAX], const TEEC_UUID *uuid)
{
    const char *dir = secure_getenv("LUATEE_SIM_TA_DIR");
    char name[WIRE_UUID_TEXT_SIZE];
    struct wire_uuid target;

    _Static_assert(sizeof(target) == sizeof(*uuid), "wire_uuid is a TEEC_UUID");
    memcpy(&target, uuid, sizeof(target));
    wire_uuid_text(&target, name);
    if (!dir || !*dir)
        dir = library_ta_dir;
    return snprintf(path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX;
}

static void close_pair(int pair[2])
{
    for (int i = 0; i < 2; i++) {
        if (pair[i] >= 0)
            close(pair[i]);
        pair[i] = -1;
    }
}

static bool open_pair(int pair[2])
{
    int low[2] = {-1, -1};

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, low) < 0)
        return false;
    for (int i = 0; i < 2; i++)
        pair[i] = fcntl(low[i], F_DUPFD_CLOEXEC, FIRST_FD);
    close_pair(low);
    return pair[0] >= 0 && pair[1] >= 0;
}

/* The child gets /dev/null as stdin and stdout, our stderr, the two sockets, and no other descriptor. */
static int describe_files(posix_spawn_file_actions_t *files, int command, int control)
{
    int error = posix_spawn_file_actions_adddup2(files, command, WIRE_COMMAND_FD);

    if (!error)
        error = posix_spawn_file_actions_adddup2(files, control, WIRE_CONTROL_FD);
    if (!error)
        error = posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!error)
        error = posix_spawn_file_actions_addopen(files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (!error)
        error = posix_spawn_file_actions_addclosefrom_np(files, WIRE_CONTROL_FD + 1);
    return error;
}

/* The child gets a POSIX session of its own, so that Ctrl-C in the terminal reaches the client only, and the signal
 * handling of a fresh process. */
static int describe_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    int error;

    sigemptyset(&none);
    sigfillset(&all);
    error = posix_spawnattr_setsigmask(attributes, &none);
    if (!error)
        error = posix_spawnattr_setsigdefault(attributes, &all);
    if (!error)
        error =
            posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    return error;
}

static int spawn(pid_t *pid, char *path, int command, int control)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    char *arguments[] = {path, NULL};
    int error = posix_spawn_file_actions_init(&files);

    if (error)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (error)
        goto out_files;
    error = describe_files(&files, command, control);
    if (!error)
        error = describe_attributes(&attributes);
    if (!error)
        error = posix_spawn(pid, path, &files, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
out_files:
    posix_spawn_file_actions_destroy(&files);
    return error;
}

static TEEC_Result spawn_result(int error)
{
    switch (error) {
    case 0:
        return TEEC_SUCCESS;
    case ENOENT:
    case ENOTDIR:
        return TEEC_ERROR_ITEM_NOT_FOUND;
    case EACCES:
    case ENOEXEC:
    case EPERM:
        return TEEC_ERROR_SECURITY;
    default:
        return TEEC_ERROR_OUT_OF_MEMORY;
    }
}

TEEC_Result ta_process_start(struct ta_process *process, const TEEC_UUID *uuid)
{
    TEEC_Result result = TEEC_ERROR_OUT_OF_MEMORY;
    int command[2] = {-1, -1};
    int control[2] = {-1, -1};
    char path[PATH_MAX];
    int error;

    if (!program_path(path, uuid))
        return TEEC_ERROR_ITEM_NOT_FOUND;
    if (!open_pair(command) || !open_pair(control))
        goto out;
    error = spawn(&process->pid, path, command[1], control[1]);
    result = spawn_result(error);
    if (error) {
        sim_log("cannot start the TA %s: %s", path, strerror(error));
        goto out;
    }
    process->command = command[0];
    process->control = control[0];
    command[0] = control[0] = -1;
out:
    close_pair(command);
    close_pair(control);
    return result;
}

void ta_process_stop(struct ta_process *process, bool force)
{
    int status = 0;
    pid_t ended;

    if (force)
        kill(process->pid, SIGKILL);
    close(process->command);
    close(process->control);
    do
        ended = waitpid(process->pid, &status, 0);
    while (ended < 0 && errno == EINTR);
    /* A client that ignores SIGCHLD gets no status, so there is nothing to report. */
    if (ended == process->pid && WIFSIGNALED(status) && !(force && WTERMSIG(status) == SIGKILL))
        sim_log("TA process %ld was killed by signal %d", (long)process->pid, WTERMSIG(status));
    if (ended == process->pid && WIFEXITED(status) && WEXITSTATUS(status))
        sim_log("TA process %ld exited with status %d", (long)process->pid, WEXITSTATUS(status));
    process->command = process->control = -1;
}
