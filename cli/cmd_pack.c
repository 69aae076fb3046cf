/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/pack.h"
#include "client/base/error.h"
#include "client/lua/manifest_reader.h"
#include "client/package/keys.h"

/* A manifest must not revoke its own key: the TEE accepts a revocation only from a newer key. */
static luatee_status check_revoked(const struct package_manifest *manifest, const struct pack_keys *keys,
                                   luatee_error *error)
{
    uint8_t id[PACKAGE_PUBLISHER_ID_SIZE];
    if (!package_publisher_id(keys->publisher, id))
        return luatee_error_set(error, LUATEE_FAILED, "OpenSSL cannot compute a key's id");
    for (size_t i = 0; i < manifest->revoke_count; i++)
        if (memcmp(manifest->revoke[i], id, sizeof(id)) == 0)
            return luatee_error_set(error, LUATEE_USAGE,
                                    "the manifest revokes the key that signs it: sign with the newer key");
    return LUATEE_OK;
}

static luatee_status make(const struct pack_options *options, const struct package_manifest *manifest,
                          luatee_error *error)
{
    struct pack_keys keys = { 0 };
    struct package_part *parts = NULL;
    size_t count = 0;
    bool stitch = options->signature != NULL;
    /* The app is read first: no development keys are made for an app that cannot be packed. */
    luatee_status status = pack_parts_read(options, manifest, &parts, &count, error);
    if (status == LUATEE_OK)
        status = pack_keys_load(options, !stitch, &keys, error);
    if (status == LUATEE_OK && stitch)
        status = pack_stitch(options, manifest, &keys, parts, count, error);
    else if (status == LUATEE_OK && (status = check_revoked(manifest, &keys, error)) == LUATEE_OK)
        status = pack_write(options, manifest, &keys, parts, count, error);
    pack_parts_free(parts, count);
    pack_keys_free(&keys);
    return status;
}

static int pack(const struct pack_options *options)
{
    struct package_manifest manifest;
    struct stat folder;
    if (stat(options->app, &folder) != 0 || !S_ISDIR(folder.st_mode)) {
        cli_complain("no such app: %s is not a folder", options->app);
        return EXIT_USAGE;
    }
    luatee_error *error = luatee_error_new();
    luatee_status status = manifest_read(options->app, &manifest, error);
    if (status == LUATEE_OK)
        status = make(options, &manifest, error);
    int exit_status = status == LUATEE_OK ? EXIT_FINE : cli_failed(error);
    luatee_error_free(error);
    return exit_status;
}

/* Stores the value of an option. Returns false when the option appears too often. */
static bool set_option(struct pack_options *options, int option, const char *value)
{
    switch (option) {
    case 'k':
        return options_once(&options->key, value);
    case 'c':
        return options_once(&options->class_key, value);
    case 't':
        if (options->device_count == PACKAGE_RECIPIENTS_MAX)
            return false;
        options->devices[options->device_count++] = value;
        return true;
    case 'o':
        return options_once(&options->out, value);
    case 'd':
        return options_once(&options->digest_only, value);
    case 's':
        return options_once(&options->signature, value);
    default:
        options->precompile = true;
        return true;
    }
}

static int run(int argc, char **argv)
{
    static const struct option table[] = {
        { "key", required_argument, NULL, 'k' },         { "class-key", required_argument, NULL, 'c' },
        { "to", required_argument, NULL, 't' },          { "out", required_argument, NULL, 'o' },
        { "digest-only", required_argument, NULL, 'd' }, { "signature", required_argument, NULL, 's' },
        { "precompile", no_argument, NULL, 'p' },        { NULL, 0, NULL, 0 },
    };
    struct pack_options options = { 0 };
    int status = EXIT_FINE, option;
    optind = 1;
    while ((option = options_next(&command_pack, argc, argv, "", table, &status)) != OPTIONS_END) {
        if (option == OPTIONS_DONE)
            return status;
        if (set_option(&options, option, optarg))
            continue;
        if (option == 't')
            return cli_usage(&command_pack, "a package has at most %d readers", PACKAGE_RECIPIENTS_MAX);
        return cli_usage(&command_pack, "an option appears twice: remove one of them (%s)", optarg);
    }
    if (optind == argc)
        return cli_usage(&command_pack, "expected the app's folder");
    if (optind + 1 < argc)
        return cli_usage(&command_pack, "too many operands: %s", argv[optind + 1]);
    if (options.digest_only != NULL && options.signature != NULL)
        return cli_usage(&command_pack, "--digest-only and --signature exclude each other: run luatee pack twice");
    if (options.digest_only != NULL && options.out != NULL)
        return cli_usage(&command_pack, "--digest-only makes no packages: --out belongs to --signature");
    if (options.signature != NULL && (options.class_key != NULL || options.device_count > 0 || options.precompile))
        return cli_usage(&command_pack,
                         "--class-key, --to and --precompile belong to --digest-only: --signature cannot change "
                         "signed packages");
    options.app = argv[optind];
    return pack(&options);
}

const struct command command_pack = {
    .name = "pack",
    .usage = "APP [--key FILE] [--class-key FILE] [--to FILE]... [--out DIR] [--precompile] [--digest-only DIR | "
             "--signature DIR]",
    .summary = "Signs and encrypts the trusted scripts of an app",
    .help = "Makes APP/ta/NAME.luata from every APP/ta/NAME.lua, and APP/manifest.luata from APP/manifest.lua (or\n"
            "from defaults): all of them, or none.\n\n"
            "  --key FILE         the publisher's private key (luatee keygen publisher); without it a development key\n"
            "                     pair is used, which is made once and which a release TA rejects\n"
            "  --class-key FILE   devices that have this key can read the packages (luatee keygen class)\n"
            "  --to FILE          the device with this public key can read them; may be repeated, up to 16 readers\n"
            "  --out DIR          writes the packages into DIR instead of APP\n"
            "  --precompile       packs stripped Lua bytecode instead of source\n"
            "  --digest-only DIR  for keys that are kept elsewhere: writes the files to be signed into DIR; --key may\n"
            "                     be the public half\n"
            "  --signature DIR    the second step: reads signatures, NAME.sig (r || s, or DER), from DIR, verifies\n"
            "                     them and writes the packages\n\n"
            "Set LUATEE_PASSPHRASE in the environment to the passphrase of a key, or type it when asked.\n"
            "`encrypt_lua` is the same as `luatee pack`.\n\n"
            "Exit status: 0 fine, 1 a script does not compile or a file cannot be written, 2 usage or a bad manifest,\n"
            "4 a signature is wrong.\n",
    .run = run,
};
