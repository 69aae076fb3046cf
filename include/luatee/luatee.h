/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libluatee: call trusted Lua scripts from any C program. No Lua is needed on this side.
 *
 *     luatee_options options = { .app = "examples/example_lua_app", .plaintext = true };
 *     luatee_error *error = luatee_error_new();
 *     luatee_session *session;
 *     if (luatee_open(&options, &session, error) != LUATEE_OK)
 *         return fail(luatee_error_message(error));
 *     luatee_values *arguments = luatee_values_new(), *results = luatee_values_new();
 *     luatee_put_integer(arguments, 5);
 *     if (luatee_call(session, "2cubicx", arguments, results, error) == LUATEE_OK)
 *         printf("%" PRId64 "\n", luatee_get_integer(results));            // 250
 *
 * Link with -lluatee. libteec is loaded at run time, so the same program runs with OP-TEE and with the simulator.
 *
 * Threads: different sessions are independent. One session may be shared by threads: its functions take turns, each
 * call as a whole. Error and values objects belong to one thread at a time. luatee_close() must be the last use of a
 * session. Do not use a session in a child after fork().
 *
 * Limits, by the names of abi/limits.h: a message, which is the arguments or the results of a call, has at most
 * LUATEE_MESSAGE_MAX (4 MiB and 64 KiB) and LUATEE_VALUES_MAX (32,768) values, tables nest LUATEE_VALUE_DEPTH_MAX (64)
 * deep, names have LUATEE_NAME_MAX (64) characters, scripts LUATEE_SCRIPT_MAX (1 MiB).
 */
#ifndef LUATEE_LUATEE_H
#define LUATEE_LUATEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LUATEE_API     __attribute__((visibility("default")))
#define LUATEE_CHECKED __attribute__((warn_unused_result))

/* --- statuses and errors */

/* What became of a call. The first five are the exit statuses of the luatee program, too. The order is part of the
 * API. */
typedef enum luatee_status {
    LUATEE_OK = 0,
    /* The trusted script raised an error; or there is no such script, or it does not compile. */
    LUATEE_RAISED = 1,
    /* The caller's mistake: no such app, a bad name, an argument that cannot cross, a value read as another kind. */
    LUATEE_USAGE = 2,
    /* No TEE, no TA in it, a TA of another version, or the session ended. */
    LUATEE_NO_TEE = 3,
    /* The TEE refuses the script or the package. */
    LUATEE_REFUSED = 4,
    /* The TEE or this system could not do it: out of memory, storage full, an answer that makes no sense. */
    LUATEE_FAILED = 5,
} luatee_status;

/* Says what happened, to a person. One object can serve any number of calls: each that fails overwrites it. */
typedef struct luatee_error luatee_error;

/* NULL when out of memory. Every function below takes NULL for an error object: the status comes without words then. */
LUATEE_API luatee_error *luatee_error_new(void);
LUATEE_API void luatee_error_free(luatee_error *error);

/* Status of the last failure; LUATEE_OK when there was none, or error is NULL. */
LUATEE_API luatee_status luatee_error_status(const luatee_error *error);
/* What happened and what to do, without a newline at the end; of LUATEE_RAISED: the script's own message, which may
 * have several lines, and any bytes: what a terminal obeys, too. Never NULL; valid until the next failure. */
LUATEE_API const char *luatee_error_message(const luatee_error *error);
/* Of LUATEE_RAISED: where in the trusted scripts, as Lua's traceback; below that of the host when one of its functions
 * raised the error. Otherwise "". Never NULL. */
LUATEE_API const char *luatee_error_traceback(const luatee_error *error);

/* --- sessions */

typedef enum luatee_backend {
    /* OP-TEE when /dev/tee0 is there, otherwise the simulator, which is said on stderr, once. */
    LUATEE_AUTO = 0,
    /* The system's libteec. */
    LUATEE_OPTEE,
    /* The simulator, which protects nothing. It is found beside this library or program, or where LUATEE_SIM_LIB in the
     * environment tells. */
    LUATEE_SIM,
} luatee_backend;

/*
 * Login methods (GP TEE Client API, section 4.2.4; the numbers are GP's). Linux makes a UUID of who the process is and
 * tells it to the TEE, which believes it: docs/identity.md. Its driver for OP-TEE, and the simulator, know the first
 * three.
 */
typedef enum luatee_login {
    LUATEE_LOGIN_PUBLIC = 0, /* nobody: the UUID is nil */
    LUATEE_LOGIN_USER = 1,   /* the effective user */
    LUATEE_LOGIN_GROUP = 2,  /* luatee_options.group */
    LUATEE_LOGIN_APPLICATION = 4,
    LUATEE_LOGIN_APPLICATION_USER = 5,
    LUATEE_LOGIN_APPLICATION_GROUP = 6,
} luatee_login;

/* Start from zero (`luatee_options options = {0}`), so that fields added later keep their defaults. */
typedef struct luatee_options {
    /* The app's folder. Without a manifest the last component of its real path is the app's name. With `stored`, when
     * there is no such folder: the app's name. Names: 1 to LUATEE_NAME_MAX of A-Z a-z 0-9 _ - . and no leading dot. */
    const char *app;
    luatee_backend backend;
    /* Run the scripts in the TEE's secure storage. Otherwise each is sent from the folder when it is needed first. */
    bool stored;
    /* Scripts are the plaintext ta/NAME.lua, which only a TA of the dev flavour takes. Otherwise they are the packages
     * ta/NAME.luata with manifest.luata (`luatee pack`), which tells the app's name. */
    bool plaintext;
    /* Limits of this program's own, where the app's manifest allows more; 0: those of the manifest alone. fuel: units
     * of one call (docs/metering.md); memory: bytes of the session in the TEE, 131072 (128 KiB) or more. */
    uint64_t fuel;
    uint64_t memory;
    /* Gets what trusted scripts print (a TA of the dev flavour hands it over), as it is: any bytes, also those that a
     * terminal obeys. NULL: stderr, where a terminal gets control characters as escapes. It runs inside the call that
     * the text comes with and must not use the session. */
    void (*log)(void *log_context, const char *text, size_t size);
    void *log_context;
    /* With `plaintext`: the app's manifest, as `manifest` in abi/package.cddl; copied. It tells the app's name, and
     * what a packed manifest limits and grants. Without it (size 0) the name is the folder's, and limits have their
     * defaults. */
    const void *manifest;
    size_t manifest_size;
    /* As whom the session is opened. Trusted scripts see it in tee.caller(). */
    luatee_login login;
    /* Of the logins with a group: its number (gid), of a group that this process is in. */
    uint32_t group;
} luatee_options;

typedef struct luatee_session luatee_session;

/*
 * Opens a session: one instance of the app in the TEE. What options points to is not needed afterwards. *session is
 * NULL unless LUATEE_OK is returned.
 *
 * - LUATEE_USAGE: no such app; a bad name; a folder without packages; a bad manifest; `memory` below its minimum;
 * OP-TEE in a process that has loaded the simulator (see docs/c-api.md); a login that is none of luatee_login, or with
 * a group that the process is not in
 * - LUATEE_NO_TEE: the message tells which: no device, no right to use it, no TA, another version of the TA, a login
 * that the driver does not know
 * - LUATEE_REFUSED: the TA does not take scripts of this kind; the manifest's package is malformed
 * - LUATEE_FAILED: out of memory, TEE busy
 */
LUATEE_API LUATEE_CHECKED luatee_status luatee_open(const luatee_options *options, luatee_session **session,
                                                    luatee_error *error);

/* Ends the session, wipes the memory that it shared with the TEE, and frees it. NULL is fine. */
LUATEE_API void luatee_close(luatee_session *session);

/* What becomes of a package that a publisher key signed. */
typedef enum luatee_publisher_state {
    LUATEE_PUBLISHER_TRUSTED = 0,
    /* Refused: the key was revoked. */
    LUATEE_PUBLISHER_REVOKED = 1,
    /* Refused: the TEE's record of revoked keys is damaged, or cannot be read: its storage does not work. */
    LUATEE_PUBLISHER_DAMAGED = 2,
} luatee_publisher_state;

typedef struct luatee_info {
    const char *backend; /* "optee" or "sim" */
    char app[65];
    char version[32];     /* of the TA; luatee_version() is that of this library */
    char flavour[16];     /* "dev" or "release" */
    char lua[32];         /* "Lua 5.4.9" */
    char tee[128];        /* how the TEE describes itself */
    char tee_version[64]; /* of the TEE's implementation, as it writes it; "" when it does not say */
    char api[32];         /* GP Internal Core API version */
    char device[37];      /* the device's id (gpd.tee.deviceID), a UUID as text; "" when the TEE has none */
    uint32_t protocol;    /* LUATEE_PROTOCOL_VERSION of both sides */
    uint64_t memory;      /* bytes of the pages that this session has in the TEE */
    uint64_t memory_peak; /* the most it ever had */
    uint64_t memory_max;  /* its quota: the most it may use */
    uint32_t rollback;    /* who protects secure storage from being put back to an older state, as GP numbers it
                           * (gpd.tee.trustedStorage.antiRollback.protectionLevel): 0 nobody; 100 the rich OS would
                           * have to be subverted; 1000 the TEE's own hardware, such as RPMB */
    size_t publisher_count;
    uint8_t publishers[8][32]; /* ids of the publisher keys that the TA was built with, old to new */
    uint8_t publisher_states[8]; /* luatee_publisher_state of each */
} luatee_info;

/* Asks the TA what it is. LUATEE_NO_TEE or LUATEE_FAILED otherwise. Texts that do not fit are cut. */
LUATEE_API LUATEE_CHECKED luatee_status luatee_get_info(luatee_session *session, luatee_info *info,
                                                        luatee_error *error);

/* The public half of the key that packages are encrypted for when they are for this device only: SubjectPublicKeyInfo,
 * DER. The TA makes the key when it is asked for first. LUATEE_NO_TEE or LUATEE_FAILED otherwise. */
#define LUATEE_DEVICE_KEY_SIZE 91
LUATEE_API LUATEE_CHECKED luatee_status luatee_device_key(luatee_session *session, uint8_t key[LUATEE_DEVICE_KEY_SIZE],
                                                          luatee_error *error);

/* The version of this library, as in "0.1.0". */
LUATEE_API const char *luatee_version(void);

/* --- values */

/*
 * A list of Lua values: the arguments or the results of a call. Put them in one after the other, take them out one
 * after the other. The first mistake sticks: later puts do nothing and later gets return nothing, so a program may
 * check once at the end, with luatee_values_status(); luatee_call() checks its arguments itself.
 */
typedef struct luatee_values luatee_values;

LUATEE_API luatee_values *luatee_values_new(void); /* NULL when out of memory */
LUATEE_API void luatee_values_free(luatee_values *values);
/* Back to no values and no mistake. The memory is kept for the next ones. */
LUATEE_API void luatee_values_clear(luatee_values *values);
/* LUATEE_OK, LUATEE_USAGE (the message tells which rule was broken) or LUATEE_FAILED (out of memory). */
LUATEE_API LUATEE_CHECKED luatee_status luatee_values_status(const luatee_values *values, luatee_error *error);

/* Putting values in. Bytes are copied; a Lua string is bytes, of any kind. Each is LUATEE_USAGE above LUATEE_VALUES_MAX
 * values or LUATEE_MESSAGE_MAX bytes. */
LUATEE_API void luatee_put_nil(luatee_values *values); /* LUATEE_USAGE inside a list or map */
LUATEE_API void luatee_put_boolean(luatee_values *values, bool value);
LUATEE_API void luatee_put_integer(luatee_values *values, int64_t value);
LUATEE_API void luatee_put_double(luatee_values *values, double value);
LUATEE_API void luatee_put_bytes(luatee_values *values, const void *data, size_t size);
LUATEE_API void luatee_put_string(luatee_values *values, const char *text); /* up to the NUL */

/* What is put between begin and end is the list's elements, or the map's keys and values in turn. Both become Lua
 * tables. They nest up to LUATEE_VALUE_DEPTH_MAX. Keys are booleans, numbers (no NaN) or bytes, each once; as in Lua a
 * double that equals an integer is that integer. An end without its begin, a key without its value: LUATEE_USAGE. */
LUATEE_API void luatee_begin_list(luatee_values *values);
LUATEE_API void luatee_end_list(luatee_values *values);
LUATEE_API void luatee_begin_map(luatee_values *values);
LUATEE_API void luatee_end_map(luatee_values *values);

typedef enum luatee_kind {
    LUATEE_END = 0, /* no value is left here, or a mistake sticks */
    LUATEE_NIL,
    LUATEE_BOOLEAN,
    LUATEE_INTEGER,
    LUATEE_DOUBLE,
    LUATEE_BYTES,
    LUATEE_LIST, /* a table with the keys 1..n; also the empty table */
    LUATEE_MAP,  /* any other table */
    LUATEE_FUNCTION, /* of the trusted side */
} luatee_kind;

/* How many values there are, at the top level. */
LUATEE_API size_t luatee_count(const luatee_values *values);
/* The kind of the value that the next get takes. Changes nothing. */
LUATEE_API luatee_kind luatee_next_kind(luatee_values *values);

/* Taking values out. Each takes the next one; one of another kind is LUATEE_USAGE and gives false, 0 or NULL. */
LUATEE_API bool luatee_get_boolean(luatee_values *values);
LUATEE_API int64_t luatee_get_integer(luatee_values *values);
LUATEE_API double luatee_get_double(luatee_values *values); /* takes an integer, too, and converts it */
/* Points into `values`, valid until it is changed or freed; not NUL-terminated. *size: bytes. */
LUATEE_API const void *luatee_get_bytes(luatee_values *values, size_t *size);
/* Steps over the next value, whatever it is. */
LUATEE_API void luatee_skip(luatee_values *values);

/* Goes into the next value, a list or a map, and returns how many elements or pairs it has. luatee_leave() steps out
 * again, past what was not taken. */
LUATEE_API size_t luatee_enter(luatee_values *values);
LUATEE_API void luatee_leave(luatee_values *values);
/* Back to the first value, to read again. Putting a value in does so, too. */
LUATEE_API void luatee_rewind(luatee_values *values);

/* --- calls */

/*
 * Runs a trusted script of the app. arguments: may be NULL for none. results: overwritten with what the script returns,
 * or, when LUATEE_RAISED is returned, with the one value that it raised; may be NULL when nobody wants to know.
 *
 * - LUATEE_RAISED: the script raised an error; the error object has the message and the trusted traceback
 * - LUATEE_USAGE: a bad script name, or a mistake sticks in arguments
 * - LUATEE_NO_TEE: the session ended (the TA died, or the TEE is gone); close it
 * - LUATEE_REFUSED: the TEE does not trust the script's package, or the manifest's. Of the dev flavour, the message
 * tells which check failed. The session goes on, but for this script, until another package of it is there
 * - LUATEE_FAILED: out of memory on one side, or an answer that makes no sense
 */
LUATEE_API LUATEE_CHECKED luatee_status luatee_call(luatee_session *session, const char *script,
                                                    const luatee_values *arguments, luatee_values *results,
                                                    luatee_error *error);

/* Start from zero, as with luatee_options. */
typedef struct luatee_call_options {
    /* Milliseconds after which the call is cancelled; 0: never. Measured from the call's first message on. A call that
     * an export makes inside this one is late when this one is, or by its own deadline before, which ends it alone. */
    uint32_t deadline;
} luatee_call_options;

/* luatee_call() with options, which may be NULL. After the deadline: LUATEE_RAISED, and the script's error is the
 * string "cancelled: the deadline is over". */
LUATEE_API LUATEE_CHECKED luatee_status luatee_call_with(luatee_session *session, const luatee_call_options *options,
                                                         const char *script, const luatee_values *arguments,
                                                         luatee_values *results, luatee_error *error);

/*
 * Cancels the call that runs in the session, if one does: it ends with LUATEE_RAISED and the string "cancelled", as
 * soon as the slice that it runs in is over (LUATEE_SLICE, about 20 ms). pcall does not catch that error; <close>
 * variables are closed. The session can be used again afterwards. A call that ends by itself meanwhile keeps its
 * results.
 *
 * May be called from any thread and from a signal handler. Returns false when no call runs, or it was cancelled before.
 * For calls that cannot stop at the end of a slice, inside table.sort for one, each session that calls has a thread of
 * its own, with all signals blocked, which asks the TEE (TEEC_RequestCancellation). On OP-TEE the thread that calls
 * does not handle signals before the TEE comes back: a signal that is to end such a call needs another thread to
 * receive it, by signalfd() for one.
 */
LUATEE_API bool luatee_cancel(luatee_session *session);

/*
 * Loads a trusted module, unless the session has it, as `require` in a trusted script does; both share one instance,
 * which lives as long as the session. results: what the module returned, usually a map of functions. Statuses:
 * luatee_call().
 */
LUATEE_API LUATEE_CHECKED luatee_status luatee_import(luatee_session *session, const char *module,
                                                      luatee_values *results, luatee_error *error);

/* The same with options, which may be NULL, as luatee_call_with(). */
LUATEE_API LUATEE_CHECKED luatee_status luatee_import_with(luatee_session *session, const luatee_call_options *options,
                                                           const char *module, luatee_values *results,
                                                           luatee_error *error);

/* --- functions
 *
 * A function that a trusted script returns, raises or hands to an export arrives as a value of kind LUATEE_FUNCTION. It
 * lives in the TEE as long as the session, a values object that has it, or a handle needs it; the TEE hears with the
 * next call that nobody does. Up to LUATEE_FUNCTIONS_MAX (4,096) functions of a session can be held at a
 * time. */
typedef struct luatee_function luatee_function;

/* Takes the next value, as a handle of its own; NULL, and a mistake sticks, when it is something else. The caller frees
 * it, before or after the session is closed. */
LUATEE_API luatee_function *luatee_get_function(luatee_values *values);
/* NULL is fine. */
LUATEE_API void luatee_function_free(luatee_function *function);
/* Gives the function back to the trusted side, where it is the very function again. The handle is not needed
 * afterwards. LUATEE_USAGE: a map's key, or functions of two sessions in one object. */
LUATEE_API void luatee_put_function(luatee_values *values, const luatee_function *function);

/* Runs a trusted function, as luatee_call() runs a script. LUATEE_USAGE: it belongs to another session. */
LUATEE_API LUATEE_CHECKED luatee_status luatee_call_function(luatee_session *session, const luatee_function *function,
                                                             const luatee_values *arguments, luatee_values *results,
                                                             luatee_error *error);

/* The same with options, which may be NULL, as luatee_call_with(). */
LUATEE_API LUATEE_CHECKED luatee_status luatee_call_function_with(luatee_session *session,
                                                                  const luatee_call_options *options,
                                                                  const luatee_function *function,
                                                                  const luatee_values *arguments,
                                                                  luatee_values *results, luatee_error *error);

/*
 * A function that trusted scripts may call, as tee.host.NAME(...). arguments: what they gave, to be read; results:
 * empty, to be filled. Returns true; or false to raise an error there: the first of results is the error value then,
 * and without one it is a message that names the export. A mistake that sticks in results is an error, too. Both
 * objects belong to the caller and end with this function. It runs on the thread of luatee_call(), which holds the
 * session: it may call the session again, up to LUATEE_HOST_DEPTH_MAX (8) exports inside each other, and must not close
 * it.
 */
typedef bool (*luatee_export_function)(void *context, luatee_values *arguments, luatee_values *results);

/* Offers the function to the session's trusted scripts; what was exported under that name is replaced, and NULL ends
 * it. What a packaged script may call, its manifest grants (permissions.host). LUATEE_USAGE: a bad name; LUATEE_FAILED:
 * out of memory. */
LUATEE_API LUATEE_CHECKED luatee_status luatee_export(luatee_session *session, const char *name,
                                                      luatee_export_function function, void *context,
                                                      luatee_error *error);

/* --- scripts in secure storage: plaintext ones, or packages, as the session takes them */

typedef struct luatee_stored {
    char script[65];    /* of a manifest: "manifest" */
    bool manifest;      /* it is the manifest and no script */
    uint8_t digest[32]; /* SHA-256 of what is stored: the source, or the package */
    uint64_t size;      /* bytes of it */
} luatee_stored;

/* What the app has stored, by name, the manifest last. *list (*count entries) is the caller's, to be given to
 * free(). */
LUATEE_API LUATEE_CHECKED luatee_status luatee_store_list(luatee_session *session, luatee_stored **list, size_t *count,
                                                          luatee_error *error);
/* Stores a script of the app's folder, and the manifest if it is another one than the stored one; what was stored under
 * these names is replaced, at once or not at all. A manifest of other packages makes those that were stored before go
 * away. LUATEE_USAGE: there is no such file. LUATEE_REFUSED: the TEE does not trust the package. LUATEE_FAILED: secure
 * storage is full or out of order. */
LUATEE_API LUATEE_CHECKED luatee_status luatee_store_add(luatee_session *session, const char *script,
                                                         luatee_error *error);
/* LUATEE_USAGE: no such script is stored. */
LUATEE_API LUATEE_CHECKED luatee_status luatee_store_remove(luatee_session *session, const char *script,
                                                            luatee_error *error);
/* Removes everything of the app that was stored, manifest included, also what an interrupted luatee_store_add left. */
LUATEE_API LUATEE_CHECKED luatee_status luatee_store_clear(luatee_session *session, luatee_error *error);
/* Stores every script of the app's folder, and the manifest, if they are new or differ from the stored ones. Plaintext
 * scripts that are not in the folder stay; packages are replaced as a whole, so that wherever this is cut, either all
 * of the old ones can run or all of the new ones. Nothing changes when the folder has no scripts. LUATEE_USAGE, and
 * nothing is stored: the folder has files that could be scripts but for their names, or packages without a manifest. */
LUATEE_API LUATEE_CHECKED luatee_status luatee_store_update(luatee_session *session, luatee_error *error);

#ifdef __cplusplus
}
#endif

#endif
