/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/text.h"

const char *text_grouped(char text[TEXT_GROUPED_SIZE], uint64_t number)
{
    char *p = text + TEXT_GROUPED_SIZE - 1;
    *p = '\0';
    for (int digits = 0; digits == 0 || number > 0; digits++, number /= 10) {
        if (digits > 0 && digits % 3 == 0)
            *--p = ',';
        *--p = (char)('0' + number % 10);
    }
    return p;
}
