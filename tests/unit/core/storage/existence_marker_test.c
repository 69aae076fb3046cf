/* SPDX-License-Identifier: BSD-2-Clause */
/* Witnesses: what is found, and how, with the TA's directory and without. */
/* link: --wrap=TEE_OpenPersistentObject --wrap=TEE_GetNextPersistentObject */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/storage/directory.h"
#include "core/storage/existence_marker.h"
#include "core/storage/object.h"
#include "sim/ta/memory.h"

TEE_Result __real_TEE_OpenPersistentObject(uint32_t storage, const void *id, size_t id_size, uint32_t flags,
                                           TEE_ObjectHandle *object);
TEE_Result __wrap_TEE_OpenPersistentObject(uint32_t storage, const void *id, size_t id_size, uint32_t flags,
                                           TEE_ObjectHandle *object);
TEE_Result __real_TEE_GetNextPersistentObject(TEE_ObjectEnumHandle objects, TEE_ObjectInfo *info, void *id,
                                              size_t *id_size);
TEE_Result __wrap_TEE_GetNextPersistentObject(TEE_ObjectEnumHandle objects, TEE_ObjectInfo *info, void *id,
                                              size_t *id_size);

static const uint8_t id[] = { 'X', 'a', 'b' };
static const uint8_t witness[] = { 'X' | 0x80, 'a', 'b' }, scratch[] = { 'X' | 0xa0, 'a', 'b' };

/* --- the TEE: who opens what, and what it says of an object that is damaged, or deleted while it looks */

static unsigned witness_opened;

TEE_Result __wrap_TEE_OpenPersistentObject(uint32_t storage, const void *name, size_t size, uint32_t flags,
                                           TEE_ObjectHandle *object)
{
    witness_opened += size == sizeof(witness) && memcmp(name, witness, size) == 0;
    return __real_TEE_OpenPersistentObject(storage, name, size, flags, object);
}

/* The object that is looked at as number `at`, from 1, is told so. */
static unsigned looked_at, at;
static TEE_Result told;

TEE_Result __wrap_TEE_GetNextPersistentObject(TEE_ObjectEnumHandle objects, TEE_ObjectInfo *info, void *name,
                                              size_t *size)
{
    TEE_Result result = __real_TEE_GetNextPersistentObject(objects, info, name, size);
    return result == TEE_SUCCESS && ++looked_at == at ? told : result;
}

static bool look(unsigned number, TEE_Result result)
{
    bool there;
    looked_at = 0;
    at = number;
    told = result;
    assert_int_equal(marker_exists(id, sizeof(id), &there), TEE_SUCCESS);
    return there;
}

/* --- objects */

static bool exists(const uint8_t *name, size_t size)
{
    TEE_ObjectHandle object;
    TEE_Result result = __real_TEE_OpenPersistentObject(TEE_STORAGE_PRIVATE, name, size, 0, &object);
    if (result == TEE_SUCCESS)
        TEE_CloseObject(object);
    return result == TEE_SUCCESS;
}

static void remove_object(const uint8_t *name, size_t size)
{
    TEE_ObjectHandle object;
    TEE_Result result = __real_TEE_OpenPersistentObject(TEE_STORAGE_PRIVATE, name, size,
                                                        TEE_DATA_FLAG_ACCESS_WRITE_META, &object);
    if (result == TEE_SUCCESS)
        assert_int_equal(TEE_CloseAndDeletePersistentObject1(object), TEE_SUCCESS);
    else
        assert_int_equal(result, TEE_ERROR_ITEM_NOT_FOUND);
}

/* As if it had been damaged. */
static void remove_directory(void)
{
    remove_object(directory_of_ta.id, directory_of_ta.id_size);
}

#define OTHERS 5u

static int begin(void **state)
{
    (void)state;
    at = 0;
    for (uint8_t i = 0; i < OTHERS; i++)
        assert_int_equal(object_replace(&(uint8_t){ 'a' + i }, 1, "data", 4), TEE_SUCCESS);
    assert_int_equal(marker_delete(id, sizeof(id)), TEE_SUCCESS);
    assert_false(exists(witness, sizeof(witness)));
    remove_object(scratch, sizeof(scratch));
    remove_directory();
    witness_opened = 0;
    return 0;
}

/* --- tests */

static void it_is_there_from_make_to_remove(void **state)
{
    (void)state;
    assert_false(look(0, 0));
    assert_int_equal(marker_create(id, sizeof(id)), TEE_SUCCESS);
    assert_true(look(0, 0));
    assert_int_equal(marker_create(id, sizeof(id)), TEE_SUCCESS);
    assert_true(look(0, 0));
    assert_int_equal(witness_opened, 0);
    assert_int_equal(marker_delete(id, sizeof(id)), TEE_SUCCESS);
    assert_false(look(0, 0));
    assert_int_equal(marker_delete(id, sizeof(id)), TEE_SUCCESS);
}

static void that_of_another_object_is_another(void **state)
{
    (void)state;
    static const uint8_t other[] = { 'X', 'a', 'c' };
    assert_int_equal(marker_create(other, sizeof(other)), TEE_SUCCESS);
    assert_int_equal(marker_create(id, 2), TEE_SUCCESS);
    assert_false(look(0, 0));
    assert_int_equal(marker_delete(other, sizeof(other)), TEE_SUCCESS);
    assert_int_equal(marker_delete(id, 2), TEE_SUCCESS);
}

/* Once there is a directory, nothing grows with what others have stored. */
static void no_other_object_is_read(void **state)
{
    (void)state;
    static const uint8_t first[] = { 'X', 'a', 'd' };
    assert_int_equal(marker_create(first, sizeof(first)), TEE_SUCCESS);
    assert_false(look(1, TEE_ERROR_CORRUPT_OBJECT));
    assert_int_equal(marker_create(id, sizeof(id)), TEE_SUCCESS);
    assert_true(look(1, TEE_ERROR_CORRUPT_OBJECT));
    assert_int_equal(marker_delete(id, sizeof(id)), TEE_SUCCESS);
    assert_false(look(1, TEE_ERROR_CORRUPT_OBJECT));
    assert_int_equal(looked_at, 0);
    assert_int_equal(marker_delete(first, sizeof(first)), TEE_SUCCESS);
}

/* A directory is made of all objects there are, with and without one that is damaged. */
static void it_is_found_with_another_directory(void **state)
{
    (void)state;
    static const uint8_t later[] = { 'X', 'a', 'd' };
    for (unsigned number = 0; number <= OTHERS + 1; number++) {
        assert_int_equal(marker_create(id, sizeof(id)), TEE_SUCCESS);
        remove_directory();
        looked_at = 0;
        at = number;
        told = TEE_ERROR_CORRUPT_OBJECT;
        assert_int_equal(marker_create(later, sizeof(later)), TEE_SUCCESS);
        assert_true(look(0, 0));
        assert_true(looked_at == 0 || number > 0);
        assert_int_equal(marker_delete(later, sizeof(later)), TEE_SUCCESS);
    }
    assert_int_equal(witness_opened, 0);
}

static void it_is_found_while_others_are_deleted(void **state)
{
    (void)state;
    assert_int_equal(marker_create(id, sizeof(id)), TEE_SUCCESS);
    remove_directory();
    unsigned missed = 0;
    for (unsigned number = 1; number <= OTHERS + 1; number++)
        missed += !look(number, TEE_ERROR_ITEM_NOT_FOUND);
    assert_int_equal(missed, 1); /* when it is what was deleted */
    assert_int_equal(witness_opened, 0);
}

/* Its own file, or another one: the names are not told. */
static void it_is_found_when_something_is_damaged(void **state)
{
    (void)state;
    for (unsigned number = 1; number <= OTHERS; number++)
        assert_false(look(number, TEE_ERROR_CORRUPT_OBJECT));
    assert_false(exists(witness, sizeof(witness)));
    assert_int_equal(marker_create(id, sizeof(id)), TEE_SUCCESS);
    remove_directory();
    for (unsigned number = 1; number <= OTHERS + 1; number++)
        assert_true(look(number, TEE_ERROR_CORRUPT_OBJECT));
    assert_int_equal(witness_opened, 0);
    assert_false(exists(scratch, sizeof(scratch)));
}

static void a_scratch_object_that_was_left_is_used(void **state)
{
    (void)state;
    assert_int_equal(object_replace(scratch, sizeof(scratch), "", 0), TEE_SUCCESS);
    assert_false(look(1, TEE_ERROR_CORRUPT_OBJECT));
    assert_int_equal(marker_create(id, sizeof(id)), TEE_SUCCESS);
    remove_directory();
    assert_int_equal(object_replace(scratch, sizeof(scratch), "", 0), TEE_SUCCESS);
    for (unsigned number = 1; number <= OTHERS + 2; number++)
        assert_true(look(number, TEE_ERROR_CORRUPT_OBJECT));
    assert_false(exists(scratch, sizeof(scratch)));
}

static void what_the_storage_returns_is_an_error(void **state)
{
    (void)state;
    bool there;
    assert_int_equal(marker_create(id, sizeof(id)), TEE_SUCCESS);
    remove_directory();
    looked_at = 0;
    at = 1;
    told = TEE_ERROR_STORAGE_NOT_AVAILABLE;
    assert_int_equal(marker_exists(id, sizeof(id), &there), TEE_ERROR_STORAGE_NOT_AVAILABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(it_is_there_from_make_to_remove, begin),
        cmocka_unit_test_setup(that_of_another_object_is_another, begin),
        cmocka_unit_test_setup(no_other_object_is_read, begin),
        cmocka_unit_test_setup(it_is_found_with_another_directory, begin),
        cmocka_unit_test_setup(it_is_found_while_others_are_deleted, begin),
        cmocka_unit_test_setup(it_is_found_when_something_is_damaged, begin),
        cmocka_unit_test_setup(a_scratch_object_that_was_left_is_used, begin),
        cmocka_unit_test_setup(what_the_storage_returns_is_an_error, begin),
    };
    return sim_memory_start() ? cmocka_run_group_tests_name("existence_marker", tests, NULL, NULL) : 1;
}
