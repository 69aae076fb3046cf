/* SPDX-License-Identifier: BSD-2-Clause */
#include "sim/ta/cancel.h"

#include <errno.h>
#include <pthread.h>
#include <tee_internal_api.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_cond_t changed;

static uint32_t current;
static uint32_t requested;
static bool cancelled;
static bool everything;
static bool masked = true;

/* TEE_Wait uses the monotonic clock, so that setting the time does not change a wait. */
static void start(void)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void enter(void)
{
    pthread_once(&once, start);
    pthread_mutex_lock(&lock);
}

static void leave(void)
{
    pthread_mutex_unlock(&lock);
}

void sim_cancel_begin(uint32_t sequence, bool from_the_start)
{
    enter();
    current = sequence;
    cancelled = from_the_start || everything || requested == sequence;
    masked = true;
    leave();
}

void sim_cancel_request(uint32_t sequence)
{
    enter();
    requested = sequence;
    if (current == sequence)
        cancelled = true;
    pthread_cond_broadcast(&changed);
    leave();
}

void sim_cancel_all(void)
{
    enter();
    everything = cancelled = true;
    pthread_cond_broadcast(&changed);
    leave();
}

bool TEE_GetCancellationFlag(void)
{
    bool flag;

    enter();
    flag = cancelled && !masked;
    leave();
    return flag;
}

static bool set_mask(bool mask)
{
    bool before;

    enter();
    before = masked;
    masked = mask;
    leave();
    return before;
}

bool TEE_UnmaskCancellation(void)
{
    return set_mask(false);
}

bool TEE_MaskCancellation(void)
{
    return set_mask(true);
}

TEE_Result TEE_Wait(uint32_t timeout)
{
    struct timespec until;
    TEE_Result result;
    int error = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout / 1000;
    until.tv_nsec += (long)(timeout % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    enter();
    while (!(cancelled && !masked) && error != ETIMEDOUT)
        error = timeout == TEE_TIMEOUT_INFINITE ? pthread_cond_wait(&changed, &lock)
                                                : pthread_cond_timedwait(&changed, &lock, &until);
    result = cancelled && !masked ? TEE_ERROR_CANCEL : TEE_SUCCESS;
    leave();
    return result;
}
