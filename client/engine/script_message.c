/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/engine/script_message.h"

#include <string.h>

#include "core/codec/writer.h"

/* Reserves room for the strings and five heads, so that the rest cannot fail. strings: their bytes in all. */
static bool begin(struct luatee_buffer *message, size_t strings, struct writer *w, size_t count)
{
    message->size = 0;
    if (!luatee_buffer_reserve(message, strings + (size_t)5 * HEAD_MAX))
        return false;
    writer_begin(w, message->data, message->capacity);
    writer_array(w, count);
    return true;
}

static bool end(struct luatee_buffer *message, const struct writer *w)
{
    message->size = writer_size(w);
    return true;
}

static void put_script(struct writer *w, const struct luatee_script *script)
{
    writer_uint(w, script->kind);
    writer_bytes(w, script->digest, sizeof(script->digest));
    writer_bytes(w, script->data.data, script->data.size);
}

bool luatee_message_script(struct luatee_buffer *message, const struct luatee_script *script)
{
    struct writer w;
    if (!begin(message, sizeof(script->digest) + script->data.size, &w, 3))
        return false;
    put_script(&w, script);
    return end(message, &w);
}

bool luatee_message_no_script(struct luatee_buffer *message, const char *reason)
{
    struct writer w;
    if (!begin(message, strlen(reason), &w, 1))
        return false;
    writer_textz(&w, reason);
    return end(message, &w);
}

bool luatee_message_stored_script(struct luatee_buffer *message, const char *name, const struct luatee_script *script)
{
    struct writer w;
    if (!begin(message, strlen(name) + sizeof(script->digest) + script->data.size, &w, 4))
        return false;
    writer_textz(&w, name);
    put_script(&w, script);
    return end(message, &w);
}

bool luatee_message_names(struct luatee_buffer *message, const luatee_script_name *names, size_t count)
{
    struct writer w;
    if (!begin(message, count * (LUATEE_NAME_MAX + (size_t)HEAD_MAX), &w, count))
        return false;
    if (names == NULL) {
        writer_begin(&w, message->data, message->capacity);
        writer_nil(&w);
    }
    for (size_t i = 0; i < count; i++)
        writer_textz(&w, names[i]);
    return end(message, &w);
}

bool luatee_message_script_name(struct luatee_buffer *message, const char *name, enum luatee_script_kind kind)
{
    struct writer w;
    if (!begin(message, strlen(name), &w, 2))
        return false;
    writer_textz(&w, name);
    writer_uint(&w, kind);
    return end(message, &w);
}
