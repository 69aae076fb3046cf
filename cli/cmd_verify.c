/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <sys/stat.h>

#include <openssl/evp.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "client/package/keys.h"
#include "client/package/verify.h"

static void print_identity(const char *path, const struct package_identity *identity, size_t count)
{
    cli_print("%s: fine: app %.*s, ", path, (int)identity->app_size, identity->app);
    if (count > 0)
        printf("%zu script%s and the manifest", count - 1, count == 2 ? "" : "s");
    else
        cli_print("%s %.*s", identity->kind == PACKAGE_MANIFEST ? "the" : "script", (int)identity->script_size,
                  identity->script);
    cli_print(", version %.*s, sequence %llu\n", (int)identity->version_size, identity->version,
              (unsigned long long)identity->sequence);
}

/* Verifies a file, or an app's folder, and prints its identity. */
static luatee_status verify(const char *path, EVP_PKEY *key, luatee_error *error)
{
    struct stat entry;
    struct package_file file;
    size_t count = 0; /* 0: one file */
    luatee_status status;
    if (stat(path, &entry) == 0 && S_ISDIR(entry.st_mode)) {
        status = package_verify_app(path, key, &file, &count, error);
    } else {
        status = package_open(path, &file, error);
        if (status == LUATEE_OK) {
            status = package_verify(path, &file.package, key, error);
            if (status != LUATEE_OK)
                luatee_buffer_free(&file.data);
        }
    }
    if (status != LUATEE_OK)
        return status;
    print_identity(path, &file.package.identity, count);
    luatee_buffer_free(&file.data);
    return LUATEE_OK;
}

static int run(int argc, char **argv)
{
    static const struct option table[] = { { "key", required_argument, NULL, 'k' }, { NULL, 0, NULL, 0 } };
    const char *key_path = NULL;
    int status = EXIT_FINE, option;
    optind = 1;
    while ((option = options_next(&command_verify, argc, argv, "", table, &status)) != OPTIONS_END) {
        if (option == OPTIONS_DONE)
            return status;
        if (!options_once(&key_path, optarg))
            return cli_usage(&command_verify, "--key appears twice: remove one of them (%s)", optarg);
    }
    if (optind + 1 != argc)
        return cli_usage(&command_verify, "expected one package or one app's folder");
    if (key_path == NULL)
        return cli_usage(&command_verify, "the publisher's public key is missing: name it with --key");
    luatee_error *error = luatee_error_new();
    EVP_PKEY *key;
    luatee_status verified = package_load_public(key_path, &key, error);
    if (verified == LUATEE_OK) {
        verified = verify(argv[optind], key, error);
        EVP_PKEY_free(key);
    }
    if (verified != LUATEE_OK)
        status = cli_failed(error);
    luatee_error_free(error);
    return status;
}

const struct command command_verify = {
    .name = "verify",
    .usage = "FILE|APP --key FILE",
    .summary = "Checks packages without a TEE",
    .help =
        "Checks that a publisher signed a package, or the manifest and every package of an app's folder. For an app,\n"
        "also checks that all of them were packed together and have the right names. Only a device can check that\n"
        "it can decrypt them.\n\n"
        "  --key FILE  the publisher's public key\n\n"
        "Exit status: 0 fine, 2 usage, 4 rejected: the message names the failed check.\n",
    .run = run,
};
