/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TA_SERVE_H
#define SIM_TA_SERVE_H

/* Serves the session until the client closes it or goes away. Runs on the TA's stack. Returns an exit status. */
int sim_serve(void);

#endif
