/* SPDX-License-Identifier: BSD-2-Clause */
/* The program `luatee`, which is also `invoke_lua_interpreter` and `encrypt_lua`. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "lua.h"

static const struct command *const commands[] = {
    &command_run,    &command_pack,  &command_keygen, &command_inspect,
    &command_verify, &command_store, &command_info,   &command_device_key
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static int print_help(void)
{
    fputs("usage: luatee COMMAND [OPTION...] [OPERAND...]\n\n"
          "Runs Lua applications across the two worlds of an Arm TrustZone device.\n\n",
          stdout);
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
    fputs("  help       Prints this text, or the help of a command (luatee help COMMAND)\n\n"
          "luatee --version prints the version.\n"
          "Exit status: 0 fine, 1 the script raised an error, 2 usage, 3 no TEE or no session, 4 the TEE rejected a "
          "package.\n",
          stdout);
    return EXIT_FINE;
}

static int run_help(int argc, char **argv)
{
    if (argc < 2)
        return print_help();
    const struct command *command = find_command(argv[1]);
    if (command != NULL)
        return cli_help(command);
    cli_complain("there is no command '%s'; luatee help lists the commands", argv[1]);
    return EXIT_USAGE;
}

static int print_version(void)
{
    printf("luatee %s (%s)\n", luatee_version(), LUA_RELEASE);
    return EXIT_FINE;
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        cli_complain("expected a command; luatee help lists the commands");
        return EXIT_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "--version") == 0)
        return print_version();
    if (strcmp(word, "help") == 0)
        return run_help(argc - 1, argv + 1);
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return print_help();
    const struct command *command = find_command(word);
    if (command != NULL)
        return command->run(argc - 1, argv + 1);
    cli_complain("there is no command '%s'; luatee help lists the commands", word);
    return EXIT_USAGE;
}

/* Runs at exit, also after os.exit() in a script: a program whose output was lost must not report success. */
static void check_stdout(void)
{
    errno = 0;
    bool failed = ferror(stdout) != 0;
    if (fflush(stdout) == 0 && !failed)
        return;
    cli_complain("cannot write to standard output%s%s", errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "");
    _exit(EXIT_RAISED);
}

/* Returns the command that a historical name of the program stands for, or NULL. */
static const struct command *historical_command(const char *program)
{
    const char *slash = strrchr(program, '/');
    const char *name = slash == NULL ? program : slash + 1;
    if (strcmp(name, "invoke_lua_interpreter") == 0)
        return &command_run;
    return strcmp(name, "encrypt_lua") == 0 ? &command_pack : NULL;
}

int main(int argc, char **argv)
{
    (void)atexit(check_stdout);
    const struct command *historical = argc > 0 ? historical_command(argv[0]) : NULL;
    return historical != NULL ? historical->run(argc, argv) : dispatch(argc, argv);
}
