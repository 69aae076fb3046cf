/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include <openssl/pem.h>

#include "cli/cli.h"

/* A session needs an app's name. Nothing is stored under this one. */
#define DEVICE_KEY_APP "luatee"

static int print_key(luatee_session *session, luatee_error *error)
{
    uint8_t key[LUATEE_DEVICE_KEY_SIZE];
    if (luatee_device_key(session, key, error) != LUATEE_OK)
        return cli_failed(error);
    if (PEM_write(stdout, PEM_STRING_PUBLIC, "", key, sizeof(key)) > 0)
        return EXIT_FINE;
    cli_complain("cannot write the key to standard output");
    return EXIT_RAISED;
}

static int run(int argc, char **argv)
{
    struct cli_options options = { 0 };
    int status = EXIT_FINE;
    int first = cli_parse(&command_device_key, argc, argv, "", &options, &status);
    if (first == CLI_DONE)
        return status;
    if (first < argc)
        return cli_usage(&command_device_key, "too many operands: %s", argv[first]);
    luatee_session *session =
        cli_open(&(luatee_options){ .app = DEVICE_KEY_APP, .backend = options.backend, .stored = true }, &status);
    if (session == NULL)
        return status;
    luatee_error *error = luatee_error_new();
    status = print_key(session, error);
    luatee_error_free(error);
    luatee_close(session);
    return status;
}

const struct command command_device_key = {
    .name = "device-key",
    .usage = "[--tee=auto|optee|sim]",
    .summary = "Prints the public half of this device's key, to pack for it alone",
    .help =
        "Prints PEM on standard output. The TA makes the key pair at the first use; the private half never leaves\n"
        "secure storage.\n\n"
        "  luatee device-key > device.pub             on the device\n"
        "  luatee pack APP --key KEY --to device.pub  where the publisher's key is\n\n"
        "  --tee=auto|optee|sim  as for luatee run\n",
    .run = run,
};
