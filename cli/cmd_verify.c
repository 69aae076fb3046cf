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

/* count stays 0 when the path is that of a file. */
static luatee_status verify(const char *path, EVP_PKEY *key, luatee_error *error)
{
    struct stat what;
    struct package_file file;
    size_t count = 0;
    luatee_status status;
    if (stat(path, &what) == 0 && S_ISDIR(what.st_mode)) {
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
            return cli_usage(&command_verify, "%s is one too many: --key is given twice", optarg);
    }
    if (optind + 1 != argc)
        return cli_usage(&command_verify, "name one package or one app");
    if (key_path == NULL)
        return cli_usage(&command_verify, "whose signature shall it be? Name the public key with --key");
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
        "Checks that a package, or the manifest and every package of an app's folder, was signed by a publisher.\n"
        "Of an app it also checks that all of them were packed together and have the right names. Whether a device\n"
        "can decrypt them only the device knows.\n\n"
        "  --key FILE  the publisher's public key\n\n"
        "Exit status: 0 fine, 2 usage, 4 refused: the message tells which check failed.\n",
    .run = run,
};
