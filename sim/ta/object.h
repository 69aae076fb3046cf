/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Objects: transient ones (a key), and handles of persistent ones (a key and a data stream). key_type.h describes the
 * value of a key.
 */
#ifndef SIM_TA_OBJECT_H
#define SIM_TA_OBJECT_H

#include <stdbool.h>
#include <tee_internal_api.h>

#include "sim/ta/key_type.h"
#include "sim/ta/storage_file.h"

/* The usage in TEE_ObjectInfo of an object that was never restricted. */
#define SIM_USAGE_ALL 0xFFFFFFFFu

struct sim_object {
    uint32_t type;
    uint32_t size_bits;
    uint32_t max_bits;
    uint32_t usage;
    uint32_t flags; /* TEE_HANDLE_FLAG_*, and the TEE_DATA_FLAG_* it was opened with */
    uint8_t *secret; /* all parts of the key, public ones too */
    size_t secret_size;

    /* Persistent objects only. */
    char name[SIM_STORAGE_NAME_SIZE];
    int lock;                 /* descriptor from sim_storage_acquire(), or -1 */
    int version;              /* descriptor of the file that `content` was read from, or -1 */
    struct sim_bytes content; /* the record (storage_record.h) */
    size_t position;
};

/* Makes an empty object and its handle. Returns NULL when there is no memory. sim_object_close() frees both. */
struct sim_object *sim_object_new(uint32_t type, TEE_ObjectHandle *handle);

/* Returns the object of a handle. Panics in the name of `function` if the handle is not one of an object. */
struct sim_object *sim_object_get(TEE_ObjectHandle handle, const char *function);

/* Returns the object of a handle. Panics unless it is a transient object without a value. */
struct sim_object *sim_object_get_empty(TEE_ObjectHandle handle, const char *function);

/* Closes the handle, and wipes and frees the object with its locks and files. */
void sim_object_close(TEE_ObjectHandle handle);

/* Replaces the object's secret by a copy of `size` bytes, or by nothing if `secret` is NULL. Wipes the old one. Returns
 * false when there is no memory; the old secret then stays. */
bool sim_object_set_secret(struct sim_object *object, const void *secret, size_t size);

/* Sets the value of a transient object, `size` bytes, and its size in bits. Returns TEE_SUCCESS or
 * TEE_ERROR_OUT_OF_MEMORY. */
TEE_Result sim_object_initialize(struct sim_object *object, const void *value, size_t size, uint32_t bits);

#endif
