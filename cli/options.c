/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/options.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define LETTERS_MAX 32

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

int options_next(const struct command *command, int argc, char **argv, const char *letters, const struct option *table,
                 int *status)
{
    char all[LETTERS_MAX];
    (void)snprintf(all, sizeof(all), ":%s", letters); /* with ':' in front, getopt returns ':' for a missing value */
    opterr = 0;
    if (optind < argc && is_help(argv[optind])) {
        *status = cli_help(command);
        return OPTIONS_DONE;
    }
    int found = getopt_long(argc, argv, all, table, NULL);
    if (found != '?' && found != ':')
        return found;
    const char *word = argv[optind - 1];
    if (found == ':')
        *status = cli_usage(command, "%s needs a value", word);
    else if (is_help(word))
        *status = cli_help(command);
    else if (optopt > 0 && optopt < 256 && word[1] != '-')
        *status = cli_usage(command, "there is no option -%c", optopt);
    else
        *status = cli_usage(command, "there is no option %s, or it takes no value", word);
    return OPTIONS_DONE;
}

bool options_once(const char **place, const char *value)
{
    if (*place != NULL)
        return false;
    *place = value;
    return true;
}
