/* SPDX-License-Identifier: BSD-2-Clause */
/* Persistent objects, seen from one TA process. */
#include <string.h>

#include "tests/unit/sim/test_ta/checks.h"

#define READ TEE_DATA_FLAG_ACCESS_READ
#define WRITE TEE_DATA_FLAG_ACCESS_WRITE
#define META TEE_DATA_FLAG_ACCESS_WRITE_META
#define SHARE_READ TEE_DATA_FLAG_SHARE_READ
#define SHARE_WRITE TEE_DATA_FLAG_SHARE_WRITE
#define OVERWRITE TEE_DATA_FLAG_OVERWRITE

static TEE_Result create(const char *id, uint32_t flags, const char *data, TEE_ObjectHandle *object)
{
    return TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, id, strlen(id), flags, TEE_HANDLE_NULL, data, strlen(data),
                                      object);
}

static TEE_Result open_object(const char *id, uint32_t flags, TEE_ObjectHandle *object)
{
    return TEE_OpenPersistentObject(TEE_STORAGE_PRIVATE, id, strlen(id), flags, object);
}

static bool reads(TEE_ObjectHandle object, const char *expected)
{
    char text[64];
    size_t count = 0;

    return TEE_ReadObjectData(object, text, sizeof(text), &count) == TEE_SUCCESS && count == strlen(expected) &&
           !memcmp(text, expected, count);
}

uint32_t check_objects(void)
{
    TEE_ObjectHandle object = NULL;
    TEE_ObjectInfo info;

    CHECK(open_object("o1", READ, &object) == TEE_ERROR_ITEM_NOT_FOUND && !object);
    CHECK(TEE_OpenPersistentObject(77, "o1", 2, READ, &object) == TEE_ERROR_ITEM_NOT_FOUND);
    CHECK(create("o1", READ | META, "first", &object) == TEE_SUCCESS);
    CHECK(TEE_GetObjectInfo1(object, &info) == TEE_SUCCESS && info.dataSize == 5 && info.objectType == TEE_TYPE_DATA);
    CHECK(info.handleFlags == (READ | META | TEE_HANDLE_FLAG_PERSISTENT | TEE_HANDLE_FLAG_INITIALIZED));
    CHECK(reads(object, "first") && reads(object, ""));
    TEE_CloseObject(object);
    CHECK(create("o1", READ, "second", &object) == TEE_ERROR_ACCESS_CONFLICT && !object);
    CHECK(create("o1", OVERWRITE, "second", NULL) == TEE_SUCCESS);
    CHECK(open_object("o1", READ | META, &object) == TEE_SUCCESS && reads(object, "second"));
    CHECK(create("o2", 0, "other", NULL) == TEE_SUCCESS);
    CHECK(TEE_RenamePersistentObject(object, "o2", 2) == TEE_ERROR_ACCESS_CONFLICT);
    CHECK(TEE_RenamePersistentObject(object, "o3", 2) == TEE_SUCCESS);
    CHECK(TEE_SeekObjectData(object, 0, TEE_DATA_SEEK_SET) == TEE_SUCCESS && reads(object, "second"));
    TEE_CloseObject(object);
    CHECK(open_object("o1", READ, &object) == TEE_ERROR_ITEM_NOT_FOUND);
    CHECK(open_object("o3", READ | META, &object) == TEE_SUCCESS && reads(object, "second"));
    CHECK(TEE_CloseAndDeletePersistentObject1(object) == TEE_SUCCESS);
    CHECK(open_object("o3", READ, &object) == TEE_ERROR_ITEM_NOT_FOUND);
    CHECK(open_object("o2", META, &object) == TEE_SUCCESS);
    CHECK(TEE_CloseAndDeletePersistentObject1(object) == TEE_SUCCESS);
    TEE_CloseObject(TEE_HANDLE_NULL);
    return 0;
}

uint32_t check_stream(void)
{
    TEE_ObjectHandle object;
    TEE_ObjectInfo info;
    char text[16];
    size_t count;

    CHECK(create("stream", READ | WRITE | META, "0123456789", &object) == TEE_SUCCESS);
    CHECK(TEE_SeekObjectData(object, 2, TEE_DATA_SEEK_SET) == TEE_SUCCESS);
    CHECK(TEE_WriteObjectData(object, "ab", 2) == TEE_SUCCESS);
    CHECK(reads(object, "456789"));
    CHECK(TEE_SeekObjectData(object, -100, TEE_DATA_SEEK_CUR) == TEE_SUCCESS && reads(object, "01ab456789"));
    CHECK(TEE_SeekObjectData(object, 2, TEE_DATA_SEEK_END) == TEE_SUCCESS);
    CHECK(TEE_ReadObjectData(object, text, 4, &count) == TEE_SUCCESS && count == 0);
    CHECK(TEE_WriteObjectData(object, "z", 1) == TEE_SUCCESS);
    CHECK(TEE_GetObjectInfo1(object, &info) == TEE_SUCCESS && info.dataSize == 13 && info.dataPosition == 13);
    CHECK(TEE_SeekObjectData(object, 9, TEE_DATA_SEEK_SET) == TEE_SUCCESS);
    CHECK(TEE_ReadObjectData(object, text, 16, &count) == TEE_SUCCESS && count == 4 && !memcmp(text, "9\0\0z", 4));
    CHECK(TEE_TruncateObjectData(object, 3) == TEE_SUCCESS);
    CHECK(TEE_GetObjectInfo1(object, &info) == TEE_SUCCESS && info.dataSize == 3 && info.dataPosition == 13);
    CHECK(TEE_TruncateObjectData(object, 5) == TEE_SUCCESS);
    CHECK(TEE_SeekObjectData(object, 0, TEE_DATA_SEEK_SET) == TEE_SUCCESS);
    CHECK(TEE_ReadObjectData(object, text, 16, &count) == TEE_SUCCESS && count == 5 && !memcmp(text, "01a\0\0", 5));
    CHECK(TEE_SeekObjectData(object, (intmax_t)TEE_DATA_MAX_POSITION + 1, TEE_DATA_SEEK_SET) == TEE_ERROR_OVERFLOW);
    CHECK(TEE_SeekObjectData(object, TEE_DATA_MAX_POSITION, TEE_DATA_SEEK_SET) == TEE_SUCCESS);
    CHECK(TEE_WriteObjectData(object, "x", 1) == TEE_ERROR_OVERFLOW);
    CHECK(TEE_TruncateObjectData(object, 200u << 20) == TEE_ERROR_STORAGE_NO_SPACE);
    CHECK(TEE_CloseAndDeletePersistentObject1(object) == TEE_SUCCESS);
    return 0;
}

/* What a second handle may be, beside a first one. */
static const struct {
    uint32_t first, second;
    bool allowed;
} pairs[] = {
    {READ, READ, false},
    {READ | SHARE_READ, READ, false},
    {READ | SHARE_READ, READ | SHARE_READ, true},
    {READ | SHARE_READ, WRITE | SHARE_READ, false},
    {READ | SHARE_READ | SHARE_WRITE, WRITE | SHARE_READ | SHARE_WRITE, true},
    {WRITE | SHARE_WRITE, WRITE | SHARE_WRITE, true},
    {WRITE | SHARE_WRITE, WRITE | SHARE_WRITE | SHARE_READ, false},
    {META, READ | SHARE_READ, false},
    {READ | SHARE_READ, META | SHARE_READ, false},
    {SHARE_READ, READ | SHARE_READ, true},
    {SHARE_READ, WRITE | SHARE_READ, false},
    {0, READ, false},
    {0, SHARE_READ, false},
    {0, 0, true},
};

uint32_t check_sharing(void)
{
    TEE_ObjectHandle first, second, third;

    CHECK(create("shared", 0, "text", NULL) == TEE_SUCCESS);
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        CHECK(open_object("shared", pairs[i].first, &first) == TEE_SUCCESS);
        CHECK(open_object("shared", pairs[i].second, &second) == (pairs[i].allowed ? TEE_SUCCESS : TEE_ERROR_ACCESS_CONFLICT));
        TEE_CloseObject(second);
        TEE_CloseObject(first);
    }
    /* Writing through one handle is seen through another. */
    CHECK(open_object("shared", READ | SHARE_READ | SHARE_WRITE, &first) == TEE_SUCCESS);
    CHECK(open_object("shared", WRITE | SHARE_READ | SHARE_WRITE, &second) == TEE_SUCCESS);
    CHECK(TEE_WriteObjectData(second, "T", 1) == TEE_SUCCESS && reads(first, "Text"));
    CHECK(create("shared", OVERWRITE, "x", &third) == TEE_ERROR_ACCESS_CONFLICT);
    TEE_CloseObject(first);
    TEE_CloseObject(second);
    CHECK(open_object("shared", META, &first) == TEE_SUCCESS && TEE_CloseAndDeletePersistentObject1(first) == TEE_SUCCESS);
    return 0;
}

uint32_t check_enumerator(void)
{
    TEE_ObjectEnumHandle objects;
    TEE_ObjectHandle object;
    TEE_ObjectInfo info;
    uint8_t id[TEE_OBJECT_ID_MAX_LEN];
    size_t size;
    uint32_t seen = 0;

    CHECK(TEE_AllocatePersistentObjectEnumerator(&objects) == TEE_SUCCESS);
    CHECK(TEE_GetNextPersistentObject(objects, &info, id, &size) == TEE_ERROR_ITEM_NOT_FOUND);
    CHECK(TEE_StartPersistentObjectEnumerator(objects, TEE_STORAGE_PRIVATE) == TEE_ERROR_ITEM_NOT_FOUND);
    CHECK(create("e0", 0, "", NULL) == TEE_SUCCESS && create("e1", 0, "1", NULL) == TEE_SUCCESS);
    CHECK(create("e2", META, "22", &object) == TEE_SUCCESS);
    CHECK(TEE_StartPersistentObjectEnumerator(objects, TEE_STORAGE_PRIVATE) == TEE_SUCCESS);
    for (int i = 0; i < 3; i++) {
        CHECK(TEE_GetNextPersistentObject(objects, &info, id, &size) == TEE_SUCCESS && size == 2 && id[0] == 'e');
        CHECK(info.dataSize == (size_t)(id[1] - '0') && info.objectType == TEE_TYPE_DATA);
        seen |= 1u << (id[1] - '0');
    }
    CHECK(seen == 7 && TEE_GetNextPersistentObject(objects, &info, id, &size) == TEE_ERROR_ITEM_NOT_FOUND);
    CHECK(TEE_StartPersistentObjectEnumerator(objects, TEE_STORAGE_PRIVATE) == TEE_SUCCESS);
    CHECK(TEE_CloseAndDeletePersistentObject1(object) == TEE_SUCCESS);
    for (seen = 0; TEE_GetNextPersistentObject(objects, NULL, id, &size) == TEE_SUCCESS; seen++) {
        CHECK(TEE_OpenPersistentObject(TEE_STORAGE_PRIVATE, id, size, META, &object) == TEE_SUCCESS);
        CHECK(TEE_CloseAndDeletePersistentObject1(object) == TEE_SUCCESS);
    }
    CHECK(seen == 2);
    TEE_ResetPersistentObjectEnumerator(objects);
    TEE_FreePersistentObjectEnumerator(objects);
    return 0;
}

uint32_t check_persistent_key(void)
{
    TEE_ObjectHandle key = test_aes_key();
    TEE_ObjectHandle object;
    TEE_OperationHandle operation;
    TEE_ObjectInfo info;
    uint8_t bytes[16], same[16];
    size_t size = sizeof(bytes);

    CHECK(TEE_GetObjectBufferAttribute(key, TEE_ATTR_SECRET_VALUE, bytes, &size) == TEE_SUCCESS);
    CHECK(TEE_RestrictObjectUsage1(key, TEE_USAGE_ENCRYPT | TEE_USAGE_EXTRACTABLE) == TEE_SUCCESS);
    CHECK(TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, "key", 3, READ, key, "data", 4, NULL) == TEE_SUCCESS);
    /* The transient object has become the persistent one. */
    CHECK(TEE_GetObjectInfo1(key, &info) == TEE_SUCCESS && reads(key, "data"));
    CHECK(info.handleFlags == (READ | TEE_HANDLE_FLAG_PERSISTENT | TEE_HANDLE_FLAG_INITIALIZED));
    CHECK(open_object("key", READ | META, &object) == TEE_ERROR_ACCESS_CONFLICT);
    TEE_CloseObject(key);
    CHECK(open_object("key", READ | META, &object) == TEE_SUCCESS && reads(object, "data"));
    CHECK(TEE_GetObjectInfo1(object, &info) == TEE_SUCCESS && info.objectType == TEE_TYPE_AES &&
          info.objectSize == 128);
    CHECK(info.objectUsage == (TEE_USAGE_ENCRYPT | TEE_USAGE_EXTRACTABLE) && info.dataSize == 4);
    CHECK(TEE_GetObjectBufferAttribute(object, TEE_ATTR_SECRET_VALUE, same, &size) == TEE_SUCCESS &&
          !memcmp(bytes, same, 16));
    CHECK(TEE_AllocateOperation(&operation, TEE_ALG_AES_CTR, TEE_MODE_ENCRYPT, 128) == TEE_SUCCESS);
    CHECK(TEE_SetOperationKey(operation, object) == TEE_SUCCESS);
    TEE_FreeOperation(operation);
    CHECK(TEE_CloseAndDeletePersistentObject1(object) == TEE_SUCCESS);
    return 0;
}
