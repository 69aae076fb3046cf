/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/storage/directory.h"

#include <string.h>

#include "core/base/progress.h"
#include "core/storage/object.h"

/* The data: a first byte, then entries. Zeros: nothing is there any more. HIDING: complete, but for damaged objects
 * whose names the TEE did not tell when it was made. */
enum state { PARTIAL, COMPLETE, HIDING };

#define ALONE (TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_ACCESS_WRITE)
#define TOGETHER (TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_SHARE_READ)

/* Entries that are read at once. */
#define CHUNK 32

/* The kinds of objects that apps' directories have. */
static const uint8_t app_kinds[] = { OBJECT_KEY, OBJECT_SCRIPT, OBJECT_PACKAGE };

const struct directory directory_of_ta = { .id = { OBJECT_DIRECTORY },
                                           .id_size = 1,
                                           .entries_max = LUATEE_RECORDS_MAX };

struct directory directory_of_app(const uint8_t *id)
{
    struct directory d = { .id_size = DIRECTORY_ID_SIZE, .entries_max = LUATEE_APP_OBJECTS_MAX };
    memcpy(d.id, id, DIRECTORY_ID_SIZE);
    d.id[0] = OBJECT_DIRECTORY;
    return d;
}

static bool is_of_app(const uint8_t *id, size_t id_size)
{
    return id_size > DIRECTORY_ID_SIZE && memchr(app_kinds, id[0], sizeof(app_kinds));
}

bool directory_entry(const struct directory *d, const uint8_t *id, size_t id_size, uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    memset(entry, 0, DIRECTORY_ENTRY_SIZE);
    if (d->id_size == DIRECTORY_ID_SIZE) {
        if (!is_of_app(id, id_size) || memcmp(id + 1, d->id + 1, DIRECTORY_APP_SIZE) != 0 ||
            id_size - DIRECTORY_APP_SIZE > DIRECTORY_ENTRY_SIZE)
            return false;
        entry[0] = id[0];
        memcpy(entry + 1, id + DIRECTORY_ID_SIZE, id_size - DIRECTORY_ID_SIZE);
        return true;
    }
    if (is_of_app(id, id_size)) { /* then its app has a directory, or should */
        entry[0] = OBJECT_DIRECTORY;
        memcpy(entry + 1, id + 1, DIRECTORY_APP_SIZE);
        return true;
    }
    bool is_marker = (id[0] & (OBJECT_MARKER | OBJECT_SCRATCH)) == OBJECT_MARKER;
    if (id_size > DIRECTORY_ENTRY_SIZE || (!is_marker && (id[0] != OBJECT_DIRECTORY || id_size == 1)))
        return false;
    memcpy(entry, id, id_size);
    entry[0] &= (uint8_t)~OBJECT_MARKER;
    return true;
}

/* --- all objects of the TA ---------------------------------------------------------------------------------------- */

/* Of an object that another session deletes just then OP-TEE 4.5 says what it says at the end,
 * TEE_ERROR_ITEM_NOT_FOUND, but goes on when it is asked again. */
#define ENDS 8

static TEE_Result visit_objects(TEE_ObjectEnumHandle objects, const struct directory *d, directory_visit visit,
                                void *context, bool *nameless)
{
    uint8_t id[TEE_OBJECT_ID_MAX_LEN], entry[DIRECTORY_ENTRY_SIZE];
    TEE_ObjectInfo info;
    for (unsigned ends = 0; ends < ENDS;) {
        size_t size = sizeof(id);
        TEE_Result result = TEE_GetNextPersistentObject(objects, &info, id, &size);
        if (result != TEE_SUCCESS && result != TEE_ERROR_CORRUPT_OBJECT && result != TEE_ERROR_ITEM_NOT_FOUND)
            return result;
        ends = result == TEE_ERROR_ITEM_NOT_FOUND ? ends + 1 : 0;
        *nameless |= result == TEE_ERROR_CORRUPT_OBJECT;
        if (result == TEE_SUCCESS && directory_entry(d, id, size, entry) && !visit(context, entry))
            return TEE_SUCCESS;
        if (!progress_wanted())
            return TEE_ERROR_CANCEL;
    }
    return TEE_SUCCESS;
}

static TEE_Result each_object(const struct directory *d, directory_visit visit, void *context, bool *nameless)
{
    TEE_ObjectEnumHandle objects;
    TEE_Result result = TEE_AllocatePersistentObjectEnumerator(&objects);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_StartPersistentObjectEnumerator(objects, TEE_STORAGE_PRIVATE);
    if (result == TEE_SUCCESS)
        result = visit_objects(objects, d, visit, context, nameless);
    else if (result == TEE_ERROR_ITEM_NOT_FOUND)
        result = TEE_SUCCESS; /* nothing is stored at all */
    TEE_FreePersistentObjectEnumerator(objects);
    return result;
}

/* --- entries ------------------------------------------------------------------------------------------------------ */

/* Calls visit with each entry, zeros too, and its place; `at` is then behind the last one that was visited. */
typedef bool (*visit_place)(void *context, const uint8_t entry[DIRECTORY_ENTRY_SIZE], size_t at);

static TEE_Result each_place(TEE_ObjectHandle *object, visit_place visit, void *context)
{
    uint8_t bytes[CHUNK * DIRECTORY_ENTRY_SIZE];
    size_t count;
    for (size_t at = 1;; at += count) {
        TEE_Result result = object_read(object, at, bytes, sizeof(bytes), &count);
        if (result != TEE_SUCCESS)
            return result;
        for (size_t i = 0; i + DIRECTORY_ENTRY_SIZE <= count; i += DIRECTORY_ENTRY_SIZE)
            if (!visit(context, bytes + i, at + i))
                return TEE_SUCCESS;
        if (count < sizeof(bytes))
            return TEE_SUCCESS;
    }
}

static TEE_Result read_state(TEE_ObjectHandle *object, enum state *state)
{
    uint8_t byte = PARTIAL;
    size_t count;
    TEE_Result result = object_read(object, 0, &byte, sizeof(byte), &count);
    *state = result == TEE_SUCCESS && (byte == COMPLETE || byte == HIDING) ? (enum state)byte : PARTIAL;
    return result;
}

struct visitor {
    directory_visit visit;
    void *context;
};

static bool visit_used(void *context, const uint8_t entry[DIRECTORY_ENTRY_SIZE], size_t at)
{
    const struct visitor *v = context;
    (void)at;
    return entry[0] == 0 || v->visit(v->context, entry);
}

/* TEE_ERROR_ITEM_NOT_FOUND: there is no sound directory. */
static TEE_Result each_entry(const struct directory *d, directory_visit visit, void *context, bool *nameless)
{
    struct visitor v = { visit, context };
    TEE_ObjectHandle object;
    enum state state;
    *nameless = false;
    TEE_Result result = object_open(d->id, d->id_size, TOGETHER, &object);
    if (result != TEE_SUCCESS)
        return result == TEE_ERROR_CORRUPT_OBJECT ? TEE_ERROR_ITEM_NOT_FOUND : result;
    result = read_state(&object, &state);
    *nameless = state == HIDING;
    if (result == TEE_SUCCESS)
        result = state == PARTIAL ? TEE_ERROR_ITEM_NOT_FOUND : each_place(&object, visit_used, &v);
    TEE_CloseObject(object);
    return result == TEE_ERROR_CORRUPT_OBJECT ? TEE_ERROR_ITEM_NOT_FOUND : result;
}

struct search {
    const uint8_t *entry; /* this one, zeros behind `size` bytes */
    bool found;
};

static bool is_other(void *context, const uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    struct search *s = context;
    s->found |= memcmp(entry, s->entry, DIRECTORY_ENTRY_SIZE) == 0;
    return !s->found;
}

/* Whether the app never had a directory, nor what should be in one, unless all of that is damaged. */
static bool is_new(const struct directory *d)
{
    uint8_t entry[DIRECTORY_ENTRY_SIZE];
    struct search s = { .entry = entry };
    bool nameless;
    return directory_entry(&directory_of_ta, d->id, d->id_size, entry) &&
           each_entry(&directory_of_ta, is_other, &s, &nameless) == TEE_SUCCESS && !s.found;
}

TEE_Result directory_each(const struct directory *d, directory_visit visit, void *context, bool *nameless)
{
    TEE_Result result = each_entry(d, visit, context, nameless);
    if (result != TEE_ERROR_ITEM_NOT_FOUND)
        return result;
    *nameless = false;
    return is_new(d) ? TEE_SUCCESS : each_object(d, visit, context, nameless);
}

/* --- changes ------------------------------------------------------------------------------------------------------ */

struct places {
    const uint8_t *entry;
    size_t found, empty, end; /* 0: none */
};

static bool look_for_places(void *context, const uint8_t entry[DIRECTORY_ENTRY_SIZE], size_t at)
{
    struct places *p = context;
    if (memcmp(entry, p->entry, DIRECTORY_ENTRY_SIZE) == 0)
        p->found = at;
    if (entry[0] == 0 && p->empty == 0)
        p->empty = at;
    p->end = at + DIRECTORY_ENTRY_SIZE;
    return p->found == 0;
}

static TEE_Result add(struct directory_change *c, const uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    struct places p = { .entry = entry, .end = 1 };
    TEE_Result result = each_place(&c->object, look_for_places, &p);
    if (result != TEE_SUCCESS || p.found > 0)
        return result;
    if (p.empty == 0 && p.end >= 1 + c->directory->entries_max * DIRECTORY_ENTRY_SIZE)
        return TEE_ERROR_STORAGE_NO_SPACE;
    return object_write(&c->object, p.empty > 0 ? p.empty : p.end, entry, DIRECTORY_ENTRY_SIZE);
}

void directory_drop(struct directory_change *c, const uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    static const uint8_t nothing[DIRECTORY_ENTRY_SIZE];
    struct places p = { .entry = entry, .end = 1 };
    if (each_place(&c->object, look_for_places, &p) == TEE_SUCCESS && p.found > 0)
        (void)object_write(&c->object, p.found, nothing, sizeof(nothing));
}

struct building {
    struct directory_change *c;
    TEE_Result result;
};

static bool build_entry(void *context, const uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    struct building *b = context;
    b->result = add(b->c, entry);
    return b->result == TEE_SUCCESS;
}

/* Of all objects of the TA. */
static TEE_Result build(struct directory_change *c)
{
    struct building b = { c, TEE_SUCCESS };
    bool nameless = false;
    TEE_Result result = each_object(c->directory, build_entry, &b, &nameless);
    if (result == TEE_SUCCESS)
        result = b.result;
    uint8_t state = nameless ? HIDING : COMPLETE;
    return result == TEE_SUCCESS ? object_write(&c->object, 0, &state, sizeof(state)) : result;
}

TEE_Result directory_open(struct directory_change *c, const struct directory *d)
{
    TEE_ObjectHandle object;
    c->directory = d;
    c->object = TEE_HANDLE_NULL;
    TEE_Result result = object_open(d->id, d->id_size, ALONE, &object);
    if (result == TEE_SUCCESS)
        c->object = object;
    return result == TEE_ERROR_CORRUPT_OBJECT ? TEE_ERROR_ITEM_NOT_FOUND : result;
}

/* Makes the object in this state, and opens it, unless another session is faster. */
static TEE_Result make(struct directory_change *c, uint8_t state)
{
    TEE_ObjectHandle object;
    TEE_Result result = object_open_alone(c->directory->id, c->directory->id_size, &state, sizeof(state), &object);
    if (result == TEE_SUCCESS)
        c->object = object;
    return result;
}

/* Makes an app's directory. It is complete from the beginning when the app is new, which the TA's directory says; that
 * gets an entry for it. */
static TEE_Result make_of_app(struct directory_change *c)
{
    uint8_t entry[DIRECTORY_ENTRY_SIZE];
    struct directory_change ta;
    bool fresh = is_new(c->directory);
    (void)directory_entry(&directory_of_ta, c->directory->id, c->directory->id_size, entry);
    TEE_Result result = directory_enter(&ta, &directory_of_ta, entry);
    if (result != TEE_SUCCESS)
        return result;
    result = make(c, fresh ? COMPLETE : PARTIAL);
    directory_close(&ta);
    return result;
}

static TEE_Result open_and_add(struct directory_change *c, const struct directory *d,
                               const uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    enum state state;
    TEE_Result result = directory_open(c, d);
    if (result == TEE_ERROR_ITEM_NOT_FOUND)
        result = d->id_size == DIRECTORY_ID_SIZE ? make_of_app(c) : make(c, PARTIAL);
    if (result == TEE_SUCCESS)
        result = read_state(&c->object, &state);
    if (result == TEE_SUCCESS && state == PARTIAL)
        result = build(c);
    if (result == TEE_SUCCESS)
        result = add(c, entry);
    if (result != TEE_SUCCESS)
        directory_close(c);
    return result;
}

TEE_Result directory_enter(struct directory_change *c, const struct directory *d,
                           const uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    TEE_Result result = open_and_add(c, d, entry);
    if (result == TEE_ERROR_CORRUPT_OBJECT) /* the TEE has removed it */
        result = open_and_add(c, d, entry);
    return result == TEE_ERROR_CORRUPT_OBJECT ? TEE_ERROR_STORAGE_NOT_AVAILABLE : result;
}

void directory_close(struct directory_change *c)
{
    TEE_CloseObject(c->object);
    c->object = TEE_HANDLE_NULL;
}

void directory_leave(const uint8_t *id, size_t id_size)
{
    uint8_t entry[DIRECTORY_ENTRY_SIZE];
    struct directory_change c;
    struct directory d = directory_of_app(id);
    if (!directory_entry(&d, id, id_size, entry) || directory_open(&c, &d) != TEE_SUCCESS)
        return;
    directory_drop(&c, entry);
    directory_close(&c);
}
