/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/trust/script_store.h"

#include <string.h>

#include "core/base/sha256.h"
#include "core/codec/cursor.h"
#include "core/codec/writer.h"
#include "core/storage/directory.h"
#include "core/storage/object.h"

/* An identifier is that of a named object, then the first half of the bundle, or zeros without a bundle. */
#define ID_NAME (1 + OBJECT_ID_HALF)
#define ID_BUNDLE OBJECT_ID_NAMED_SIZE
#define ID_SIZE (ID_BUNDLE + OBJECT_ID_HALF)

/* A record is CBOR: [app, name, digest, size of data, data]. HEADER_MAX: the most bytes before the data. */
#define HEADER_MAX (1 + 2 * (2 + LUATEE_NAME_MAX) + 2 + LUATEE_DIGEST_SIZE + 5 + 5)

static TEE_Result make_id(const struct script_store_object *object, uint8_t id[ID_SIZE])
{
    if (object->bundle)
        memcpy(id + ID_BUNDLE, object->bundle, OBJECT_ID_HALF);
    else
        memset(id + ID_BUNDLE, 0, OBJECT_ID_HALF);
    return object_id_of_named(object->kind, object->app, object->name, id);
}

static size_t write_record(uint8_t *out, size_t capacity, const struct script_store_object *object,
                           const uint8_t digest[LUATEE_DIGEST_SIZE], const void *data, size_t size)
{
    struct writer w;
    writer_begin(&w, out, capacity);
    writer_array(&w, 5);
    writer_textz(&w, object->app);
    writer_textz(&w, object->name);
    writer_bytes(&w, digest, LUATEE_DIGEST_SIZE);
    writer_uint(&w, size);
    writer_bytes(&w, data, size);
    return writer_size(&w);
}

/* Reads a record's header from its first bytes. Returns false when it is invalid, or of another app. */
static bool read_header(struct cursor *c, const void *data, size_t size, const char *app,
                        struct script_store_entry *entry)
{
    size_t app_size, text_size;
    cursor_begin(c, data, size);
    cursor_expect_array(c, 5);
    const char *text = cursor_text(c, 1, LUATEE_NAME_MAX, &app_size);
    if (!text || app_size != strlen(app) || memcmp(text, app, app_size) != 0)
        return false;
    text = cursor_text(c, 1, LUATEE_NAME_MAX, &text_size);
    const uint8_t *digest = cursor_bytes_of(c, LUATEE_DIGEST_SIZE);
    uint64_t data_size = cursor_uint(c);
    if (c->failure != CURSOR_FINE || data_size > PACKAGE_SIZE_MAX)
        return false;
    memcpy(entry->name, text, text_size);
    entry->name[text_size] = '\0';
    memcpy(entry->digest, digest, LUATEE_DIGEST_SIZE);
    entry->size = (size_t)data_size;
    return true;
}

static TEE_Result read_object(struct alloc *a, TEE_ObjectHandle *object, struct script_store_record *record)
{
    TEE_ObjectInfo info;
    TEE_Result result = object_result(object, TEE_GetObjectInfo1(*object, &info));
    if (result != TEE_SUCCESS)
        return result;
    if (info.dataSize == 0 || info.dataSize > HEADER_MAX + PACKAGE_SIZE_MAX)
        return TEE_ERROR_CORRUPT_OBJECT;
    record->whole_size = info.dataSize;
    record->whole = alloc_block(a, record->whole_size);
    if (!record->whole)
        return TEE_ERROR_OUT_OF_MEMORY;
    size_t count;
    result = object_read(object, 0, record->whole, record->whole_size, &count);
    if (result == TEE_SUCCESS && count != record->whole_size)
        result = TEE_ERROR_CORRUPT_OBJECT;
    return result;
}

/* Checks that the record has the expected names, and that its digest is right. */
static TEE_Result check_record(const struct script_store_object *object, struct script_store_record *record)
{
    struct cursor c;
    struct script_store_entry entry;
    if (!read_header(&c, record->whole, record->whole_size, object->app, &entry) ||
        strcmp(entry.name, object->name) != 0)
        return TEE_ERROR_CORRUPT_OBJECT;
    record->size = entry.size;
    record->data = cursor_bytes_of(&c, entry.size);
    if (c.failure != CURSOR_FINE) /* bytes after the record are valid: object_replace() can leave some */
        return TEE_ERROR_CORRUPT_OBJECT;
    TEE_Result result = sha256_check(record->data, record->size, entry.digest);
    return result == TEE_ERROR_SECURITY ? TEE_ERROR_CORRUPT_OBJECT : result;
}

TEE_Result script_store_get(struct alloc *a, const struct script_store_object *object,
                            struct script_store_record *record)
{
    *record = (struct script_store_record){ 0 };
    uint8_t id[ID_SIZE];
    TEE_Result result = make_id(object, id);
    if (result != TEE_SUCCESS)
        return result;
    TEE_ObjectHandle handle;
    result = object_open(id, ID_SIZE, OBJECT_SHARED, &handle);
    if (result != TEE_SUCCESS)
        return result;
    result = read_object(a, &handle, record);
    TEE_CloseObject(handle);
    if (result == TEE_SUCCESS)
        result = check_record(object, record);
    if (result != TEE_SUCCESS)
        script_store_record_free(a, record);
    return result;
}

void script_store_record_free(struct alloc *a, struct script_store_record *record)
{
    alloc_free_wiped(a, record->whole, record->whole_size);
    *record = (struct script_store_record){ 0 };
}

/* Returns whether the object is listed in the app's directory. An app may have many scripts and packages, which are. It
 * has only one manifest, whose identifier is known. */
static bool is_listed(const uint8_t id[ID_SIZE])
{
    return id[0] == OBJECT_SCRIPT || id[0] == OBJECT_PACKAGE;
}

/* Creates the object, or replaces its data. */
static TEE_Result write_object(const uint8_t id[ID_SIZE], const void *data, size_t size)
{
    uint8_t entry[DIRECTORY_ENTRY_SIZE];
    struct directory_change c;
    TEE_Result result = object_rewrite(id, ID_SIZE, data, size);
    if (result != TEE_ERROR_ITEM_NOT_FOUND && result != TEE_ERROR_CORRUPT_OBJECT)
        return result;
    if (!is_listed(id))
        return object_replace(id, ID_SIZE, data, size);
    struct directory d = directory_of_app(id);
    (void)directory_entry(&d, id, ID_SIZE, entry);
    result = directory_open_with(&c, &d, entry);
    if (result != TEE_SUCCESS)
        return result;
    result = object_replace(id, ID_SIZE, data, size);
    directory_close(&c);
    return result;
}

TEE_Result script_store_put(struct alloc *a, const struct script_store_object *object,
                            const uint8_t digest[LUATEE_DIGEST_SIZE], const void *data, size_t size)
{
    uint8_t id[ID_SIZE];
    TEE_Result result = make_id(object, id);
    if (result != TEE_SUCCESS)
        return result;
    size_t capacity = HEADER_MAX + size;
    uint8_t *record = alloc_block(a, capacity);
    if (!record)
        return TEE_ERROR_OUT_OF_MEMORY;
    size_t record_size = write_record(record, capacity, object, digest, data, size);
    result = write_object(id, record, record_size);
    alloc_free_wiped(a, record, capacity);
    return result;
}

/* Works on a damaged object, too: the TEE deletes it when it is opened. */
static TEE_Result remove_object(const uint8_t id[ID_SIZE])
{
    TEE_ObjectHandle object;
    TEE_Result result = object_open(id, ID_SIZE, TEE_DATA_FLAG_ACCESS_WRITE_META, &object);
    if (result == TEE_ERROR_CORRUPT_OBJECT)
        return TEE_SUCCESS;
    return result == TEE_SUCCESS ? TEE_CloseAndDeletePersistentObject1(object) : result;
}

static TEE_Result remove_id(const uint8_t id[ID_SIZE])
{
    TEE_Result result = remove_object(id);
    if (is_listed(id) && (result == TEE_SUCCESS || result == TEE_ERROR_ITEM_NOT_FOUND))
        directory_remove_object(id, ID_SIZE);
    return result;
}

/* A search in the app's directory for identifiers that begin with `prefix`, except those of the bundle `kept`. */
struct listed {
    const uint8_t *prefix;
    size_t prefix_size;
    const uint8_t *kept;     /* NULL: no exception */
    uint8_t (*ids)[ID_SIZE]; /* the results */
    size_t count, capacity;
    size_t skipped; /* the number of results that are still to be skipped */
};

static bool add_listed(void *context, const uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    struct listed *l = context;
    uint8_t id[ID_SIZE];
    id[0] = entry[0];
    memcpy(id + 1, l->prefix + 1, OBJECT_ID_HALF);
    memcpy(id + ID_NAME, entry + 1, ID_SIZE - ID_NAME);
    if (memcmp(id, l->prefix, l->prefix_size) != 0 || (l->kept && memcmp(id + ID_BUNDLE, l->kept, OBJECT_ID_HALF) == 0))
        return true;
    if (l->skipped > 0)
        l->skipped--;
    else
        memcpy(l->ids[l->count++], id, ID_SIZE);
    return l->count < l->capacity;
}

static TEE_Result find_listed(struct listed *l)
{
    struct directory d = directory_of_app(l->prefix);
    bool incomplete;
    l->count = 0;
    return directory_each(&d, add_listed, l, &incomplete);
}

/* The most objects that one search finds: to be removed, and to be listed. */
#define FOUND_MAX 16
#define LISTED_MAX 64

/* Removes all objects that find_listed() finds. Removes them after each search, since the directory is open during a
 * search. */
static TEE_Result sweep(const uint8_t *prefix, size_t prefix_size, const uint8_t *kept)
{
    uint8_t ids[FOUND_MAX][ID_SIZE];
    struct listed l = { .prefix = prefix, .prefix_size = prefix_size, .kept = kept, .ids = ids, .capacity = FOUND_MAX };
    bool removed = false;
    do {
        TEE_Result result = find_listed(&l);
        for (size_t i = 0; i < l.count && result == TEE_SUCCESS; i++) {
            result = remove_id(ids[i]);
            removed |= result == TEE_SUCCESS;
            if (result == TEE_ERROR_ITEM_NOT_FOUND) /* another session has removed it meanwhile */
                result = TEE_SUCCESS;
        }
        if (result != TEE_SUCCESS)
            return result;
    } while (l.count == FOUND_MAX);
    return removed ? TEE_SUCCESS : TEE_ERROR_ITEM_NOT_FOUND;
}

TEE_Result script_store_remove(const struct script_store_object *object)
{
    uint8_t id[ID_SIZE];
    TEE_Result result = make_id(object, id);
    if (result != TEE_SUCCESS)
        return result;
    return object->kind == OBJECT_PACKAGE && !object->bundle ? sweep(id, ID_BUNDLE, NULL) : remove_id(id);
}

void script_store_keep_bundle(const char *app, const uint8_t bundle[PACKAGE_BUNDLE_SIZE])
{
    uint8_t id[ID_SIZE];
    if (make_id(&(struct script_store_object){ OBJECT_PACKAGE, app, "", NULL }, id) == TEE_SUCCESS)
        (void)sweep(id, ID_NAME, bundle);
}

static bool grow(struct alloc *a, struct script_store_list *list)
{
    size_t capacity = list->capacity ? list->capacity * 2 : 8;
    struct script_store_entry *entries =
        alloc_lua(a, list->entries, list->capacity * sizeof(*entries), capacity * sizeof(*entries));
    if (!entries)
        return false;
    list->entries = entries;
    list->capacity = capacity;
    return true;
}

/* Adds the object to the list if it exists and is not damaged. A damaged one counts as missing: storing it again
 * repairs it. name: the expected name; NULL: any. */
static TEE_Result list_id(struct alloc *a, const char *app, const char *name, const uint8_t id[ID_SIZE],
                          struct script_store_list *list)
{
    TEE_ObjectHandle object;
    TEE_Result result = object_open(id, ID_SIZE, OBJECT_SHARED, &object);
    if (result == TEE_ERROR_ITEM_NOT_FOUND || result == TEE_ERROR_CORRUPT_OBJECT)
        return TEE_SUCCESS;
    if (result != TEE_SUCCESS)
        return result;
    uint8_t header[HEADER_MAX];
    size_t count;
    result = object_read(&object, 0, header, sizeof(header), &count);
    TEE_CloseObject(object);
    if (result == TEE_ERROR_CORRUPT_OBJECT)
        return TEE_SUCCESS;
    if (result != TEE_SUCCESS)
        return result;
    if (list->count == list->capacity && !grow(a, list))
        return TEE_ERROR_OUT_OF_MEMORY;
    struct cursor c;
    struct script_store_entry *entry = &list->entries[list->count];
    entry->kind = (enum object_kind)id[0];
    if (read_header(&c, header, count, app, entry) && (!name || strcmp(entry->name, name) == 0))
        list->count++;
    return TEE_SUCCESS;
}

TEE_Result script_store_list_one(struct alloc *a, const struct script_store_object *object,
                                 struct script_store_list *list)
{
    uint8_t id[ID_SIZE];
    TEE_Result result = make_id(object, id);
    if (result == TEE_SUCCESS)
        result = list_id(a, object->app, object->name, id, list);
    if (result != TEE_SUCCESS)
        script_store_list_free(a, list);
    return result;
}

TEE_Result script_store_list(struct alloc *a, const struct script_store_object *whose, struct script_store_list *list)
{
    uint8_t prefix[ID_SIZE], ids[LISTED_MAX][ID_SIZE];
    struct listed l = { .prefix = prefix, .prefix_size = ID_NAME, .ids = ids, .capacity = LISTED_MAX };
    size_t before = 0;
    TEE_Result result = make_id(whose, prefix);
    do {
        l.skipped = before;
        if (result == TEE_SUCCESS)
            result = find_listed(&l);
        for (size_t i = 0; i < l.count && result == TEE_SUCCESS; i++)
            if (memcmp(ids[i] + ID_BUNDLE, prefix + ID_BUNDLE, OBJECT_ID_HALF) == 0)
                result = list_id(a, whose->app, NULL, ids[i], list);
        before += l.count;
    } while (result == TEE_SUCCESS && l.count == LISTED_MAX);
    if (result != TEE_SUCCESS)
        script_store_list_free(a, list);
    return result;
}

void script_store_list_free(struct alloc *a, struct script_store_list *list)
{
    alloc_free(a, list->entries, list->capacity * sizeof(*list->entries));
    *list = (struct script_store_list){ 0 };
}
