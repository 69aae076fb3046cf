/* SPDX-License-Identifier: BSD-2-Clause */
/* Options with values, before and after the operands, for commands with more options than cli_parse() knows. */
#ifndef LUATEE_CLI_OPTIONS_H
#define LUATEE_CLI_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>

#include "cli/cli.h"

/* options_next() returns one of these, or the `val` of an option. */
#define OPTIONS_END (-1)  /* the operands are argv[optind] to argv[argc - 1] */
#define OPTIONS_DONE (-2) /* after --help or a complaint; the exit status is in *status */

/*
 * Reads the next option as getopt_long(3) does, and leaves its value in `optarg`. letters: one-letter options, without
 * a leading ':'. table: long options; the last entry is all zeros. --help and -h need not be listed. The caller sets
 * optind to 1 before the first call.
 */
int options_next(const struct command *command, int argc, char **argv, const char *letters, const struct option *table,
                 int *status);

/* Stores the value of an option that may appear once. Returns false when *place already has a value. */
bool options_once(const char **place, const char *value);

#endif
