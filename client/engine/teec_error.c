/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "abi/commands.h"
#include "abi/uuid.h"
#include "client/engine/teec.h"

#define TEE_DEVICE "/dev/tee0"
#define TA_FILE LUATEE_TA_UUID_TEXT ".ta"

/* Room for a group's name, or its number. */
#define GROUP_SIZE 64

/* GP TEE Internal Core API results that the TEE Client API's header does not name. */
#define TEE_ERROR_CORRUPT_OBJECT 0xF0100001
#define TEE_ERROR_CORRUPT_OBJECT_2 0xF0100002
#define TEE_ERROR_STORAGE_NOT_AVAILABLE_2 0xF0100004

struct result_name {
    TEEC_Result result;
    const char *name;
};

static const char *result_name(TEEC_Result result)
{
    static const struct result_name names[] = {
        { TEEC_ERROR_GENERIC, "GENERIC" },
        { TEEC_ERROR_ACCESS_DENIED, "ACCESS_DENIED" },
        { TEEC_ERROR_CANCEL, "CANCEL" },
        { TEEC_ERROR_ACCESS_CONFLICT, "ACCESS_CONFLICT" },
        { TEEC_ERROR_EXCESS_DATA, "EXCESS_DATA" },
        { TEEC_ERROR_BAD_FORMAT, "BAD_FORMAT" },
        { TEEC_ERROR_BAD_PARAMETERS, "BAD_PARAMETERS" },
        { TEEC_ERROR_BAD_STATE, "BAD_STATE" },
        { TEEC_ERROR_ITEM_NOT_FOUND, "ITEM_NOT_FOUND" },
        { TEEC_ERROR_NOT_IMPLEMENTED, "NOT_IMPLEMENTED" },
        { TEEC_ERROR_NOT_SUPPORTED, "NOT_SUPPORTED" },
        { TEEC_ERROR_NO_DATA, "NO_DATA" },
        { TEEC_ERROR_OUT_OF_MEMORY, "OUT_OF_MEMORY" },
        { TEEC_ERROR_BUSY, "BUSY" },
        { TEEC_ERROR_COMMUNICATION, "COMMUNICATION" },
        { TEEC_ERROR_SECURITY, "SECURITY" },
        { TEEC_ERROR_SHORT_BUFFER, "SHORT_BUFFER" },
        { TEEC_ERROR_TARGET_DEAD, "TARGET_DEAD" },
        { TEEC_ERROR_STORAGE_NO_SPACE, "STORAGE_NO_SPACE" },
        { TEEC_ERROR_STORAGE_NOT_AVAILABLE, "STORAGE_NOT_AVAILABLE" },
        { TEE_ERROR_CORRUPT_OBJECT, "CORRUPT_OBJECT" },
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (names[i].result == result)
            return names[i].name;
    return "unknown";
}

static const char *origin_name(uint32_t origin)
{
    switch (origin) {
    case TEEC_ORIGIN_API:
        return "the client library";
    case TEEC_ORIGIN_COMMS:
        return "the way to the TEE";
    case TEEC_ORIGIN_TEE:
        return "the TEE";
    case TEEC_ORIGIN_TRUSTED_APP:
        return "the TA";
    default:
        return "an unknown place";
    }
}

/* Sets `group` to the group that may use the TEE device: its name, or its number. */
static void device_group(char group[GROUP_SIZE])
{
    struct stat device;
    struct group entry, *found = NULL;
    char room[1024];
    if (stat(TEE_DEVICE, &device) != 0) {
        (void)snprintf(group, GROUP_SIZE, "teeclnt");
        return;
    }
    if (getgrgid_r(device.st_gid, &entry, room, sizeof(room), &found) == 0 && found != NULL)
        (void)snprintf(group, GROUP_SIZE, "%s", entry.gr_name);
    else
        (void)snprintf(group, GROUP_SIZE, "%lu", (unsigned long)device.st_gid);
}

luatee_status luatee_teec_context_error(luatee_backend backend, TEEC_Result result, luatee_error *error)
{
    if (backend == LUATEE_OPTEE && access(TEE_DEVICE, R_OK | W_OK) != 0) {
        if (errno == ENOENT)
            return luatee_error_set(error, LUATEE_NO_TEE,
                                    "no TEE: there is no " TEE_DEVICE
                                    "; load the driver (modprobe optee), or use the simulator "
                                    "(--tee=sim)");
        char group[GROUP_SIZE];
        device_group(group);
        return luatee_error_set(error, LUATEE_NO_TEE,
                                "no permission to use " TEE_DEVICE
                                ": add your user to group '%s' (usermod -aG %s USER), or run as root",
                                group, group);
    }
    if (result == TEEC_ERROR_OUT_OF_MEMORY)
        return luatee_error_memory(error);
    return luatee_error_set(error, LUATEE_NO_TEE, "cannot reach the TEE: %s (0x%08x)", result_name(result), result);
}

static luatee_status no_ta(luatee_backend backend, luatee_error *error)
{
    if (backend == LUATEE_SIM)
        return luatee_error_set(error, LUATEE_NO_TEE,
                                "the luatee TA is not installed in the simulator: there is no " LUATEE_TA_UUID_TEXT
                                " in its folder ta/ (or where LUATEE_SIM_TA_DIR says); build it with `make`");
    return luatee_error_set(error, LUATEE_NO_TEE,
                            "the luatee TA is not installed: put " TA_FILE
                            " into /lib/optee_armtz (`make ta` builds it)");
}

luatee_status luatee_teec_open_error(luatee_backend backend, TEEC_Result result, uint32_t origin, uint32_t ta_version,
                                     luatee_error *error)
{
    bool from_ta = origin == TEEC_ORIGIN_TRUSTED_APP;
    switch (result) {
    case TEEC_ERROR_ITEM_NOT_FOUND:
        if (!from_ta)
            return no_ta(backend, error);
        break;
    case TEEC_ERROR_NOT_SUPPORTED:
        if (from_ta && ta_version != LUATEE_PROTOCOL_VERSION)
            return luatee_error_set(
                error, LUATEE_NO_TEE,
                "the luatee TA speaks protocol %u, this program speaks protocol %u: install the TA (" TA_FILE
                ") and the program of the same release",
                ta_version, LUATEE_PROTOCOL_VERSION);
        if (from_ta)
            return luatee_error_set(
                error, LUATEE_REFUSED,
                "a TA of the release flavour refuses plaintext scripts (-u): pack the app (luatee pack) and "
                "run it without -u");
        break;
    case TEEC_ERROR_SECURITY:
    case TEEC_ERROR_ACCESS_DENIED:
        return luatee_error_set(error, LUATEE_NO_TEE,
                                "the TEE refuses to load the luatee TA: sign " TA_FILE
                                " with the key that this TEE trusts (%s)",
                                result_name(result));
    case TEEC_ERROR_OUT_OF_MEMORY:
        return luatee_error_set(error, LUATEE_FAILED, "the TEE has no memory for one more session: close another one");
    case TEEC_ERROR_BUSY:
        return luatee_error_set(error, LUATEE_FAILED, "the TEE is busy: try again later");
    case TEEC_ERROR_COMMUNICATION:
        return luatee_error_set(error, LUATEE_NO_TEE,
                                "the TEE cannot load the luatee TA: is tee-supplicant running? (COMMUNICATION from %s)",
                                origin_name(origin));
    case TEEC_ERROR_TARGET_DEAD:
        return luatee_error_set(error, LUATEE_NO_TEE,
                                "the luatee TA died when the session was opened: the TEE's log says why");
    default:
        break;
    }
    return luatee_error_set(error, LUATEE_NO_TEE, "cannot open a session with the luatee TA: %s (0x%08x) from %s",
                            result_name(result), result, origin_name(origin));
}

bool luatee_teec_is_over(TEEC_Result result)
{
    return result == TEEC_ERROR_TARGET_DEAD || result == TEEC_ERROR_COMMUNICATION;
}

/* The simulator keeps its storage where sim/ta/storage.h says. */
static luatee_status no_storage(luatee_backend backend, luatee_error *error)
{
    const char *state = getenv("LUATEE_SIM_STATE");
    if (backend != LUATEE_SIM)
        return luatee_error_set(error, LUATEE_FAILED,
                                "the TEE's secure storage is not available: is tee-supplicant running?");
    return luatee_error_set(error, LUATEE_FAILED,
                            "the simulator cannot keep its storage in %s: name a folder that you can write, with "
                            "LUATEE_SIM_STATE",
                            state != NULL && state[0] != '\0' ? state
                                                              : "luatee/sim of XDG_STATE_HOME or ~/.local/state");
}

luatee_status luatee_teec_invoke_error(luatee_backend backend, TEEC_Result result, uint32_t origin, luatee_error *error)
{
    switch (result) {
    case TEEC_ERROR_TARGET_DEAD:
        return luatee_error_set(error, LUATEE_NO_TEE,
                                "the session is over: the TA died (the TEE's log says why); open a new session");
    case TEEC_ERROR_COMMUNICATION:
        return luatee_error_set(error, LUATEE_NO_TEE, "the session is over: the TEE cannot be reached any more");
    case TEEC_ERROR_OUT_OF_MEMORY:
        return luatee_error_set(error, LUATEE_FAILED, "the TEE has no memory for a request of this size");
    case TEEC_ERROR_EXCESS_DATA:
        return luatee_error_set(error, LUATEE_FAILED, "the request is larger than the TA accepts");
    case TEEC_ERROR_BUSY:
        return luatee_error_set(error, LUATEE_FAILED, "the TEE is busy: try again later");
    case TEEC_ERROR_CANCEL:
        return luatee_error_set(error, LUATEE_FAILED, "the call was cancelled");
    case TEEC_ERROR_SECURITY:
    case TEEC_ERROR_ACCESS_DENIED:
        return luatee_error_set(error, LUATEE_REFUSED, "the TEE refuses the script (%s)", result_name(result));
    case TEEC_ERROR_ITEM_NOT_FOUND:
        return luatee_error_set(error, LUATEE_USAGE, "no such script is stored");
    case TEEC_ERROR_STORAGE_NO_SPACE:
        return luatee_error_set(
            error, LUATEE_FAILED,
            "the TEE's secure storage is full: remove scripts that are not needed (luatee store remove)");
    case TEEC_ERROR_STORAGE_NOT_AVAILABLE:
    case TEE_ERROR_STORAGE_NOT_AVAILABLE_2:
        return no_storage(backend, error);
    case TEE_ERROR_CORRUPT_OBJECT:
    case TEE_ERROR_CORRUPT_OBJECT_2:
        return luatee_error_set(
            error, LUATEE_FAILED,
            "the TEE's secure storage is damaged: stored data was changed from outside; store it again");
    default:
        return luatee_error_set(error, LUATEE_FAILED, "the command failed: %s (0x%08x) from %s", result_name(result),
                                result, origin_name(origin));
    }
}
