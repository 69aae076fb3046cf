/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/storage/directory.h"

#include <string.h>

#include "core/base/progress.h"
#include "core/storage/object.h"

/* The data of a directory: one byte with its state, then entries. A removed entry is all zeros. PARTIAL: the directory
 * is still being built. INCOMPLETE: it lacks damaged objects whose identifiers the TEE did not report when the
 * directory was built. */
enum state { PARTIAL, COMPLETE, INCOMPLETE };

#define CHUNK 32 /* entries that are read at once */

/* The kinds of objects that apps' directories list. */
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
    if (is_of_app(id, id_size)) { /* the TA's directory has an entry for the app's directory */
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

/* OP-TEE 4.5 returns TEE_ERROR_ITEM_NOT_FOUND at the end, but also when another session deletes the next object at that
 * moment; it continues when it is called again. So only this many such results in a row are taken for the end. */
#define ENDS 8

static TEE_Result visit_objects(TEE_ObjectEnumHandle objects, const struct directory *d, directory_visit visit,
                                void *context, bool *incomplete)
{
    uint8_t id[TEE_OBJECT_ID_MAX_LEN], entry[DIRECTORY_ENTRY_SIZE];
    TEE_ObjectInfo info;
    for (unsigned ends = 0; ends < ENDS;) {
        size_t size = sizeof(id);
        TEE_Result result = TEE_GetNextPersistentObject(objects, &info, id, &size);
        if (result != TEE_SUCCESS && result != TEE_ERROR_CORRUPT_OBJECT && result != TEE_ERROR_ITEM_NOT_FOUND)
            return result;
        ends = result == TEE_ERROR_ITEM_NOT_FOUND ? ends + 1 : 0;
        *incomplete |= result == TEE_ERROR_CORRUPT_OBJECT;
        if (result == TEE_SUCCESS && directory_entry(d, id, size, entry) && !visit(context, entry))
            return TEE_SUCCESS;
        if (!progress_wanted())
            return TEE_ERROR_CANCEL;
    }
    return TEE_SUCCESS;
}

static TEE_Result each_object(const struct directory *d, directory_visit visit, void *context, bool *incomplete)
{
    TEE_ObjectEnumHandle objects;
    TEE_Result result = TEE_AllocatePersistentObjectEnumerator(&objects);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_StartPersistentObjectEnumerator(objects, TEE_STORAGE_PRIVATE);
    if (result == TEE_SUCCESS)
        result = visit_objects(objects, d, visit, context, incomplete);
    else if (result == TEE_ERROR_ITEM_NOT_FOUND)
        result = TEE_SUCCESS; /* the storage is empty */
    TEE_FreePersistentObjectEnumerator(objects);
    return result;
}

/* --- entries ------------------------------------------------------------------------------------------------------ */

/* Called with each entry, also a removed one, and its position in the object's data. Returns false to stop. */
typedef bool (*visit_slot)(void *context, const uint8_t entry[DIRECTORY_ENTRY_SIZE], size_t at);

static TEE_Result each_slot(TEE_ObjectHandle *object, visit_slot visit, void *context)
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
    *state = result == TEE_SUCCESS && (byte == COMPLETE || byte == INCOMPLETE) ? (enum state)byte : PARTIAL;
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

/* Visits the entries of the directory. TEE_ERROR_ITEM_NOT_FOUND: there is no sound directory. */
static TEE_Result each_entry(const struct directory *d, directory_visit visit, void *context, bool *incomplete)
{
    struct visitor v = { visit, context };
    TEE_ObjectHandle object;
    enum state state;
    *incomplete = false;
    TEE_Result result = object_open(d->id, d->id_size, OBJECT_SHARED, &object);
    if (result != TEE_SUCCESS)
        return result == TEE_ERROR_CORRUPT_OBJECT ? TEE_ERROR_ITEM_NOT_FOUND : result;
    result = read_state(&object, &state);
    *incomplete = state == INCOMPLETE;
    if (result == TEE_SUCCESS)
        result = state == PARTIAL ? TEE_ERROR_ITEM_NOT_FOUND : each_slot(&object, visit_used, &v);
    TEE_CloseObject(object);
    return result == TEE_ERROR_CORRUPT_OBJECT ? TEE_ERROR_ITEM_NOT_FOUND : result;
}

struct search {
    const uint8_t *entry;
    bool found;
};

static bool find_entry(void *context, const uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    struct search *s = context;
    s->found |= memcmp(entry, s->entry, DIRECTORY_ENTRY_SIZE) == 0;
    return !s->found;
}

/* Returns true when the TA's directory is sound and has no entry for this app: then the app has no directory yet, and
 * no objects that belong into one, except perhaps damaged ones. */
static bool is_new(const struct directory *d)
{
    uint8_t entry[DIRECTORY_ENTRY_SIZE];
    struct search s = { .entry = entry };
    bool incomplete;
    return directory_entry(&directory_of_ta, d->id, d->id_size, entry) &&
           each_entry(&directory_of_ta, find_entry, &s, &incomplete) == TEE_SUCCESS && !s.found;
}

TEE_Result directory_each(const struct directory *d, directory_visit visit, void *context, bool *incomplete)
{
    TEE_Result result = each_entry(d, visit, context, incomplete);
    if (result != TEE_ERROR_ITEM_NOT_FOUND)
        return result;
    *incomplete = false;
    return is_new(d) ? TEE_SUCCESS : each_object(d, visit, context, incomplete);
}

/* --- changes ------------------------------------------------------------------------------------------------------ */

/* Positions in the object's data: of the entry, of the first removed one (0 for either: none), and of the end. */
struct slots {
    const uint8_t *entry;
    size_t found, empty, end;
};

static bool find_slots(void *context, const uint8_t entry[DIRECTORY_ENTRY_SIZE], size_t at)
{
    struct slots *p = context;
    if (memcmp(entry, p->entry, DIRECTORY_ENTRY_SIZE) == 0)
        p->found = at;
    if (entry[0] == 0 && p->empty == 0)
        p->empty = at;
    p->end = at + DIRECTORY_ENTRY_SIZE;
    return p->found == 0;
}

static TEE_Result add(struct directory_change *c, const uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    struct slots p = { .entry = entry, .end = 1 };
    TEE_Result result = each_slot(&c->object, find_slots, &p);
    if (result != TEE_SUCCESS || p.found > 0)
        return result;
    if (p.empty == 0 && p.end >= 1 + c->directory->entries_max * DIRECTORY_ENTRY_SIZE)
        return TEE_ERROR_STORAGE_NO_SPACE;
    return object_write(&c->object, p.empty > 0 ? p.empty : p.end, entry, DIRECTORY_ENTRY_SIZE);
}

void directory_remove(struct directory_change *c, const uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    static const uint8_t zeros[DIRECTORY_ENTRY_SIZE];
    struct slots p = { .entry = entry, .end = 1 };
    if (each_slot(&c->object, find_slots, &p) == TEE_SUCCESS && p.found > 0)
        (void)object_write(&c->object, p.found, zeros, sizeof(zeros));
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

/* Adds an entry for each object of the TA that belongs into this directory, then writes the state. */
static TEE_Result build(struct directory_change *c)
{
    struct building b = { c, TEE_SUCCESS };
    bool incomplete = false;
    TEE_Result result = each_object(c->directory, build_entry, &b, &incomplete);
    if (result == TEE_SUCCESS)
        result = b.result;
    uint8_t state = incomplete ? INCOMPLETE : COMPLETE;
    return result == TEE_SUCCESS ? object_write(&c->object, 0, &state, sizeof(state)) : result;
}

TEE_Result directory_open(struct directory_change *c, const struct directory *d)
{
    TEE_ObjectHandle object;
    c->directory = d;
    c->object = TEE_HANDLE_NULL;
    TEE_Result result = object_open(d->id, d->id_size, OBJECT_EXCLUSIVE, &object);
    if (result == TEE_SUCCESS)
        c->object = object;
    return result == TEE_ERROR_CORRUPT_OBJECT ? TEE_ERROR_ITEM_NOT_FOUND : result;
}

/* Creates the object in this state and opens it. If another session has created it meanwhile, opens that one. */
static TEE_Result create(struct directory_change *c, uint8_t state)
{
    TEE_ObjectHandle object;
    TEE_Result result = object_open_exclusive(c->directory->id, c->directory->id_size, &state, sizeof(state), &object);
    if (result == TEE_SUCCESS)
        c->object = object;
    return result;
}

/* Creates an app's directory, after its entry in the TA's directory. When the app is new, its directory is complete
 * from the beginning. */
static TEE_Result create_for_app(struct directory_change *c)
{
    uint8_t entry[DIRECTORY_ENTRY_SIZE];
    struct directory_change ta;
    bool fresh = is_new(c->directory);
    (void)directory_entry(&directory_of_ta, c->directory->id, c->directory->id_size, entry);
    TEE_Result result = directory_open_with(&ta, &directory_of_ta, entry);
    if (result != TEE_SUCCESS)
        return result;
    result = create(c, fresh ? COMPLETE : PARTIAL);
    directory_close(&ta);
    return result;
}

static TEE_Result open_and_add(struct directory_change *c, const struct directory *d,
                               const uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    enum state state;
    TEE_Result result = directory_open(c, d);
    if (result == TEE_ERROR_ITEM_NOT_FOUND)
        result = d->id_size == DIRECTORY_ID_SIZE ? create_for_app(c) : create(c, PARTIAL);
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

TEE_Result directory_open_with(struct directory_change *c, const struct directory *d,
                               const uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    TEE_Result result = open_and_add(c, d, entry);
    if (result == TEE_ERROR_CORRUPT_OBJECT) /* the TEE has deleted the directory's object: this creates it again */
        result = open_and_add(c, d, entry);
    return result == TEE_ERROR_CORRUPT_OBJECT ? TEE_ERROR_STORAGE_NOT_AVAILABLE : result;
}

void directory_close(struct directory_change *c)
{
    TEE_CloseObject(c->object);
    c->object = TEE_HANDLE_NULL;
}

void directory_remove_object(const uint8_t *id, size_t id_size)
{
    uint8_t entry[DIRECTORY_ENTRY_SIZE];
    struct directory_change c;
    struct directory d = directory_of_app(id);
    if (!directory_entry(&d, id, id_size, entry) || directory_open(&c, &d) != TEE_SUCCESS)
        return;
    directory_remove(&c, entry);
    directory_close(&c);
}
