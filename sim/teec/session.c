/* SPDX-License-Identifier: BSD-2-Clause */
#include "sim/teec/session.h"

#include <stdlib.h>

#define MAPPED_FIRST_ROOM 8u

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct session *table;
static uint32_t last_id;

struct session *session_create(int context, const struct ta_process *process)
{
    struct session *session = calloc(1, sizeof(*session));

    if (!session)
        return NULL;
    pthread_mutex_init(&session->busy, NULL);
    session->process = *process;
    session->context = context;
    /* One reference for the table, one for the caller. */
    session->references = 2;
    pthread_mutex_lock(&table_lock);
    session->id = ++last_id;
    session->next = table;
    table = session;
    pthread_mutex_unlock(&table_lock);
    return session;
}

struct session *session_acquire(uint32_t id)
{
    struct session *session;

    pthread_mutex_lock(&table_lock);
    for (session = table; session && session->id != id; session = session->next)
        ;
    if (session)
        session->references++;
    pthread_mutex_unlock(&table_lock);
    return session;
}

struct session *session_acquire_any(int context)
{
    struct session *session;

    pthread_mutex_lock(&table_lock);
    for (session = table; session && session->context != context; session = session->next)
        ;
    if (session)
        session->references++;
    pthread_mutex_unlock(&table_lock);
    return session;
}

static void destroy(struct session *session)
{
    for (int i = 0; i < WIRE_PARAMS; i++)
        if (session->scratch[i].base)
            block_destroy(&session->scratch[i]);
    pthread_mutex_destroy(&session->busy);
    free(session->mapped);
    free(session);
}

void session_release(struct session *session)
{
    uint32_t left;

    pthread_mutex_lock(&table_lock);
    left = --session->references;
    pthread_mutex_unlock(&table_lock);
    if (!left)
        destroy(session);
}

void session_close(struct session *session)
{
    bool listed = false;

    pthread_mutex_lock(&table_lock);
    for (struct session **at = &table; *at; at = &(*at)->next) {
        if (*at == session) {
            *at = session->next;
            listed = true;
            break;
        }
    }
    session->closed = true;
    pthread_mutex_unlock(&table_lock);
    if (listed)
        session_release(session);
}

void session_kill(struct session *session)
{
    if (session->dead)
        return;
    ta_process_stop(&session->process, true);
    session->dead = true;
}

bool session_has_mapped(struct session *session, uint32_t memory)
{
    bool found = false;

    pthread_mutex_lock(&table_lock);
    for (size_t i = 0; i < session->mapped_count && !found; i++)
        found = session->mapped[i].id == memory;
    pthread_mutex_unlock(&table_lock);
    return found;
}

/* Makes room for one more. Returns false when there is no memory. */
static bool reserve_mapped(struct session *session)
{
    size_t room = session->mapped_room ? session->mapped_room * 2 : MAPPED_FIRST_ROOM;
    struct mapped_memory *grown;

    if (session->mapped_count < session->mapped_room)
        return true;
    grown = realloc(session->mapped, room * sizeof(*grown));
    if (!grown)
        return false;
    session->mapped = grown;
    session->mapped_room = room;
    return true;
}

bool session_add_mapped(struct session *session, uint32_t memory)
{
    bool ok;

    pthread_mutex_lock(&table_lock);
    ok = reserve_mapped(session);
    if (ok)
        session->mapped[session->mapped_count++] = (struct mapped_memory){.id = memory};
    pthread_mutex_unlock(&table_lock);
    return ok;
}

void session_mark_released(uint32_t memory)
{
    pthread_mutex_lock(&table_lock);
    for (struct session *session = table; session; session = session->next)
        for (size_t i = 0; i < session->mapped_count; i++)
            if (session->mapped[i].id == memory)
                session->mapped[i].released = true;
    pthread_mutex_unlock(&table_lock);
}

uint32_t session_next_released(struct session *session)
{
    uint32_t memory = 0;

    pthread_mutex_lock(&table_lock);
    for (size_t i = 0; i < session->mapped_count && !memory; i++) {
        if (!session->mapped[i].released)
            continue;
        memory = session->mapped[i].id;
        session->mapped[i] = session->mapped[--session->mapped_count];
    }
    pthread_mutex_unlock(&table_lock);
    return memory;
}
