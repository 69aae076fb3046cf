/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every command in every order: all sequences of two messages, each in every form that a session can answer
 * differently, and of three without those of storage, which is slow. A model of the session says what it must answer;
 * afterwards whatever waits is ended, and the session works.
 *
 * With SESSION_ORDERS=pairs in the environment: sequences of two, without storage. A device takes its time for more.
 */
#include "tests/unit/ta/session_order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/commands.h"
#include "abi/limits.h"
#include "tests/unit/ta/raw_client.h"

#define LENGTH 3

/* A session learns a script in some of the sequences: it is a new one before its memory is full. */
#define SEQUENCES_OF_A_SESSION 1000

enum message {
    CALL_SEVEN,
    CALL_LATER, /* a script that the session does not have, until SCRIPT sends it */
    CALL_ASKS,
    CALL_FOREVER,
    CALL_RAISES,
    CALL_LARGE,
    CALL_NO_FUNCTION,
    CALL_BAD,
    IMPORT_SEVEN,
    IMPORT_LATER,
    GO_ON,
    CANCEL,
    LATE,
    SCRIPT,
    DECLINE,
    RETURNED,
    FAILED,
    RESUME_BAD,
    PIECE,
    MORE,
    INFO,
    UNKNOWN,
    DEVICE_KEY, /* this and those that follow use storage */
    STORE_LIST,
    STORE_ADD,
    STORE_REMOVE,
    MESSAGES
};

static const char *const names[MESSAGES] = {
    "call seven", "call later",   "call asks",    "call forever", "call raises",  "call large", "call no function",
    "call bad",   "import seven", "import later", "go on",        "cancel",       "late",       "script",
    "decline",    "returned",     "failed",       "resume bad",   "piece",        "more",       "info",
    "unknown",    "device key",   "store list",   "store add",    "store remove",
};

static struct raw raw;

/* What a session is waiting for, after the calls that began in it. */
struct model {
    uint32_t waiting[LENGTH]; /* the answers that calls stopped with */
    int depth;
    bool held;    /* the script `later` */
    bool pieces;  /* a request is coming in */
    bool large;   /* a response can be fetched */
    bool ended;   /* a call inside was cancelled, and so are those around it: they may end at once */
    bool stored;
};

static uint32_t waits_for(const struct model *m)
{
    return m->depth > 0 ? m->waiting[m->depth - 1] : LUATEE_ANSWER_DONE;
}

/* --- what is sent ------------------------------------------------------------------------------------------------- */

static char later[sizeof("l00000")];

static TEEC_Result send_bytes(uint32_t command, const char *bytes, size_t size)
{
    return raw_command(&raw, command, bytes, size, 0, 0);
}
#define SEND(command, bytes) send_bytes(command, bytes, sizeof(bytes) - 1)

static TEEC_Result send_later(uint32_t command)
{
    char bytes[16];
    int size = snprintf(bytes, sizeof(bytes), "\x81\x66%s", later);
    return send_bytes(command, bytes, (size_t)size);
}

static TEEC_Result send_script(uint32_t command, const char *before, size_t size)
{
    uint8_t bytes[256];
    memcpy(bytes, before, size);
    size += raw_script(bytes + size, "return 7");
    return raw_command(&raw, command, bytes, size, 0, 0);
}

static TEEC_Result send(enum message message)
{
    switch (message) {
    case CALL_SEVEN:
        return SEND(LUATEE_CMD_CALL, "\x81\x65" "seven");
    case CALL_LATER:
        return send_later(LUATEE_CMD_CALL);
    case CALL_ASKS:
        return SEND(LUATEE_CMD_CALL, "\x81\x64" "asks");
    case CALL_FOREVER:
        return SEND(LUATEE_CMD_CALL, "\x81\x67" "forever");
    case CALL_RAISES:
        return SEND(LUATEE_CMD_CALL, "\x81\x66" "raises");
    case CALL_LARGE:
        return SEND(LUATEE_CMD_CALL, "\x81\x65" "large");
    case CALL_NO_FUNCTION:
        return SEND(LUATEE_CMD_CALL, "\x81\xd9\xca\x12\x19\x10\x00");
    case CALL_BAD:
        return SEND(LUATEE_CMD_CALL, "\x82\x65" "seven");
    case IMPORT_SEVEN:
        return SEND(LUATEE_CMD_IMPORT, "\x81\x65" "seven");
    case IMPORT_LATER:
        return send_later(LUATEE_CMD_IMPORT);
    case GO_ON:
        return SEND(LUATEE_CMD_CONTINUE, "");
    case CANCEL:
        return SEND(LUATEE_CMD_CANCEL, "\x81\x01");
    case LATE:
        return SEND(LUATEE_CMD_CANCEL, "\x81\x02");
    case SCRIPT:
        return send_script(LUATEE_CMD_SUPPLY_SCRIPT, "\x83", 1);
    case DECLINE:
        return SEND(LUATEE_CMD_DECLINE_SCRIPT, "\x81\x61x");
    case RETURNED:
        return SEND(LUATEE_CMD_HOST_RETURNED, "\x81\x08");
    case FAILED:
        return SEND(LUATEE_CMD_HOST_RAISED, "\x82\x41" "e\x41" "t");
    case RESUME_BAD:
        return SEND(LUATEE_CMD_HOST_RETURNED, "\x82");
    case PIECE:
        return raw_command(&raw, LUATEE_CMD_PART, "\x82", 1, 4000, 0);
    case MORE:
        return raw_command(&raw, LUATEE_CMD_MORE, NULL, 0, LUATEE_BUFFER_SIZE, 0);
    case INFO:
        return SEND(LUATEE_CMD_INFO, "");
    case DEVICE_KEY:
        return SEND(LUATEE_CMD_DEVICE_KEY, "");
    case STORE_LIST:
        return SEND(LUATEE_CMD_STORE_LIST, "\xf6");
    case STORE_ADD:
        return send_script(LUATEE_CMD_STORE_ADD, "\x84\x61o", 3);
    case STORE_REMOVE:
        return SEND(LUATEE_CMD_STORE_REMOVE, "\x82\x61o\x00");
    default:
        return SEND(99, "\x81\x65" "seven");
    }
}

/* --- what is expected --------------------------------------------------------------------------------------------- */

struct answer {
    TEEC_Result result;
    uint32_t kind; /* of TEEC_SUCCESS */
};

static struct answer refused(TEEC_Result result)
{
    return (struct answer){ result, 0 };
}

static bool is_start(enum message message)
{
    return message <= IMPORT_LATER;
}

static bool is_resume(enum message message)
{
    return message >= GO_ON && message <= RESUME_BAD;
}

static bool has_request(enum message message)
{
    return is_start(message) || is_resume(message) || message >= STORE_LIST;
}

/* A call waits for a script or for its next slice: only its answer is taken. */
static struct answer expect_start(const struct model *m, enum message message)
{
    uint32_t waiting = waits_for(m);
    if (waiting != LUATEE_ANSWER_DONE && waiting != LUATEE_ANSWER_CALL_HOST)
        return refused(TEEC_ERROR_BAD_STATE);
    switch (message) {
    case CALL_BAD:
        return refused(TEEC_ERROR_BAD_FORMAT);
    case CALL_ASKS:
        return (struct answer){ TEEC_SUCCESS, LUATEE_ANSWER_CALL_HOST };
    case CALL_FOREVER:
        return (struct answer){ TEEC_SUCCESS, LUATEE_ANSWER_SLICE_OVER };
    case CALL_RAISES:
    case CALL_NO_FUNCTION:
        return (struct answer){ TEEC_SUCCESS, LUATEE_ANSWER_RAISED };
    case CALL_LATER:
    case IMPORT_LATER:
        return (struct answer){ TEEC_SUCCESS, m->held ? LUATEE_ANSWER_DONE : LUATEE_ANSWER_NEED_SCRIPT };
    default:
        return (struct answer){ TEEC_SUCCESS, LUATEE_ANSWER_DONE };
    }
}

static struct answer expect_resume(const struct model *m, enum message message)
{
    uint32_t waiting = waits_for(m);
    if (waiting == LUATEE_ANSWER_DONE)
        return refused(TEEC_ERROR_BAD_STATE);
    switch (message) {
    case GO_ON:
        return waiting == LUATEE_ANSWER_SLICE_OVER ? (struct answer){ TEEC_SUCCESS, waiting } :
                                                     refused(TEEC_ERROR_BAD_STATE);
    case CANCEL:
    case LATE:
        return waiting == LUATEE_ANSWER_NEED_SCRIPT ? refused(TEEC_ERROR_BAD_STATE) :
                                                      (struct answer){ TEEC_SUCCESS, LUATEE_ANSWER_RAISED };
    case SCRIPT:
    case DECLINE:
        if (waiting != LUATEE_ANSWER_NEED_SCRIPT)
            return refused(TEEC_ERROR_BAD_STATE);
        return (struct answer){ TEEC_SUCCESS, message == SCRIPT ? LUATEE_ANSWER_DONE : LUATEE_ANSWER_RAISED };
    case RETURNED:
    case FAILED:
        if (waiting != LUATEE_ANSWER_CALL_HOST)
            return refused(TEEC_ERROR_BAD_STATE);
        return (struct answer){ TEEC_SUCCESS, message == RETURNED ? LUATEE_ANSWER_DONE : LUATEE_ANSWER_RAISED };
    default: /* RESUME_BAD: results */
        return refused(waiting == LUATEE_ANSWER_CALL_HOST ? TEEC_ERROR_BAD_FORMAT : TEEC_ERROR_BAD_STATE);
    }
}

static struct answer expect(const struct model *m, enum message message)
{
    if (m->pieces && has_request(message))
        return refused(TEEC_ERROR_BAD_PARAMETERS); /* they do not add up */
    if (is_start(message))
        return expect_start(m, message);
    if (is_resume(message))
        return expect_resume(m, message);
    if (message == UNKNOWN || (message == MORE && !m->large))
        return refused(TEEC_ERROR_BAD_PARAMETERS);
    if (message == STORE_REMOVE && !m->stored)
        return refused(TEEC_ERROR_ITEM_NOT_FOUND);
    return (struct answer){ TEEC_SUCCESS, LUATEE_ANSWER_DONE };
}

static bool stops(uint32_t kind)
{
    return kind == LUATEE_ANSWER_NEED_SCRIPT || kind == LUATEE_ANSWER_CALL_HOST || kind == LUATEE_ANSWER_SLICE_OVER;
}

/* What the session is after an answer that was as expected. */
static void follow(struct model *m, enum message message, bool fine, uint32_t kind)
{
    m->pieces = fine && (message == PIECE || (m->pieces && message == MORE));
    m->large = (m->large && message == MORE) || (fine && message == CALL_LARGE && kind == LUATEE_ANSWER_DONE);
    if (!fine)
        return;
    if (message == SCRIPT)
        m->held = true;
    if (message == STORE_ADD || message == STORE_REMOVE)
        m->stored = message == STORE_ADD;
    if (is_resume(message))
        m->depth--;
    if ((is_start(message) || is_resume(message)) && stops(kind))
        m->waiting[m->depth++] = kind;
    m->ended = m->depth > 0 && (m->ended || message == CANCEL || message == LATE);
}

/* --- sequences ---------------------------------------------------------------------------------------------------- */

static void fail_after(const enum message *sequence, int count, struct answer wanted, TEEC_Result result)
{
    char text[LENGTH * 24] = "";
    for (int i = 0; i < count; i++)
        (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i > 0 ? ", " : "", names[sequence[i]]);
    fail_msg("%s: 0x%08x with answer %u, and not 0x%08x with %u", text, (unsigned)result, (unsigned)raw.a,
             (unsigned)wanted.result, (unsigned)wanted.kind);
}

/* In a call that has ended what would stop, or be done, may also raise. */
static bool is_answer(const struct model *m, struct answer wanted, TEEC_Result result)
{
    if (result != wanted.result)
        return false;
    return result != TEEC_SUCCESS || raw.a == wanted.kind || (m->ended && raw.a == LUATEE_ANSWER_RAISED);
}

static void step(struct model *m, const enum message *sequence, int count)
{
    enum message message = sequence[count - 1];
    struct answer wanted = expect(m, message);
    TEEC_Result result = send(message);
    if (!is_answer(m, wanted, result) || (result != TEEC_SUCCESS && raw.size != 0))
        fail_after(sequence, count, wanted, result);
    follow(m, message, result == TEEC_SUCCESS, raw.a);
}

/* Ends what waits, and looks whether the session works. */
static void finish(struct model *m, const enum message *sequence, int count)
{
    static const struct answer done = { TEEC_SUCCESS, LUATEE_ANSWER_DONE },
                               raised = { TEEC_SUCCESS, LUATEE_ANSWER_RAISED };
    TEEC_Result result;
    if (m->pieces)
        (void)send(UNKNOWN);
    for (; m->depth > 0; m->depth--) {
        result = send(waits_for(m) == LUATEE_ANSWER_NEED_SCRIPT ? DECLINE : CANCEL);
        if (result != TEEC_SUCCESS || raw.a != LUATEE_ANSWER_RAISED)
            fail_after(sequence, count, raised, result);
    }
    result = send(CALL_SEVEN);
    if (result != TEEC_SUCCESS || raw.a != LUATEE_ANSWER_DONE || memcmp(raw_response(&raw), "\x82\xf6\x07", 3) != 0)
        fail_after(sequence, count, done, result);
    result = send(GO_ON);
    if (result != TEEC_ERROR_BAD_STATE)
        fail_after(sequence, count, refused(TEEC_ERROR_BAD_STATE), result);
}

static void open_session(void)
{
    raw_open_app(&raw, LUATEE_HELLO_PLAINTEXT);
    assert_int_equal(raw_call(&raw, "seven", "return 7", NULL, 0, 0), TEEC_SUCCESS);
    assert_int_equal(raw_call(&raw, "raises", "error('x')", NULL, 0, 0), TEEC_SUCCESS);
    assert_int_equal(raw_call(&raw, "large", "return ('x'):rep(20000)", NULL, 0, 0), TEEC_SUCCESS);
    /* A slice of little time: large blocks cost more than it takes to copy something into them. */
    assert_int_equal(raw_call(&raw, "forever", "local s = ('x'):rep(1000) while true do s:rep(1000) end", NULL, 0, 0),
                     TEEC_SUCCESS);
    assert_int_equal(send(CANCEL), TEEC_SUCCESS);
    assert_int_equal(raw_call(&raw, "asks", "return tee.host.ask()", NULL, 0, 0), TEEC_SUCCESS);
    assert_int_equal(send(RETURNED), TEEC_SUCCESS);
}

/* All sequences of `length` of the first `messages`. */
static void try_all(unsigned messages, int length)
{
    unsigned count = 1;
    struct model m = { 0 };
    for (int i = 0; i < length; i++)
        count *= messages;
    for (unsigned number = 0; number < count; number++) {
        if (number % SEQUENCES_OF_A_SESSION == 0) {
            if (number > 0)
                raw_close(&raw);
            open_session();
        }
        enum message sequence[LENGTH];
        unsigned rest = number;
        for (int i = 0; i < length; i++, rest /= messages)
            sequence[i] = (enum message)(rest % messages);
        (void)snprintf(later, sizeof(later), "l%05u", number);
        m = (struct model){ .stored = m.stored };
        for (int i = 1; i <= length; i++)
            step(&m, sequence, i);
        finish(&m, sequence, length);
    }
    raw_close(&raw);
}

static int setup(void **state)
{
    (void)state;
    raw_begin(&raw);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    raw_end(&raw);
    return 0;
}

static bool is_sample(void)
{
    return getenv("SESSION_ORDERS") != NULL;
}

static void every_two_messages(void **state)
{
    (void)state;
    try_all(is_sample() ? DEVICE_KEY : MESSAGES, 2);
}

static void every_three_messages(void **state)
{
    (void)state;
    try_all(DEVICE_KEY, LENGTH);
}

int session_order(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_two_messages, setup, teardown),
        cmocka_unit_test_setup_teardown(every_three_messages, setup, teardown),
    };
    const struct CMUnitTest sample[] = { tests[0] };
    return is_sample() ? cmocka_run_group_tests(sample, NULL, NULL) : cmocka_run_group_tests(tests, NULL, NULL);
}
