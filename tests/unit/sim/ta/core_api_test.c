/* SPDX-License-Identifier: BSD-2-Clause */
/* The Internal Core API of the simulator: checks that run inside a TA, and misuse that must panic. */
#include "tests/unit/sim/sim_support.h"

CHECK_TEST(memory, SIM_TEST_CHECK_MEMORY)
CHECK_TEST(access_rights, SIM_TEST_CHECK_ACCESS)
CHECK_TEST(properties, SIM_TEST_CHECK_PROPERTIES)
CHECK_TEST(time_and_random, SIM_TEST_CHECK_TIME)
CHECK_TEST(digest, SIM_TEST_CHECK_DIGEST)
CHECK_TEST(cipher, SIM_TEST_CHECK_CIPHER)
CHECK_TEST(authenticated_encryption, SIM_TEST_CHECK_AE)
CHECK_TEST(ccm, SIM_TEST_CHECK_CCM)
CHECK_TEST(ccm_in_pieces, SIM_TEST_CHECK_CCM_PIECES)
CHECK_TEST(ccm_refusals, SIM_TEST_CHECK_CCM_REFUSALS)
CHECK_TEST(mac, SIM_TEST_CHECK_MAC)
CHECK_TEST(transient_keys, SIM_TEST_CHECK_KEYS)
CHECK_TEST(persistent_objects, SIM_TEST_CHECK_OBJECTS)
CHECK_TEST(data_streams, SIM_TEST_CHECK_STREAM)
CHECK_TEST(sharing, SIM_TEST_CHECK_SHARING)
CHECK_TEST(enumerators, SIM_TEST_CHECK_ENUMERATOR)
CHECK_TEST(persistent_keys, SIM_TEST_CHECK_PERSISTENT_KEY)

static void misuse_panics(void **state)
{
    (void)state;
    for (uint32_t which = 0; which < SIM_TEST_MISUSES_ASYMMETRIC; which++)
        support_misuse(which);
}

/* TA_STACK_SIZE is 64 KiB: 20 levels of 1 KiB fit, 4000 do not whatever the build adds. */
static void stack_is_limited(void **state)
{
    TEEC_Session session;

    (void)state;
    assert_int_equal(support_open(&session), TEEC_SUCCESS);
    assert_int_equal(support_value(&session, SIM_TEST_RECURSE, 20, NULL), TEEC_SUCCESS);
    assert_int_equal(support_value(&session, SIM_TEST_RECURSE, 4000, NULL), TEEC_ERROR_TARGET_DEAD);
    TEEC_CloseSession(&session);
}

static void heap_is_limited(void **state)
{
    TEEC_Session session;

    (void)state;
    assert_int_equal(support_open(&session), TEEC_SUCCESS);
    assert_int_equal(support_value(&session, SIM_TEST_HEAP, 30 * 1024, NULL), TEEC_SUCCESS);
    assert_int_equal(support_value(&session, SIM_TEST_HEAP, 32 * 1024, NULL), TEEC_ERROR_OUT_OF_MEMORY);
    TEEC_CloseSession(&session);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, support_begin, support_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(memory),
        TEST(access_rights),
        TEST(properties),
        TEST(time_and_random),
        TEST(digest),
        TEST(cipher),
        TEST(authenticated_encryption),
        TEST(ccm),
        TEST(ccm_in_pieces),
        TEST(ccm_refusals),
        TEST(mac),
        TEST(transient_keys),
        TEST(persistent_objects),
        TEST(data_streams),
        TEST(sharing),
        TEST(enumerators),
        TEST(persistent_keys),
        TEST(misuse_panics),
        TEST(stack_is_limited),
        TEST(heap_is_limited),
    };

    return cmocka_run_group_tests_name("simulator: Internal Core API", tests, NULL, NULL);
}
