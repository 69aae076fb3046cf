/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libluatee calls trusted Lua scripts from a C program. The program needs no Lua.
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
 * Link with -lluatee. The library loads libteec at run time, so the same program runs on OP-TEE and on the simulator.
 *
 * Threads: sessions are independent of each other. Threads may share a session: a call waits until the previous call
 * has ended. An error object or a values object must be used by one thread at a time. luatee_close() must be the last
 * use of a session. A child process must not use a session that was opened before fork().
 *
 * Pointers must not be NULL unless a comment allows it. Strings end with a NUL.
 *
 * Limits, by their names in abi/limits.h: the arguments or the results of a call have at most LUATEE_MESSAGE_MAX bytes
 * (4 MiB and 64 KiB) and LUATEE_VALUES_MAX values (32,768). Tables nest at most LUATEE_VALUE_DEPTH_MAX deep (64). A
 * name has 1 to LUATEE_NAME_MAX (64) of the characters A-Z a-z 0-9 _ - . and does not begin with a dot. A script has at
 * most LUATEE_SCRIPT_MAX bytes (1 MiB).
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

/* The result of a function. The numbers are part of the API; the first five are also the exit statuses of `luatee`. */
typedef enum luatee_status {
    LUATEE_OK = 0,
    /* The trusted script raised an error, does not exist, or does not compile. */
    LUATEE_RAISED = 1,
    /* The caller made a mistake: no such app, a bad name, an argument that cannot cross, a value read as another
     * kind. */
    LUATEE_USAGE = 2,
    /* There is no TEE, it has no TA or one of another version, or the session has ended. */
    LUATEE_NO_TEE = 3,
    /* The TEE rejected the script or the package. */
    LUATEE_REFUSED = 4,
    /* The TEE or this system failed: out of memory, storage full, an invalid answer. */
    LUATEE_FAILED = 5,
} luatee_status;

/* The description of a failure, for a person. An object can be used for any number of calls; each failure overwrites
 * it. Every function below accepts NULL for its error object, and then returns the status only. */
typedef struct luatee_error luatee_error;

/* Makes an error object. Returns NULL when there is no memory. The caller frees it with luatee_error_free(). */
LUATEE_API luatee_error *luatee_error_new(void);
/* Frees an error object. Does nothing for NULL. */
LUATEE_API void luatee_error_free(luatee_error *error);

/* Returns the status of the last failure, or LUATEE_OK if there was none or error is NULL. */
LUATEE_API luatee_status luatee_error_status(const luatee_error *error);
/* Returns what happened and what to do, without a newline at the end. For LUATEE_RAISED it is the script's own message,
 * which may have several lines and any bytes: escape control characters before you print it on a terminal. Never NULL.
 * The text belongs to the error object and is valid until the next failure. */
LUATEE_API const char *luatee_error_message(const luatee_error *error);
/* Returns Lua's traceback of the trusted scripts for LUATEE_RAISED, otherwise "". If a host function raised the error,
 * the host's traceback precedes it. Never NULL. Valid as long as the message. */
LUATEE_API const char *luatee_error_traceback(const luatee_error *error);

/* --- sessions */

typedef enum luatee_backend {
    /* OP-TEE if /dev/tee0 exists, otherwise the simulator; the library then prints a warning on stderr, once. */
    LUATEE_AUTO = 0,
    /* The system's libteec. */
    LUATEE_OPTEE,
    /* The simulator, which protects nothing. The library looks for it beside itself or the program, or at the path in
     * the environment variable LUATEE_SIM_LIB. */
    LUATEE_SIM,
} luatee_backend;

/*
 * Login methods (GP TEE Client API, section 4.2.4; the numbers are GP's). Linux makes a UUID from the identity of the
 * process and sends it to the TEE, which trusts it: docs/identity.md. Linux's OP-TEE driver and the simulator support
 * the first three.
 */
typedef enum luatee_login {
    LUATEE_LOGIN_PUBLIC = 0, /* no identity: the UUID is nil */
    LUATEE_LOGIN_USER = 1,   /* the effective user of the process */
    LUATEE_LOGIN_GROUP = 2,  /* the group in luatee_options.group */
    LUATEE_LOGIN_APPLICATION = 4,
    LUATEE_LOGIN_APPLICATION_USER = 5,
    LUATEE_LOGIN_APPLICATION_GROUP = 6,
} luatee_login;

/* Options of luatee_open(). Initialize with zeros (`luatee_options options = {0}`): fields that a later version adds
 * then have their defaults. */
typedef struct luatee_options {
    /* Path of the app's folder. The app's name is in its manifest; without a manifest it is the last component of the
     * folder's real path. With `stored` this may be the app's name instead, if there is no such folder. */
    const char *app;
    luatee_backend backend;
    /* Runs the scripts in the TEE's secure storage. Otherwise each script is sent from the folder when it is first
     * needed. */
    bool stored;
    /* Uses the plaintext scripts ta/NAME.lua, which only a TA of the dev flavour accepts. Otherwise the scripts are the
     * packages ta/NAME.luata with manifest.luata, made by `luatee pack`. */
    bool plaintext;
    /* This program's own limits. They apply where they are below the manifest's; 0 means the manifest's. fuel: units of
     * one call (docs/metering.md). memory: bytes of the session in the TEE, 131,072 (128 KiB) or more. */
    uint64_t fuel;
    uint64_t memory;
    /* Receives the output of trusted scripts, `size` bytes; only a TA of the dev flavour sends it. The bytes are not
     * changed and may control a terminal. NULL: the output goes to stderr, with control characters escaped on a
     * terminal. The function runs inside the call that receives the text, and must not use the session. */
    void (*log)(void *log_context, const char *text, size_t size);
    void *log_context;
    /* With `plaintext`: the app's manifest, encoded as `manifest` in abi/package.cddl; copied. It sets the app's name,
     * limits and permissions, as a packed manifest does. With size 0 the name is the folder's, and the limits are the
     * defaults. */
    const void *manifest;
    size_t manifest_size;
    /* The identity that the session is opened with. Trusted scripts read it with tee.caller(). */
    luatee_login login;
    /* For logins with a group: the number (gid) of a group that this process is in. */
    uint32_t group;
} luatee_options;

typedef struct luatee_session luatee_session;

/*
 * Opens a session: one instance of the app in the TEE. The caller ends it with luatee_close(). The library keeps no
 * pointer into options, except log_context. *session is NULL unless the function returns LUATEE_OK. Errors:
 *
 * - LUATEE_USAGE: no such app; a bad name; a folder without packages; a bad manifest; `memory` below its minimum;
 *   OP-TEE in a process that has loaded the simulator (docs/c-api.md); an unknown backend or login; a login with a
 *   group that the process is not in
 * - LUATEE_NO_TEE: no device, no permission to use it, no TA, a TA of another version, or a login that the driver does
 *   not support; the message says which
 * - LUATEE_REFUSED: the TA does not accept scripts of this kind, or the manifest's package is malformed
 * - LUATEE_FAILED: out of memory, or the TEE is busy
 */
LUATEE_API LUATEE_CHECKED luatee_status luatee_open(const luatee_options *options, luatee_session **session,
                                                    luatee_error *error);

/* Ends the session, wipes the memory that it shared with the TEE, and frees the session. Does nothing for NULL. */
LUATEE_API void luatee_close(luatee_session *session);

/* Whether the TA accepts packages that a publisher key signed. */
typedef enum luatee_publisher_state {
    LUATEE_PUBLISHER_TRUSTED = 0,
    /* Rejected, because the key was revoked. */
    LUATEE_PUBLISHER_REVOKED = 1,
    /* Rejected, because the TEE's record of revoked keys is damaged or its storage cannot be read. */
    LUATEE_PUBLISHER_DAMAGED = 2,
} luatee_publisher_state;

typedef struct luatee_info {
    const char *backend; /* "optee" or "sim" */
    char app[65];
    char version[32];     /* the TA's version; luatee_version() returns that of this library */
    char flavour[16];     /* "dev" or "release" */
    char lua[32];         /* "Lua 5.4.9" */
    char tee[128];        /* how the TEE describes itself */
    char tee_version[64]; /* version of the TEE's implementation, in its own format; "" if the TEE does not have it */
    char api[32];         /* version of the GP Internal Core API */
    char device[37];      /* the device's id (gpd.tee.deviceID), a UUID as text; "" if the TEE has none */
    uint32_t protocol;    /* LUATEE_PROTOCOL_VERSION, the same on both sides */
    uint64_t memory;      /* bytes of the pages that this session has in the TEE now */
    uint64_t memory_peak; /* the most bytes that it has had */
    uint64_t memory_max;  /* its quota in bytes */
    uint32_t rollback;    /* protection of secure storage against rollback to an older state, in GP's numbers
                           * (gpd.tee.trustedStorage.antiRollback.protectionLevel): 0 none; 100 by the rich OS, so that
                           * an attacker must subvert it; 1000 by hardware of the TEE, such as RPMB */
    size_t publisher_count;      /* entries that are used in the next two fields */
    uint8_t publishers[8][32];   /* ids of the publisher keys that the TA was built with, oldest first */
    uint8_t publisher_states[8]; /* luatee_publisher_state of each */
} luatee_info;

/* Reads the properties of the TA, the TEE and the session into *info. Cuts texts that do not fit. Returns LUATEE_OK,
 * LUATEE_NO_TEE or LUATEE_FAILED. */
LUATEE_API LUATEE_CHECKED luatee_status luatee_get_info(luatee_session *session, luatee_info *info,
                                                        luatee_error *error);

/* Size in bytes of a device key: SubjectPublicKeyInfo of a P-256 key, DER (RFC 5480). */
#define LUATEE_DEVICE_KEY_SIZE 91
/* Reads the device's public key, for which `luatee pack --to` encrypts packages that only this device can open. The
 * TA makes the key pair at the first call. Returns LUATEE_OK, LUATEE_NO_TEE or LUATEE_FAILED. */
LUATEE_API LUATEE_CHECKED luatee_status luatee_device_key(luatee_session *session, uint8_t key[LUATEE_DEVICE_KEY_SIZE],
                                                          luatee_error *error);

/* Returns the version of this library, such as "0.1.0". */
LUATEE_API const char *luatee_version(void);

/* --- values */

/*
 * A list of Lua values: the arguments or the results of a call. Values are written (put) and read (get) in order. The
 * object remembers its first error; from then on puts do nothing, and gets return false, 0 or NULL. So a program can
 * check once at the end with luatee_values_status(). luatee_call() checks its arguments itself.
 */
typedef struct luatee_values luatee_values;

/* Makes an empty list. Returns NULL when there is no memory. The caller frees it with luatee_values_free(). */
LUATEE_API luatee_values *luatee_values_new(void);
/* Frees a list. Does nothing for NULL. */
LUATEE_API void luatee_values_free(luatee_values *values);
/* Removes all values and the error. The memory is kept for the next values. */
LUATEE_API void luatee_values_clear(luatee_values *values);
/* Returns LUATEE_OK, or the remembered error: LUATEE_USAGE (the message says which rule was broken) or LUATEE_FAILED
 * (out of memory). A list or map that was begun and not ended is LUATEE_USAGE. */
LUATEE_API LUATEE_CHECKED luatee_status luatee_values_status(const luatee_values *values, luatee_error *error);

/* The put functions append a value. Bytes are copied; a Lua string can have any bytes. The error LUATEE_USAGE is
 * remembered for more than LUATEE_VALUES_MAX values or LUATEE_MESSAGE_MAX bytes, LUATEE_FAILED when there is no
 * memory. */
LUATEE_API void luatee_put_nil(luatee_values *values); /* LUATEE_USAGE inside a list or map */
LUATEE_API void luatee_put_boolean(luatee_values *values, bool value);
LUATEE_API void luatee_put_integer(luatee_values *values, int64_t value);
LUATEE_API void luatee_put_double(luatee_values *values, double value);
LUATEE_API void luatee_put_bytes(luatee_values *values, const void *data, size_t size);
LUATEE_API void luatee_put_string(luatee_values *values, const char *text); /* up to the NUL */

/* Begin and end a list or a map, which become Lua tables. The values put between them are the list's elements, or the
 * map's keys and values in turn. Tables nest at most LUATEE_VALUE_DEPTH_MAX deep. A key is a boolean, a number that is
 * not NaN, or bytes, and must not occur twice. As in Lua, a double key that equals an integer is that integer.
 * LUATEE_USAGE: a rule above is broken, an end has no begin, or a key has no value. */
LUATEE_API void luatee_begin_list(luatee_values *values);
LUATEE_API void luatee_end_list(luatee_values *values);
LUATEE_API void luatee_begin_map(luatee_values *values);
LUATEE_API void luatee_end_map(luatee_values *values);

typedef enum luatee_kind {
    LUATEE_END = 0, /* no value is left at this level, or the object has an error */
    LUATEE_NIL,
    LUATEE_BOOLEAN,
    LUATEE_INTEGER,
    LUATEE_DOUBLE,
    LUATEE_BYTES,
    LUATEE_LIST, /* a table with the keys 1..n; also the empty table */
    LUATEE_MAP,  /* any other table */
    LUATEE_FUNCTION, /* of the trusted side */
} luatee_kind;

/* Returns the number of values at the top level. */
LUATEE_API size_t luatee_count(const luatee_values *values);
/* Returns the kind of the value that the next get reads. Does not consume it. */
LUATEE_API luatee_kind luatee_next_kind(luatee_values *values);

/* The get functions consume the next value. If it is of another kind, or there is none, the error LUATEE_USAGE is
 * remembered, and they return false, 0 or NULL. */
LUATEE_API bool luatee_get_boolean(luatee_values *values);
LUATEE_API int64_t luatee_get_integer(luatee_values *values);
LUATEE_API double luatee_get_double(luatee_values *values); /* also accepts an integer, and converts it */
/* Returns a pointer into `values`, valid until the object is changed or freed. The bytes have no NUL at the end. Sets
 * *size to their number, or to 0 with an error. */
LUATEE_API const void *luatee_get_bytes(luatee_values *values, size_t *size);
/* Consumes the next value, of any kind. */
LUATEE_API void luatee_skip(luatee_values *values);

/* Enters the next value, a list or a map, so that gets read its elements, or its keys and values in turn. Returns the
 * number of elements or pairs. */
LUATEE_API size_t luatee_enter(luatee_values *values);
/* Leaves the list or map that was entered last, and skips the elements that were not read. */
LUATEE_API void luatee_leave(luatee_values *values);
/* Makes the next get read the first value again. A put does so, too. */
LUATEE_API void luatee_rewind(luatee_values *values);

/* --- calls */

/*
 * Runs a trusted script of the app. arguments may be NULL for none. results is overwritten: with the script's results,
 * or with the one error value for LUATEE_RAISED, and is empty for other errors. It may be NULL, and must not be the
 * same object as arguments. Errors:
 *
 * - LUATEE_RAISED: the script raised an error; the error object has its message and the trusted traceback
 * - LUATEE_USAGE: a bad script name, or arguments with an error or with a function of another session
 * - LUATEE_NO_TEE: the session has ended (the TA died, or the TEE is gone); close it
 * - LUATEE_REFUSED: the TEE does not trust the package of the script or of the manifest. With a TA of the dev flavour
 *   the message says which check failed. Other scripts of the session can still be called, and this one after its
 *   package has been replaced
 * - LUATEE_FAILED: out of memory on one side, or an invalid answer
 */
LUATEE_API LUATEE_CHECKED luatee_status luatee_call(luatee_session *session, const char *script,
                                                    const luatee_values *arguments, luatee_values *results,
                                                    luatee_error *error);

/* Options of a call. Initialize with zeros, as luatee_options. */
typedef struct luatee_call_options {
    /* Milliseconds from the call's first message after which the call is cancelled; 0 means never. The deadline also
     * applies to calls that an export makes inside this one. Such a call may have an earlier deadline, which cancels
     * the inner call only. */
    uint32_t deadline;
} luatee_call_options;

/* Like luatee_call(), with options, which may be NULL. After the deadline it returns LUATEE_RAISED with the error value
 * "cancelled: the deadline is over". */
LUATEE_API LUATEE_CHECKED luatee_status luatee_call_with(luatee_session *session, const luatee_call_options *options,
                                                         const char *script, const luatee_values *arguments,
                                                         luatee_values *results, luatee_error *error);

/*
 * Cancels the call that runs in the session. The call ends with LUATEE_RAISED and the error value "cancelled" when its
 * slice is over (LUATEE_SLICE, about 20 ms). pcall does not catch that error; <close> variables are closed. The session
 * can be used again afterwards. A call that ends by itself before that keeps its results. Returns false if no call
 * runs, or if the call has been cancelled already.
 *
 * May be called from any thread and from a signal handler. A call that cannot stop at the end of a slice, for instance
 * inside table.sort, is cancelled by a thread of the session, which calls TEEC_RequestCancellation. The session starts
 * this thread, with all signals blocked, at its first call. On OP-TEE the thread that runs a call does not handle
 * signals until the TEE returns. To cancel such a call by a signal, receive the signal in another thread, for instance
 * with signalfd().
 */
LUATEE_API bool luatee_cancel(luatee_session *session);

/*
 * Loads a trusted module, as `require` in a trusted script does, unless the session has loaded it. Both share one
 * instance, which exists as long as the session. results receives the module's value, usually a map of functions.
 * Returns as luatee_call().
 */
LUATEE_API LUATEE_CHECKED luatee_status luatee_import(luatee_session *session, const char *module,
                                                      luatee_values *results, luatee_error *error);

/* Like luatee_import(), with options, which may be NULL; see luatee_call_with(). */
LUATEE_API LUATEE_CHECKED luatee_status luatee_import_with(luatee_session *session, const luatee_call_options *options,
                                                           const char *module, luatee_values *results,
                                                           luatee_error *error);

/* --- functions
 *
 * A function that a trusted script returns, raises or passes to an export arrives as a value of kind LUATEE_FUNCTION.
 * The TEE keeps it until no values object and no handle holds it, or until the session ends; the next call after that
 * releases it. A session can hold LUATEE_FUNCTIONS_MAX (4,096) functions at a time. */
typedef struct luatee_function luatee_function;

/* Consumes the next value, a function, and returns a handle of it. The caller frees the handle with
 * luatee_function_free(), before or after the session is closed. Returns NULL and remembers an error if the value is of
 * another kind (LUATEE_USAGE) or there is no memory (LUATEE_FAILED). */
LUATEE_API luatee_function *luatee_get_function(luatee_values *values);
/* Frees a handle. Does nothing for NULL. */
LUATEE_API void luatee_function_free(luatee_function *function);
/* Appends a function of the trusted side. There it arrives as the original function. The handle may be freed
 * afterwards. LUATEE_USAGE: a function as a map's key, or functions of two sessions in one object. */
LUATEE_API void luatee_put_function(luatee_values *values, const luatee_function *function);

/* Calls a trusted function, as luatee_call() calls a script. LUATEE_USAGE also if it belongs to another session. */
LUATEE_API LUATEE_CHECKED luatee_status luatee_call_function(luatee_session *session, const luatee_function *function,
                                                             const luatee_values *arguments, luatee_values *results,
                                                             luatee_error *error);

/* Like luatee_call_function(), with options, which may be NULL; see luatee_call_with(). */
LUATEE_API LUATEE_CHECKED luatee_status luatee_call_function_with(luatee_session *session,
                                                                  const luatee_call_options *options,
                                                                  const luatee_function *function,
                                                                  const luatee_values *arguments,
                                                                  luatee_values *results, luatee_error *error);

/*
 * A function that trusted scripts may call as tee.host.NAME(...). It reads its arguments from `arguments` and puts its
 * results into `results`, which is empty. Both objects belong to the library and are valid until the function returns.
 * The function returns true, or false to raise an error in the trusted script: then the one value in results is the
 * error value; with none or several the error is a message that names the export. An error that results remembers is
 * raised, too. The function runs on the thread of luatee_call(). It may call the session again, up to
 * LUATEE_HOST_DEPTH_MAX (8) exports inside each other, but must not close it.
 */
typedef bool (*luatee_export_function)(void *context, luatee_values *arguments, luatee_values *results);

/* Offers a function to the session's trusted scripts under a name. It replaces the function that was exported under
 * this name; NULL removes it. The library keeps `context` and passes it to the function. A packaged script can call
 * only the names that its manifest grants (permissions.host). LUATEE_USAGE: a bad name. LUATEE_FAILED: out of
 * memory. */
LUATEE_API LUATEE_CHECKED luatee_status luatee_export(luatee_session *session, const char *name,
                                                      luatee_export_function function, void *context,
                                                      luatee_error *error);

/* --- scripts in secure storage: plaintext scripts or packages, according to the session's options. All functions may
 * also return LUATEE_NO_TEE and LUATEE_FAILED. */

typedef struct luatee_stored {
    char script[65];    /* name of the script; "manifest" for the manifest */
    bool manifest;      /* the entry is the manifest, not a script */
    uint8_t digest[32]; /* SHA-256 of the stored source or package */
    uint64_t size;      /* bytes of the stored source or package */
} luatee_stored;

/* Lists what the app has stored, sorted by name, the manifest last. *list has *count entries; the caller frees it with
 * free(). With an error *list is NULL and *count is 0. */
LUATEE_API LUATEE_CHECKED luatee_status luatee_store_list(luatee_session *session, luatee_stored **list, size_t *count,
                                                          luatee_error *error);
/* Stores a script of the app's folder, and the manifest if it differs from the stored one (or removes the stored one if
 * a plaintext app has none). Each replaces the entry of the same name atomically. A manifest of another bundle removes
 * the packages that were stored before. LUATEE_USAGE: there is no such file, or a bad name. LUATEE_REFUSED: the TEE
 * does not trust the package. LUATEE_FAILED: secure storage is full or does not work. */
LUATEE_API LUATEE_CHECKED luatee_status luatee_store_add(luatee_session *session, const char *script,
                                                         luatee_error *error);
/* Removes a stored script. LUATEE_USAGE: no such script is stored, or a bad name. */
LUATEE_API LUATEE_CHECKED luatee_status luatee_store_remove(luatee_session *session, const char *script,
                                                            luatee_error *error);
/* Removes all stored scripts of the app and the manifest, and the remains of an interrupted luatee_store_add(). */
LUATEE_API LUATEE_CHECKED luatee_status luatee_store_clear(luatee_session *session, luatee_error *error);
/* Stores every script of the app's folder, and the manifest, if it is new or differs from the stored one. Plaintext
 * scripts that are not in the folder stay stored. Packages are replaced as a whole: if this is interrupted, either all
 * old packages can run or all new ones. Nothing changes if there is no folder or it has no scripts. LUATEE_USAGE, and
 * nothing is stored: a file in the folder has a name that a script cannot have, or there are packages without a
 * manifest. LUATEE_REFUSED and LUATEE_FAILED: as luatee_store_add(). */
LUATEE_API LUATEE_CHECKED luatee_status luatee_store_update(luatee_session *session, luatee_error *error);

#ifdef __cplusplus
}
#endif

#endif
