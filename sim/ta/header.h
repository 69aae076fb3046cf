/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The definitions in a TA's user_ta_header_defines.h, the file that OP-TEE's dev kit reads too. header.c is compiled
 * once for each TA. The macro SIM_TA_HEADER is the path of that file; the default is ta/user_ta_header_defines.h.
 */
#ifndef SIM_TA_HEADER_H
#define SIM_TA_HEADER_H

#include <stdbool.h>
#include <tee_internal_api.h>

/* A property and its type, by the names that OP-TEE's TA_CURRENT_TA_EXT_PROPERTIES uses. The comment is the type that
 * `value` points to. */
enum user_ta_prop_type {
    USER_TA_PROP_TYPE_BOOL,         /* bool */
    USER_TA_PROP_TYPE_U32,          /* uint32_t */
    USER_TA_PROP_TYPE_UUID,         /* TEE_UUID */
    USER_TA_PROP_TYPE_IDENTITY,     /* TEE_Identity */
    USER_TA_PROP_TYPE_STRING,       /* char[], with its NUL */
    USER_TA_PROP_TYPE_BINARY_BLOCK, /* char[], base64, with its NUL */
    USER_TA_PROP_TYPE_U64,          /* uint64_t */
};

struct user_ta_property {
    const char *name;
    enum user_ta_prop_type type;
    const void *value;
};

extern const TEE_UUID sim_ta_uuid;
extern const size_t sim_ta_heap_size;  /* TA_DATA_SIZE */
extern const size_t sim_ta_stack_size; /* TA_STACK_SIZE */
extern const bool sim_ta_is_release;   /* the TA is a release build: main.c warns that the simulator is not a TEE */

/* The TA has TA_FLAG_DONT_CLOSE_HANDLE_ON_CORRUPT_OBJECT: the handle of a corrupt object stays open. */
extern const bool sim_ta_keeps_corrupt_handles;

extern const struct user_ta_property sim_ta_properties[];
extern const size_t sim_ta_property_count;

#endif
