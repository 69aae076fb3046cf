/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/package/store.h"

#include <string.h>

#include "core/codec/cursor.h"
#include "core/codec/writer.h"
#include "core/package/digest.h"
#include "core/package/object.h"

/* An identifier: what kind of object, whose, which, of which bundle (zeros: of none). Half a SHA-256 each: names cannot
 * be made to collide by accident, and who makes them collide on purpose meets the names in the record. */
#define HALF (LUATEE_DIGEST_SIZE / 2)
#define ID_APP 1
#define ID_NAME (ID_APP + HALF)
#define ID_BUNDLE (ID_NAME + HALF)
#define ID_SIZE (ID_BUNDLE + HALF)

/* A record is CBOR: [app, name, digest, size of data, data]. All before the data fits in this. */
#define HEADER_MAX (1 + 2 * (2 + LUATEE_NAME_MAX) + 2 + LUATEE_DIGEST_SIZE + 5 + 5)

static TEE_Result make_id(const struct store_object *object, uint8_t id[ID_SIZE])
{
    uint8_t digest[LUATEE_DIGEST_SIZE];
    memset(id, 0, ID_SIZE);
    id[0] = (uint8_t)object->kind;
    TEE_Result result = digest_sha256(object->app, strlen(object->app), digest);
    if (result != TEE_SUCCESS)
        return result;
    memcpy(id + ID_APP, digest, HALF);
    result = digest_sha256(object->name, strlen(object->name), digest);
    if (result != TEE_SUCCESS)
        return result;
    memcpy(id + ID_NAME, digest, HALF);
    if (object->bundle)
        memcpy(id + ID_BUNDLE, object->bundle, HALF);
    return TEE_SUCCESS;
}

static size_t write_record(uint8_t *out, size_t room, const struct store_object *object,
                           const uint8_t digest[LUATEE_DIGEST_SIZE], const void *data, size_t size)
{
    struct writer w;
    writer_begin(&w, out, room);
    writer_array(&w, 5);
    writer_textz(&w, object->app);
    writer_textz(&w, object->name);
    writer_bytes(&w, digest, LUATEE_DIGEST_SIZE);
    writer_uint(&w, size);
    writer_bytes(&w, data, size);
    return writer_size(&w);
}

/* Reads a record's header from its first bytes. name: of LUATEE_NAME_MAX + 1 bytes. */
static bool read_header(struct cursor *c, const void *data, size_t size, const char *app, struct store_entry *entry)
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

static TEE_Result read_object(struct alloc *a, TEE_ObjectHandle *object, struct store_record *record)
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

/* Checks the record against the names it was looked up by, and its digest. */
static TEE_Result check_record(const struct store_object *object, struct store_record *record)
{
    struct cursor c;
    struct store_entry entry;
    if (!read_header(&c, record->whole, record->whole_size, object->app, &entry) ||
        strcmp(entry.name, object->name) != 0)
        return TEE_ERROR_CORRUPT_OBJECT;
    record->size = entry.size;
    record->data = cursor_bytes_of(&c, entry.size);
    if (c.failure != CURSOR_FINE) /* behind it may be what is left of another one: object_replace */
        return TEE_ERROR_CORRUPT_OBJECT;
    TEE_Result result = digest_check(record->data, record->size, entry.digest);
    return result == TEE_ERROR_SECURITY ? TEE_ERROR_CORRUPT_OBJECT : result;
}

TEE_Result store_get(struct alloc *a, const struct store_object *object, struct store_record *record)
{
    *record = (struct store_record){ 0 };
    uint8_t id[ID_SIZE];
    TEE_Result result = make_id(object, id);
    if (result != TEE_SUCCESS)
        return result;
    TEE_ObjectHandle handle;
    result = object_open(id, ID_SIZE, TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_SHARE_READ, &handle);
    if (result != TEE_SUCCESS)
        return result;
    result = read_object(a, &handle, record);
    TEE_CloseObject(handle);
    if (result == TEE_SUCCESS)
        result = check_record(object, record);
    if (result != TEE_SUCCESS)
        store_record_free(a, record);
    return result;
}

void store_record_free(struct alloc *a, struct store_record *record)
{
    alloc_free_wiped(a, record->whole, record->whole_size);
    *record = (struct store_record){ 0 };
}

TEE_Result store_put(struct alloc *a, const struct store_object *object, const uint8_t digest[LUATEE_DIGEST_SIZE],
                     const void *data, size_t size)
{
    uint8_t id[ID_SIZE];
    TEE_Result result = make_id(object, id);
    if (result != TEE_SUCCESS)
        return result;
    size_t room = HEADER_MAX + size;
    uint8_t *record = alloc_block(a, room);
    if (!record)
        return TEE_ERROR_OUT_OF_MEMORY;
    size_t record_size = write_record(record, room, object, digest, data, size);
    result = object_replace(id, ID_SIZE, record, record_size);
    alloc_free_wiped(a, record, room);
    return result;
}

/* A damaged object, too: the TEE removes it when it is opened. */
static TEE_Result remove_id(const uint8_t id[ID_SIZE])
{
    TEE_ObjectHandle object;
    TEE_Result result = object_open(id, ID_SIZE, TEE_DATA_FLAG_ACCESS_WRITE_META, &object);
    if (result == TEE_ERROR_CORRUPT_OBJECT)
        return TEE_SUCCESS;
    return result == TEE_SUCCESS ? TEE_CloseAndDeletePersistentObject1(object) : result;
}

/* How many objects one look at all there are finds. A look is slow: OP-TEE opens every object of the TA. */
#define FOUND_MAX 16

/* Finds objects whose identifier begins like `wanted`, but which are not of the bundle `kept` (NULL: of any). */
static TEE_Result find_ids(const uint8_t *wanted, size_t wanted_size, const uint8_t *kept,
                           uint8_t ids[FOUND_MAX][ID_SIZE], size_t *count)
{
    TEE_ObjectEnumHandle objects;
    *count = 0;
    TEE_Result result = TEE_AllocatePersistentObjectEnumerator(&objects);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_StartPersistentObjectEnumerator(objects, TEE_STORAGE_PRIVATE);
    while (*count < FOUND_MAX && (result == TEE_SUCCESS || result == TEE_ERROR_CORRUPT_OBJECT)) {
        uint8_t found[TEE_OBJECT_ID_MAX_LEN];
        size_t size = sizeof(found);
        TEE_ObjectInfo info;
        result = TEE_GetNextPersistentObject(objects, &info, found, &size);
        if (result == TEE_SUCCESS && size == ID_SIZE && memcmp(found, wanted, wanted_size) == 0 &&
            (!kept || memcmp(found + ID_BUNDLE, kept, HALF) != 0))
            memcpy(ids[(*count)++], found, ID_SIZE);
    }
    TEE_FreePersistentObjectEnumerator(objects);
    return result == TEE_ERROR_ITEM_NOT_FOUND ? TEE_SUCCESS : result; /* the end of the enumeration */
}

/* Removes what find_ids finds: after a look, as what an enumerator does when objects go away is not told. */
static TEE_Result sweep(const uint8_t *wanted, size_t wanted_size, const uint8_t *kept)
{
    uint8_t ids[FOUND_MAX][ID_SIZE];
    size_t count;
    bool removed = false;
    do {
        TEE_Result result = find_ids(wanted, wanted_size, kept, ids, &count);
        for (size_t i = 0; i < count && result == TEE_SUCCESS; i++) {
            result = remove_id(ids[i]);
            removed |= result == TEE_SUCCESS;
            if (result == TEE_ERROR_ITEM_NOT_FOUND) /* another session was faster */
                result = TEE_SUCCESS;
        }
        if (result != TEE_SUCCESS)
            return result;
    } while (count == FOUND_MAX);
    return removed ? TEE_SUCCESS : TEE_ERROR_ITEM_NOT_FOUND;
}

TEE_Result store_remove(const struct store_object *object)
{
    uint8_t id[ID_SIZE];
    TEE_Result result = make_id(object, id);
    if (result != TEE_SUCCESS)
        return result;
    return object->kind == STORE_PACKAGE && !object->bundle ? sweep(id, ID_BUNDLE, NULL) : remove_id(id);
}

void store_keep_bundle(const char *app, const uint8_t bundle[PACKAGE_BUNDLE_SIZE])
{
    uint8_t id[ID_SIZE];
    if (make_id(&(struct store_object){ STORE_PACKAGE, app, "", NULL }, id) == TEE_SUCCESS)
        (void)sweep(id, ID_NAME, bundle);
}

static bool grow(struct alloc *a, struct store_list *list)
{
    size_t room = list->room ? list->room * 2 : 8;
    struct store_entry *entries =
        alloc_lua(a, list->entries, list->room * sizeof(*entries), room * sizeof(*entries));
    if (!entries)
        return false;
    list->entries = entries;
    list->room = room;
    return true;
}

/* Adds the object to the list if it is there and sound: a damaged one is as good as missing, and storing it again mends
 * it. name: NULL: any. */
static TEE_Result list_id(struct alloc *a, const char *app, const char *name, const uint8_t id[ID_SIZE],
                          struct store_list *list)
{
    TEE_ObjectHandle object;
    TEE_Result result = object_open(id, ID_SIZE, TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_SHARE_READ, &object);
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
    if (list->count == list->room && !grow(a, list))
        return TEE_ERROR_OUT_OF_MEMORY;
    struct cursor c;
    struct store_entry *entry = &list->entries[list->count];
    entry->kind = (enum store_kind)id[0];
    if (read_header(&c, header, count, app, entry) && (!name || strcmp(entry->name, name) == 0))
        list->count++;
    return TEE_SUCCESS;
}

TEE_Result store_list_one(struct alloc *a, const struct store_object *object, struct store_list *list)
{
    uint8_t id[ID_SIZE];
    TEE_Result result = make_id(object, id);
    if (result == TEE_SUCCESS)
        result = list_id(a, object->app, object->name, id, list);
    if (result != TEE_SUCCESS)
        store_list_free(a, list);
    return result;
}

static TEE_Result list_all(struct alloc *a, const struct store_object *whose, TEE_ObjectEnumHandle objects,
                           struct store_list *list)
{
    uint8_t wanted[ID_SIZE];
    TEE_Result result = make_id(whose, wanted);
    while (result == TEE_SUCCESS || result == TEE_ERROR_CORRUPT_OBJECT) { /* of one object: the next may be sound */
        uint8_t id[TEE_OBJECT_ID_MAX_LEN];
        size_t id_size = sizeof(id);
        TEE_ObjectInfo info;
        result = TEE_GetNextPersistentObject(objects, &info, id, &id_size);
        if (result == TEE_SUCCESS && id_size == ID_SIZE && memcmp(id, wanted, ID_NAME) == 0 &&
            memcmp(id + ID_BUNDLE, wanted + ID_BUNDLE, HALF) == 0)
            result = list_id(a, whose->app, NULL, id, list);
    }
    return result == TEE_ERROR_ITEM_NOT_FOUND ? TEE_SUCCESS : result; /* the end of the enumeration */
}

TEE_Result store_list(struct alloc *a, const struct store_object *whose, struct store_list *list)
{
    TEE_ObjectEnumHandle objects;
    TEE_Result result = TEE_AllocatePersistentObjectEnumerator(&objects);
    if (result != TEE_SUCCESS)
        return result;
    result = TEE_StartPersistentObjectEnumerator(objects, TEE_STORAGE_PRIVATE);
    if (result == TEE_SUCCESS)
        result = list_all(a, whose, objects, list);
    else if (result == TEE_ERROR_ITEM_NOT_FOUND)
        result = TEE_SUCCESS; /* nothing is stored at all */
    TEE_FreePersistentObjectEnumerator(objects);
    if (result != TEE_SUCCESS)
        store_list_free(a, list);
    return result;
}

void store_list_free(struct alloc *a, struct store_list *list)
{
    alloc_free(a, list->entries, list->room * sizeof(*list->entries));
    *list = (struct store_list){ 0 };
}
