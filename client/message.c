/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/message.h"

#include <string.h>

#include "cbor.h"

/* The head of a CBOR item takes at most this many bytes (RFC 8949, section 3). */
#define HEAD_MAX 9

/* Room is reserved for the strings and four heads before anything is encoded: the encoder cannot run out of it. */
static bool begin(struct luatee_buffer *message, size_t strings, CborEncoder *encoder, CborEncoder *items, size_t count)
{
    message->size = 0;
    if (!luatee_buffer_reserve(message, strings + 4 * HEAD_MAX))
        return false;
    cbor_encoder_init(encoder, message->data, message->capacity, 0);
    (void)cbor_encoder_create_array(encoder, items, count);
    return true;
}

static bool end(struct luatee_buffer *message, CborEncoder *encoder, CborEncoder *items)
{
    if (cbor_encoder_close_container(encoder, items) != CborNoError)
        return false;
    message->size = cbor_encoder_get_buffer_size(encoder, message->data);
    return true;
}

static void put_script(CborEncoder *items, const struct luatee_script *script)
{
    (void)cbor_encode_byte_string(items, script->digest, sizeof(script->digest));
    (void)cbor_encode_byte_string(items, script->source.data, script->source.size);
}

bool luatee_message_script(struct luatee_buffer *message, const struct luatee_script *script)
{
    CborEncoder encoder, items;
    if (!begin(message, sizeof(script->digest) + script->source.size, &encoder, &items, 2))
        return false;
    put_script(&items, script);
    return end(message, &encoder, &items);
}

bool luatee_message_no_script(struct luatee_buffer *message, const char *reason)
{
    CborEncoder encoder, items;
    if (!begin(message, strlen(reason), &encoder, &items, 2))
        return false;
    (void)cbor_encode_null(&items);
    (void)cbor_encode_text_stringz(&items, reason);
    return end(message, &encoder, &items);
}

bool luatee_message_stored_script(struct luatee_buffer *message, const char *name, const struct luatee_script *script)
{
    CborEncoder encoder, items;
    if (!begin(message, strlen(name) + sizeof(script->digest) + script->source.size, &encoder, &items, 3))
        return false;
    (void)cbor_encode_text_stringz(&items, name);
    put_script(&items, script);
    return end(message, &encoder, &items);
}

bool luatee_message_script_name(struct luatee_buffer *message, const char *name)
{
    CborEncoder encoder, items;
    if (!begin(message, strlen(name), &encoder, &items, 1))
        return false;
    (void)cbor_encode_text_stringz(&items, name);
    return end(message, &encoder, &items);
}
