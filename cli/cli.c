/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/base/login.h"
#include "client/lua/manifest_reader.h"
#include "client/base/show.h"

static void show(FILE *stream, const char *format, va_list arguments)
{
    char *text;
    int size = vasprintf(&text, format, arguments);
    if (size < 0) {
        fputs("(out of memory)", stderr);
        return;
    }
    luatee_show(stream, text, (size_t)size);
    free(text);
}

static void complain(const char *format, va_list arguments)
{
    fputs("luatee: ", stderr);
    show(stderr, format, arguments);
    fputc('\n', stderr);
}

void cli_print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    show(stdout, format, arguments);
    va_end(arguments);
}

void cli_complain(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
}

int cli_usage(const struct command *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
    fprintf(stderr, "usage: luatee %s %s (more: luatee %s --help)\n", command->name, command->usage,
            command->name);
    return EXIT_USAGE;
}

int cli_failed(const luatee_error *error)
{
    cli_complain("%s", luatee_error_message(error));
    luatee_status status = luatee_error_status(error);
    return status == LUATEE_FAILED ? EXIT_RAISED : (int)status;
}

int cli_help(const struct command *command)
{
    printf("usage: luatee %s %s\n\n%s.\n\n%s", command->name, command->usage, command->summary, command->help);
    return EXIT_FINE;
}

static bool parse_backend(const char *name, luatee_backend *backend)
{
    static const char *const names[] = { [LUATEE_AUTO] = "auto", [LUATEE_OPTEE] = "optee", [LUATEE_SIM] = "sim" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i]) == 0) {
            *backend = (luatee_backend)i;
            return true;
        }
    }
    return false;
}

/* Parses NAME or NAME:GID. Returns NULL, or the message of an error. */
static const char *parse_login(const char *text, struct cli_options *options)
{
    char name[sizeof("application_group")];
    const char *colon = strchr(text, ':');
    size_t length = colon != NULL ? (size_t)(colon - text) : strlen(text);
    if (length >= sizeof(name))
        return "the login must be one of " LUATEE_LOGIN_NAMES;
    memcpy(name, text, length);
    name[length] = '\0';
    if (!luatee_login_named(name, &options->login))
        return "the login must be one of " LUATEE_LOGIN_NAMES;
    if (luatee_login_has_group(options->login) != (colon != NULL))
        return colon != NULL ? "only group and application_group have a group"
                             : "the group's number is missing: write it as in group:29";
    if (colon == NULL)
        return NULL;
    char *end;
    errno = 0;
    unsigned long long group = strtoull(colon + 1, &end, 10);
    if (colon[1] < '0' || colon[1] > '9' || *end != '\0' || errno != 0 || group > UINT32_MAX)
        return "the group must be a number from 0 to 4294967295, as `id -g` prints it";
    options->group = (uint32_t)group;
    return NULL;
}

/* Parses --NAME=VALUE. Returns NULL, the message of an error, or "" for an unknown option. */
static const char *parse_word(const char *word, const char *flags, struct cli_options *options)
{
    if (strncmp(word, "--tee=", strlen("--tee=")) == 0)
        return parse_backend(word + strlen("--tee="), &options->backend) ? NULL
                                                                              : "the TEE must be auto, optee or sim";
    if (strncmp(word, "--login=", strlen("--login=")) == 0 && strstr(flags, CLI_LOGIN) != NULL)
        return parse_login(word + strlen("--login="), options);
    return "";
}

/* Parses the letters after one dash. Returns the first unknown letter, or NUL. */
static char parse_letters(const char *letters, const char *flags, struct cli_options *options)
{
    for (; *letters != '\0'; letters++) {
        if (*letters == CLI_LOGIN[0] || strchr(flags, *letters) == NULL)
            return *letters;
        if (*letters == 's')
            options->stored = true;
        else
            options->plaintext = true;
    }
    return '\0';
}

int cli_parse(const struct command *command, int argc, char **argv, const char *flags, struct cli_options *options,
              int *status)
{
    int i = 1;
    for (; i < argc && argv[i][0] == '-' && argv[i][1] != '\0'; i++) {
        const char *word = argv[i];
        if (strcmp(word, "--") == 0)
            return i + 1;
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            *status = cli_help(command);
            return CLI_DONE;
        }
        if (word[1] == '-') {
            const char *wrong = parse_word(word, flags, options);
            if (wrong == NULL)
                continue;
            *status = wrong[0] != '\0' ? cli_usage(command, "%s: %s", word, wrong) :
                                         cli_usage(command, "there is no option %s", word);
            return CLI_DONE;
        }
        char unknown = parse_letters(word + 1, flags, options);
        if (unknown == '\0')
            continue;
        *status = cli_usage(command, "there is no option -%c", unknown);
        return CLI_DONE;
    }
    return i;
}

luatee_session *cli_open(const luatee_options *options, int *status)
{
    luatee_session *session = NULL;
    luatee_options with_manifest = *options;
    struct luatee_buffer manifest = { 0 };
    luatee_error *error = luatee_error_new();
    if (error == NULL) {
        cli_complain("out of memory");
        *status = EXIT_RAISED;
        return NULL;
    }
    luatee_status opened = options->plaintext ? manifest_read_encoded(options->app, &manifest, error) : LUATEE_OK;
    with_manifest.manifest = manifest.data;
    with_manifest.manifest_size = manifest.size;
    if (opened == LUATEE_OK)
        opened = luatee_open(&with_manifest, &session, error);
    if (opened != LUATEE_OK)
        *status = cli_failed(error);
    luatee_buffer_free(&manifest);
    luatee_error_free(error);
    return session;
}
