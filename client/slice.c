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

static enum luatee_go_on decide(luatee_session *session)
{
    if (atomic_load(&session->running) >= LUATEE_CANCELLED) {
        atomic_store(&session->running, LUATEE_ENDING);
        return LUATEE_GO_ON_CANCEL;
    }
    return session->ends_at > 0 && now_ms() >= session->ends_at ? LUATEE_GO_ON_DEADLINE : LUATEE_GO_ON;
}

/* Returns the size of the request. */
static size_t write_go_on(luatee_session *session, enum luatee_go_on what)
{
    struct writer w;
    writer_begin(&w, luatee_request_room(session), LUATEE_BUFFER_SIZE);
    writer_array(&w, 1);
    writer_uint(&w, what);
    return writer_size(&w);
}

size_t luatee_cancel_request(luatee_session *session)
{
    enum luatee_go_on what = decide(session);
    return what == LUATEE_GO_ON ? 0 : write_go_on(session, what);
}

luatee_status luatee_answer_slice_over(luatee_session *session, struct luatee_buffer *response,
                                       enum luatee_answer *answer, luatee_error *error)
{
    size_t size = write_go_on(session, decide(session));
    return luatee_exchange(session, LUATEE_CMD_RESUME, luatee_request_room(session), size, response, answer, error);
}
