/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any sequence of commands to a session, inside one process: the TA's own code on the simulator's Internal Core API.
 * The input is cut into commands: a byte for the command, two for the values, two for the size of the request, then the
 * request. The first command's bytes are the hello message when it is command 0.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "abi/commands.h"
#include "abi/limits.h"
#include "core/session/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RESPONSE_ROOM 64 /* small, so that responses come in pieces */

struct input {
    const uint8_t *data;
    size_t size;
};

static unsigned take(struct input *in)
{
    if (in->size == 0)
        return 0;
    in->size--;
    return *in->data++;
}

/* A request in memory of its own size, so that the sanitizer sees what is read beyond it. */
static void *take_request(struct input *in, size_t *size)
{
    size_t wanted = take(in) << 8;
    wanted |= take(in);
    *size = wanted < in->size ? wanted : in->size;
    void *request = malloc(*size ? *size : 1);
    memcpy(request, in->data, *size);
    in->data += *size;
    in->size -= *size;
    return request;
}

static void command(struct session *s, struct input *in)
{
    uint8_t response[RESPONSE_ROOM];
    struct session_io io = { .out = response, .out_room = sizeof(response) };
    uint32_t number = take(in) % (LUATEE_CMD_DEVICE_KEY + 2);
    io.a = take(in);
    io.b = take(in) & 1;
    void *request = take_request(in, &io.in_size);
    io.in = request;
    TEE_Result result = session_command(s, number, &io);
    if (io.out_size > sizeof(response) || (result != TEE_SUCCESS && (io.out_size || io.a || io.b)))
        abort();
    free(request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = { data, size };
    static const uint8_t hello[] = { 0x82, 0x61, 'f', 0x02 };
    struct session *s;
    if (size > 0 && data[0] == 0xff) {
        if (session_open(data + 1, size - 1, &s) == TEE_SUCCESS)
            session_close(s);
        return 0;
    }
    if (session_open(hello, sizeof(hello), &s) != TEE_SUCCESS)
        abort();
    for (int i = 0; i < 16 && in.size > 0; i++)
        command(s, &in);
    session_close(s);
    return 0;
}
