/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/trust/publisher_keys.h"

#include <string.h>

unsigned publisher_keys_find(const uint8_t id[PACKAGE_PUBLISHER_ID_SIZE])
{
    unsigned i = 0;
    while (i < publisher_keys_count && memcmp(publisher_keys[i].id, id, PACKAGE_PUBLISHER_ID_SIZE) != 0)
        i++;
    return i;
}
