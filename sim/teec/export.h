/* SPDX-License-Identifier: BSD-2-Clause */
/* Marks what libteec.so.2 exports: the functions of tee_client_api.h and nothing else. */
#ifndef SIM_TEEC_EXPORT_H
#define SIM_TEEC_EXPORT_H

#define TEEC_EXPORT __attribute__((visibility("default")))

#endif
