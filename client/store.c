/* SPDX-License-Identifier: BSD-2-Clause */
/* Scripts in the TEE's secure storage. The session is locked by each function that is called from outside. */
#include <stdlib.h>
#include <string.h>

#include "client/internal.h"
#include "client/message.h"
#include "client/scripts.h"
#include "core/codec/cursor.h"
#include "core/package/parse.h"

_Static_assert(sizeof(((luatee_stored *)0)->script) == LUATEE_NAME_MAX + 1, "luatee.h and abi/limits.h");
_Static_assert(sizeof(((luatee_stored *)0)->digest) == LUATEE_DIGEST_SIZE, "luatee.h and abi/limits.h");

/* A command whose answer is DONE and nothing else of interest. */
static luatee_status send(luatee_session *session, enum luatee_command command, const struct luatee_buffer *message,
                          luatee_error *error)
{
    struct luatee_buffer response = { 0 };
    enum luatee_answer answer;
    luatee_status status = luatee_exchange(session, command, message->data, message->size, &response, &answer, error);
    if (status == LUATEE_OK && answer == LUATEE_ANSWER_REFUSED)
        status = luatee_refused(session, &response, error);
    else if (status == LUATEE_OK && answer != LUATEE_ANSWER_DONE)
        status = luatee_bad_answer(session, error);
    luatee_buffer_free(&response);
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

static luatee_status parse_list(luatee_session *session, const struct luatee_buffer *response, luatee_stored **list,
                                size_t *count, luatee_error *error)
{
    struct cursor in;
    cursor_begin(&in, response->data, response->size);
    *count = cursor_array(&in);
    if (*count > response->size / STORED_SIZE_MIN) /* a count is a claim until its bytes are there */
        return luatee_bad_answer(session, error);
    *list = calloc(*count + 1, sizeof(**list)); /* one more than needed: none is not NULL */
    if (*list == NULL)
        return luatee_error_memory(error);
    for (size_t i = 0; i < *count; i++)
        if (!parse_stored(&in, &(*list)[i]))
            return luatee_bad_answer(session, error);
    if (!cursor_finish(&in))
        return luatee_bad_answer(session, error);
    qsort(*list, *count, sizeof(**list), compare_stored);
    return LUATEE_OK;
}

/* What is stored of the names, and of the manifest; names: NULL: everything. */
static luatee_status list_stored(luatee_session *session, const luatee_script_name *names, size_t name_count,
                                 luatee_stored **list, size_t *count, luatee_error *error)
{
    struct luatee_buffer request = { 0 }, response = { 0 };
    enum luatee_answer answer;
    *list = NULL;
    if (name_count > LUATEE_STORE_NAMES_MAX) { /* then everything */
        names = NULL;
        name_count = 0;
    }
    if (!luatee_message_names(&request, names, name_count))
        return luatee_error_memory(error);
    luatee_status status =
        luatee_exchange(session, LUATEE_CMD_STORE_LIST, request.data, request.size, &response, &answer, error);
    luatee_buffer_free(&request);
    if (status == LUATEE_OK && answer != LUATEE_ANSWER_DONE)
        status = luatee_bad_answer(session, error);
    if (status == LUATEE_OK)
        status = parse_list(session, &response, list, count, error);
    luatee_buffer_free(&response);
    if (status == LUATEE_OK)
        return LUATEE_OK;
    free(*list);
    *list = NULL;
    *count = 0;
    return status;
}

luatee_status luatee_store_list(luatee_session *session, luatee_stored **list, size_t *count, luatee_error *error)
{
    luatee_lock(session);
    luatee_status status = list_stored(session, NULL, 0, list, count, error);
    luatee_unlock(session);
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

/* The TEE would keep a script of another bundle, and go on with the stored one that is of the manifest's: whoever runs
 * the app would not learn that what lies in the folder does not run. All else about packages is for the TEE to
 * judge. */
static luatee_status check_bundle(const luatee_session *session, const char *name, const struct luatee_script *script,
                                  luatee_error *error)
{
    struct package package;
    if (!session->has_bundle || package_parse(script->data.data, script->data.size, &package) != PACKAGE_FINE ||
        memcmp(package.identity.bundle, session->bundle, sizeof(session->bundle)) == 0)
        return LUATEE_OK;
    return luatee_error_set(error, LUATEE_REFUSED,
                            "script '%s' is refused: it was not packed together with the manifest; pack the app again, "
                            "or remove ta/%s.luata if its script is gone",
                            name, name);
}

/* Stores one script of the folder, or the manifest; with a list, unless the same bytes are stored already. */
static luatee_status update(luatee_session *session, const char *name, enum luatee_script_kind kind,
                            const luatee_stored *list, size_t count, luatee_error *error)
{
    struct luatee_script script;
    luatee_status status = luatee_find_script(session, name, kind, &script, error);
    if (status != LUATEE_OK)
        return status;
    if (kind == LUATEE_KIND_SCRIPT)
        status = check_bundle(session, name, &script, error);
    luatee_stored wanted = { .manifest = kind == LUATEE_KIND_MANIFEST };
    memcpy(wanted.script, name, strlen(name) + 1);
    const luatee_stored *stored = bsearch(&wanted, list, count, sizeof(*list), compare_stored);
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

/* The manifest comes last: with it, packages that were stored before become the app's. A plaintext app may have
 * none. */
static luatee_status update_manifest(luatee_session *session, const luatee_stored *list, size_t count,
                                     luatee_error *error)
{
    if (!session->plaintext || session->manifest.size > 0)
        return update(session, PACKAGE_MANIFEST_NAME, LUATEE_KIND_MANIFEST, list, count, error);
    if (count > 0 && list[count - 1].manifest)
        return remove_one(session, PACKAGE_MANIFEST_NAME, LUATEE_KIND_MANIFEST, error);
    return LUATEE_OK;
}

/* names: sorted. */
static luatee_status update_all(luatee_session *session, const luatee_script_name *names, size_t count, bool always,
                                luatee_error *error)
{
    luatee_stored *list = NULL;
    size_t stored = 0;
    /* The TEE would see packages of an app that is called as the folder is, which they need not be. */
    if (!session->plaintext && !session->has_bundle && session->folder != NULL)
        return luatee_error_set(error, LUATEE_USAGE,
                                "%s has no manifest.luata for the packages in it: pack again with `luatee pack`",
                                session->folder);
    luatee_lock(session);
    luatee_status status = list_stored(session, names, always ? 0 : count, &list, &stored, error);
    for (size_t i = 0; i < count && status == LUATEE_OK; i++)
        status = update(session, names[i], LUATEE_KIND_SCRIPT, list, always ? 0 : stored, error);
    if (status == LUATEE_OK)
        status = update_manifest(session, list, stored, error);
    luatee_unlock(session);
    free(list);
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
        return luatee_error_set(error, LUATEE_USAGE, "no script '%s' is stored for app '%s'", name, session->app);
    return status;
}

/* Packages without a manifest are not listed, as none of them can run. They are left when storing them ends early, and
 * go with the manifest, even with one that is not there. */
static luatee_status remove_unlisted(luatee_session *session, luatee_error *error)
{
    luatee_status status = remove_one(session, PACKAGE_MANIFEST_NAME, LUATEE_KIND_MANIFEST, error);
    return status == LUATEE_USAGE ? LUATEE_OK : status;
}

luatee_status luatee_store_clear(luatee_session *session, luatee_error *error)
{
    luatee_stored *list = NULL;
    size_t count = 0;
    luatee_lock(session);
    luatee_status status = list_stored(session, NULL, 0, &list, &count, error);
    for (size_t i = 0; i < count && status == LUATEE_OK; i++)
        status =
            remove_one(session, list[i].script, list[i].manifest ? LUATEE_KIND_MANIFEST : LUATEE_KIND_SCRIPT, error);
    if (status == LUATEE_OK && !session->plaintext && (count == 0 || !list[count - 1].manifest))
        status = remove_unlisted(session, error);
    luatee_unlock(session);
    free(list);
    return status;
}

/* --- bringing storage up to date */

luatee_status luatee_store_update(luatee_session *session, luatee_error *error)
{
    luatee_script_name *names = NULL;
    size_t count;
    if (session->folder == NULL)
        return LUATEE_OK;
    luatee_status status = session->plaintext ? luatee_scripts_list(session->folder, &names, &count, error) :
                                                luatee_packages_list(session->folder, &names, &count, error);
    if (status != LUATEE_OK || count == 0)
        return status;
    status = update_all(session, names, count, false, error);
    free(names);
    return status;
}
