/* SPDX-License-Identifier: BSD-2-Clause */
/* A refusal of the TA as a message for a person: each reason has a hint of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "client/base/error.h"
#include "client/engine/refusal.h"
#include "client/engine/session.h"
#include "core/codec/writer.h"
#include "core/package/parse.h"

static luatee_error error;

/* Has luatee_refused() read a response with this message. */
static luatee_status refused(const char *message)
{
    static luatee_session session = { .app.name = "an_app" };
    uint8_t bytes[LUATEE_ERROR_SIZE + 16];
    struct writer out;
    session.over = false;
    writer_begin(&out, bytes, sizeof(bytes));
    writer_array(&out, 2);
    writer_nil(&out); /* no log */
    writer_bytes(&out, message, strlen(message));
    struct luatee_buffer response = { bytes, writer_size(&out), sizeof(bytes) };
    return luatee_refused(&session, &response, &error);
}

static void assert_says(const char *message, const char *words)
{
    assert_int_equal(refused(message), LUATEE_REFUSED);
    if (strstr(luatee_error_message(&error), words) == NULL)
        fail_msg("'%s' is not in: %s", words, luatee_error_message(&error));
}

/* Advice follows the reason, after a colon in the TA's own words or after the semicolon of a hint; never both. */
static void every_check_of_a_package_has_advice(void **state)
{
    static const char beginning[] = "script 'one' is refused: ";
    char message[LUATEE_ERROR_SIZE];
    (void)state;
    for (int check = PACKAGE_TOO_LARGE; check <= PACKAGE_BAD_CIPHERTEXT; check++) {
        const char *reason = package_check_text((enum package_check)check);
        (void)snprintf(message, sizeof(message), "%s%s", beginning, reason);
        assert_says(message, reason);
        const char *said = luatee_error_message(&error) + strlen(beginning);
        bool own = strstr(reason, ": ") != NULL && check != PACKAGE_BAD_SIGNATURE; /* its colon explains */
        bool hint = strstr(said, "; ") != NULL;
        if (own == hint)
            fail_msg("advice is %s in: %s", own ? "twice" : "missing", said);
    }
}

static void the_hint_fits_the_reason(void **state)
{
    char message[LUATEE_ERROR_SIZE];
    (void)state;
    (void)snprintf(message, sizeof(message), "script 'a' is refused: %s",
                   package_check_text(PACKAGE_UNKNOWN_PUBLISHER));
    assert_says(message, "; pack with a key that `luatee info` lists");
    (void)snprintf(message, sizeof(message), "script 'a' is refused: %s", package_check_text(PACKAGE_BAD_CIPHERTEXT));
    assert_says(message, "; pack the app again with `luatee pack`");
    assert_says("the manifest is refused: it revokes more keys than the TEE can store", "shorten `revoke`");
    assert_says("the manifest is refused: a reason of a newer TA", "a reason of a newer TA");
    assert_null(strstr(luatee_error_message(&error), ";"));
}

static void a_release_ta_gives_no_reason(void **state)
{
    (void)state;
    assert_says("refused", "a package of app 'an_app'");
    assert_says("refused", "`luatee info`");
}

static void a_malformed_refusal(void **state)
{
    (void)state;
    assert_int_equal(refused(""), LUATEE_FAILED);
    assert_non_null(strstr(luatee_error_message(&error), "makes no sense"));
}

/* The reason that a real TA gives, word for word. */
static void bytecode_without_a_package(void **state)
{
    luatee_session *session;
    luatee_options options = { .app = CLIENT_TEST_APP, .backend = LUATEE_SIM, .plaintext = true };
    (void)state;
    assert_int_equal(luatee_open(&options, &session, &error), LUATEE_OK);
    assert_int_equal(luatee_call(session, "bytecode", NULL, NULL, &error), LUATEE_REFUSED);
    assert_non_null(strstr(luatee_error_message(&error), "; use the Lua source"));
    luatee_close(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_check_of_a_package_has_advice), cmocka_unit_test(the_hint_fits_the_reason),
        cmocka_unit_test(a_release_ta_gives_no_reason),        cmocka_unit_test(a_malformed_refusal),
        cmocka_unit_test(bytecode_without_a_package),
    };
    return cmocka_run_group_tests_name("client_engine_refusal", tests, NULL, NULL);
}
