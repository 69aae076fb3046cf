/* SPDX-License-Identifier: BSD-2-Clause */
/* The TA against a client that does not keep to the protocol. After each of its tricks the session must still work. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "abi/commands.h"
#include "abi/uuid.h"
#include "tests/unit/ta/raw_client.h"
#include "tests/unit/ta/session_calls.h"
#include "tests/unit/ta/session_cancels.h"
#include "tests/unit/ta/session_order.h"

#define RACED_CALLS (session_messages() / 10)

static struct raw raw;

static int setup(void **state)
{
    (void)state;
    raw_begin(&raw);
    raw_open_app(&raw, LUATEE_HELLO_PLAINTEXT);
    return 0;
}

static int setup_closed(void **state)
{
    (void)state;
    raw_begin(&raw);
    return 0;
}

/* [nil, 12]: no log, the number of arguments and one. */
static void assert_works(void)
{
    assert_int_equal(raw_call(&raw, "echo", "return ...", "\x0c", 1, 1), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_DONE);
    assert_int_equal(raw.b, 0);
    assert_int_equal(raw.size, 3);
    assert_memory_equal(raw_response(&raw), "\x82\xf6\x0c", 3);
}

static int teardown(void **state)
{
    (void)state;
    raw_close(&raw);
    raw_end(&raw);
    return 0;
}

static int teardown_closed(void **state)
{
    (void)state;
    raw_end(&raw);
    return 0;
}

static void a_call_works(void **state)
{
    (void)state;
    assert_works();
    assert_works();
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

static void another_version_is_refused_with_ours(void **state)
{
    (void)state;
    static const uint32_t versions[] = { 0, LUATEE_PROTOCOL_VERSION + 1, UINT32_MAX };
    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
        assert_int_equal(raw_open(&raw, "\x82\x63raw\x02", 6, versions[i]), TEEC_ERROR_NOT_SUPPORTED);
        assert_int_equal(raw.origin, TEEC_ORIGIN_TRUSTED_APP);
        assert_int_equal(raw.a, LUATEE_PROTOCOL_VERSION);
    }
}

struct message {
    const char *name;
    const char *bytes;
    size_t size;
};
#define MESSAGE(name, bytes) { name, bytes, sizeof(bytes) - 1 }

static void bad_hello_is_refused(void **state)
{
    (void)state;
    static const struct message hellos[] = {
        MESSAGE("nothing", ""),
        MESSAGE("no array", "\x63raw"),
        MESSAGE("no flags", "\x81\x63raw"),
        MESSAGE("name as bytes", "\x82\x43raw\x02"),
        MESSAGE("empty name", "\x82\x60\x02"),
        MESSAGE("name with a slash", "\x82\x65../ab\x02"),
        MESSAGE("name with a leading dot", "\x82\x62.a\x02"),
        MESSAGE("name with a NUL", "\x82\x63r\x00w\x02"),
        MESSAGE("name of 65",
                "\x82\x78\x41" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" "\x02"),
        MESSAGE("negative flags", "\x82\x63raw\x20"),
        MESSAGE("more items", "\x83\x63raw\x02\x02"),
        MESSAGE("something after it", "\x82\x63raw\x02\x02"),
        MESSAGE("cut", "\x82\x63ra"),
        MESSAGE("flags not in shortest form", "\x82\x63raw\x18\x02"),
        MESSAGE("count not in shortest form", "\x98\x02\x63raw\x02"),
        MESSAGE("length not in shortest form", "\x82\x78\x03raw\x02"),
    };
    for (size_t i = 0; i < sizeof(hellos) / sizeof(hellos[0]); i++) {
        TEEC_Result result = raw_open(&raw, hellos[i].bytes, hellos[i].size, LUATEE_PROTOCOL_VERSION);
        if (result != TEEC_ERROR_BAD_FORMAT)
            fail_msg("%s: 0x%08x", hellos[i].name, (unsigned)result);
    }
    assert_int_equal(raw_open(&raw, "\x82\x63raw\x17", 6, LUATEE_PROTOCOL_VERSION), TEEC_ERROR_NOT_SUPPORTED);
    assert_int_equal(raw_open(&raw, "\x82\x63raw\x1b\xff\xff\xff\xff\xff\xff\xff\xff", 14, LUATEE_PROTOCOL_VERSION),
                     TEEC_ERROR_NOT_SUPPORTED);
}

static void opening_with_other_parameters_is_refused(void **state)
{
    (void)state;
    static const TEEC_UUID uuid = LUATEE_TA_UUID;
    static const uint32_t types[] = {
        TEEC_PARAM_TYPES(TEEC_NONE, TEEC_NONE, TEEC_NONE, TEEC_NONE),
        TEEC_PARAM_TYPES(TEEC_VALUE_INPUT, TEEC_NONE, TEEC_NONE, TEEC_NONE),
        TEEC_PARAM_TYPES(TEEC_VALUE_INOUT, TEEC_NONE, TEEC_NONE, TEEC_NONE),
        TEEC_PARAM_TYPES(TEEC_VALUE_INOUT, TEEC_VALUE_INOUT, TEEC_NONE, TEEC_NONE),
        TEEC_PARAM_TYPES(TEEC_VALUE_INOUT, TEEC_NONE, TEEC_VALUE_INPUT, TEEC_VALUE_INPUT),
    };
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        TEEC_Operation operation = { 0 };
        uint32_t origin;
        operation.paramTypes = types[i];
        operation.params[0].value.a = LUATEE_PROTOCOL_VERSION;
        assert_int_equal(raw_teec.open_session(&raw.context, &raw.session, &uuid, TEEC_LOGIN_PUBLIC, NULL, &operation,
                                               &origin),
                         TEEC_ERROR_BAD_PARAMETERS);
        assert_int_equal(origin, TEEC_ORIGIN_TRUSTED_APP);
    }
    assert_int_equal(raw_teec.open_session(&raw.context, &raw.session, &uuid, TEEC_LOGIN_PUBLIC, NULL, NULL, NULL),
                     TEEC_ERROR_BAD_PARAMETERS);
}

/* --- commands ----------------------------------------------------------------------------------------------------- */

static void wrong_parameter_types_are_refused(void **state)
{
    (void)state;
    static const uint32_t types[] = {
        TEEC_PARAM_TYPES(TEEC_NONE, TEEC_NONE, TEEC_NONE, TEEC_NONE),
        TEEC_PARAM_TYPES(TEEC_VALUE_INOUT, TEEC_NONE, TEEC_NONE, TEEC_NONE),
        TEEC_PARAM_TYPES(TEEC_VALUE_INPUT, TEEC_VALUE_OUTPUT, TEEC_VALUE_INOUT, TEEC_NONE),
        TEEC_PARAM_TYPES(TEEC_NONE, TEEC_NONE, TEEC_VALUE_INOUT, TEEC_NONE),
        TEEC_PARAM_TYPES(TEEC_MEMREF_PARTIAL_INPUT, TEEC_NONE, TEEC_VALUE_INOUT, TEEC_NONE),
        TEEC_PARAM_TYPES(TEEC_MEMREF_PARTIAL_INPUT, TEEC_MEMREF_PARTIAL_INPUT, TEEC_VALUE_INOUT, TEEC_NONE),
        TEEC_PARAM_TYPES(TEEC_MEMREF_PARTIAL_OUTPUT, TEEC_MEMREF_PARTIAL_OUTPUT, TEEC_VALUE_INOUT, TEEC_NONE),
        TEEC_PARAM_TYPES(TEEC_MEMREF_PARTIAL_INPUT, TEEC_MEMREF_PARTIAL_OUTPUT, TEEC_VALUE_INPUT, TEEC_NONE),
        TEEC_PARAM_TYPES(TEEC_MEMREF_PARTIAL_INPUT, TEEC_MEMREF_PARTIAL_OUTPUT, TEEC_VALUE_INOUT, TEEC_VALUE_INPUT),
    };
    for (uint32_t command = 0; command <= LUATEE_CMD_DEVICE_KEY + 1; command++)
        for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
            TEEC_Operation operation = { 0 };
            operation.paramTypes = types[i];
            for (int p = 0; p < 4; p++) {
                uint32_t type = types[i] >> (4 * p) & 0xf;
                if (type < TEEC_MEMREF_PARTIAL_INPUT)
                    continue;
                operation.params[p].memref.parent = &raw.memory;
                operation.params[p].memref.size = 16;
            }
            if (raw_teec.invoke(&raw.session, command, &operation, &raw.origin) != TEEC_ERROR_BAD_PARAMETERS)
                fail_msg("command %u, types 0x%x", (unsigned)command, (unsigned)types[i]);
            assert_int_equal(raw.origin, TEEC_ORIGIN_TRUSTED_APP);
        }
    assert_works();
}

/* A command with buffers that are NULL, and said to have so many bytes. */
static TEEC_Result command_with_null(uint32_t command, size_t in_size, size_t out_size)
{
    TEEC_Operation operation = { 0 };
    operation.paramTypes = TEEC_PARAM_TYPES(TEEC_MEMREF_TEMP_INPUT, TEEC_MEMREF_TEMP_OUTPUT, TEEC_VALUE_INOUT, TEEC_NONE);
    operation.params[0].tmpref.size = in_size;
    operation.params[1].tmpref.size = out_size;
    TEEC_Result result = raw_teec.invoke(&raw.session, command, &operation, &raw.origin);
    raw.a = operation.params[2].value.a;
    raw.b = operation.params[2].value.b;
    raw.size = operation.params[1].tmpref.size;
    return result;
}

static void buffers_that_are_null(void **state)
{
    (void)state;
    assert_int_equal(raw_command(&raw, LUATEE_CMD_INFO, NULL, 0, 0, 0), TEEC_SUCCESS);
    size_t size = raw.size;
    /* No room at all: the whole answer waits to be fetched, and goes on waiting. */
    static const uint32_t fetching[] = { LUATEE_CMD_INFO, LUATEE_CMD_MORE };
    for (size_t i = 0; i < sizeof(fetching) / sizeof(fetching[0]); i++) {
        assert_int_equal(command_with_null(fetching[i], 0, 0), TEEC_SUCCESS);
        assert_int_equal(raw.size, 0);
        assert_int_equal(raw.b, size);
    }
    assert_int_equal(raw_command(&raw, LUATEE_CMD_MORE, NULL, 0, 0, 0), TEEC_SUCCESS);
    assert_int_equal(raw.size, size);
    assert_int_equal(raw.b, 0);
    for (uint32_t command = LUATEE_CMD_CALL; command <= LUATEE_CMD_DEVICE_KEY; command++) {
        /* Of a size above 0 they are refused, here or on the way. */
        assert_int_not_equal(command_with_null(command, 1, 0), TEEC_SUCCESS);
        assert_int_not_equal(command_with_null(command, 0, 1), TEEC_SUCCESS);
        (void)command_with_null(command, 0, 0);
    }
    assert_works();
}

static void unknown_commands_are_refused(void **state)
{
    (void)state;
    static const uint32_t commands[] = { 0, LUATEE_CMD_DEVICE_KEY + 1, 0x7fffffff, UINT32_MAX };
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        assert_int_equal(raw_command(&raw, commands[i], "\x81\x64" "echo", 6, 0, 0), TEEC_ERROR_BAD_PARAMETERS);
    assert_works();
}

static void values_that_mean_nothing_are_refused(void **state)
{
    (void)state;
    assert_works();
    for (uint32_t command = LUATEE_CMD_CALL; command <= LUATEE_CMD_DEVICE_KEY; command++) {
        if (command == LUATEE_CMD_PART || command == LUATEE_CMD_MORE)
            continue;
        bool has_deadline = command >= LUATEE_CMD_CALL && command <= LUATEE_CMD_CANCEL;
        if (!has_deadline)
            assert_int_equal(raw_command(&raw, command, "\x81\x64" "echo", 6, 1, 0), TEEC_ERROR_BAD_PARAMETERS);
        assert_int_equal(raw_command(&raw, command, "\x81\x64" "echo", 6, 0, 1), TEEC_ERROR_BAD_PARAMETERS);
    }
    assert_int_equal(raw_command(&raw, LUATEE_CMD_INFO, "\x80", 1, 0, 0), TEEC_ERROR_BAD_PARAMETERS);
    assert_works();
}

static void bad_calls_are_refused(void **state)
{
    (void)state;
    static const struct message calls[] = {
        MESSAGE("nothing", ""),
        MESSAGE("no array", "\x64" "echo"),
        MESSAGE("no name", "\x80"),
        MESSAGE("name as bytes", "\x81\x44" "echo"),
        MESSAGE("empty name", "\x81\x60"),
        MESSAGE("name with a slash", "\x81\x64../a"),
        MESSAGE("name of unknown length", "\x81\x7f\x64" "echo\xff"),
        MESSAGE("array of unknown length", "\x9f\x64" "echo\xff"),
        MESSAGE("fewer arguments than it says", "\x83\x64" "echo\x01"),
        MESSAGE("more arguments than it says", "\x82\x64" "echo\x01\x02"),
        MESSAGE("4 billion arguments", "\x9a\xff\xff\xff\xff\x64" "echo\x01"),
        MESSAGE("a tag", "\x82\x64" "echo\xc1\x01"),
        MESSAGE("a string longer than the message", "\x82\x64" "echo\x5a\x00\xff\xff\xff" "x"),
        MESSAGE("a text string", "\x82\x64" "echo\x61x"),
        MESSAGE("duplicate keys", "\x82\x64" "echo\xa2\x01\x01\x01\x01"),
        MESSAGE("an integer not in shortest form", "\x82\x64" "echo\x18\x01"),
        MESSAGE("a string's length not in shortest form", "\x82\x64" "echo\x58\x01x"),
        MESSAGE("a name's length not in shortest form", "\x81\x78\x04" "echo"),
        MESSAGE("a count not in shortest form", "\x98\x01\x64" "echo"),
        MESSAGE("a nil key", "\x82\x64" "echo\xa1\xf6\x01"),
        MESSAGE("a NaN key", "\x82\x64" "echo\xa1\xfb\x7f\xf8\x00\x00\x00\x00\x00\x00\x01"),
        MESSAGE("an integer of 64 bits", "\x82\x64" "echo\x1b\xff\xff\xff\xff\xff\xff\xff\xff"),
    };
    assert_works();
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        TEEC_Result result = raw_command(&raw, LUATEE_CMD_CALL, calls[i].bytes, calls[i].size, 0, 0);
        if (result != TEEC_ERROR_BAD_FORMAT)
            fail_msg("%s: 0x%08x", calls[i].name, (unsigned)result);
        assert_int_equal(raw.size, 0);
        assert_works();
    }
}

static void an_answer_nobody_asked_for_is_refused(void **state)
{
    (void)state;
    uint8_t script[256] = { 0x83 };
    size_t size = 1 + raw_script(script + 1, "return 1");
    assert_int_equal(raw_command(&raw, LUATEE_CMD_SUPPLY_SCRIPT, script, size, 0, 0), TEEC_ERROR_BAD_STATE);
    assert_works();
    assert_int_equal(raw_command(&raw, LUATEE_CMD_SUPPLY_SCRIPT, script, size, 0, 0), TEEC_ERROR_BAD_STATE);
    assert_works();
}

static void ask(const char *name)
{
    uint8_t call[80] = { 0x81 };
    call[1] = (uint8_t)(0x60 + strlen(name));
    memcpy(call + 2, name, strlen(name));
    assert_int_equal(raw_command(&raw, LUATEE_CMD_CALL, call, 2 + strlen(name), 0, 0), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_NEED_SCRIPT);
    assert_int_equal(raw_response(&raw)[1], 0xf6);
    assert_memory_equal(raw_response(&raw) + 3, name, strlen(name));
}

static void a_call_in_between_is_refused(void **state)
{
    (void)state;
    ask("later");
    assert_int_equal(raw_command(&raw, LUATEE_CMD_CALL, "\x81\x64" "echo", 6, 0, 0), TEEC_ERROR_BAD_STATE);
    uint8_t script[256] = { 0x83 };
    size_t size = 1 + raw_script(script + 1, "return 7");
    assert_int_equal(raw_command(&raw, LUATEE_CMD_SUPPLY_SCRIPT, script, size, 0, 0), TEEC_SUCCESS);
    assert_memory_equal(raw_response(&raw), "\x82\xf6\x07", 3);
    assert_works();
}

static void bad_answers_are_refused_and_the_question_stays(void **state)
{
    (void)state;
    uint8_t script[256] = { 0x83 };
    size_t size = 1 + raw_script(script + 1, "return 7");
    ask("later");
    for (size_t i = 4; i < 4 + LUATEE_DIGEST_SIZE; i++) { /* every byte of the digest */
        script[i] ^= 1;
        assert_int_equal(raw_command(&raw, LUATEE_CMD_SUPPLY_SCRIPT, script, size, 0, 0), TEEC_ERROR_SECURITY);
        script[i] ^= 1;
    }
    script[size - 1] ^= 1; /* and of the script */
    assert_int_equal(raw_command(&raw, LUATEE_CMD_SUPPLY_SCRIPT, script, size, 0, 0), TEEC_ERROR_SECURITY);
    script[size - 1] ^= 1;
    for (size_t cut = 0; cut < size; cut++)
        assert_int_equal(raw_command(&raw, LUATEE_CMD_SUPPLY_SCRIPT, script, cut, 0, 0), TEEC_ERROR_BAD_FORMAT);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_DECLINE_SCRIPT, "\x81\x43why", 5, 0, 0), TEEC_ERROR_BAD_FORMAT);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_DECLINE_SCRIPT, "\x80", 1, 0, 0), TEEC_ERROR_BAD_FORMAT);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_DECLINE_SCRIPT, "\x82\x63why\x01", 6, 0, 0), TEEC_ERROR_BAD_FORMAT);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_SUPPLY_SCRIPT, script, size, 0, 0), TEEC_SUCCESS);
    assert_memory_equal(raw_response(&raw), "\x82\xf6\x07", 3);
}

static void a_declined_script_is_an_error_with_the_reason(void **state)
{
    (void)state;
    ask("later");
    assert_int_equal(raw_command(&raw, LUATEE_CMD_DECLINE_SCRIPT, "\x81\x67no such", 9, 0, 0), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_RAISED);
    assert_memory_equal(raw_response(&raw), "\x83\xf6\x47no such", 10);
    assert_works();
}

/* --- messages in pieces ------------------------------------------------------------------------------------------- */

static TEEC_Result part(const void *bytes, size_t size, uint32_t total)
{
    return raw_command(&raw, LUATEE_CMD_PART, bytes, size, total, 0);
}

static void a_request_in_pieces(void **state)
{
    (void)state;
    assert_works();
    assert_int_equal(part("\x82\x64", 2, 7), TEEC_SUCCESS);
    assert_int_equal(raw.size, 0);
    assert_int_equal(part("ec", 2, 7), TEEC_SUCCESS);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_CALL, "ho\x09", 3, 0, 0), TEEC_SUCCESS);
    assert_memory_equal(raw_response(&raw), "\x82\xf6\x09", 3);
}

static void pieces_that_do_not_add_up_are_refused(void **state)
{
    (void)state;
    assert_works();
    assert_int_equal(part("\x82\x64", 2, 2), TEEC_ERROR_BAD_PARAMETERS); /* nothing left for the command */
    assert_int_equal(part("\x82\x64", 2, 1), TEEC_ERROR_BAD_PARAMETERS);
    assert_int_equal(part("\x82\x64", 2, 0), TEEC_ERROR_BAD_PARAMETERS);
    assert_int_equal(part("", 0, 7), TEEC_ERROR_BAD_PARAMETERS);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_PART, "\x82\x64", 2, 7, 1), TEEC_ERROR_BAD_PARAMETERS);
    assert_int_equal(part("\x82\x64", 2, LUATEE_MESSAGE_MAX + 1), TEEC_ERROR_EXCESS_DATA);
    assert_int_equal(part("\x82\x64", 2, UINT32_MAX), TEEC_ERROR_EXCESS_DATA);

    assert_int_equal(part("\x82\x64", 2, 7), TEEC_SUCCESS);
    assert_int_equal(part("ec", 2, 8), TEEC_ERROR_BAD_PARAMETERS); /* another total */
    assert_int_equal(part("\x82\x64", 2, 7), TEEC_SUCCESS);        /* begins anew */
    assert_int_equal(part("echo\x09", 5, 7), TEEC_ERROR_BAD_PARAMETERS);
    assert_int_equal(part("\x82\x64", 2, 7), TEEC_SUCCESS);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_CALL, "echo", 4, 0, 0), TEEC_ERROR_BAD_PARAMETERS);
    assert_int_equal(part("\x82\x64", 2, 7), TEEC_SUCCESS);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_CALL, "echo\x09\x09", 6, 0, 0), TEEC_ERROR_BAD_PARAMETERS);
    assert_int_equal(part("\x82\x64", 2, 7), TEEC_SUCCESS);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_CALL, "\x82\x64" "echo\x09", 7, 0, 0), TEEC_ERROR_BAD_PARAMETERS);
    assert_works(); /* each mistake dropped the pieces */
}

static void largest_and_one_more(void **state)
{
    (void)state;
    uint8_t first[16] = { 0x82, 0x64, 'e', 'c', 'h', 'o', 0x5a };
    uint32_t size = LUATEE_MESSAGE_MAX - 11;
    first[7] = (uint8_t)(size >> 24);
    first[8] = (uint8_t)(size >> 16);
    first[9] = (uint8_t)(size >> 8);
    first[10] = (uint8_t)size;
    assert_int_equal(raw_call(&raw, "echo", "return select('#', ...)", "", 0, 0), TEEC_SUCCESS);
    assert_int_equal(part(first, 11, LUATEE_MESSAGE_MAX), TEEC_SUCCESS);
    uint8_t *zeros = calloc(1, LUATEE_BUFFER_SIZE);
    uint32_t left = size;
    for (; left > LUATEE_BUFFER_SIZE; left -= LUATEE_BUFFER_SIZE)
        assert_int_equal(part(zeros, LUATEE_BUFFER_SIZE, LUATEE_MESSAGE_MAX), TEEC_SUCCESS);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_CALL, zeros, left, 0, 0), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_DONE);
    assert_memory_equal(raw_response(&raw), "\x82\xf6\x01", 3);
    free(zeros);
}

static void a_response_in_pieces(void **state)
{
    (void)state;
    enum { LENGTH = 50000 };
    size_t total = 5 + LENGTH; /* [nil, bytes with a head of 3] */
    uint8_t *whole = malloc(total);
    assert_int_equal(raw_call(&raw, "big", "N = (N or 0) + 1 return ('x'):rep(49999) .. N", "", 0, 0), TEEC_SUCCESS);
    assert_int_equal(raw.size, LUATEE_BUFFER_SIZE);
    assert_int_equal(raw.b, total - LUATEE_BUFFER_SIZE);
    memcpy(whole, raw_response(&raw), raw.size);
    for (int twice = 0; twice < 2; twice++)
        for (size_t at = raw.size; at < total;) {
            assert_int_equal(raw_command(&raw, LUATEE_CMD_MORE, "", 0, (uint32_t)at, 0), TEEC_SUCCESS);
            memcpy(whole + at, raw_response(&raw), raw.size);
            at += raw.size;
            assert_int_equal(raw.b, total - at);
            if (at == total)
                break;
        }
    assert_memory_equal(whole, "\x82\xf6\x59\xc3\x50", 5);
    for (size_t i = 5; i < total - 1; i++)
        assert_int_equal(whole[i], 'x');
    assert_int_equal(whole[total - 1], '1');
    assert_int_equal(raw_command(&raw, LUATEE_CMD_MORE, "", 0, (uint32_t)total, 0), TEEC_ERROR_BAD_PARAMETERS);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_MORE, "", 0, UINT32_MAX, 0), TEEC_ERROR_BAD_PARAMETERS);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_MORE, "", 0, 0, 1), TEEC_ERROR_BAD_PARAMETERS);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_MORE, "x", 1, 0, 0), TEEC_ERROR_BAD_PARAMETERS);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_MORE, "", 0, 0, 0), TEEC_SUCCESS);
    free(whole);
    assert_works();
    assert_int_equal(raw_command(&raw, LUATEE_CMD_MORE, "", 0, 0, 0), TEEC_ERROR_BAD_PARAMETERS); /* gone */
}

/* --- store -------------------------------------------------------------------------------------------------------- */

static void bad_store_requests_are_refused(void **state)
{
    (void)state;
    uint8_t add[256] = { 0x84, 0x61, 's' };
    size_t size = 3 + raw_script(add + 3, "return 1");
    for (size_t cut = 0; cut < size; cut++)
        assert_int_equal(raw_command(&raw, LUATEE_CMD_STORE_ADD, add, cut, 0, 0), TEEC_ERROR_BAD_FORMAT);
    add[size - 1] ^= 1;
    assert_int_equal(raw_command(&raw, LUATEE_CMD_STORE_ADD, add, size, 0, 0), TEEC_ERROR_SECURITY);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_STORE_REMOVE, "\x82\x61s\x00", 4, 0, 0), TEEC_ERROR_ITEM_NOT_FOUND);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_STORE_REMOVE, "\x82\x61s\x01", 4, 0, 0), TEEC_ERROR_BAD_FORMAT);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_STORE_REMOVE, "\x81\x61s", 3, 0, 0), TEEC_ERROR_BAD_FORMAT);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_STORE_REMOVE, "\x82\x62/s\x00", 5, 0, 0), TEEC_ERROR_BAD_FORMAT);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_STORE_LIST, "\xf6", 1, 0, 0), TEEC_SUCCESS);
    assert_memory_equal(raw_response(&raw), "\x80", 1);

    add[size - 1] ^= 1;
    assert_int_equal(raw_command(&raw, LUATEE_CMD_STORE_ADD, add, size, 0, 0), TEEC_SUCCESS);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_STORE_LIST, "\xf6", 1, 0, 0), TEEC_SUCCESS);
    assert_memory_equal(raw_response(&raw), "\x81\x84\x61s\x00\x58\x20", 7);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_STORE_LIST, "\x82\x61r\x61s", 5, 0, 0), TEEC_SUCCESS);
    assert_memory_equal(raw_response(&raw), "\x81\x84\x61s\x00\x58\x20", 7);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_STORE_LIST, "\x81\x61r", 3, 0, 0), TEEC_SUCCESS);
    assert_memory_equal(raw_response(&raw), "\x80", 1);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_STORE_LIST, "\x80", 1, 0, 0), TEEC_SUCCESS);
    assert_memory_equal(raw_response(&raw), "\x80", 1);
    static const char *const bad[] = { "\x81",     "\x82\x61s",        "\x80\x80", "\x61s", "\x81\x61/",
                                       "\x81\x01", "\x9b\xff\xff\xff", "\xf6\xf6", "" };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(raw_command(&raw, LUATEE_CMD_STORE_LIST, bad[i], (uint32_t)strlen(bad[i]), 0, 0),
                         TEEC_ERROR_BAD_FORMAT);
    for (int more = 0; more <= 1; more++) { /* 1,024 names, which is the limit; and one more */
        uint8_t many[3 + 2 * (LUATEE_STORE_NAMES_MAX + 1)] = { 0x99, LUATEE_STORE_NAMES_MAX >> 8, (uint8_t)more };
        for (size_t i = 3; i < sizeof(many); i += 2)
            memcpy(many + i, "\x61r", 2);
        assert_int_equal(raw_command(&raw, LUATEE_CMD_STORE_LIST, many, (uint32_t)sizeof(many) - (more ? 0 : 2), 0, 0),
                         more ? TEEC_ERROR_BAD_FORMAT : TEEC_SUCCESS);
    }
    assert_int_equal(raw_command(&raw, LUATEE_CMD_STORE_REMOVE, "\x82\x61s\x00", 4, 0, 0), TEEC_SUCCESS);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_STORE_REMOVE, "\x82\x61s\x00", 4, 0, 0), TEEC_ERROR_ITEM_NOT_FOUND);
    assert_works();
}

/* --- at random ---------------------------------------------------------------------------------------------------- */

static uint32_t random_state = 12345;

static uint32_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

/* A good call of echo with a few bytes changed, cut or added; any command; sometimes in pieces. */
static void random_messages(void **state)
{
    (void)state;
    static const char good[] =
        "\x85\x64" "echo\x82\x01\x41x\xa1\x41k\xfb\x3f\xf8\x00\x00\x00\x00\x00\x00"
        "\xf6\x3b\x00\x00\x00\x00\x00\x00\x00\x10";
    assert_works();
    int messages = session_messages();
    for (int i = 0; i < messages; i++) {
        uint8_t bytes[64];
        size_t size = sizeof(good) - 1;
        memcpy(bytes, good, size);
        for (uint32_t n = next_random() % 4; n > 0; n--)
            bytes[next_random() % size] = (uint8_t)next_random();
        if (next_random() % 4 == 0)
            size = next_random() % sizeof(bytes);
        uint32_t command = next_random() % 3 ? LUATEE_CMD_CALL : next_random() % (LUATEE_CMD_DEVICE_KEY + 2);
        uint32_t a = next_random() % 8 ? 0 : next_random() % 128;
        uint32_t b = next_random() % 16 ? 0 : next_random();
        TEEC_Result result = raw_command(&raw, command, bytes, size, a, b);
        if (result == TEEC_ERROR_TARGET_DEAD || result == TEEC_ERROR_COMMUNICATION)
            fail_msg("message %d ended the TA", i);
    }
    /* A question may be left open. */
    (void)raw_command(&raw, LUATEE_CMD_DECLINE_SCRIPT, "\x81\x61x", 3, 0, 0);
    assert_works();
}

static atomic_bool racing;

static void *race(void *argument)
{
    uint8_t *bytes = argument;
    uint32_t i = 0;
    while (racing) {
        ((volatile uint8_t *)bytes)[7 + i % 24] ^= (uint8_t)(1u << (i % 8));
        i += 7;
    }
    return NULL;
}

/* Another thread writes the request while the TA reads it: any answer will do, but it must be an answer. */
static void a_request_that_changes_while_it_is_read(void **state)
{
    (void)state;
    static const char good[] = "\x83\x64" "echo\x58\x10" "0123456789abcdef\xa1\x41k\x83\x01\x02\x03";
    assert_works();
    memcpy(raw_request(&raw), good, sizeof(good) - 1);
    racing = true;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, race, raw_request(&raw)), 0);
    int dead = 0;
    for (int i = 0; i < RACED_CALLS; i++) {
        TEEC_Result result = raw_command(&raw, LUATEE_CMD_CALL, NULL, sizeof(good) - 1, 0, 0);
        dead += result != TEEC_SUCCESS && result != TEEC_ERROR_BAD_FORMAT;
    }
    racing = false;
    pthread_join(thread, NULL);
    assert_int_equal(dead, 0);
    assert_works();
}

/* Starts a script that never ends, and lets its first slice be over. */
static void run_forever(void)
{
    assert_int_equal(raw_call(&raw, "forever", "while true do end", NULL, 0, 0), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_SLICE_OVER);
    assert_int_equal(raw.size, 2);
    assert_memory_equal(raw_response(&raw), "\x81\xf6", 2);
}

static void cancel(const char *request, const char *text)
{
    assert_int_equal(raw_command(&raw, LUATEE_CMD_CANCEL, request, 2, 0, 0), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_RAISED);
    assert_memory_equal(raw_response(&raw) + 2 + (strlen(text) < 24 ? 1 : 2), text, strlen(text));
    assert_works();
}

static void a_slice_is_over_and_goes_on(void **state)
{
    (void)state;
    run_forever();
    for (int i = 0; i < 10; i++) {
        assert_int_equal(raw_command(&raw, LUATEE_CMD_CONTINUE, NULL, 0, 0, 0), TEEC_SUCCESS);
        assert_int_equal(raw.a, LUATEE_ANSWER_SLICE_OVER);
    }
    cancel("\x81\x01", "cancelled");
    run_forever();
    cancel("\x81\x02", "cancelled: the deadline is over");
}

static void what_does_not_answer_a_slice_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } bad[] = {
        { "", 0 }, { "\x80", 1 }, { "\x81\x00", 2 }, { "\x81\x03", 2 }, { "\x81\x18\x18", 3 }, { "\x82\x01\x01", 3 },
        { "\x81\x20", 2 }, { "\x81\xf6", 2 }, { "\x81\x1b\x01\0\0\0\0\0\0\0", 10 },
    };
    static const struct {
        uint32_t command;
        const char *bytes;
        size_t size;
    } others[] = {
        { LUATEE_CMD_HOST_RETURNED, "\x80", 1 },
        { LUATEE_CMD_HOST_RAISED, "\x82\x08\x40", 3 },
        { LUATEE_CMD_DECLINE_SCRIPT, "\x81\x61x", 3 },
    };
    uint8_t script[256] = { 0x83 };
    size_t size = 1 + raw_script(script + 1, "return 7");
    run_forever();
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(raw_command(&raw, LUATEE_CMD_CANCEL, bad[i].bytes, bad[i].size, 0, 0), TEEC_ERROR_BAD_FORMAT);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_CONTINUE, "\x80", 1, 0, 0), TEEC_ERROR_BAD_FORMAT);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) /* they answer something else */
        assert_int_equal(raw_command(&raw, others[i].command, others[i].bytes, others[i].size, 0, 0),
                         TEEC_ERROR_BAD_STATE);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_SUPPLY_SCRIPT, script, size, 0, 0), TEEC_ERROR_BAD_STATE);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_CALL, "\x81\x64" "echo", 6, 0, 0), TEEC_ERROR_BAD_STATE);
    cancel("\x81\x01", "cancelled");
    ask("later");
    assert_int_equal(raw_command(&raw, LUATEE_CMD_CANCEL, "\x81\x01", 2, 0, 0), TEEC_ERROR_BAD_STATE);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_SUPPLY_SCRIPT, script, size, 0, 0), TEEC_SUCCESS);
    assert_memory_equal(raw_response(&raw), "\x82\xf6\x07", 3);
    assert_int_equal(raw_command(&raw, LUATEE_CMD_CONTINUE, NULL, 0, 0, 0), TEEC_ERROR_BAD_STATE);
    assert_works();
}

static void limits_in_the_hello_message(void **state)
{
    (void)state;
    static const struct message bad[] = {
        MESSAGE("one limit", "\x83\x63raw\x02\x01"),
        MESSAGE("memory of nil", "\x84\x63raw\x02\x01\xf6"),
        MESSAGE("negative fuel", "\x84\x63raw\x02\x20\x01"),
        MESSAGE("three limits", "\x85\x63raw\x02\x01\x01\x01"),
        MESSAGE("memory of 1", "\x84\x63raw\x02\x01\x01"),
        MESSAGE("memory of 40,000", "\x84\x63raw\x02\x01\x19\x9c\x40"),
        MESSAGE("memory of 131,071", "\x84\x63raw\x02\x00\x1a\x00\x01\xff\xff"),
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (raw_open(&raw, bad[i].bytes, bad[i].size, LUATEE_PROTOCOL_VERSION) != TEEC_ERROR_BAD_FORMAT)
            fail_msg("%s", bad[i].name);
    /* 1,000 units of fuel. */
    assert_int_equal(raw_open(&raw, "\x84\x63raw\x02\x19\x03\xe8\x00", 10, LUATEE_PROTOCOL_VERSION), TEEC_SUCCESS);
    raw_decline_manifest(&raw);
    assert_int_equal(raw_call(&raw, "forever", "while true do end", NULL, 0, 0), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_RAISED);
    assert_works();
    raw_close(&raw);
    /* LUATEE_MEMORY_MIN: little, but a session. */
    assert_int_equal(raw_open(&raw, "\x84\x63raw\x02\x00\x1a\x00\x02\x00\x00", 12, LUATEE_PROTOCOL_VERSION),
                     TEEC_SUCCESS);
    raw_decline_manifest(&raw);
    assert_works();
    assert_int_equal(raw_call(&raw, "large", "return ('x'):rep(100000)", NULL, 0, 0), TEEC_SUCCESS);
    assert_int_equal(raw.a, LUATEE_ANSWER_RAISED);
    assert_works();
    assert_int_equal(raw_command(&raw, LUATEE_CMD_INFO, NULL, 0, 0, 0), TEEC_SUCCESS);
    raw_close(&raw);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define OPENING(name) cmocka_unit_test_setup_teardown(name, setup_closed, teardown_closed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_call_works),
        OPENING(another_version_is_refused_with_ours),
        OPENING(bad_hello_is_refused),
        OPENING(opening_with_other_parameters_is_refused),
        TEST(wrong_parameter_types_are_refused),
        TEST(buffers_that_are_null),
        TEST(unknown_commands_are_refused),
        TEST(values_that_mean_nothing_are_refused),
        TEST(bad_calls_are_refused),
        TEST(an_answer_nobody_asked_for_is_refused),
        TEST(a_call_in_between_is_refused),
        TEST(bad_answers_are_refused_and_the_question_stays),
        TEST(a_declined_script_is_an_error_with_the_reason),
        TEST(a_request_in_pieces),
        TEST(pieces_that_do_not_add_up_are_refused),
        TEST(largest_and_one_more),
        TEST(a_response_in_pieces),
        TEST(bad_store_requests_are_refused),
        TEST(random_messages),
        TEST(a_slice_is_over_and_goes_on),
        TEST(what_does_not_answer_a_slice_is_refused),
        OPENING(limits_in_the_hello_message),
        TEST(a_request_that_changes_while_it_is_read),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + session_calls() + session_cancels() + session_order();
}
