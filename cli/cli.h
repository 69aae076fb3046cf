/* SPDX-License-Identifier: BSD-2-Clause */
/* Declarations that all commands of `luatee` share. */
#ifndef LUATEE_CLI_CLI_H
#define LUATEE_CLI_CLI_H

#include "luatee/luatee.h"

/* Exit statuses; they are those of luatee_status. */
enum {
    EXIT_FINE = LUATEE_OK,
    EXIT_RAISED = LUATEE_RAISED, /* also every failure that has no status of its own: a full disk, no memory */
    EXIT_USAGE = LUATEE_USAGE,
    EXIT_NO_TEE = LUATEE_NO_TEE,
    EXIT_REFUSED = LUATEE_REFUSED,
};

struct command {
    const char *name;
    const char *usage;   /* follows "luatee NAME" in the usage line */
    const char *summary; /* one line, without a full stop */
    const char *help;    /* the rest of --help */
    /* Runs the command. argv[0] is the command's name. Returns the exit status. */
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

/* Prints as printf(3) does, but shows control characters instead of sending them to a terminal (client/base/show.h).
 * Use this function for every text that contains a name, a path or a text from outside. */
void cli_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints the line "luatee: MESSAGE" on stderr. Shows control characters as cli_print() does. */
void cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints the message as cli_complain() does, and the command's usage line. Returns EXIT_USAGE. */
int cli_usage(const struct command *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints the message of a failure of libluatee as cli_complain() does. Returns the exit status of the failure. */
int cli_failed(const luatee_error *error);

/* Prints a command's help on stdout and returns EXIT_FINE. */
int cli_help(const struct command *command);

/* Options before the first operand. */
struct cli_options {
    luatee_backend backend; /* --tee= */
    bool stored;            /* -s */
    bool plaintext;         /* -u */
    luatee_login login;     /* --login= */
    uint32_t group;         /* the group's number of --login= */
};

/* cli_parse() returns this value when the command ends without doing its work. */
#define CLI_DONE (-1)

/* Add this to the flags of a command that accepts --login=. */
#define CLI_LOGIN "="

/*
 * Reads options up to the first operand, or "--". flags: the one-letter options that the command accepts, of "su", and
 * CLI_LOGIN. Letters may be clustered. Returns the index of the first operand. Returns CLI_DONE after --help or a
 * complaint, with the exit status in *status.
 */
int cli_parse(const struct command *command, int argc, char **argv, const char *flags, struct cli_options *options,
              int *status);

/* Opens a session, which the caller closes. A plaintext session uses the manifest.lua of the app's folder. Returns NULL
 * after a complaint, with the exit status in *status. */
luatee_session *cli_open(const luatee_options *options, int *status);

#endif
