/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdio.h>

#include "cli/cli.h"

/* A session needs an app's name. Nothing is stored under this one. */
#define INFO_APP "luatee"

/* Describes a value of gpd.tee.trustedStorage.antiRollback.protectionLevel (GP TEE Internal Core API). */
static const char *protection(uint32_t level)
{
    switch (level) {
    case 0:
        return "Linux can restore an older state of secure storage, and the TEE does not detect it";
    case 100:
        return "the TEE detects an older state of secure storage, unless Linux is compromised";
    case 1000:
        return "the TEE's hardware detects an older state of secure storage";
    default:
        return "this program does not know the level";
    }
}

static const char *publisher_state(uint8_t state)
{
    switch (state) {
    case LUATEE_PUBLISHER_TRUSTED:
        return "";
    case LUATEE_PUBLISHER_REVOKED:
        return " (revoked)";
    default:
        return " (refused: the TEE's record of revoked keys is damaged, or its storage cannot be used)";
    }
}

static void print_publisher(const uint8_t id[32], uint8_t state)
{
    printf("publisher:  ");
    for (size_t i = 0; i < 32; i++)
        printf("%02x", id[i]);
    printf("%s\n", publisher_state(state));
}

static void print_info(const luatee_info *info)
{
    printf("luatee:     %s\n", luatee_version());
    printf("backend:    %s\n", info->backend);
    cli_print("TEE:        %s%s%s\n", info->tee, info->tee_version[0] != '\0' ? ", version " : "", info->tee_version);
    cli_print("GP API:     %s\n", info->api);
    cli_print("device:     %s\n", info->device[0] != '\0' ? info->device : "the TEE reports no device id");
    cli_print("TA:         %s (%s flavour)\n", info->version, info->flavour);
    printf("protocol:   %" PRIu32 "\n", info->protocol);
    cli_print("Lua in TA:  %s\n", info->lua);
    printf("rollback:   protection level %" PRIu32 ": %s\n", info->rollback, protection(info->rollback));
    for (size_t i = 0; i < info->publisher_count; i++)
        print_publisher(info->publishers[i], info->publisher_states[i]);
    printf("TA memory:  %" PRIu64 " bytes in a fresh session, %" PRIu64 " at its peak, quota %" PRIu64 "\n",
           info->memory, info->memory_peak, info->memory_max);
}

static int run(int argc, char **argv)
{
    struct cli_options options = { 0 };
    int status = EXIT_FINE;
    int first = cli_parse(&command_info, argc, argv, "", &options, &status);
    if (first == CLI_DONE)
        return status;
    if (first < argc)
        return cli_usage(&command_info, "too many operands: %s", argv[first]);
    luatee_session *session =
        cli_open(&(luatee_options){ .app = INFO_APP, .backend = options.backend, .stored = true }, &status);
    if (session == NULL)
        return status;
    luatee_info info;
    luatee_error *error = luatee_error_new();
    if (luatee_get_info(session, &info, error) == LUATEE_OK)
        print_info(&info);
    else
        status = cli_failed(error);
    luatee_error_free(error);
    luatee_close(session);
    return status;
}

const struct command command_info = {
    .name = "info",
    .usage = "[--tee=auto|optee|sim]",
    .summary = "Prints which TEE and which TA answer",
    .help = "  --tee=auto   OP-TEE if /dev/tee0 exists, otherwise the simulator (the default)\n"
            "  --tee=optee  OP-TEE\n"
            "  --tee=sim    the simulator, which protects nothing\n",
    .run = run,
};
