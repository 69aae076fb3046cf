/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/session/hello.h"

#include "abi/commands.h"
#include "core/base/flavour.h"
#include "core/session/supplied.h"

#define KNOWN_FLAGS ((uint64_t)(LUATEE_HELLO_STORED | LUATEE_HELLO_PLAINTEXT))

TEE_Result hello_read(const void *message, size_t size, struct hello *hello)
{
    struct cursor c;
    *hello = (struct hello){ 0 };
    cursor_begin(&c, message, size);
    uint64_t items = cursor_array(&c);
    if ((items != 2 && items != 4) || !supplied_name(&c, hello->app))
        return TEE_ERROR_BAD_FORMAT;
    hello->flags = cursor_uint(&c);
    if (items == 4) {
        hello->fuel = cursor_uint(&c);
        hello->memory = cursor_uint(&c);
    }
    if (!cursor_finish(&c) || (hello->memory > 0 && hello->memory < LUATEE_MEMORY_MIN))
        return TEE_ERROR_BAD_FORMAT;
    if ((hello->flags & ~KNOWN_FLAGS) || ((hello->flags & LUATEE_HELLO_PLAINTEXT) && !FLAVOUR_IS_DEV))
        return TEE_ERROR_NOT_SUPPORTED;
    return TEE_SUCCESS;
}
