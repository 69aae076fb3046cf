/* SPDX-License-Identifier: BSD-2-Clause */
/* A call comes back when its slice of time is over: here the host resumes it, or has it end. */
#include <stdatomic.h>
#include <time.h>

#include "client/internal.h"
#include "core/codec/writer.h"

static uint64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* A call inside a call is cancelled with the outer one, and late with it, too, if not before. */
uint64_t luatee_running_begin(luatee_session *session, uint32_t deadline)
{
    uint64_t outer = session->ends_at;
    if (deadline > 0) {
        uint64_t ends_at = now_ms() + deadline;
        if (outer == 0 || ends_at < outer)
            session->ends_at = ends_at;
    }
    if (session->depth++ == 0) {
        luatee_canceller_start(&session->canceller);
        atomic_store(&session->running, LUATEE_RUNNING);
    }
    return outer;
}

void luatee_running_end(luatee_session *session, uint64_t outer)
{
    session->ends_at = outer;
    if (--session->depth > 0)
        return;
    atomic_store(&session->running, LUATEE_IDLE);
    /* What came after the call's last command had run might end the next one, which may be that of another call. */
    if (luatee_canceller_asked(&session->canceller))
        luatee_exchange_nothing(session);
}

bool luatee_cancel(luatee_session *session)
{
    int running = LUATEE_RUNNING;
    if (!atomic_compare_exchange_strong(&session->running, &running, LUATEE_CANCELLED))
        return false;
    luatee_canceller_wake(&session->canceller);
    return true;
}

uint32_t luatee_time_left(const luatee_session *session)
{
    uint64_t ends_at = session->ends_at;
    if (ends_at == 0)
        return 0;
    uint64_t now = now_ms();
    return ends_at > now ? (uint32_t)(ends_at - now) : 1;
}

/* Returns why the call must end, an enum luatee_cancel_reason; or 0. */
static unsigned cancel_reason(luatee_session *session)
{
    if (atomic_load(&session->running) >= LUATEE_CANCELLED) {
        atomic_store(&session->running, LUATEE_ENDING);
        return LUATEE_CANCEL_WANTED;
    }
    return session->ends_at > 0 && now_ms() >= session->ends_at ? LUATEE_CANCEL_DEADLINE : 0;
}

size_t luatee_cancel_request(luatee_session *session)
{
    struct writer w;
    unsigned reason = cancel_reason(session);
    if (reason == 0)
        return 0;
    writer_begin(&w, luatee_request_room(session), LUATEE_BUFFER_SIZE);
    writer_array(&w, 1);
    writer_uint(&w, reason);
    return writer_size(&w);
}

luatee_status luatee_answer_slice_over(luatee_session *session, struct luatee_buffer *response,
                                       enum luatee_answer *answer, luatee_error *error)
{
    size_t size = luatee_cancel_request(session);
    return luatee_exchange(session, size > 0 ? LUATEE_CMD_CANCEL : LUATEE_CMD_CONTINUE, luatee_request_room(session),
                           size, response, answer, error);
}
