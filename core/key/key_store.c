/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys in secure storage: one persistent object a key, with the key in its attributes and a record as its data. The
 * identifier holds digests of the app's and of the key's name, the record the names themselves, as for scripts
 * (core/trust/script_store.c).
 *
 * A TEE deletes a key that it finds damaged (TEE Internal Core API 1.3.1, section 5.7), and where none is a script
 * makes a new one: who can damage a file could have a key replaced. So a record without a key takes its place, and says
 * that the key is lost, until a script deletes it.
 *
 * The app's directory (core/storage/directory.h) tells which keys there are.
 */
#include <string.h>

#include "core/base/progress.h"
#include "core/base/sha256.h"
#include "core/key/key.h"
#include "core/storage/directory.h"
#include "core/storage/object.h"

#define ID_NAME (1 + OBJECT_ID_HALF)
#define ID_SIZE OBJECT_ID_NAMED_SIZE

/* A record: version, type, uses, secret or not, bits (big-endian), then two names, each after its length. */
#define RECORD_VERSION 1
#define RECORD_LOST 0xff /* instead of the version: zeros up to the names; the key's is "" if nobody knows it */
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

/* Of an object that was opened for this result: whether the TEE has deleted it, as it was damaged. */
static bool is_deleted(TEE_Result result, TEE_ObjectHandle object)
{
    return result == TEE_ERROR_CORRUPT_OBJECT && object == TEE_HANDLE_NULL;
}

/* Opens the app's directory with the key in it. TEE_ERROR_ACCESS_CONFLICT means something else: a key of this name. */
static TEE_Result enter(const uint8_t id[ID_SIZE], struct directory *d, struct directory_change *c)
{
    uint8_t entry[DIRECTORY_ENTRY_SIZE];
    *d = directory_of_app(id);
    (void)directory_entry(d, id, ID_SIZE, entry);
    TEE_Result result = directory_open_with(c, d, entry);
    return result == TEE_ERROR_ACCESS_CONFLICT ? TEE_ERROR_STORAGE_NOT_AVAILABLE : result;
}

/* Remembers that there was a key, which the TEE has deleted. If another session was faster, what is there stays. */
static void mark_lost(const char *app, const char *name, const uint8_t id[ID_SIZE])
{
    uint8_t record[RECORD_MAX] = { RECORD_LOST };
    TEE_ObjectHandle object;
    struct directory d;
    struct directory_change c;
    size_t size = (size_t)(put_name(put_name(record + RECORD_HEADER, app), name) - record);
    bool entered = enter(id, &d, &c) == TEE_SUCCESS; /* or it is not listed, but is there */
    if (TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, id, ID_SIZE, TEE_DATA_FLAG_ACCESS_WRITE_META, TEE_HANDLE_NULL,
                                   record, size, &object) == TEE_SUCCESS)
        TEE_CloseObject(object);
    if (entered)
        directory_close(&c);
}

/* Reads the record, without the key. False: it is not one of the app's, or of a key that is lost, which then has its
 * name. */
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

/* Together with others. After an error *object is TEE_HANDLE_NULL. */
static TEE_Result open_shared(const uint8_t id[ID_SIZE], TEE_ObjectHandle *object)
{
    TEE_Result result = object_open(id, ID_SIZE, TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_SHARE_READ, object);
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
        result = enter(id, &d, &c);
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

/* The key in the object, as a transient one that keeps nobody else from the object. */
static TEE_Result copy(TEE_ObjectHandle *object, struct key *key)
{
    uint32_t object_type = key->secret ? key->type->secret_type : key->type->public_type;
    TEE_ObjectInfo info;
    TEE_Result result = object_result(object, TEE_GetObjectInfo1(*object, &info));
    if (result != TEE_SUCCESS)
        return result;
    uint32_t bits = key_type_object_bits(key->type, key->bits);
    if (info.objectType != object_type || info.objectSize > bits) /* of some types OP-TEE says 0 */
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
    if (result == TEE_SUCCESS || result == TEE_ERROR_CORRUPT_OBJECT) /* which is gone, too */
        directory_remove_object(id, ID_SIZE);
    return result;
}

/* Reads the record. Of one that is damaged nobody knows the name until it is opened by that. */
static TEE_Result look_at(const char *app, const uint8_t id[ID_SIZE], struct key *key)
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

/* One that another session just deleted is as good as missing. */
static TEE_Result list_one(const char *app, const uint8_t id[ID_SIZE], struct key_names *names)
{
    struct key key;
    TEE_Result result = look_at(app, id, &key);
    if (result != TEE_SUCCESS && result != TEE_ERROR_ITEM_NOT_FOUND && result != TEE_ERROR_CORRUPT_OBJECT)
        return result;
    if (key.name[0] && names->count < LUATEE_KEYS_MAX)
        memcpy(names->name[names->count++], key.name, sizeof(key.name));
    return TEE_SUCCESS;
}

/* The keys in the app's directory: more than an app may have, if some are not there any more. */
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

static TEE_Result take_listed(const char *app, struct listed *l)
{
    uint8_t id[ID_SIZE];
    bool nameless;
    l->count = 0;
    TEE_Result result = object_id_of_named(OBJECT_KEY, app, "", id);
    if (result != TEE_SUCCESS)
        return result;
    struct directory d = directory_of_app(id);
    result = directory_each(&d, add_listed, l, &nameless);
    for (size_t i = 0; i < l->count; i++)
        memcpy(l->ids[i], id, ID_NAME);
    return result;
}

TEE_Result key_list(const char *app, struct key_names *names)
{
    struct listed l;
    names->count = 0;
    TEE_Result result = take_listed(app, &l);
    for (size_t i = 0; i < l.count && result == TEE_SUCCESS; i++)
        result = progress_step() ? list_one(app, l.ids[i], names) : TEE_ERROR_CANCEL;
    return result;
}

/* Takes those out of the directory that are not there: a session ended between entry and object. */
static TEE_Result drop_missing(const char *app, const struct listed *l, size_t *count)
{
    for (size_t i = 0; i < l->count; i++) {
        struct key key;
        TEE_Result result = progress_step() ? look_at(app, l->ids[i], &key) : TEE_ERROR_CANCEL;
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
    TEE_Result result = take_listed(app, &l);
    *count = l.count;
    return result == TEE_SUCCESS && l.count >= LUATEE_KEYS_MAX ? drop_missing(app, &l, count) : result;
}
