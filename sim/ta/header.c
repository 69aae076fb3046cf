/* SPDX-License-Identifier: BSD-2-Clause */
#include "sim/ta/header.h"

/* Flags that a user_ta_header_defines.h may name, as OP-TEE numbers them. */
#define TA_FLAG_SINGLE_INSTANCE (1u << 2)
#define TA_FLAG_MULTI_SESSION (1u << 3)
#define TA_FLAG_INSTANCE_KEEP_ALIVE (1u << 4)
#define TA_FLAG_DONT_CLOSE_HANDLE_ON_CORRUPT_OBJECT (1u << 11)

#ifndef SIM_TA_HEADER
#define SIM_TA_HEADER "ta/user_ta_header_defines.h"
#endif
#include SIM_TA_HEADER

#ifndef TA_VERSION
#define TA_VERSION "Undefined version"
#endif
#ifndef TA_DESCRIPTION
#define TA_DESCRIPTION "Undefined description"
#endif
#ifdef LUATEE_FLAVOUR_release
#define IS_RELEASE true
#else
#define IS_RELEASE false
#endif

/* NOLINTBEGIN(misc-redundant-expression): another TA has other flags. */
/* Each session is a process, so an instance that several sessions share cannot be simulated. */
_Static_assert(!(TA_FLAGS & TA_FLAG_SINGLE_INSTANCE), "the simulator runs multi-instance TAs only");

const TEE_UUID sim_ta_uuid = TA_UUID;
const size_t sim_ta_heap_size = TA_DATA_SIZE;
const size_t sim_ta_stack_size = TA_STACK_SIZE;
const bool sim_ta_is_release = IS_RELEASE;
const bool sim_ta_keeps_corrupt_handles = (TA_FLAGS & TA_FLAG_DONT_CLOSE_HANDLE_ON_CORRUPT_OBJECT) != 0;

const struct user_ta_property sim_ta_properties[] = {
    {"gpd.ta.appID", USER_TA_PROP_TYPE_UUID, &sim_ta_uuid},
    {"gpd.ta.singleInstance", USER_TA_PROP_TYPE_BOOL, &(const bool){false}},
    {"gpd.ta.multiSession", USER_TA_PROP_TYPE_BOOL, &(const bool){(TA_FLAGS & TA_FLAG_MULTI_SESSION) != 0}},
    {"gpd.ta.instanceKeepAlive", USER_TA_PROP_TYPE_BOOL, &(const bool){(TA_FLAGS & TA_FLAG_INSTANCE_KEEP_ALIVE) != 0}},
    {"gpd.ta.dataSize", USER_TA_PROP_TYPE_U32, &(const uint32_t){TA_DATA_SIZE}},
    {"gpd.ta.stackSize", USER_TA_PROP_TYPE_U32, &(const uint32_t){TA_STACK_SIZE}},
    {"gpd.ta.version", USER_TA_PROP_TYPE_STRING, TA_VERSION},
    {"gpd.ta.description", USER_TA_PROP_TYPE_STRING, TA_DESCRIPTION},
    {"gpd.ta.endian", USER_TA_PROP_TYPE_U32, &(const uint32_t){0}},
    {"gpd.ta.doesNotCloseHandleOnCorruptObject", USER_TA_PROP_TYPE_BOOL,
     &sim_ta_keeps_corrupt_handles},
#ifdef TA_CURRENT_TA_EXT_PROPERTIES
    TA_CURRENT_TA_EXT_PROPERTIES
#endif
};
/* NOLINTEND(misc-redundant-expression) */
const size_t sim_ta_property_count = sizeof(sim_ta_properties) / sizeof(sim_ta_properties[0]);
