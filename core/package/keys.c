/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/package/keys.h"

#include <string.h>

unsigned keys_find_publisher(const uint8_t id[PACKAGE_PUBLISHER_ID_SIZE])
{
    unsigned i = 0;
    while (i < keys_publisher_count && memcmp(keys_publishers[i].id, id, PACKAGE_PUBLISHER_ID_SIZE) != 0)
        i++;
    return i;
}
