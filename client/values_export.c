/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/name.h"
#include "client/base/error.h"
#include "client/engine/session.h"
#include "client/exports.h"
#include "client/values.h"

struct luatee_export {
    struct luatee_export *next;
    luatee_export_function function; /* NULL: not exported any more */
    void *context;
    char name[LUATEE_NAME_MAX + 1];
};

static struct luatee_export *find(const luatee_session *session, const char *name, size_t size)
{
    for (struct luatee_export *e = session->exports; e != NULL; e = e->next)
        if (strlen(e->name) == size && memcmp(e->name, name, size) == 0)
            return e;
    return NULL;
}

luatee_status luatee_export(luatee_session *session, const char *name, luatee_export_function function, void *context,
                            luatee_error *error)
{
    if (!luatee_name_valid(name, strlen(name)))
        return luatee_error_set(
            error, LUATEE_USAGE,
            "'%.80s' cannot be an export's name: use 1 to %d of A-Z a-z 0-9 _ - . and no leading dot", name,
            LUATEE_NAME_MAX);
    luatee_status status = LUATEE_OK;
    luatee_lock(session);
    struct luatee_export *e = find(session, name, strlen(name));
    if (e == NULL && function != NULL) {
        e = calloc(1, sizeof(*e));
        if (e == NULL) {
            status = luatee_error_memory(error);
            goto out;
        }
        memcpy(e->name, name, strlen(name) + 1);
        e->next = session->exports;
        session->exports = e;
    }
    if (e != NULL) {
        e->function = function;
        e->context = context;
    }
out:
    luatee_unlock(session);
    return status;
}

void luatee_exports_free(luatee_session *session)
{
    struct luatee_export *next;
    for (struct luatee_export *e = session->exports; e != NULL; e = next) {
        next = e->next;
        free(e);
    }
    session->exports = NULL;
}

/* Puts a message in place of results. */
static void put_message(luatee_values *results, const char *name, const char *what)
{
    char message[LUATEE_ERROR_SIZE + LUATEE_NAME_MAX + sizeof("host function '': ")];
    (void)snprintf(message, sizeof(message), "host function '%s': %s", name, what);
    luatee_values_clear(results);
    luatee_put_string(results, message);
}

/* Returns true with results, or false with one error value. */
static bool run(const struct luatee_export *e, const char *name, luatee_session *session, luatee_values *arguments,
                luatee_values *results)
{
    luatee_error error;
    if (e == NULL || e->function == NULL) {
        put_message(results, name, "the host exports no function of this name");
        return false;
    }
    bool fine = e->function(e->context, arguments, results);
    luatee_error_init(&error);
    bool foreign = results->borrowed != NULL && results->borrowed != session->borrowed;
    if (luatee_values_status(results, &error) != LUATEE_OK || foreign) {
        put_message(results, name, foreign ? "a function of another session cannot be a result" : error.message);
        return false;
    }
    if (!fine && luatee_count(results) != 1)
        put_message(results, name, "it failed");
    return fine;
}

/* Reads the target. Sets `name` to it, or to "?" for a function, and *e to the export of that name, or to NULL. Returns
 * false for a malformed message. */
static bool read_target(struct call *call, char name[LUATEE_NAME_MAX + 1], const struct luatee_export **e)
{
    size_t size;
    uint64_t number;
    memcpy(name, "?", sizeof("?"));
    *e = NULL;
    if (call->items == 0)
        return false;
    if (cursor_tagged(&call->in, LUATEE_TAG_HOST_FUNCTION, &number)) /* C programs lend no functions */
        return true;
    const char *text = cursor_text(&call->in, 1, LUATEE_NAME_MAX, &size);
    if (text == NULL || !luatee_name_valid(text, size))
        return false;
    memcpy(name, text, size);
    name[size] = '\0';
    *e = find(call->session, text, size);
    return true;
}

luatee_status luatee_export_run(struct call *call, luatee_values *results, bool *raised)
{
    luatee_session *session = call->session;
    char name[LUATEE_NAME_MAX + 1];
    const struct luatee_export *e;
    luatee_values arguments;
    luatee_values_init(&arguments);
    bool ok = read_target(call, name, &e);
    /* The arguments stay in the response that they came in. */
    *luatee_values_buffer(&arguments) = call->response.buffer;
    call->response.buffer = (struct luatee_buffer){ 0 };
    ok = ok && luatee_values_adopt(&arguments, &call->in, call->items - 1, session->borrowed) &&
         cursor_finish(&call->in);
    if (ok)
        *raised = !run(e, name, session, &arguments, results);
    luatee_values_drop(&arguments);
    return ok ? LUATEE_OK : luatee_bad_answer(session, call->error);
}
