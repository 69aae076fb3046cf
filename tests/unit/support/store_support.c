/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/support/store_support.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/sandbox/sandbox.h"
#include "core/vm/call.h"
#include "sim/ta/memory.h"

#define TEXT_SIZE 4096
#define EXIT_CRASHED 99

static char *shared;

bool store_support_start(void)
{
    shared = mmap(NULL, TEXT_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared != MAP_FAILED && sim_memory_start();
}

/* In the child. */
static int run(const char *source, uint32_t permissions)
{
    struct alloc *alloc = alloc_new();
    struct sandbox sandbox = { .policy = { .alloc = alloc, .app = "app", .plaintext = true, .ready = true } };
    struct vm *vm = alloc ? vm_new(alloc, &sandbox_hooks, &sandbox, "app") : NULL;
    struct call_target target = { .kind = CALL_SCRIPT, .name = "script" };
    struct call_result result;
    struct cursor arguments;
    if (!vm || !calls_new(vm))
        return EXIT_CRASHED;
    sandbox.manifest.permissions = permissions;
    vm->fuel_max = LUATEE_FUEL_DEFAULT;
    cursor_begin(&arguments, NULL, 0);
    if (call_prepare(vm, &target, &arguments, 0, &result) != CALL_READY || call_run(vm, &result) != CALL_WAITS)
        return EXIT_CRASHED;
    call_supply(vm, source, strlen(source));
    enum call_outcome outcome = call_run(vm, &result);
    while (outcome == CALL_WAITS)
        outcome = call_run(vm, &result);
    const char *text = result.count > 0 ? lua_tostring(result.at, result.first) : "";
    snprintf(shared, TEXT_SIZE, "%s", text ? text : "not a string");
    call_finish(vm);
    vm_close(vm);
    alloc_delete(alloc);
    return outcome == CALL_DONE ? STORE_DONE : outcome == CALL_RAISED ? STORE_RAISED : EXIT_CRASHED;
}

enum store_outcome store_run(const char *source, const char *fault, uint32_t permissions, const char **text)
{
    int status;
    shared[0] = '\0';
    pid_t child = fork();
    if (child == 0) {
        if (fault)
            setenv("LUATEE_SIM_STORAGE_FAULT", fault, 1);
        _exit(run(source, permissions));
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    *text = shared;
    if (WIFSIGNALED(status)) {
        assert_int_equal(WTERMSIG(status), SIGKILL);
        return STORE_CUT;
    }
    if (WEXITSTATUS(status) != STORE_DONE && WEXITSTATUS(status) != STORE_RAISED)
        fail_msg("exit status %d: %s: %s", WEXITSTATUS(status), source, shared);
    return (enum store_outcome)WEXITSTATUS(status);
}

const char *store_must(const char *source)
{
    const char *text;
    if (store_run(source, NULL, UINT32_MAX, &text) != STORE_DONE)
        fail_msg("%s: %s", source, text);
    return text;
}

void store_must_raise(const char *source, const char *words)
{
    const char *text;
    if (store_run(source, NULL, UINT32_MAX, &text) != STORE_RAISED || !strstr(text, words))
        fail_msg("%s: %s, expected an error with %s", source, text, words);
}
