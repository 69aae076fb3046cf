/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TA_SERVE_H
#define SIM_TA_SERVE_H

/* Serves the session until the client closes it or is gone. Runs on the TA's stack. Returns the exit status of the
 * process: EXIT_SUCCESS, or SIM_STATUS_BROKEN after an invalid request. */
int sim_serve(void);

#endif
