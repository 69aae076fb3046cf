/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "client/internal.h"

/* The text at `it`, cut to fit. */
static bool take_text(CborValue *it, char *out, size_t room)
{
    const void *text;
    size_t size;
    if (!reader_string_item(it, CborTextStringType, &text, &size))
        return false;
    (void)snprintf(out, room, "%.*s", (int)(size < room ? size : room - 1), (const char *)text);
    return true;
}

static bool take_uint(CborValue *it, uint64_t *value)
{
    return cbor_value_is_unsigned_integer(it) && cbor_value_get_uint64(it, value) == CborNoError &&
           cbor_value_advance_fixed(it) == CborNoError;
}

/* One entry of the map. Keys that this version does not know are passed over. */
static bool take_entry(CborValue *it, luatee_info *info)
{
    char key[32];
    uint64_t number;
    if (!take_text(it, key, sizeof(key)))
        return false;
    if (strcmp(key, "version") == 0)
        return take_text(it, info->version, sizeof(info->version));
    if (strcmp(key, "flavour") == 0)
        return take_text(it, info->flavour, sizeof(info->flavour));
    if (strcmp(key, "lua") == 0)
        return take_text(it, info->lua, sizeof(info->lua));
    if (strcmp(key, "tee") == 0)
        return take_text(it, info->tee, sizeof(info->tee));
    if (strcmp(key, "api") == 0)
        return take_text(it, info->api, sizeof(info->api));
    if (strcmp(key, "memory") == 0)
        return take_uint(it, &info->memory);
    if (strcmp(key, "memory_peak") == 0)
        return take_uint(it, &info->memory_peak);
    if (strcmp(key, "memory_max") == 0)
        return take_uint(it, &info->memory_max);
    if (strcmp(key, "protocol") != 0)
        return cbor_value_advance(it) == CborNoError;
    bool ok = take_uint(it, &number) && number <= UINT32_MAX;
    if (ok)
        info->protocol = (uint32_t)number;
    return ok;
}

static bool parse_info(const struct luatee_buffer *response, luatee_info *info)
{
    CborParser parser;
    CborValue map, it;
    if (response->size == 0 || cbor_parser_init(response->data, response->size, 0, &parser, &map) != CborNoError ||
        !cbor_value_is_map(&map) || !cbor_value_is_length_known(&map) ||
        cbor_value_enter_container(&map, &it) != CborNoError)
        return false;
    while (!cbor_value_at_end(&it))
        if (!take_entry(&it, info))
            return false;
    return true;
}

luatee_status luatee_get_info(luatee_session *session, luatee_info *info, luatee_error *error)
{
    struct luatee_buffer response = { 0 };
    enum luatee_answer answer;
    *info = (luatee_info){ .backend = session->backend == LUATEE_SIM ? "sim" : "optee" };
    memcpy(info->app, session->app, sizeof(info->app));
    luatee_lock(session);
    luatee_status status =
        luatee_exchange(session, LUATEE_CMD_INFO, luatee_request_room(session), 0, &response, &answer, error);
    if (status == LUATEE_OK && (answer != LUATEE_ANSWER_DONE || !parse_info(&response, info)))
        status = luatee_bad_answer(session, error);
    luatee_unlock(session);
    luatee_buffer_free(&response);
    return status;
}
