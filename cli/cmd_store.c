/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

/* An action on one of the names on the command line. */
typedef luatee_status (*store_function)(luatee_session *session, const char *script, luatee_error *error);

static int list(luatee_session *session, luatee_error *error)
{
    luatee_stored *entries;
    size_t count;
    if (luatee_store_list(session, &entries, &count, error) != LUATEE_OK)
        return cli_failed(error);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < sizeof(entries[i].digest); j++)
            printf("%02x", entries[i].digest[j]);
        cli_print("  %7" PRIu64 "  %s%s\n", entries[i].size, entries[i].script,
                  entries[i].manifest ? " (the manifest)" : "");
    }
    free(entries);
    return EXIT_FINE;
}

static int done(luatee_status status, const luatee_error *error)
{
    return status == LUATEE_OK ? EXIT_FINE : cli_failed(error);
}

static int each(luatee_session *session, store_function function, int count, char **names, luatee_error *error)
{
    for (int i = 0; i < count; i++)
        if (function(session, names[i], error) != LUATEE_OK)
            return cli_failed(error);
    return EXIT_FINE;
}

/* Stores all new and changed scripts. An app without any is an error: the developer may have to run `luatee pack`. */
static int add_all(luatee_session *session, luatee_error *error)
{
    luatee_stored *entries;
    size_t count;
    if (luatee_store_update(session, error) != LUATEE_OK ||
        luatee_store_list(session, &entries, &count, error) != LUATEE_OK)
        return cli_failed(error);
    free(entries);
    if (count > 0)
        return EXIT_FINE;
    cli_complain(
        "the app has no packages to store: make them with luatee pack, or store its plaintext scripts with -u");
    return EXIT_USAGE;
}

static int act(luatee_session *session, const char *action, int count, char **names, luatee_error *error)
{
    if (strcmp(action, "list") == 0)
        return list(session, error);
    if (strcmp(action, "remove") == 0)
        return count == 0 ? done(luatee_store_clear(session, error), error) :
                            each(session, luatee_store_remove, count, names, error);
    if (count > 0)
        return each(session, luatee_store_add, count, names, error);
    return add_all(session, error);
}

static bool is_action(const char *word)
{
    return strcmp(word, "list") == 0 || strcmp(word, "add") == 0 || strcmp(word, "remove") == 0;
}

/* Options may precede or follow the action: `luatee store list --tee=sim APP` also works. */
static int parse(int argc, char **argv, struct cli_options *options, const char **action, int *status)
{
    int first = cli_parse(&command_store, argc, argv, "u", options, status);
    if (first == CLI_DONE)
        return CLI_DONE;
    *status = EXIT_USAGE;
    if (first == argc || !is_action(argv[first])) {
        *status = cli_usage(&command_store, "expected an action: list, add or remove");
        return CLI_DONE;
    }
    *action = argv[first];
    int operand = cli_parse(&command_store, argc - first, argv + first, "u", options, status);
    if (operand == CLI_DONE)
        return CLI_DONE;
    operand += first;
    if (operand == argc)
        *status = cli_usage(&command_store, "expected the app's folder or name");
    else if (strcmp(*action, "list") == 0 && operand + 1 < argc)
        *status = cli_usage(&command_store, "too many operands: %s", argv[operand + 1]);
    else
        return operand;
    return CLI_DONE;
}

static int run(int argc, char **argv)
{
    struct cli_options options = { 0 };
    const char *action = NULL;
    int status = EXIT_FINE;
    int app = parse(argc, argv, &options, &action, &status);
    if (app == CLI_DONE)
        return status;
    luatee_session *session = cli_open(
        &(luatee_options) {
            .app = argv[app], .backend = options.backend, .stored = true, .plaintext = options.plaintext },
        &status);
    if (session == NULL)
        return status;
    luatee_error *error = luatee_error_new();
    status = act(session, action, argc - app - 1, argv + app + 1, error);
    luatee_error_free(error);
    luatee_close(session);
    return status;
}

const struct command command_store = {
    .name = "store",
    .usage = "[--tee=auto|optee|sim] [-u] list|add|remove APP [NAME...]",
    .summary = "Lists and changes an app's scripts in the TEE's secure storage",
    .help =
        "  list APP              prints SHA-256 digest, size in bytes, and name of each stored script\n"
        "  add APP [NAME...]     stores these packages of APP; without a name, all new and changed ones\n"
        "  remove APP [NAME...]  removes these scripts; without a name, all of the app\n\n"
        "APP is the app's folder. list and remove also accept the name of an app that has no folder here.\n"
        "Each script is stored, replaced or removed as a whole. Only packages of the stored manifest's bundle run and\n"
        "are listed. The manifest is stored last, and replaces a whole bundle.\n\n"
        "  --tee=auto|optee|sim  as for luatee run\n"
        "  -u                    the plaintext scripts of APP instead of its packages; both are stored apart\n",
    .run = run,
};
