/* SPDX-License-Identifier: BSD-2-Clause */
/* A call comes back when its slice of time is over: here the host resumes it, or has it end. */
#include <stdatomic.h>
#include <time.h>

#include "client/internal.h"
#include "core/codec/writer.h"

/* session->running */
enum { IDLE, RUNNING, CANCELLED };

static uint64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* A call inside a call belongs to the outer one: it has no deadline of its own, and is cancelled with it. */
void luatee_running_begin(luatee_session *session)
{
    uint32_t deadline = session->deadline;
    session->deadline = 0;
    if (session->depth++ > 0)
        return;
    session->ends_at = deadline > 0 ? now_ms() + deadline : 0;
    atomic_store(&session->running, RUNNING);
}

void luatee_running_end(luatee_session *session)
{
    if (--session->depth == 0)
        atomic_store(&session->running, IDLE);
}

bool luatee_cancel(luatee_session *session)
{
    int running = RUNNING;
    return atomic_compare_exchange_strong(&session->running, &running, CANCELLED);
}

static enum luatee_go_on decide(luatee_session *session)
{
    if (atomic_load(&session->running) == CANCELLED)
        return LUATEE_GO_ON_CANCEL;
    return session->ends_at > 0 && now_ms() >= session->ends_at ? LUATEE_GO_ON_DEADLINE : LUATEE_GO_ON;
}

luatee_status luatee_answer_slice_over(luatee_session *session, struct luatee_buffer *response,
                                       enum luatee_answer *answer, luatee_error *error)
{
    struct writer w;
    uint8_t *request = luatee_request_room(session);
    writer_begin(&w, request, LUATEE_BUFFER_SIZE);
    writer_array(&w, 1);
    writer_uint(&w, decide(session));
    return luatee_exchange(session, LUATEE_CMD_RESUME, request, writer_size(&w), response, answer, error);
}
