/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions of a C program that trusted scripts may call. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/name.h"
#include "client/internal.h"
#include "client/values.h"

struct luatee_export {
    struct luatee_export *next;
    luatee_export_function function; /* NULL: ended */
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

/* Writes host-returned = [* released, * result], or host-raised = [* released, error, traceback]; the values are
 * encoded already. */
static luatee_status write_returned(luatee_session *session, bool fine, luatee_values *results,
                                    struct luatee_buffer *answer, luatee_error *error)
{
    size_t size, released = luatee_released_pick(session->borrowed);
    const uint8_t *body = luatee_values_bytes(results, &size);
    answer->size = 0;
    if (!luatee_buffer_reserve(answer, size + 32 + 16 * released))
        return luatee_error_memory(error);
    struct writer w;
    writer_begin(&w, answer->data, answer->capacity);
    writer_array(&w, released + luatee_count(results) + !fine);
    luatee_released_write(session->borrowed, &w);
    writer_raw(&w, body, size);
    if (!fine)
        writer_bytes(&w, "", 0); /* no traceback: these are not Lua's functions */
    answer->size = writer_size(&w);
    return LUATEE_OK;
}

/* What the trusted script gets in place of results. */
static void say(luatee_values *results, const char *name, const char *what)
{
    char message[LUATEE_ERROR_SIZE + LUATEE_NAME_MAX + sizeof("host function '': ")];
    (void)snprintf(message, sizeof(message), "host function '%s': %s", name, what);
    luatee_values_clear(results);
    luatee_put_string(results, message);
}

/* Returns whether there are results; otherwise they are one error value. */
static bool run(const struct luatee_export *e, const char *name, luatee_session *session, luatee_values *arguments,
                luatee_values *results)
{
    luatee_error error;
    if (e == NULL || e->function == NULL) {
        say(results, name, "the host exports no function of this name");
        return false;
    }
    bool fine = e->function(e->context, arguments, results);
    luatee_error_init(&error);
    bool foreign = results->borrowed != NULL && results->borrowed != session->borrowed;
    if (luatee_values_status(results, &error) != LUATEE_OK || foreign) {
        say(results, name, foreign ? "a function of another session cannot be a result" : error.message);
        return false;
    }
    if (!fine && luatee_count(results) != 1)
        say(results, name, "it failed");
    return fine;
}

luatee_status luatee_export_run(luatee_session *session, struct cursor *in, uint64_t count,
                                struct luatee_buffer *response, struct luatee_buffer *answer,
                                enum luatee_command *command, luatee_error *error)
{
    const char *text;
    size_t size;
    uint64_t number;
    char name[LUATEE_NAME_MAX + 1] = "?";
    luatee_values arguments, results;
    luatee_values_init(&arguments);
    luatee_values_init(&results);
    /* The arguments stay in the response they came in; whatever is called meanwhile gets another. */
    arguments.buffer = *response;
    *response = (struct luatee_buffer){ 0 };

    luatee_status status = LUATEE_OK;
    const struct luatee_export *e = NULL;
    bool known = count > 0; /* what the message begins with */
    if (known && !cursor_tagged(in, LUATEE_TAG_HOST_FUNCTION, &number)) {
        text = cursor_text(in, 1, LUATEE_NAME_MAX, &size);
        known = text != NULL && luatee_name_valid(text, size);
        if (known) {
            memcpy(name, text, size);
            name[size] = '\0';
            e = find(session, text, size);
        }
    }
    if (!known || !luatee_values_adopt(&arguments, in, count - 1, session->borrowed) || !cursor_finish(in)) {
        status = luatee_bad_answer(session, error);
        goto out;
    }
    bool fine = run(e, name, session, &arguments, &results);
    *command = fine ? LUATEE_CMD_HOST_RETURNED : LUATEE_CMD_HOST_RAISED;
    status = write_returned(session, fine, &results, answer, error);
out:
    luatee_values_drop(&arguments);
    luatee_values_drop(&results);
    return status;
}
