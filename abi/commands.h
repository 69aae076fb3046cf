/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands and answers. messages.cddl gives the bytes of each message; this header, how they travel.
 *
 * TEEC_OpenSession carries
 *   params[0]  VALUE_INOUT   in: a = LUATEE_PROTOCOL_VERSION of the client, b = 0; out: a = the TA's version
 *   params[1]  MEMREF_INPUT  the hello message
 * A TA that speaks another version returns TEE_ERROR_NOT_SUPPORTED with its own version in params[0].a.
 *
 * Every TEEC_InvokeCommand carries
 *   params[0]  MEMREF_INPUT  a request, or its last piece
 *   params[1]  MEMREF_OUTPUT room for a response, or its first piece
 *   params[2]  VALUE_INOUT   in: see each command; out: a = enum luatee_answer, b = response bytes still to be fetched
 * Anything else is TEE_ERROR_BAD_PARAMETERS. All registered in one shared memory of 2 * LUATEE_BUFFER_SIZE.
 *
 * The commands that run scripts, CALL, IMPORT and RESUME, have in a the milliseconds that the call may still take, 0
 * for any number. A call stops after each slice, and it is the host that ends it then; but inside a C function that Lua
 * cannot leave it cannot stop. There the TA ends it, when that time is over or the command is cancelled
 * (TEEC_RequestCancellation).
 *
 * TEE_Result of a command: TEE_SUCCESS with an answer, or
 *   TEE_ERROR_BAD_PARAMETERS  unknown command, wrong parameter types or values
 *   TEE_ERROR_BAD_FORMAT      the request is not what messages.cddl says
 *   TEE_ERROR_BAD_STATE       an answer to a question that was not asked, or a call while one is waiting for a script
 *                             or for its next slice
 *   TEE_ERROR_EXCESS_DATA     a request above LUATEE_MESSAGE_MAX, a script above LUATEE_SCRIPT_MAX, a package above
 *                             PACKAGE_SIZE_MAX
 *   TEE_ERROR_OUT_OF_MEMORY   no memory to hold the request
 *   TEE_ERROR_SECURITY        a script whose digest does not match its bytes
 *   TEE_ERROR_ITEM_NOT_FOUND  STORE_REMOVE of a script that is not there
 *   any other                 what the TEE's storage returned
 * After an error the session goes on as if the command had not been sent; pieces received for it are dropped.
 *
 * A call that waits for a function of the host (LUATEE_ANSWER_CALL_HOST) lets other calls in: that function may call
 * the TEE again. They end before it does, so LUATEE_CMD_RESUME is always for the call that began last.
 * LUATEE_HOST_DEPTH_MAX calls can wait like that.
 *
 * Functions cross as numbers from 1 on, which whoever lends a function chooses and never uses twice in a session. What
 * a number stands for lives until the borrower releases it: the first items of its next request or answer say so.
 */
#ifndef LUATEE_ABI_COMMANDS_H
#define LUATEE_ABI_COMMANDS_H

#define LUATEE_PROTOCOL_VERSION 1u

enum luatee_command {
    /* Run a trusted script. Request: call. value in: a = milliseconds, b = 0. Before the first one runs, the TA takes
     * the app's manifest: from secure storage (LUATEE_HELLO_STORED), or it asks for it. */
    LUATEE_CMD_CALL = 1,
    /* Goes on with a call that stopped. Request: what the answer asked for: script after LUATEE_ANSWER_NEED_SCRIPT,
     * go-on after LUATEE_ANSWER_SLICE_OVER, host-returned, or a go-on that cancels, after LUATEE_ANSWER_CALL_HOST.
     * value in: a = milliseconds from now on, whatever it was before; b = 0. */
    LUATEE_CMD_RESUME = 2,
    /* A piece of a request that is longer than the buffer, in order; the last piece comes with the command itself.
     * value in: a = size of the whole request, the same in each piece; b = 0. The response is empty. */
    LUATEE_CMD_PART = 3,
    /* The next piece of the last response. Request: empty. value in: a = offset of the piece wanted, b = 0. Repeatable;
     * the response is kept until the next command that is not LUATEE_CMD_MORE. */
    LUATEE_CMD_MORE = 4,
    /* What is in the app's secure storage. Request: wanted: only these, or all, which is slow where other apps have
     * stored much; and the manifest. Answer: DONE with a stored-list. value in: 0, 0. */
    LUATEE_CMD_STORE_LIST = 5,
    /* Add a script to secure storage, or replace it, atomically. Request: stored-script. value in: 0, 0. Packages are
     * verified before; those of scripts are kept bundle by bundle, and the manifest, which is to be added last, decides
     * at once which bundle is the app's. Answer: DONE or REFUSED. */
    LUATEE_CMD_STORE_ADD = 6,
    /* Remove a script from secure storage; with a packed manifest, all packages. Request: script-name. value in: 0,
     * 0. */
    LUATEE_CMD_STORE_REMOVE = 7,
    /* What this TA is. Request: empty. Answer: DONE with an info map. value in: 0, 0. */
    LUATEE_CMD_INFO = 8,
    /* The public half of this device's key, made when it is asked for first. Request: empty. Answer: DONE with a
     * device-key. value in: 0, 0. */
    LUATEE_CMD_DEVICE_KEY = 9,
    /* Load a trusted module, unless the session has done so before, and return what it returned. Request: import.
     * value in: a = milliseconds, b = 0. Answers as to LUATEE_CMD_CALL. */
    LUATEE_CMD_IMPORT = 10,
};

enum luatee_answer {
    /* The command ran. Of a call: response = done. */
    LUATEE_ANSWER_DONE = 0,
    /* The script raised an error. Response = raised. */
    LUATEE_ANSWER_RAISED = 1,
    /* The call needs a script that the session does not hold. Response = need-script; go on with RESUME. */
    LUATEE_ANSWER_NEED_SCRIPT = 2,
    /* The call needs a function of the host to run. Response = call-host; go on with RESUME. */
    LUATEE_ANSWER_CALL_HOST = 3,
    /* The call has run for LUATEE_SLICE. Response = slice-over; go on, or cancel it, with RESUME and a go-on. */
    LUATEE_ANSWER_SLICE_OVER = 4,
    /* A package, or a manifest, is not trusted. Response = refused. The call that needed it is over, whatever it did to
     * catch errors; the session is not. */
    LUATEE_ANSWER_REFUSED = 5,
};

/* What becomes of a call that stopped (go-on). */
enum luatee_go_on {
    LUATEE_GO_ON = 0,
    /* The call ends with the error "cancelled", or "cancelled: the deadline is over". */
    LUATEE_GO_ON_CANCEL = 1,
    LUATEE_GO_ON_DEADLINE = 2,
};

/* CBOR tags of functions (from the range that RFC 8949, section 9.2, leaves to whoever comes first). */
#define LUATEE_TAG_HOST_FUNCTION 51729u
#define LUATEE_TAG_TEE_FUNCTION 51730u
/* A function that the sender has borrowed and lets go. */
#define LUATEE_TAG_RELEASED 51731u

/* What travels as a script: in need-script, script, stored-script and stored-list. */
enum luatee_script_kind {
    LUATEE_KIND_SCRIPT = 0, /* plaintext Lua source; or a package of source or bytecode */
    LUATEE_KIND_MANIFEST = 2, /* `manifest` of package.cddl, plaintext or packed; its name is "manifest" */
};

/* Flags of the hello message. */
enum luatee_hello_flag {
    /* Scripts come from secure storage; the TA never asks for one (-s). */
    LUATEE_HELLO_STORED = 1u << 0,
    /* Scripts are plaintext Lua (-u), which a TA of the release flavour refuses. Otherwise all are packages. */
    LUATEE_HELLO_PLAINTEXT = 1u << 1,
};

#endif
