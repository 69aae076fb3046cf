/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Objects: transient ones (a key), and handles on persistent ones (a key and a data stream). What a key consists of is
 * said in key_type.h.
 */
#ifndef SIM_TA_OBJECT_H
#define SIM_TA_OBJECT_H

#include <stdbool.h>
#include <tee_internal_api.h>

#include "sim/ta/key_type.h"
#include "sim/ta/storage_file.h"

/* What TEE_ObjectInfo says of an object that nobody restricted. */
#define SIM_USAGE_ALL 0xFFFFFFFFu

struct sim_object {
    uint32_t type;
    uint32_t size_bits;
    uint32_t max_bits;
    uint32_t usage;
    uint32_t flags; /* TEE_HANDLE_FLAG_*, and the TEE_DATA_FLAG_* it was opened with */
    uint8_t *secret; /* the parts of the key, public ones too */
    size_t secret_size;

    /* Persistent objects only. */
    char name[SIM_STORAGE_NAME_SIZE];
    int lock;                 /* holds the access it was opened with */
    int version;              /* the file that `content` was read from */
    struct sim_bytes content; /* as storage_record.h lays it out */
    size_t position;
};

/* A new object with a handle. NULL: no memory. */
struct sim_object *sim_object_new(uint32_t type, TEE_ObjectHandle *handle);

/* The object of a handle; panics, in the name of `function`, when there is none. */
struct sim_object *sim_object_get(TEE_ObjectHandle handle, const char *function);

/* The object of a handle, which must be a transient one without a value; panics otherwise. */
struct sim_object *sim_object_get_empty(TEE_ObjectHandle handle, const char *function);

/* Gives up the handle and all it holds, secrets wiped. */
void sim_object_close(TEE_ObjectHandle handle);

/* Takes a copy of a secret. False: no memory. */
bool sim_object_set_secret(struct sim_object *object, const void *secret, size_t size);

/* Gives a transient object its value and size in bits. TEE_ERROR_OUT_OF_MEMORY otherwise. */
TEE_Result sim_object_initialize(struct sim_object *object, const void *value, size_t size, uint32_t bits);

#endif
