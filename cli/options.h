/* SPDX-License-Identifier: BSD-2-Clause */
/* Options with values, on any side of the operands, for commands that take more than cli_parse() knows. */
#ifndef LUATEE_CLI_OPTIONS_H
#define LUATEE_CLI_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>

#include "cli/cli.h"

/* What options_next() returns beside the `val` of an option. */
#define OPTIONS_END (-1)  /* the operands are argv[optind] to argv[argc - 1] */
#define OPTIONS_DONE (-2) /* after --help or a complaint; the exit status is in *status */

/*
 * Takes the next option, as getopt_long(3): its value is in `optarg`. letters: one-letter options, without a leading
 * ':'; table: long ones, ended by zeros. --help and -h are known without being named. Start with optind = 1.
 */
int options_next(const struct command *command, int argc, char **argv, const char *letters, const struct option *table,
                 int *status);

/* Keeps the value of an option that has only one. False when it has one already: usage. */
bool options_once(const char **place, const char *value);

#endif
