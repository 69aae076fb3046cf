/* SPDX-License-Identifier: BSD-2-Clause */
/* The process of a TA: one a session. */
#ifndef SIM_TEEC_PROCESS_H
#define SIM_TEEC_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "tee_client_api.h"

struct ta_process {
    pid_t pid;
    int command; /* our ends of the two sockets of wire.h */
    int control;
};

/*
 * Starts the TA with this UUID: the program of that name in LUATEE_SIM_TA_DIR, or in the folder ta/ beside
 * libteec.so.2. The process has no terminal and no file of ours but stderr. Returns TEEC_SUCCESS, or
 *   TEEC_ERROR_ITEM_NOT_FOUND  there is no such program
 *   TEEC_ERROR_SECURITY        there is a file, but no program that may run (on a device: a TA with a bad signature)
 *   TEEC_ERROR_OUT_OF_MEMORY   no more processes, memory or file descriptors
 */
TEEC_Result ta_process_start(struct ta_process *process, const TEEC_UUID *uuid);

/* Closes the sockets and waits for the end of the process; with `force`, ends it first. Leaves no zombie. */
void ta_process_stop(struct ta_process *process, bool force);

#endif
