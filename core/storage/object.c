/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/storage/object.h"

#include "abi/limits.h"
#include "core/base/progress.h"

/* Milliseconds. A rest is longer than two steps, also where Linux rounds both up to its ticks. */
#define STEP 2
#define REST 10
#define CONTENDED 2000 /* how long a session that had to wait lets others go first */

/* This session's use of what it leaves by object_leave. Times are the TEE's, in milliseconds; 0: never. */
static struct {
    uint64_t since; /* the last rest */
    uint64_t left;
    uint64_t contended; /* it had to wait */
} turn;

static uint64_t now(void)
{
    TEE_Time time;
    TEE_GetSystemTime(&time);
    return (uint64_t)time.seconds * 1000 + time.millis;
}

/* What a wait took by the TEE's clock, which may have been set back, or have stood in a sleeping machine. */
static uint32_t since(uint64_t began, uint32_t at_least)
{
    uint64_t ended = now(), took = ended > began ? ended - began : 0;
    if (took > LUATEE_BUSY_WAIT)
        took = LUATEE_BUSY_WAIT;
    return took > at_least ? (uint32_t)took : at_least;
}

/* Waits, and has that paid for: as long as was asked for, since a busy machine makes a wait longer and must not use up
 * a budget. TEE_ERROR_CANCEL: not wanted any more. */
static TEE_Result wait_step(uint32_t milliseconds, uint32_t *waited)
{
    uint64_t began = now();
    TEE_Result result = TEE_Wait(milliseconds);
    *waited += since(began, milliseconds);
    return progress_waited(milliseconds) ? result : TEE_ERROR_CANCEL;
}

/* Whether what had this result is to be done once more. waited: milliseconds up to now. */
static bool try_again(TEE_Result *result, uint32_t *waited)
{
    if (*result != TEE_ERROR_ACCESS_CONFLICT || *waited >= LUATEE_BUSY_WAIT)
        return false;
    turn.contended = now();
    TEE_Result step = wait_step(STEP, waited);
    if (step == TEE_ERROR_CANCEL)
        *result = step;
    return step == TEE_SUCCESS;
}

/* Who was away for so long has rested. */
static void begin_turn(void)
{
    uint64_t time = now();
    if (turn.since == 0 || time - turn.left >= REST)
        turn.since = time;
}

void object_leave(TEE_ObjectHandle object)
{
    TEE_CloseObject(object);
    uint64_t time = now();
    if (time - turn.since >= LUATEE_BUSY_TURN || (turn.contended > 0 && time - turn.contended < CONTENDED)) {
        (void)TEE_Wait(REST);
        (void)progress_wanted(); /* if not, the next step of the call hears of it */
        turn.since = time = now();
    }
    turn.left = time;
}

TEE_Result object_open(const void *id, size_t id_size, uint32_t flags, TEE_ObjectHandle *object)
{
    uint32_t waited = 0;
    TEE_Result result;
    do {
        result = TEE_OpenPersistentObject(TEE_STORAGE_PRIVATE, id, id_size, flags, object);
    } while (try_again(&result, &waited));
    if (result == TEE_SUCCESS)
        begin_turn();
    return result;
}

TEE_Result object_open_alone(const void *id, size_t id_size, const void *data, size_t size, TEE_ObjectHandle *object)
{
    const uint32_t flags = TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_ACCESS_WRITE;
    uint32_t waited = 0;
    TEE_Result result;
    do {
        result = TEE_OpenPersistentObject(TEE_STORAGE_PRIVATE, id, id_size, flags, object);
        if (result == TEE_ERROR_ITEM_NOT_FOUND) /* a conflict then: another session was faster */
            result = TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, id, id_size, flags, TEE_HANDLE_NULL, data, size,
                                                object);
    } while (try_again(&result, &waited));
    if (result == TEE_SUCCESS)
        begin_turn();
    return result;
}

TEE_Result object_result(TEE_ObjectHandle *object, TEE_Result result)
{
    if (result == TEE_ERROR_CORRUPT_OBJECT)
        *object = TEE_HANDLE_NULL;
    return result;
}

TEE_Result object_read(TEE_ObjectHandle *object, size_t at, void *data, size_t size, size_t *count)
{
    TEE_Result result = TEE_SeekObjectData(*object, (intmax_t)at, TEE_DATA_SEEK_SET);
    *count = 0;
    if (result == TEE_SUCCESS)
        result = TEE_ReadObjectData(*object, data, size, count);
    return object_result(object, result);
}

TEE_Result object_write(TEE_ObjectHandle *object, size_t at, const void *data, size_t size)
{
    TEE_Result result = TEE_SeekObjectData(*object, (intmax_t)at, TEE_DATA_SEEK_SET);
    if (result == TEE_SUCCESS)
        result = TEE_WriteObjectData(*object, data, size);
    return object_result(object, result);
}

/* The object is not cut to the new size: after TEE_TruncateObjectData by more than a block, OP-TEE 4.5 finds it corrupt
 * (the nodes above keep their hashes). */
static TEE_Result try_rewrite(const void *id, size_t id_size, const void *data, size_t size)
{
    TEE_ObjectHandle object;
    TEE_Result result = TEE_OpenPersistentObject(TEE_STORAGE_PRIVATE, id, id_size, TEE_DATA_FLAG_ACCESS_WRITE, &object);
    if (result != TEE_SUCCESS)
        return result;
    result = object_write(&object, 0, data, size);
    TEE_CloseObject(object);
    return result;
}

TEE_Result object_rewrite(const void *id, size_t id_size, const void *data, size_t size)
{
    uint32_t waited = 0;
    TEE_Result result;
    do {
        result = try_rewrite(id, id_size, data, size);
    } while (try_again(&result, &waited));
    return result;
}

/* Creates an object only when there is none, and never by TEE_DATA_FLAG_OVERWRITE: OP-TEE 4.5 dereferences NULL when a
 * client is killed while it looks for the name of an object that is created (set_name in tee_ree_fs.c goes on after an
 * error), and the whole TEE panics. */
TEE_Result object_replace(const void *id, size_t id_size, const void *data, size_t size)
{
    uint32_t waited = 0;
    TEE_Result result;
    TEE_ObjectHandle object;
    do {
        result = try_rewrite(id, id_size, data, size);
        if (result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT) { /* which is removed */
            result = TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, id, id_size, TEE_DATA_FLAG_ACCESS_WRITE,
                                                TEE_HANDLE_NULL, data, size, &object);
            if (result == TEE_SUCCESS)
                TEE_CloseObject(object);
        }
    } while (try_again(&result, &waited));
    return result;
}
