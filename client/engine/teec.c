/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE /* dladdr1, secure_getenv */
#include "client/engine/teec.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIM_LIBRARY "luatee/sim/libteec.so.2"

/* Guards the two tables below. Each is filled once and never changes afterwards. */
static pthread_mutex_t load_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct luatee_teec optee_teec;
static struct luatee_teec sim_teec;

static pthread_once_t sim_said = PTHREAD_ONCE_INIT;

static void say_sim(void)
{
    fputs("luatee: no /dev/tee0: using the simulator, which protects nothing\n", stderr);
}

luatee_backend luatee_teec_choose(luatee_backend backend)
{
    if (backend != LUATEE_AUTO)
        return backend;
    if (access("/dev/tee0", F_OK) == 0)
        return LUATEE_OPTEE;
    (void)pthread_once(&sim_said, say_sim);
    return LUATEE_SIM;
}

static bool resolve(struct luatee_teec *teec)
{
    const struct {
        const char *name;
        void *function; /* address of the pointer in the table */
    } symbols[] = {
        { "TEEC_InitializeContext", &teec->initialize_context },
        { "TEEC_FinalizeContext", &teec->finalize_context },
        { "TEEC_OpenSession", &teec->open_session },
        { "TEEC_CloseSession", &teec->close_session },
        { "TEEC_InvokeCommand", &teec->invoke_command },
        { "TEEC_RequestCancellation", &teec->request_cancellation },
        { "TEEC_AllocateSharedMemory", &teec->allocate_shared_memory },
        { "TEEC_ReleaseSharedMemory", &teec->release_shared_memory },
    };
    for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
        void *address = dlsym(teec->library, symbols[i].name);
        if (address == NULL)
            return false;
        /* POSIX lets void * hold a function pointer. ISO C has no cast for it, so the pointer is copied. */
        memcpy(symbols[i].function, &address, sizeof(address));
    }
    return true;
}

/* Fills the table, or closes the library. */
static luatee_status install(struct luatee_teec *teec, void *library, luatee_error *error)
{
    struct luatee_teec loaded = { .library = library };
    if (!resolve(&loaded)) {
        luatee_error_set(error, LUATEE_NO_TEE, "libteec lacks a function: %s; install another version of it",
                         dlerror());
        (void)dlclose(library);
        return LUATEE_NO_TEE;
    }
    *teec = loaded;
    return LUATEE_OK;
}

static luatee_status load_optee(luatee_error *error)
{
    static const char *const names[] = { "libteec.so.2", "libteec.so.1", "libteec.so" };
    void *library = NULL;
    if (access("/dev/tee0", F_OK) != 0) /* the message says more than a missing library would */
        return luatee_teec_context_error(LUATEE_OPTEE, TEEC_ERROR_ITEM_NOT_FOUND, error);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && library == NULL; i++)
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return luatee_error_set(
            error, LUATEE_NO_TEE,
            "no libteec on this system (libteec.so.2): install the OP-TEE client library (package libteec2), "
            "or use the simulator (--tee=sim)");
    /* The simulator has the same SONAME. When it is loaded, dlopen() returns it in place of the system's library. */
    if (library == sim_teec.library) {
        (void)dlclose(library);
        return luatee_error_set(
            error, LUATEE_USAGE,
            "this process uses the simulator already: open the OP-TEE session first, or in another process");
    }
    return install(&optee_teec, library, error);
}

/* The folder of the executable or shared object that this code is in. */
static bool own_folder(char folder[PATH_MAX])
{
    Dl_info info;
    struct link_map *map = NULL;
    char path[PATH_MAX];
    if (dladdr1(&sim_teec, &info, (void **)&map, RTLD_DL_LINKMAP) == 0 || map == NULL)
        return false;
    /* The name is empty for the executable, and dli_fname is only argv[0]. */
    const char *name = map->l_name[0] == '\0' ? "/proc/self/exe" : map->l_name;
    if (realpath(name, path) == NULL)
        return false;
    char *slash = strrchr(path, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    memcpy(folder, path, (size_t)(slash - path) + 1);
    return true;
}

/* Searches from the folder of lib/libluatee.so, of bin/luatee, or of lib/lua/5.4/tee.so. */
static bool find_sim(char path[PATH_MAX])
{
    static const char *const places[] = { "", "/../lib", "/../.." };
    const char *chosen = secure_getenv("LUATEE_SIM_LIB");
    if (chosen != NULL && chosen[0] != '\0')
        return snprintf(path, PATH_MAX, "%s", chosen) < PATH_MAX;
    char folder[PATH_MAX];
    if (!own_folder(folder))
        return false;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        int written = snprintf(path, PATH_MAX, "%s%s/" SIM_LIBRARY, folder, places[i]);
        if (written < PATH_MAX && access(path, F_OK) == 0)
            return true;
    }
    return false;
}

static luatee_status load_sim(luatee_error *error)
{
    char path[PATH_MAX];
    if (!find_sim(path))
        return luatee_error_set(error, LUATEE_NO_TEE,
                                "the simulator is not installed: no lib/" SIM_LIBRARY
                                " beside this program; build it with "
                                "`make`, or set LUATEE_SIM_LIB to its path");
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return luatee_error_set(error, LUATEE_NO_TEE, "cannot load the simulator: %s", dlerror());
    return install(&sim_teec, library, error);
}

luatee_status luatee_teec_load(luatee_backend backend, const struct luatee_teec **teec, luatee_error *error)
{
    struct luatee_teec *wanted = backend == LUATEE_SIM ? &sim_teec : &optee_teec;
    luatee_status status = LUATEE_OK;
    (void)pthread_mutex_lock(&load_mutex);
    if (wanted->library == NULL)
        status = backend == LUATEE_SIM ? load_sim(error) : load_optee(error);
    (void)pthread_mutex_unlock(&load_mutex);
    if (status == LUATEE_OK)
        *teec = wanted;
    return status;
}
