/* SPDX-License-Identifier: BSD-2-Clause */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "cli/host.h"
#include "cli/stale.h"

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Copies the folder as it was typed, without slashes at the end: every file name in messages begins with it. Returns
 * false when the path is too long. */
static bool copy_folder(char folder[PATH_MAX], const char *typed)
{
    size_t length = strlen(typed);
    while (length > 1 && typed[length - 1] == '/')
        length--;
    if (length >= PATH_MAX)
        return false;
    memcpy(folder, typed, length);
    folder[length] = '\0';
    return true;
}

/* Finds host/main.lua. Returns EXIT_FINE, or the exit status after a complaint. */
static int find_main(const char *typed, char folder[PATH_MAX], char path[PATH_MAX])
{
    if (!copy_folder(folder, typed) || snprintf(path, PATH_MAX, "%s/host/main.lua", folder) >= PATH_MAX) {
        cli_complain("the app's path is too long");
        return EXIT_USAGE;
    }
    if (!is_folder(folder)) {
        cli_complain("no such app: %s is not a folder", typed);
        return EXIT_USAGE;
    }
    if (!is_file(path)) {
        cli_complain("%s is not an app: it has no host/main.lua", typed);
        return EXIT_USAGE;
    }
    /* package.path cannot quote these characters. */
    if (strpbrk(folder, ";?") != NULL) {
        cli_complain("Lua cannot find modules in a path with ';' or '?': rename the app's folder, %s", folder);
        return EXIT_USAGE;
    }
    return EXIT_FINE;
}

static int run(int argc, char **argv)
{
    struct cli_options options = { 0 };
    char folder[PATH_MAX], path[PATH_MAX];
    int status = EXIT_FINE;
    int app = cli_parse(&command_run, argc, argv, "su" CLI_LOGIN, &options, &status);
    if (app == CLI_DONE)
        return status;
    if (app == argc)
        return cli_usage(&command_run, "expected the app's folder");
    status = find_main(argv[app], folder, path);
    if (status != EXIT_FINE)
        return status;
    luatee_session *session = cli_open(
        &(luatee_options){
            .app = folder, .backend = options.backend, .stored = options.stored, .plaintext = options.plaintext,
            .login = options.login, .group = options.group },
        &status);
    if (session == NULL)
        return status;
    if (!options.plaintext)
        stale_warn(folder);
    if (options.stored) {
        luatee_error *error = luatee_error_new();
        if (luatee_store_update(session, error) != LUATEE_OK) {
            status = cli_failed(error);
            luatee_close(session);
        }
        luatee_error_free(error);
        if (status != EXIT_FINE)
            return status;
    }
    struct host host = { .folder = folder,
                         .path = path,
                         .session = session,
                         .argument_count = argc - app - 1,
                         .arguments = argv + app + 1 };
    return host_run(&host);
}

const struct command command_run = {
    .name = "run",
    .usage = "[--tee=auto|optee|sim] [--login=LOGIN] [-s] [-u] APP [ARG...]",
    .summary = "Runs an app: APP/host/main.lua here, APP/ta/NAME.lua in the TEE",
    .help =
        "Runs the packages of APP, ta/NAME.luata and manifest.luata, which `luatee pack APP` makes.\n\n"
        "  -u           runs the plaintext scripts ta/NAME.lua; a TA of the release flavour rejects them\n"
        "  -s           stores new and changed scripts of APP in the TEE's secure storage, and runs them from there.\n"
        "               Without -s, each script is sent at its first use\n"
        "  --tee=auto   OP-TEE if /dev/tee0 exists, otherwise the simulator (the default)\n"
        "  --tee=optee  OP-TEE\n"
        "  --tee=sim    the simulator, which protects nothing\n"
        "  --login=user, --login=group:GID\n"
        "               reports to the TEE which user or group runs the app; tee.caller() in trusted scripts returns\n"
        "               it. The default, public, reports neither. Linux supports only these logins; application,\n"
        "               application_user and application_group:GID are for other TEEs\n\n"
        "main.lua receives each ARG in `...` and in `arg`, with its own path as arg[0]. Its results are printed.\n"
        "`invoke_lua_interpreter` is the same as `luatee run`.\n\n"
        "Exit status: 0 fine, 1 a script raised an error, 2 usage, 3 no TEE or no session, 4 the TEE rejected a "
        "package.\n",
    .run = run,
};
