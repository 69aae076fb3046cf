/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys in secure storage. Each key is one persistent object, with the key in its attributes and a record as its data.
 * The identifier has digests of the app's and the key's name, the record the names themselves.
 *
 * A TEE deletes a key that it finds damaged (TEE Internal Core API 1.3.1, section 5.7), and a script that finds no key
 * creates a new one. So an attacker who damages a file could have a key replaced. To prevent that, a record without a
 * key takes its place and marks the key as lost, until a script deletes it.
 *
 * The app's directory (core/storage/directory.h) lists the keys.
 */
#include <string.h>

#include "core/base/progress.h"
#include "core/base/sha256.h"
#include "core/key/key.h"
#include "core/storage/directory.h"
#include "core/storage/object.h"

#define ID_NAME (1 + OBJECT_ID_HALF)
#define ID_SIZE OBJECT_ID_NAMED_SIZE

/* A record: version, type, uses, secret (1) or public (0), bits (2 bytes, big-endian), then the names of app and key,
 * each after its size. */
#define RECORD_VERSION 1
#define RECORD_LOST 0xff /* in place of the version; zeros up to the names; the key's name is "" if it is not known */
#define RECORD_HEADER 6
#define RECORD_MAX (RECORD_HEADER + 2 * (1 + LUATEE_NAME_MAX))

static uint8_t *put_name(uint8_t *at, const char *name)
{
    size_t size = strlen(name);
    *at++ = (uint8_t)size;
    memcpy(at, name, size);
    return at + size;
}

static size_t write_record(uint8_t record[RECORD_MAX], const char *app, const struct key *key)
{
    uint8_t *at = record;
    *at++ = RECORD_VERSION;
    *at++ = key->type->id;
    *at++ = key->uses;
    *at++ = key->secret;
    *at++ = (uint8_t)(key->bits >> 8);
    *at++ = (uint8_t)key->bits;
    at = put_name(at, app);
    at = put_name(at, key->name);
    return (size_t)(at - record);
}

/* Returns whether the result of an operation with an object means that the TEE has deleted it as damaged. */
static bool is_deleted(TEE_Result result, TEE_ObjectHandle object)
{
    return result == TEE_ERROR_CORRUPT_OBJECT && object == TEE_HANDLE_NULL;
}

/* Opens the app's directory, and adds the key to it. Does not return TEE_ERROR_ACCESS_CONFLICT, which for the callers
 * means that there is a key of this name. */
static TEE_Result open_directory(const uint8_t id[ID_SIZE], struct directory *d, struct directory_change *c)
{
    uint8_t entry[DIRECTORY_ENTRY_SIZE];
    *d = directory_of_app(id);
    (void)directory_entry(d, id, ID_SIZE, entry);
    TEE_Result result = directory_open_with(c, d, entry);
    return result == TEE_ERROR_ACCESS_CONFLICT ? TEE_ERROR_STORAGE_NOT_AVAILABLE : result;
}

/* Marks a key as lost that the TEE has deleted. If another session has created an object meanwhile, that stays. */
static void mark_lost(const char *app, const char *name, const uint8_t id[ID_SIZE])
{
    uint8_t record[RECORD_MAX] = { RECORD_LOST };
    TEE_ObjectHandle object;
    struct directory d;
    struct directory_change c;
    size_t size = (size_t)(put_name(put_name(record + RECORD_HEADER, app), name) - record);
    bool listed = open_directory(id, &d, &c) == TEE_SUCCESS; /* if this fails, the mark exists without being listed */
    if (TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, id, ID_SIZE, TEE_DATA_FLAG_ACCESS_WRITE_META, TEE_HANDLE_NULL,
                                   record, size, &object) == TEE_SUCCESS)
        TEE_CloseObject(object);
    if (listed)
        directory_close(&c);
}

/* Reads a record into *key, without the key itself. Returns false when it is not a record of the app, or is of a lost
 * key; the latter sets key->name. */
static bool read_record(const uint8_t *record, size_t size, const char *app, struct key *key)
{
    size_t app_size = strlen(app), name_at = RECORD_HEADER + 1 + app_size;
    if (size < name_at + 1 || record[RECORD_HEADER] != app_size ||
        memcmp(record + RECORD_HEADER + 1, app, app_size) != 0)
        return false;
    size_t name_size = record[name_at];
    if (name_size > LUATEE_NAME_MAX || size != name_at + 1 + name_size)
        return false;
    if (record[0] == RECORD_LOST)
        memcpy(key->name, record + name_at + 1, name_size);
    if (record[0] != RECORD_VERSION || name_size == 0)
        return false;
    key->type = key_type_of_id(record[1]);
    key->uses = record[2];
    key->secret = record[3];
    key->bits = (uint32_t)record[4] << 8 | record[5];
    memcpy(key->name, record + name_at + 1, name_size);
    return key->type && !(key->uses & ~key->type->uses);
}

/* Opens the object for reading, together with other sessions. After an error *object is TEE_HANDLE_NULL. */
static TEE_Result open_shared(const uint8_t id[ID_SIZE], TEE_ObjectHandle *object)
{
    TEE_Result result = object_open(id, ID_SIZE, OBJECT_SHARED, object);
    if (result != TEE_SUCCESS)
        *object = TEE_HANDLE_NULL;
    return result;
}

static TEE_Result read_object(TEE_ObjectHandle *object, const char *app, struct key *key)
{
    uint8_t record[RECORD_MAX];
    size_t size;
    *key = (struct key) { .object = TEE_HANDLE_NULL };
    TEE_Result result = object_read(object, 0, record, sizeof(record), &size);
    if (result == TEE_SUCCESS && !read_record(record, size, app, key))
        result = TEE_ERROR_CORRUPT_OBJECT;
    return result;
}

TEE_Result key_save(const char *app, const struct key *key)
{
    uint8_t id[ID_SIZE], record[RECORD_MAX];
    TEE_ObjectHandle object;
    struct directory d;
    struct directory_change c;
    TEE_Result result = object_id_of_named(OBJECT_KEY, app, key->name, id);
    if (result == TEE_SUCCESS)
        result = open_directory(id, &d, &c);
    if (result != TEE_SUCCESS)
        return result;
    size_t size = write_record(record, app, key);
    result = TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, id, ID_SIZE, TEE_DATA_FLAG_ACCESS_WRITE_META, key->object,
                                        record, size, &object);
    if (result == TEE_SUCCESS)
        TEE_CloseObject(object);
    directory_close(&c);
    return result;
}

/* Copies the key to a transient object, so that the stored object can be closed for other sessions. */
static TEE_Result copy(TEE_ObjectHandle *object, struct key *key)
{
    uint32_t object_type = key->secret ? key->type->secret_type : key->type->public_type;
    TEE_ObjectInfo info;
    TEE_Result result = object_result(object, TEE_GetObjectInfo1(*object, &info));
    if (result != TEE_SUCCESS)
        return result;
    uint32_t bits = key_type_object_bits(key->type, key->bits);
    if (info.objectType != object_type || info.objectSize > bits) /* OP-TEE reports 0 for some types */
        return TEE_ERROR_CORRUPT_OBJECT;
    result = TEE_AllocateTransientObject(object_type, bits, &key->object);
    if (result != TEE_SUCCESS)
        return result;
    result = object_result(object, TEE_CopyObjectAttributes1(key->object, *object));
    if (result == TEE_SUCCESS)
        result = key_restrict(key, key->uses);
    if (result != TEE_SUCCESS)
        key_close(key);
    return result;
}

static TEE_Result load(const char *app, const char *name, const uint8_t id[ID_SIZE], struct key *key)
{
    TEE_ObjectHandle object;
    TEE_Result result = open_shared(id, &object);
    if (result == TEE_SUCCESS)
        result = read_object(&object, app, key);
    if (result == TEE_SUCCESS && strcmp(key->name, name) != 0)
        result = TEE_ERROR_CORRUPT_OBJECT;
    if (result == TEE_SUCCESS)
        result = copy(&object, key);
    TEE_CloseObject(object);
    if (is_deleted(result, object))
        mark_lost(app, name, id);
    return result;
}

TEE_Result key_load(const char *app, const char *name, struct key *key)
{
    uint8_t id[ID_SIZE];
    TEE_Result result = object_id_of_named(OBJECT_KEY, app, name, id);
    return result == TEE_SUCCESS ? load(app, name, id, key) : result;
}

TEE_Result key_delete(const char *app, const char *name)
{
    uint8_t id[ID_SIZE];
    TEE_ObjectHandle object;
    TEE_Result result = object_id_of_named(OBJECT_KEY, app, name, id);
    if (result == TEE_SUCCESS)
        result = object_open(id, ID_SIZE, TEE_DATA_FLAG_ACCESS_WRITE_META, &object);
    if (result == TEE_SUCCESS)
        result = TEE_CloseAndDeletePersistentObject1(object);
    if (result == TEE_SUCCESS || result == TEE_ERROR_CORRUPT_OBJECT) /* then the TEE has deleted it */
        directory_remove_object(id, ID_SIZE);
    return result;
}

/* Reads the record of a key. The name of a damaged key is unknown until a script loads the key by its name. */
static TEE_Result read_one(const char *app, const uint8_t id[ID_SIZE], struct key *key)
{
    TEE_ObjectHandle object;
    *key = (struct key) { .object = TEE_HANDLE_NULL };
    TEE_Result result = open_shared(id, &object);
    if (result == TEE_SUCCESS)
        result = read_object(&object, app, key);
    TEE_CloseObject(object);
    if (is_deleted(result, object))
        mark_lost(app, "", id);
    return result;
}

/* Adds the key's name to the list. Ignores a key that another session has just deleted. */
static TEE_Result list_one(const char *app, const uint8_t id[ID_SIZE], struct key_names *names)
{
    struct key key;
    TEE_Result result = read_one(app, id, &key);
    if (result != TEE_SUCCESS && result != TEE_ERROR_ITEM_NOT_FOUND && result != TEE_ERROR_CORRUPT_OBJECT)
        return result;
    if (key.name[0] && names->count < LUATEE_KEYS_MAX)
        memcpy(names->name[names->count++], key.name, sizeof(key.name));
    return TEE_SUCCESS;
}

/* The keys in the app's directory. There can be more than LUATEE_KEYS_MAX entries, if some keys do not exist any
 * more. */
struct listed {
    uint8_t ids[2 * LUATEE_KEYS_MAX][ID_SIZE];
    size_t count;
};

static bool add_listed(void *context, const uint8_t entry[DIRECTORY_ENTRY_SIZE])
{
    struct listed *l = context;
    if (entry[0] != OBJECT_KEY)
        return true;
    memcpy(l->ids[l->count++] + ID_NAME, entry + 1, OBJECT_ID_HALF);
    return l->count < sizeof(l->ids) / sizeof(l->ids[0]);
}

static TEE_Result read_listed(const char *app, struct listed *l)
{
    uint8_t id[ID_SIZE];
    bool incomplete;
    l->count = 0;
    TEE_Result result = object_id_of_named(OBJECT_KEY, app, "", id);
    if (result != TEE_SUCCESS)
        return result;
    struct directory d = directory_of_app(id);
    result = directory_each(&d, add_listed, l, &incomplete);
    for (size_t i = 0; i < l->count; i++)
        memcpy(l->ids[i], id, ID_NAME);
    return result;
}

TEE_Result key_list(const char *app, struct key_names *names)
{
    struct listed l;
    names->count = 0;
    TEE_Result result = read_listed(app, &l);
    for (size_t i = 0; i < l.count && result == TEE_SUCCESS; i++)
        result = progress_step() ? list_one(app, l.ids[i], names) : TEE_ERROR_CANCEL;
    return result;
}

/* Removes entries of keys that do not exist: a session has ended after it wrote the entry and before it stored the
 * key. */
static TEE_Result remove_missing(const char *app, const struct listed *l, size_t *count)
{
    for (size_t i = 0; i < l->count; i++) {
        struct key key;
        TEE_Result result = progress_step() ? read_one(app, l->ids[i], &key) : TEE_ERROR_CANCEL;
        if (result == TEE_ERROR_ITEM_NOT_FOUND) {
            directory_remove_object(l->ids[i], ID_SIZE);
            --*count;
        } else if (result != TEE_SUCCESS && result != TEE_ERROR_CORRUPT_OBJECT) {
            return result;
        }
    }
    return TEE_SUCCESS;
}

TEE_Result key_count(const char *app, size_t *count)
{
    struct listed l;
    TEE_Result result = read_listed(app, &l);
    *count = l.count;
    return result == TEE_SUCCESS && l.count >= LUATEE_KEYS_MAX ? remove_missing(app, &l, count) : result;
}
