/* SPDX-License-Identifier: BSD-2-Clause */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "client/package/keys.h"

#define PRIVATE_SUFFIX ".pem"
#define PUBLIC_SUFFIX ".pub"

/* Writes the path of the public half into out: NAME.pub for NAME.pem, PATH.pub for any other PATH. Returns false when
 * that path is too long. */
static bool name_public(const char *path, char out[PATH_MAX])
{
    size_t length = strlen(path), suffix = strlen(PRIVATE_SUFFIX);
    if (length > suffix && strcmp(path + length - suffix, PRIVATE_SUFFIX) == 0)
        length -= suffix;
    return snprintf(out, PATH_MAX, "%.*s" PUBLIC_SUFFIX, (int)length, path) < PATH_MAX;
}

static luatee_status make_publisher(const char *path, bool passphrase, luatee_error *error)
{
    char public_path[PATH_MAX], text[PACKAGE_ID_TEXT_SIZE];
    uint8_t id[PACKAGE_PUBLISHER_ID_SIZE];
    EVP_PKEY *key;
    if (!name_public(path, public_path))
        public_path[0] = '\0'; /* creating a file of this name fails with an error */
    luatee_status status = package_create_publisher(path, public_path, passphrase, NULL, error);
    if (status != LUATEE_OK)
        return status;
    status = package_load_public(public_path, &key, error);
    if (status != LUATEE_OK)
        return status;
    if (package_publisher_id(key, id)) {
        package_id_text(id, text);
        cli_print("publisher key %s\n  private half: %s%s (keep it secret: it signs packages)\n"
                  "  public half:  %s (release TAs are built with it)\n",
                  text, path, passphrase ? ", encrypted" : "", public_path);
    }
    EVP_PKEY_free(key);
    return LUATEE_OK;
}

static luatee_status make_class(const char *path, luatee_error *error)
{
    uint8_t key[PACKAGE_KEY_SIZE], id[PACKAGE_RECIPIENT_ID_SIZE];
    char text[PACKAGE_ID_TEXT_SIZE];
    luatee_status status = package_create_class(path, NULL, error);
    if (status == LUATEE_OK)
        status = package_load_class(path, key, error);
    if (status == LUATEE_OK && package_class_id(key, id)) {
        package_id_text(id, text);
        cli_print("class key %s\n  %s (keep it secret: it reads the packages of every device that has it)\n", text,
                  path);
    }
    OPENSSL_cleanse(key, sizeof(key));
    return status;
}

static int make(const char *kind, const char *path, bool passphrase)
{
    luatee_error *error = luatee_error_new();
    bool publisher = strcmp(kind, "publisher") == 0;
    if (path == NULL)
        path = publisher ? "publisher.pem" : "class.key";
    luatee_status made = publisher ? make_publisher(path, passphrase, error) : make_class(path, error);
    int status = made == LUATEE_OK ? EXIT_FINE : cli_failed(error);
    luatee_error_free(error);
    return status;
}

static int run(int argc, char **argv)
{
    static const struct option table[] = { { "passphrase", no_argument, NULL, 'p' }, { NULL, 0, NULL, 0 } };
    const char *path = NULL;
    bool passphrase = false;
    int status = EXIT_FINE, option;
    optind = 1;
    while ((option = options_next(&command_keygen, argc, argv, "o:", table, &status)) != OPTIONS_END) {
        if (option == OPTIONS_DONE)
            return status;
        if (option == 'p')
            passphrase = true;
        else if (!options_once(&path, optarg))
            return cli_usage(&command_keygen, "-o appears twice: remove one of them (%s)", optarg);
    }
    if (optind + 1 != argc || (strcmp(argv[optind], "publisher") != 0 && strcmp(argv[optind], "class") != 0))
        return cli_usage(&command_keygen, "expected the kind of key: publisher or class");
    if (passphrase && strcmp(argv[optind], "class") == 0)
        return cli_usage(&command_keygen, "only a publisher key can have a passphrase");
    return make(argv[optind], path, passphrase);
}

const struct command command_keygen = {
    .name = "keygen",
    .usage = "publisher|class [-o FILE] [--passphrase]",
    .summary = "Makes a key for packages",
    .help =
        "  publisher     an EC P-256 key pair that signs packages: FILE (publisher.pem) and its public half beside\n"
        "                it, NAME.pub for NAME.pem; PEM files as openssl and others use them\n"
        "  class         a 256 bit key that encrypts packages for a class of devices: FILE (class.key)\n"
        "  -o FILE       where the key goes. A file that exists is never overwritten\n"
        "  --passphrase  encrypts the private half with a passphrase: LUATEE_PASSPHRASE in the environment, or\n"
        "                what you type\n",
    .run = run,
};
