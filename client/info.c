/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "client/engine/exchange.h"
#include "client/engine/session.h"

/* Reads a text, and cuts it to fit. */
static void take_text(struct cursor *in, char *out, size_t room)
{
    size_t size;
    const char *text = cursor_text(in, 0, LUATEE_MESSAGE_MAX, &size);
    (void)snprintf(out, room, "%.*s", (int)(size < room ? size : room - 1), text != NULL ? text : "");
}

/* Reads the ids. When they do not all fit, it keeps the newest ones. */
static void take_publishers(struct cursor *in, luatee_info *info)
{
    const size_t id_size = sizeof(info->publishers[0]), room = sizeof(info->publishers) / id_size;
    size_t size;
    const uint8_t *ids = cursor_bytes(in, 0, LUATEE_MESSAGE_MAX, &size);
    if (size % id_size != 0)
        cursor_fail(in, CURSOR_UNEXPECTED);
    size_t count = size / id_size, skipped = count > room ? count - room : 0;
    info->publisher_count = count - skipped;
    if (ids != NULL)
        memcpy(info->publishers, ids + skipped * id_size, (count - skipped) * id_size);
}

/* Reads the states of the publishers that fit. */
static void take_publisher_states(struct cursor *in, luatee_info *info)
{
    size_t size;
    const uint8_t *states = cursor_bytes(in, 0, LUATEE_MESSAGE_MAX, &size);
    if (states == NULL)
        return;
    size_t count = size < sizeof(info->publisher_states) ? size : sizeof(info->publisher_states);
    memcpy(info->publisher_states, states + size - count, count);
}

/* Reads one entry of the map. Skips keys that this version does not know. */
static void take_entry(struct cursor *in, luatee_info *info)
{
    char key[32];
    take_text(in, key, sizeof(key));
    if (strcmp(key, "version") == 0)
        take_text(in, info->version, sizeof(info->version));
    else if (strcmp(key, "flavour") == 0)
        take_text(in, info->flavour, sizeof(info->flavour));
    else if (strcmp(key, "lua") == 0)
        take_text(in, info->lua, sizeof(info->lua));
    else if (strcmp(key, "tee") == 0)
        take_text(in, info->tee, sizeof(info->tee));
    else if (strcmp(key, "tee_version") == 0)
        take_text(in, info->tee_version, sizeof(info->tee_version));
    else if (strcmp(key, "device") == 0)
        take_text(in, info->device, sizeof(info->device));
    else if (strcmp(key, "api") == 0)
        take_text(in, info->api, sizeof(info->api));
    else if (strcmp(key, "memory") == 0)
        info->memory = cursor_uint(in);
    else if (strcmp(key, "memory_peak") == 0)
        info->memory_peak = cursor_uint(in);
    else if (strcmp(key, "memory_max") == 0)
        info->memory_max = cursor_uint(in);
    else if (strcmp(key, "rollback") == 0)
        info->rollback = (uint32_t)cursor_uint(in);
    else if (strcmp(key, "publishers") == 0)
        take_publishers(in, info);
    else if (strcmp(key, "publisher_states") == 0)
        take_publisher_states(in, info);
    else if (strcmp(key, "protocol") == 0)
        info->protocol = (uint32_t)cursor_uint(in);
    else
        cursor_skip(in);
}

static bool parse_info(const struct luatee_buffer *response, luatee_info *info)
{
    struct cursor in;
    cursor_begin(&in, response->data, response->size);
    for (uint64_t left = cursor_map(&in); left > 0 && in.failure == CURSOR_FINE; left--)
        take_entry(&in, info);
    return cursor_finish(&in);
}

/* Sends a command without a request. The answer is DONE. */
static luatee_status ask(luatee_session *session, enum luatee_command command, struct luatee_response *response,
                         luatee_error *error)
{
    luatee_status status = luatee_exchange(session, command, luatee_request_room(session), 0, response, error);
    if (status == LUATEE_OK && response->answer != LUATEE_ANSWER_DONE)
        status = luatee_bad_answer(session, error);
    return status;
}

luatee_status luatee_get_info(luatee_session *session, luatee_info *info, luatee_error *error)
{
    struct luatee_response response = { 0 };
    *info = (luatee_info){ .backend = session->backend == LUATEE_SIM ? "sim" : "optee" };
    memcpy(info->app, session->app.name, sizeof(info->app));
    luatee_lock(session);
    luatee_status status = ask(session, LUATEE_CMD_INFO, &response, error);
    if (status == LUATEE_OK && !parse_info(&response.buffer, info))
        status = luatee_bad_answer(session, error);
    luatee_unlock(session);
    luatee_buffer_free(&response.buffer);
    return status;
}

luatee_status luatee_device_key(luatee_session *session, uint8_t key[LUATEE_DEVICE_KEY_SIZE], luatee_error *error)
{
    struct luatee_response response = { 0 };
    struct cursor in;
    luatee_lock(session);
    luatee_status status = ask(session, LUATEE_CMD_DEVICE_KEY, &response, error);
    cursor_begin(&in, response.buffer.data, response.buffer.size);
    cursor_expect_array(&in, 1);
    const uint8_t *spki = cursor_bytes_of(&in, LUATEE_DEVICE_KEY_SIZE);
    if (status == LUATEE_OK && !cursor_finish(&in))
        status = luatee_bad_answer(session, error);
    if (status == LUATEE_OK)
        memcpy(key, spki, LUATEE_DEVICE_KEY_SIZE);
    luatee_unlock(session);
    luatee_buffer_free(&response.buffer);
    return status;
}
