/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdbool.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "client/package/verify.h"

static const char *const kinds[] = {
    [PACKAGE_SOURCE] = "source", [PACKAGE_BYTECODE] = "bytecode", [PACKAGE_MANIFEST] = "manifest"
};

static void print_hex(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        printf("%02x", bytes[i]);
}

/* Returns false for a package of --digest-only: its signature is all zeros. */
static bool is_signed(const struct package *package)
{
    for (size_t i = 0; i < PACKAGE_SIGNATURE_SIZE; i++)
        if (package->signature[i] != 0)
            return true;
    return false;
}

static void print_line(const char *label, const uint8_t *bytes, size_t size)
{
    printf("%-10s ", label);
    print_hex(bytes, size);
    putchar('\n');
}

static void print_text(const char *path, const struct package_file *file)
{
    const struct package *package = &file->package;
    const struct package_identity *identity = &package->identity;
    cli_print("%s\n", path);
    printf("format     %d, %zu bytes\n", PACKAGE_FORMAT, file->data.size);
    cli_print("app        %.*s\n", (int)identity->app_size, identity->app);
    cli_print("script     %.*s (%s)\n", (int)identity->script_size, identity->script, kinds[identity->kind]);
    cli_print("version    %.*s\n", (int)identity->version_size, identity->version);
    printf("sequence   %llu\n", (unsigned long long)identity->sequence);
    print_line("bundle", identity->bundle, PACKAGE_BUNDLE_SIZE);
    print_line("publisher", package->publisher_id, PACKAGE_PUBLISHER_ID_SIZE);
    printf("signature  %s\n", is_signed(package) ? "ES256, not checked here (luatee verify does)" : "none yet");
    printf("content    AES-256-GCM, %zu bytes of plaintext\n", file->body.ciphertext_size - PACKAGE_TAG_SIZE);
    for (size_t i = 0; i < file->body.recipient_count; i++) {
        const struct package_recipient *recipient = &file->body.recipients[i];
        printf("reader     %s ", recipient->kind == PACKAGE_FOR_CLASS ? "class key" : "device");
        print_hex(recipient->id, PACKAGE_RECIPIENT_ID_SIZE);
        printf(" (%s)\n", recipient->kind == PACKAGE_FOR_CLASS ? "A256KW" : "ECDH-ES+A256KW");
    }
}

static void print_json_text(const char *name, const char *text, size_t size)
{
    printf("  \"%s\": \"", name);
    for (size_t i = 0; i < size; i++) { /* the parser has checked that all bytes are printable ASCII */
        if (text[i] == '"' || text[i] == '\\')
            putchar('\\');
        putchar(text[i]);
    }
    printf("\",\n");
}

static void print_json_hex(const char *name, const uint8_t *bytes, size_t size)
{
    printf("  \"%s\": \"", name);
    print_hex(bytes, size);
    printf("\",\n");
}

static void print_json(const struct package_file *file)
{
    const struct package *package = &file->package;
    const struct package_identity *identity = &package->identity;
    printf("{\n  \"format\": %d,\n  \"size\": %zu,\n", PACKAGE_FORMAT, file->data.size);
    print_json_text("app", identity->app, identity->app_size);
    print_json_text("script", identity->script, identity->script_size);
    printf("  \"kind\": \"%s\",\n", kinds[identity->kind]);
    print_json_text("version", identity->version, identity->version_size);
    printf("  \"sequence\": %llu,\n", (unsigned long long)identity->sequence);
    print_json_hex("bundle", identity->bundle, PACKAGE_BUNDLE_SIZE);
    print_json_hex("publisher", package->publisher_id, PACKAGE_PUBLISHER_ID_SIZE);
    printf("  \"signed\": %s,\n", is_signed(package) ? "true" : "false");
    print_json_hex("signature", package->signature, PACKAGE_SIGNATURE_SIZE);
    print_json_hex("iv", file->body.iv, PACKAGE_IV_SIZE);
    printf("  \"plaintext_size\": %zu,\n  \"readers\": [", file->body.ciphertext_size - PACKAGE_TAG_SIZE);
    for (size_t i = 0; i < file->body.recipient_count; i++) {
        const struct package_recipient *recipient = &file->body.recipients[i];
        printf("%s\n    { \"kind\": \"%s\", \"id\": \"", i == 0 ? "" : ",",
               recipient->kind == PACKAGE_FOR_CLASS ? "class" : "device");
        print_hex(recipient->id, PACKAGE_RECIPIENT_ID_SIZE);
        printf("\" }");
    }
    printf("\n  ]\n}\n");
}

static int run(int argc, char **argv)
{
    static const struct option table[] = { { "json", no_argument, NULL, 'j' }, { NULL, 0, NULL, 0 } };
    bool json = false;
    int status = EXIT_FINE, option;
    optind = 1;
    while ((option = options_next(&command_inspect, argc, argv, "", table, &status)) != OPTIONS_END) {
        if (option == OPTIONS_DONE)
            return status;
        json = true;
    }
    if (optind + 1 != argc)
        return cli_usage(&command_inspect, "expected the path of one package");
    struct package_file file;
    luatee_error *error = luatee_error_new();
    if (package_open(argv[optind], &file, error) != LUATEE_OK) {
        status = cli_failed(error);
    } else {
        if (json)
            print_json(&file);
        else
            print_text(argv[optind], &file);
        luatee_buffer_free(&file.data);
    }
    luatee_error_free(error);
    return status;
}

const struct command command_inspect = {
    .name = "inspect",
    .usage = "FILE [--json]",
    .summary = "Prints the public fields of a package",
    .help =
        "Prints the app, script, version, sequence, bundle, publisher and readers of a package. Does not verify the\n"
        "signature: luatee verify does.\n\n"
        "  --json  as JSON\n\n"
        "Exit status: 0 fine, 2 usage, 4 the file is not a package.\n",
    .run = run,
};
