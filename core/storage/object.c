/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/storage/object.h"

#include "abi/limits.h"
#include "core/base/progress.h"

/* Milliseconds. A pause is longer than two tries of another session, even if Linux rounds both up to its ticks. */
#define RETRY 2
#define PAUSE 10
#define CONTENDED 2000 /* how long a session that had to wait pauses after each use */

/* When this session used objects that it closes with object_close_and_yield(): times by the TEE's clock, in
 * milliseconds; 0: never. */
static struct {
    uint64_t began;     /* the first use after the last pause */
    uint64_t closed;    /* the last close */
    uint64_t contended; /* the last time it had to wait */
} turn;

static uint64_t now(void)
{
    TEE_Time time;
    TEE_GetSystemTime(&time);
    return (uint64_t)time.seconds * 1000 + time.millis;
}

/* Returns the milliseconds since `began`: at least `minimum`, since the TEE's clock may have been set back, and at most
 * LUATEE_BUSY_WAIT, since the machine may have been suspended. */
static uint32_t elapsed(uint64_t began, uint32_t minimum)
{
    uint64_t ended = now(), time = ended > began ? ended - began : 0;
    if (time > LUATEE_BUSY_WAIT)
        time = LUATEE_BUSY_WAIT;
    return time > minimum ? (uint32_t)time : minimum;
}

/* Waits and charges the call for it. The charge is for the requested time: on a busy machine a wait takes longer, and
 * that must not use up the call's budget. TEE_ERROR_CANCEL: the call must end. */
static TEE_Result wait_step(uint32_t milliseconds, uint32_t *waited)
{
    uint64_t began = now();
    TEE_Result result = TEE_Wait(milliseconds);
    *waited += elapsed(began, milliseconds);
    return progress_waited(milliseconds) ? result : TEE_ERROR_CANCEL;
}

/* After a conflict with another session, waits and returns true when the operation should be tried again. *waited: the
 * milliseconds of all waits so far. */
static bool try_again(TEE_Result *result, uint32_t *waited)
{
    if (*result != TEE_ERROR_ACCESS_CONFLICT || *waited >= LUATEE_BUSY_WAIT)
        return false;
    turn.contended = now();
    TEE_Result step = wait_step(RETRY, waited);
    if (step == TEE_ERROR_CANCEL)
        *result = step;
    return step == TEE_SUCCESS;
}

/* A turn begins with the first use, and anew when the session used nothing for as long as a pause. */
static void begin_turn(void)
{
    uint64_t time = now();
    if (turn.began == 0 || time - turn.closed >= PAUSE)
        turn.began = time;
}

void object_close_and_yield(TEE_ObjectHandle object)
{
    TEE_CloseObject(object);
    uint64_t time = now();
    if (time - turn.began >= LUATEE_BUSY_TURN || (turn.contended > 0 && time - turn.contended < CONTENDED)) {
        (void)TEE_Wait(PAUSE);
        (void)progress_wanted(); /* checks the deadline; if the call must end, its next step will */
        turn.began = time = now();
    }
    turn.closed = time;
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

TEE_Result object_open_exclusive(const void *id, size_t id_size, const void *data, size_t size,
                                 TEE_ObjectHandle *object)
{
    uint32_t waited = 0;
    TEE_Result result;
    do {
        result = TEE_OpenPersistentObject(TEE_STORAGE_PRIVATE, id, id_size, OBJECT_EXCLUSIVE, object);
        if (result == TEE_ERROR_ITEM_NOT_FOUND) /* creating conflicts if another session has created it meanwhile */
            result = TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, id, id_size, OBJECT_EXCLUSIVE, TEE_HANDLE_NULL,
                                                data, size, object);
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

/* Does not truncate the object to the new size: after TEE_TruncateObjectData by more than a block, OP-TEE 4.5 reports
 * the object as corrupt, because the nodes above keep their hashes. */
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

/* Creates an object only when there is none, and never with TEE_DATA_FLAG_OVERWRITE: OP-TEE 4.5 then dereferences NULL
 * when a client is killed while OP-TEE checks the identifier of the new object (set_name in tee_ree_fs.c goes on after
 * an error), and the whole TEE panics. */
TEE_Result object_replace(const void *id, size_t id_size, const void *data, size_t size)
{
    uint32_t waited = 0;
    TEE_Result result;
    TEE_ObjectHandle object;
    do {
        result = try_rewrite(id, id_size, data, size);
        if (result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT) { /* the TEE has deleted it */
            result = TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, id, id_size, TEE_DATA_FLAG_ACCESS_WRITE,
                                                TEE_HANDLE_NULL, data, size, &object);
            if (result == TEE_SUCCESS)
                TEE_CloseObject(object);
        }
    } while (try_again(&result, &waited));
    return result;
}
