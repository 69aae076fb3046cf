/* SPDX-License-Identifier: BSD-2-Clause */
/* The process of a TA. Each session has one. */
#ifndef SIM_TEEC_PROCESS_H
#define SIM_TEEC_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "tee_client_api.h"

struct ta_process {
    pid_t pid;
    int command; /* our ends of the two sockets described in wire.h */
    int control;
};

/*
 * Starts the TA with this UUID: the program of that name in the folder LUATEE_SIM_TA_DIR, or else in the folder ta/
 * beside libteec.so.2. The process has no controlling terminal, and of our files only stderr. The caller ends it with
 * ta_process_stop. Returns TEEC_SUCCESS, or
 *   TEEC_ERROR_ITEM_NOT_FOUND  there is no such program
 *   TEEC_ERROR_SECURITY        the file is not a program, or may not be run (a device reports a bad signature so)
 *   TEEC_ERROR_OUT_OF_MEMORY   there are no more processes, memory or file descriptors
 */
TEEC_Result ta_process_start(struct ta_process *process, const TEEC_UUID *uuid);

/* Closes the sockets and waits for the end of the process; kills the process first if `force` is set. */
void ta_process_stop(struct ta_process *process, bool force);

#endif
