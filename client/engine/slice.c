/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/engine/slice.h"

#include <stdatomic.h>
#include <time.h>

#include "client/engine/exchange.h"
#include "client/engine/session.h"

static uint64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void luatee_running_begin(struct call *call)
{
    luatee_session *session = call->session;
    call->outer = session->call;
    call->ends_at = call->outer != NULL ? call->outer->ends_at : 0;
    if (call->deadline > 0) {
        uint64_t ends_at = now_ms() + call->deadline;
        if (call->ends_at == 0 || ends_at < call->ends_at)
            call->ends_at = ends_at;
    }
    session->call = call;
    if (call->outer != NULL)
        return;
    luatee_canceller_start(&session->canceller);
    atomic_store(&session->running, LUATEE_RUNNING);
}

void luatee_running_end(struct call *call)
{
    luatee_session *session = call->session;
    session->call = call->outer;
    if (call->outer != NULL)
        return;
    atomic_store(&session->running, LUATEE_IDLE);
    /* A request to cancel that came after the call's last command might end the next one, perhaps of another call. */
    if (luatee_canceller_asked(&session->canceller))
        luatee_exchange_nothing(session);
}

bool luatee_running_cancel(luatee_session *session)
{
    int running = LUATEE_RUNNING;
    if (!atomic_compare_exchange_strong(&session->running, &running, LUATEE_CANCELLED))
        return false;
    luatee_canceller_wake(&session->canceller);
    return true;
}

uint32_t luatee_time_left(const luatee_session *session)
{
    uint64_t ends_at = session->call != NULL ? session->call->ends_at : 0;
    if (ends_at == 0)
        return 0;
    uint64_t now = now_ms();
    return ends_at > now ? (uint32_t)(ends_at - now) : 1;
}

/* Returns why the innermost call must end, an enum luatee_cancel_reason; or 0. */
static unsigned cancel_reason(luatee_session *session)
{
    if (atomic_load(&session->running) >= LUATEE_CANCELLED) {
        atomic_store(&session->running, LUATEE_ENDING);
        return LUATEE_CANCEL_WANTED;
    }
    uint64_t ends_at = session->call->ends_at;
    return ends_at > 0 && now_ms() >= ends_at ? LUATEE_CANCEL_DEADLINE : 0;
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

luatee_status luatee_answer_slice_over(struct call *call)
{
    if (call->items != 0 || !cursor_finish(&call->in))
        return luatee_bad_answer(call->session, call->error);
    size_t size = luatee_cancel_request(call->session);
    return luatee_call_send(call, size > 0 ? LUATEE_CMD_CANCEL : LUATEE_CMD_CONTINUE,
                            luatee_request_room(call->session), size);
}
