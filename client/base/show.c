/* SPDX-License-Identifier: BSD-2-Clause */
#include "client/base/show.h"

#include <unistd.h>

#include "core/codec/visible.h"

void luatee_show(FILE *stream, const char *text, size_t size)
{
    if (!isatty(fileno(stream))) {
        (void)fwrite(text, 1, size, stream);
        return;
    }
    while (size > 0) {
        char form[VISIBLE_SIZE];
        size_t count = visible_next(text, size, form);
        (void)fputs(form, stream);
        text += count;
        size -= count;
    }
}
