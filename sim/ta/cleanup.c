/* SPDX-License-Identifier: BSD-2-Clause */
#include "sim/ta/cleanup.h"

#include <tee_internal_api.h>

#include "sim/ta/handle.h"
#include "sim/ta/object.h"
#include "sim/ta/operation.h"
#include "sim/ta/storage.h"

void sim_cleanup(void)
{
    void *handle;

    while ((handle = sim_handle_any(SIM_HANDLE_OBJECT)))
        sim_object_close(handle);
    while ((handle = sim_handle_any(SIM_HANDLE_OPERATION)))
        sim_operation_close(handle);
    while ((handle = sim_handle_any(SIM_HANDLE_OBJECT_ENUMERATOR)))
        TEE_FreePersistentObjectEnumerator(handle);
    while ((handle = sim_handle_any(SIM_HANDLE_PROPERTY_ENUMERATOR)))
        TEE_FreePropertyEnumerator(handle);
    sim_handle_finish();
    sim_storage_close();
}
