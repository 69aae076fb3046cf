/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands and answers. messages.cddl defines the bytes of each message; this header defines how they travel.
 *
 * TEEC_OpenSession carries
 *   params[0]  VALUE_INOUT   in: a = LUATEE_PROTOCOL_VERSION of the client, b = 0; out: a = the TA's version
 *   params[1]  MEMREF_INPUT  the hello message
 * A TA with another version returns TEE_ERROR_NOT_SUPPORTED and its own version in params[0].a.
 *
 * Every TEEC_InvokeCommand carries
 *   params[0]  MEMREF_INPUT  a request, or its last piece
 *   params[1]  MEMREF_OUTPUT room for a response, or for its first piece
 *   params[2]  VALUE_INOUT   in: see each command; out: a = enum luatee_answer, b = response bytes still to be fetched
 * Anything else is TEE_ERROR_BAD_PARAMETERS. Both memory references are parts of one registered shared memory of
 * 2 * LUATEE_BUFFER_SIZE bytes.
 *
 * A call begins with CALL or IMPORT. Whenever it needs the host it stops, and its answer says what it waits for. One
 * command, or one of two, continues it:
 *
 *   LUATEE_ANSWER_NEED_SCRIPT  SUPPLY_SCRIPT or DECLINE_SCRIPT
 *   LUATEE_ANSWER_CALL_HOST    HOST_RETURNED or HOST_RAISED; CANCEL ends the call
 *   LUATEE_ANSWER_SLICE_OVER   CONTINUE; CANCEL ends the call
 *
 * In all these commands params[2].a is the number of milliseconds that the call may still take; 0 means no deadline.
 * The host ends a late call when its slice is over. A slice cannot end inside a C function that Lua cannot leave. The TA
 * itself ends the call there, when the time is over or the command is cancelled (TEEC_RequestCancellation).
 *
 * A call that waits for a function of the host lets other calls in, because that function may call the TEE again. The
 * inner call ends before the function returns, so a command always continues the call that began last. Up to
 * LUATEE_HOST_DEPTH_MAX calls wait like that.
 *
 * The TEE_Result of a command is TEE_SUCCESS with an answer, or
 *   TEE_ERROR_BAD_PARAMETERS  unknown command, wrong parameter types or values
 *   TEE_ERROR_BAD_FORMAT      the request does not conform to messages.cddl
 *   TEE_ERROR_BAD_STATE       no call waits for this command; or a new call while one waits for a script or a slice
 *   TEE_ERROR_EXCESS_DATA     a request above LUATEE_MESSAGE_MAX, a script above LUATEE_SCRIPT_MAX, a package above
 *                             PACKAGE_SIZE_MAX
 *   TEE_ERROR_OUT_OF_MEMORY   no memory to hold the request
 *   TEE_ERROR_SECURITY        a script whose digest does not match its bytes
 *   TEE_ERROR_ITEM_NOT_FOUND  STORE_REMOVE of a script that is not stored
 *   any other                 an error of the TEE's storage
 * After an error the session continues as if the command had not been sent. Pieces received for it are deleted.
 *
 * Functions cross as numbers from 1 on. The lender of a function chooses its number and never uses it twice in a
 * session. A number is valid until the borrower releases it in the first items of its next request or answer.
 */
#ifndef LUATEE_ABI_COMMANDS_H
#define LUATEE_ABI_COMMANDS_H

/* Version 2: each kind of message has its own command. In version 1 one command carried all that continues a call, and
 * the TA guessed which from the first byte. */
#define LUATEE_PROTOCOL_VERSION 2u

enum luatee_command {
    /* --- a call. value in: a = milliseconds, b = 0. */

    /* Runs a trusted script. Request: call. Before the first one runs, the TA needs the app's manifest: it reads it from
     * secure storage (LUATEE_HELLO_STORED), or asks for it with LUATEE_ANSWER_NEED_SCRIPT. */
    LUATEE_CMD_CALL = 1,
    /* Loads a trusted module, unless the session has loaded it before, and returns the module's value. Request:
     * import. */
    LUATEE_CMD_IMPORT = 2,
    /* Continues a call after LUATEE_ANSWER_NEED_SCRIPT. Request: script. */
    LUATEE_CMD_SUPPLY_SCRIPT = 3,
    /* Continues a call after LUATEE_ANSWER_NEED_SCRIPT without the script. Request: no-script, with the reason. */
    LUATEE_CMD_DECLINE_SCRIPT = 4,
    /* Continues a call after LUATEE_ANSWER_CALL_HOST with the results of the function. Request: host-returned. */
    LUATEE_CMD_HOST_RETURNED = 5,
    /* Continues a call after LUATEE_ANSWER_CALL_HOST with the error of the function. Request: host-raised. */
    LUATEE_CMD_HOST_RAISED = 6,
    /* Continues a call after LUATEE_ANSWER_SLICE_OVER. Request: empty. */
    LUATEE_CMD_CONTINUE = 7,
    /* Ends a call after LUATEE_ANSWER_SLICE_OVER or LUATEE_ANSWER_CALL_HOST with an error that its scripts cannot
     * catch. Request: cancel, with the reason. */
    LUATEE_CMD_CANCEL = 8,

    /* --- long messages */

    /* A piece of a request that is longer than the buffer. Pieces come in order; the last one comes with the command
     * itself. value in: a = size of the whole request, the same in each piece; b = 0. The response is empty. */
    LUATEE_CMD_PART = 9,
    /* The next piece of the last response. Request: empty. value in: a = offset of the piece, b = 0. A piece can be
     * fetched again; the TA keeps the response until the next command that is not LUATEE_CMD_MORE. */
    LUATEE_CMD_MORE = 10,

    /* --- secure storage. value in: 0, 0. */

    /* Lists what the app's secure storage holds. Request: wanted: the scripts of these names, or all, which is slow
     * where other apps have stored much; and the manifest. Answer: DONE with a stored-list. */
    LUATEE_CMD_STORE_LIST = 11,
    /* Adds a script to secure storage, or replaces it, atomically. Request: stored-script. The TA verifies a package
     * first. Packages of scripts are kept bundle by bundle. The manifest, which the host adds last, decides at once
     * which bundle is the app's. Answer: DONE or REFUSED. */
    LUATEE_CMD_STORE_ADD = 12,
    /* Removes a script from secure storage; with a packed manifest, all packages. Request: script-name. */
    LUATEE_CMD_STORE_REMOVE = 13,

    /* --- the TA. Request: empty. value in: 0, 0. */

    /* Describes the TA. Answer: DONE with an info map. */
    LUATEE_CMD_INFO = 14,
    /* Returns the public half of this device's key, and makes the key the first time. Answer: DONE with a
     * device-key. */
    LUATEE_CMD_DEVICE_KEY = 15,
};

enum luatee_answer {
    /* The command ran. Response to a call: done. */
    LUATEE_ANSWER_DONE = 0,
    /* The script raised an error. Response: raised. */
    LUATEE_ANSWER_RAISED = 1,
    /* The call needs a script that the session does not hold. Response: need-script. */
    LUATEE_ANSWER_NEED_SCRIPT = 2,
    /* The call needs a function of the host to run. Response: call-host. */
    LUATEE_ANSWER_CALL_HOST = 3,
    /* The call has run for LUATEE_SLICE units of fuel. Response: slice-over. */
    LUATEE_ANSWER_SLICE_OVER = 4,
    /* The TA does not trust a package or a manifest. Response: refused. The call that needed it is over, whatever its
     * scripts do to catch errors; the session is not. */
    LUATEE_ANSWER_REFUSED = 5,
};

/* Why the host ends a call (cancel). The number is part of the message. */
enum luatee_cancel_reason {
    LUATEE_CANCEL_WANTED = 1,   /* the error is "cancelled" */
    LUATEE_CANCEL_DEADLINE = 2, /* the error is "cancelled: the deadline is over" */
};

/* CBOR tags of functions (from the range that RFC 8949, section 9.2, gives out first come, first served). */
#define LUATEE_TAG_HOST_FUNCTION 51729u
#define LUATEE_TAG_TEE_FUNCTION 51730u
/* A borrowed function that the sender releases. */
#define LUATEE_TAG_RELEASED 51731u

/* What a script message carries: in need-script, script, stored-script and stored-list. */
enum luatee_script_kind {
    LUATEE_KIND_SCRIPT = 0, /* plaintext Lua source; or a package of source or bytecode */
    LUATEE_KIND_MANIFEST = 2, /* `manifest` of package.cddl, plaintext or packed; its name is "manifest" */
};

/* Flags of the hello message. */
enum luatee_hello_flag {
    /* The TA reads scripts from secure storage and never asks the host for one (luatee run -s). */
    LUATEE_HELLO_STORED = 1u << 0,
    /* Scripts are plaintext Lua (luatee run -u). A TA of the release flavour rejects this flag. Without it all scripts
     * are packages. */
    LUATEE_HELLO_PLAINTEXT = 1u << 1,
};

#endif
