/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `make coverage` puts this in front of every source and links with --wrap=_exit: a process that ends by _exit(), as the
 * simulator's TA does when it panics, writes its counters too.
 */
#ifndef MK_COVERAGE_H
#define MK_COVERAGE_H

void __gcov_dump(void);
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);

__attribute__((weak)) _Noreturn void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}

#endif
