/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/engine/refusal.h"

#include <string.h>

#include "client/base/error.h"
#include "client/engine/call.h"
#include "client/engine/session.h"
#include "core/package/parse.h"

#define PACK_AGAIN "pack the app again with `luatee pack`"

/* What to do, by the reason with which the TA's message ends. A reason that says so itself has no hint here. */

struct hint {
    enum package_check check; /* PACKAGE_FINE: `reason` */
    const char *reason;
    const char *text;
};

static const struct hint hints[] = {
    { PACKAGE_TOO_LARGE, NULL, "make the script smaller and " PACK_AGAIN },
    { PACKAGE_NOT_CANONICAL, NULL, PACK_AGAIN },
    { PACKAGE_BAD_ENVELOPE, NULL, PACK_AGAIN },
    { PACKAGE_BAD_HEADER, NULL, PACK_AGAIN },
    { PACKAGE_BAD_IDENTITY, NULL, PACK_AGAIN },
    { PACKAGE_BAD_BODY, NULL, PACK_AGAIN },
    { PACKAGE_BAD_RECIPIENT, NULL, PACK_AGAIN },
    { PACKAGE_UNKNOWN_PUBLISHER, NULL, "pack with a key that `luatee info` lists" },
    { PACKAGE_BAD_SIGNATURE, NULL, PACK_AGAIN },
    { PACKAGE_OTHER_APP, NULL, "copy the files of this app, or " PACK_AGAIN },
    { PACKAGE_OTHER_SCRIPT, NULL, "give the file the name that `luatee pack` gave it" },
    { PACKAGE_OTHER_KIND, NULL, "give the file the name that `luatee pack` gave it" },
    { PACKAGE_BAD_KEY, NULL, PACK_AGAIN },
    { PACKAGE_BAD_CIPHERTEXT, NULL, PACK_AGAIN },
    { PACKAGE_FINE, "it is bytecode, which only a verified package may contain",
      "use the Lua source, or " PACK_AGAIN " and run it without -u" },
    { PACKAGE_FINE, "it revokes more keys than the TEE can store", "shorten `revoke` in manifest.lua" },
    { PACKAGE_FINE, "its name or sequence differs from that of its package", PACK_AGAIN },
    { PACKAGE_FINE, "its sequence differs from that of the manifest", PACK_AGAIN },
    { PACKAGE_FINE, "its name is not the name of the session's app", "open the app by the name in its manifest" },
};

static bool ends_with(const char *text, size_t size, const char *end)
{
    size_t length = strlen(end);
    return size >= length && memcmp(text + size - length, end, length) == 0;
}

static const char *find_hint(const char *message, size_t size)
{
    for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
        if (ends_with(message, size, hints[i].reason != NULL ? hints[i].reason : package_check_text(hints[i].check)))
            return hints[i].text;
    return NULL;
}

/* Reads refused = [* released, log, message]. Returns NULL for any other response. */
static const char *read_message(const struct luatee_buffer *response, size_t *size)
{
    struct cursor in;
    uint64_t released;
    cursor_begin(&in, response->data, response->size);
    uint64_t count = cursor_array(&in);
    while (count > 2 && cursor_tagged(&in, LUATEE_TAG_RELEASED, &released))
        count--;
    if (!cursor_nil(&in))
        (void)cursor_bytes(&in, 0, LUATEE_LOG_MAX, size);
    const uint8_t *message = cursor_bytes(&in, 1, LUATEE_ERROR_SIZE, size);
    return cursor_finish(&in) && count == 2 ? (const char *)message : NULL;
}

luatee_status luatee_refused(luatee_session *session, const struct luatee_buffer *response, luatee_error *error)
{
    size_t size;
    const char *message = read_message(response, &size);
    if (message == NULL)
        return luatee_bad_answer(session, error);
    if (size == strlen("refused") && memcmp(message, "refused", size) == 0)
        return luatee_error_set(error, LUATEE_REFUSED,
                                "the TEE refuses a package of app '%s' (a release TA does not say why): check that its "
                                "publisher is in `luatee info`, that it was packed for this device, and that no newer "
                                "version ran here",
                                session->app.name);
    const char *hint = find_hint(message, size);
    return luatee_error_set(error, LUATEE_REFUSED, "%.*s%s%s", (int)size, message, hint != NULL ? "; " : "",
                            hint != NULL ? hint : "");
}
