/* SPDX-License-Identifier: BSD-2-Clause */
/* What the commands of `luatee` share. */
#ifndef LUATEE_CLI_CLI_H
#define LUATEE_CLI_CLI_H

#include "luatee/luatee.h"

/* Exit statuses; they are those of luatee_status. */
enum {
    EXIT_FINE = LUATEE_OK,
    EXIT_RAISED = LUATEE_RAISED, /* also: what is neither usage, TEE nor package */
    EXIT_USAGE = LUATEE_USAGE,
    EXIT_NO_TEE = LUATEE_NO_TEE,
    EXIT_REFUSED = LUATEE_REFUSED,
};

struct command {
    const char *name;
    const char *usage; /* what stands behind "luatee NAME" */
    const char *summary;
    const char *help; /* the rest of --help */
    /* argv[0] is the command's name. Returns the exit status. */
    int (*run)(int argc, char **argv);
};

extern const struct command command_run;
extern const struct command command_store;
extern const struct command command_info;
extern const struct command command_device_key;
extern const struct command command_keygen;
extern const struct command command_pack;
extern const struct command command_inspect;
extern const struct command command_verify;

/* As printf. For all that has a name, a path or a text from elsewhere in it: on a terminal control characters are shown
 * and not sent (client/base/show.h). */
void cli_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints "luatee: MESSAGE" as a line on stderr; control characters as cli_print. */
void cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Complains, names --help, and returns EXIT_USAGE. */
int cli_usage(const struct command *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Complains about a failure of libluatee and returns its exit status. */
int cli_failed(const luatee_error *error);

/* Prints a command's help on stdout and returns EXIT_FINE. */
int cli_help(const struct command *command);

/* Options before the first operand. */
struct cli_options {
    luatee_backend backend; /* --tee= */
    bool stored;            /* -s */
    bool plaintext;         /* -u */
    luatee_login login;     /* --login= */
    uint32_t group;         /* and its group */
};

/* What cli_parse() found. */
#define CLI_DONE (-1)

/* In the flags of a command that takes --login=. */
#define CLI_LOGIN "="

/*
 * Reads options up to the first operand, or "--". flags: the single letters that the command takes, of "su"; they may
 * be clustered; and CLI_LOGIN. Returns the index of the first operand; or CLI_DONE after --help or a complaint, with
 * the exit status in *status.
 */
int cli_parse(const struct command *command, int argc, char **argv, const char *flags, struct cli_options *options,
              int *status);

/* Opens a session; of plaintext scripts, with the manifest that the app's folder has. NULL after a complaint, with the
 * exit status in *status. */
luatee_session *cli_open(const luatee_options *options, int *status);

#endif
