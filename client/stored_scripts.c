/* SPDX-License-Identifier: BSD-2-Clause */
/* Scripts in the TEE's secure storage. The public functions lock the session. */
#include <stdlib.h>
#include <string.h>

#include "client/base/error.h"
#include "client/base/scripts.h"
#include "client/engine/exchange.h"
#include "client/engine/refusal.h"
#include "client/engine/script_message.h"
#include "client/engine/session.h"
#include "core/codec/cursor.h"
#include "core/package/parse.h"

_Static_assert(sizeof(((luatee_stored *)0)->script) == LUATEE_NAME_MAX + 1, "luatee.h and abi/limits.h");
_Static_assert(sizeof(((luatee_stored *)0)->digest) == LUATEE_DIGEST_SIZE, "luatee.h and abi/limits.h");

/* Sends a command whose answer is DONE or REFUSED. */
static luatee_status send(luatee_session *session, enum luatee_command command, const struct luatee_buffer *message,
                          luatee_error *error)
{
    struct luatee_response response = { 0 };
    luatee_status status = luatee_exchange(session, command, message->data, message->size, &response, error);
    if (status == LUATEE_OK && response.answer == LUATEE_ANSWER_REFUSED)
        status = luatee_refused(session, &response.buffer, error);
    else if (status == LUATEE_OK && response.answer != LUATEE_ANSWER_DONE)
        status = luatee_bad_answer(session, error);
    luatee_buffer_free(&response.buffer);
    return status;
}

/* --- the list */

/* [script: name, kind, digest, size: uint] */
static bool parse_stored(struct cursor *in, luatee_stored *stored)
{
    size_t name_size;
    cursor_expect_array(in, 4);
    const char *name = cursor_text(in, 1, LUATEE_NAME_MAX, &name_size);
    stored->manifest = cursor_uint(in) == LUATEE_KIND_MANIFEST;
    const uint8_t *digest = cursor_bytes_of(in, LUATEE_DIGEST_SIZE);
    stored->size = cursor_uint(in);
    if (in->failure != CURSOR_FINE || !luatee_name_valid(name, name_size))
        return false;
    memcpy(stored->script, name, name_size);
    stored->script[name_size] = '\0';
    memcpy(stored->digest, digest, LUATEE_DIGEST_SIZE);
    return true;
}

/* The fewest bytes that one entry can take: its digest and the heads around it. */
#define STORED_SIZE_MIN (LUATEE_DIGEST_SIZE + 7)

static int compare_stored(const void *a, const void *b)
{
    const luatee_stored *one = a, *other = b;
    if (one->manifest != other->manifest)
        return one->manifest ? 1 : -1;
    return strcmp(one->script, other->script);
}

/* Scripts that are stored, sorted. */
struct stored_list {
    luatee_stored *at; /* freed with free(); NULL only in a list that is all zeros */
    size_t count;
};

static luatee_status parse_list(luatee_session *session, const struct luatee_buffer *response, struct stored_list *list,
                                luatee_error *error)
{
    struct cursor in;
    cursor_begin(&in, response->data, response->size);
    uint64_t count = cursor_array(&in);
    if (count > response->size / STORED_SIZE_MIN) /* the TA may claim any count: it is checked against the size */
        return luatee_bad_answer(session, error);
    list->at = calloc(count + 1, sizeof(*list->at)); /* one more than needed: an empty list is not NULL */
    if (list->at == NULL)
        return luatee_error_memory(error);
    list->count = count;
    for (size_t i = 0; i < list->count; i++)
        if (!parse_stored(&in, &list->at[i]))
            return luatee_bad_answer(session, error);
    if (!cursor_finish(&in))
        return luatee_bad_answer(session, error);
    qsort(list->at, list->count, sizeof(*list->at), compare_stored);
    return LUATEE_OK;
}

/* Lists the stored ones of these scripts, and the manifest; names: NULL: everything. On failure the list is empty. */
static luatee_status list_stored(luatee_session *session, const luatee_script_name *names, size_t name_count,
                                 struct stored_list *list, luatee_error *error)
{
    struct luatee_buffer request = { 0 };
    struct luatee_response response = { 0 };
    *list = (struct stored_list){ 0 };
    if (name_count > LUATEE_STORE_NAMES_MAX) { /* then everything */
        names = NULL;
        name_count = 0;
    }
    if (!luatee_message_names(&request, names, name_count))
        return luatee_error_memory(error);
    luatee_status status =
        luatee_exchange(session, LUATEE_CMD_STORE_LIST, request.data, request.size, &response, error);
    luatee_buffer_free(&request);
    if (status == LUATEE_OK && response.answer != LUATEE_ANSWER_DONE)
        status = luatee_bad_answer(session, error);
    if (status == LUATEE_OK)
        status = parse_list(session, &response.buffer, list, error);
    luatee_buffer_free(&response.buffer);
    if (status == LUATEE_OK)
        return LUATEE_OK;
    free(list->at);
    *list = (struct stored_list){ 0 };
    return status;
}

luatee_status luatee_store_list(luatee_session *session, luatee_stored **list, size_t *count, luatee_error *error)
{
    struct stored_list found;
    luatee_lock(session);
    luatee_status status = list_stored(session, NULL, 0, &found, error);
    luatee_unlock(session);
    *list = found.at;
    *count = found.count;
    return status;
}

/* --- adding and removing */

static luatee_status add(luatee_session *session, const char *name, const struct luatee_script *script,
                         luatee_error *error)
{
    struct luatee_buffer message = { 0 };
    if (!luatee_message_stored_script(&message, name, script))
        return luatee_error_memory(error);
    luatee_status status = send(session, LUATEE_CMD_STORE_ADD, &message, error);
    luatee_buffer_free(&message);
    return status;
}

/* Rejects a script of another bundle than the manifest's. The TEE would store it, and still run the stored script of
 * the manifest's bundle: the user would not see that the file in the folder does not run. The TEE checks everything
 * else. */
static luatee_status check_bundle(const luatee_session *session, const char *name, const struct luatee_script *script,
                                  luatee_error *error)
{
    struct package package;
    if (!session->app.has_bundle || package_parse(script->data.data, script->data.size, &package) != PACKAGE_FINE ||
        memcmp(package.identity.bundle, session->app.bundle, sizeof(session->app.bundle)) == 0)
        return LUATEE_OK;
    return luatee_error_set(error, LUATEE_REFUSED,
                            "script '%s' is refused: it was not packed together with the manifest; pack the app again, "
                            "or remove ta/%s.luata if its script is gone",
                            name, name);
}

/* Stores one script of the folder, or the manifest, unless the list has one with the same bytes. */
static luatee_status update(luatee_session *session, const char *name, enum luatee_script_kind kind,
                            const struct stored_list *list, luatee_error *error)
{
    struct luatee_script script;
    luatee_status status = luatee_app_read(&session->app, name, kind, &script, error);
    if (status != LUATEE_OK)
        return status;
    if (kind == LUATEE_KIND_SCRIPT)
        status = check_bundle(session, name, &script, error);
    luatee_stored wanted = { .manifest = kind == LUATEE_KIND_MANIFEST };
    memcpy(wanted.script, name, strlen(name) + 1);
    const luatee_stored *stored = /* bsearch() does not accept NULL */
        list->count > 0 ? bsearch(&wanted, list->at, list->count, sizeof(wanted), compare_stored) : NULL;
    if (status == LUATEE_OK && (stored == NULL || memcmp(stored->digest, script.digest, LUATEE_DIGEST_SIZE) != 0))
        status = add(session, name, &script, error);
    luatee_buffer_free(&script.data);
    return status;
}

static luatee_status remove_one(luatee_session *session, const char *name, enum luatee_script_kind kind,
                                luatee_error *error)
{
    struct luatee_buffer message = { 0 };
    if (!luatee_message_script_name(&message, name, kind))
        return luatee_error_memory(error);
    luatee_status status = send(session, LUATEE_CMD_STORE_REMOVE, &message, error);
    luatee_buffer_free(&message);
    return status;
}

static bool has_manifest(const struct stored_list *list)
{
    return list->count > 0 && list->at[list->count - 1].manifest;
}

/* Stores the manifest, which comes last: it makes the packages that were stored before it those of the app. A plaintext
 * app may have none. */
static luatee_status update_manifest(luatee_session *session, const struct stored_list *list, luatee_error *error)
{
    if (!session->app.plaintext || session->app.manifest.size > 0)
        return update(session, PACKAGE_MANIFEST_NAME, LUATEE_KIND_MANIFEST, list, error);
    if (has_manifest(list))
        return remove_one(session, PACKAGE_MANIFEST_NAME, LUATEE_KIND_MANIFEST, error);
    return LUATEE_OK;
}

/* Stores these scripts of the folder, and the manifest. names: sorted. always: also scripts that are stored already. */
static luatee_status update_all(luatee_session *session, const luatee_script_name *names, size_t count, bool always,
                                luatee_error *error)
{
    static const struct stored_list nothing;
    struct stored_list list;
    /* Without a manifest the TEE would take the folder's name for the app's, which may be another one. */
    if (!session->app.plaintext && !session->app.has_bundle && session->app.folder != NULL)
        return luatee_error_set(error, LUATEE_USAGE,
                                "%s has no manifest.luata for the packages in it: pack again with `luatee pack`",
                                session->app.folder);
    luatee_lock(session);
    luatee_status status = list_stored(session, names, always ? 0 : count, &list, error);
    for (size_t i = 0; i < count && status == LUATEE_OK; i++)
        status = update(session, names[i], LUATEE_KIND_SCRIPT, always ? &nothing : &list, error);
    if (status == LUATEE_OK)
        status = update_manifest(session, &list, error);
    luatee_unlock(session);
    free(list.at);
    return status;
}

luatee_status luatee_store_add(luatee_session *session, const char *name, luatee_error *error)
{
    luatee_script_name one;
    if (!luatee_name_valid(name, strlen(name)))
        return luatee_bad_name(name, error);
    memcpy(one, name, strlen(name) + 1);
    return update_all(session, &one, 1, true, error);
}

luatee_status luatee_store_remove(luatee_session *session, const char *name, luatee_error *error)
{
    if (!luatee_name_valid(name, strlen(name)))
        return luatee_bad_name(name, error);
    luatee_lock(session);
    luatee_status status = remove_one(session, name, LUATEE_KIND_SCRIPT, error);
    luatee_unlock(session);
    if (status == LUATEE_USAGE)
        return luatee_error_set(error, LUATEE_USAGE, "no script '%s' is stored for app '%s'", name, session->app.name);
    return status;
}

/* Removes packages without a manifest, which luatee_store_add() leaves when it is interrupted. They cannot run, and are
 * not listed. Removing the manifest removes them, even when there is none. */
static luatee_status remove_unlisted(luatee_session *session, luatee_error *error)
{
    luatee_status status = remove_one(session, PACKAGE_MANIFEST_NAME, LUATEE_KIND_MANIFEST, error);
    return status == LUATEE_USAGE ? LUATEE_OK : status;
}

luatee_status luatee_store_clear(luatee_session *session, luatee_error *error)
{
    struct stored_list list;
    luatee_lock(session);
    luatee_status status = list_stored(session, NULL, 0, &list, error);
    for (size_t i = 0; i < list.count && status == LUATEE_OK; i++)
        status = remove_one(session, list.at[i].script, list.at[i].manifest ? LUATEE_KIND_MANIFEST : LUATEE_KIND_SCRIPT,
                            error);
    if (status == LUATEE_OK && !session->app.plaintext && !has_manifest(&list))
        status = remove_unlisted(session, error);
    luatee_unlock(session);
    free(list.at);
    return status;
}

luatee_status luatee_store_update(luatee_session *session, luatee_error *error)
{
    luatee_script_name *names = NULL;
    size_t count;
    if (session->app.folder == NULL)
        return LUATEE_OK;
    luatee_status status = session->app.plaintext ? luatee_scripts_list(session->app.folder, &names, &count, error)
                                                  : luatee_packages_list(session->app.folder, &names, &count, error);
    if (status != LUATEE_OK || count == 0)
        return status;
    status = update_all(session, names, count, false, error);
    free(names);
    return status;
}
