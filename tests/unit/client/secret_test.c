/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Secrets that were made in the TEE are nowhere outside: not in this process's memory, of which the shared memory is a
 * part, not in the files of secure storage, not in a log; on OP-TEE not in tee-supplicant either. The test learns them
 * as their complement, so that it never holds what it looks for, and looks for each as bytes and as hexadecimal digits.
 *
 * What the two worlds say on their consoles cannot be read from inside: tests/qemu/secrets.lua looks there, and is told
 * the complements, too.
 *
 *   SECRET_APP     where the trusted script is (default: tests/unit/client/client_app)
 *   SECRET_OPTEE   the folder in which tee-supplicant keeps files: on OP-TEE, otherwise on the simulator
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "luatee/luatee.h"

#define SECRET_SIZE 32
#define SECRETS_MAX 9 /* tests/unit/client/client_app/ta/secret.lua */
#define PATH_SIZE 512
#define CHUNK_SIZE ((size_t)1 << 20)
#define MAPPING_MAX (1ul << 30)

static char state_dir[] = "/tmp/luatee-secret.XXXXXX";
static char log_file[PATH_SIZE];
static uint8_t complement[SECRETS_MAX][SECRET_SIZE];
static size_t secrets;
static bool begins[256][256]; /* the first two bytes of a secret, as they are and in hexadecimal */
static const char *optee; /* SECRET_OPTEE */
static luatee_session *session;
static luatee_values *results;
static luatee_error *error;

static void call(const char *what)
{
    luatee_values *arguments = luatee_values_new();
    assert_non_null(arguments);
    luatee_put_string(arguments, what);
    if (luatee_call(session, "secret", arguments, results, error) != LUATEE_OK)
        fail_msg("%s: %s", what, luatee_error_message(error));
    luatee_values_free(arguments);
}

static bool is_secret(const uint8_t *at, const uint8_t *needle)
{
    for (size_t i = 0; i < SECRET_SIZE; i++)
        if ((at[i] ^ needle[i]) != 0xff)
            return false;
    return true;
}

static bool is_secret_in_hex(const uint8_t *at, const uint8_t *needle)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < SECRET_SIZE; i++) {
        unsigned byte = needle[i] ^ 0xffu;
        if ((at[2 * i] | 0x20) != (digits[byte >> 4] | 0x20) || (at[2 * i + 1] | 0x20) != (digits[byte & 15] | 0x20))
            return false;
    }
    return true;
}

/* Learns secrets from their complements. What they begin with is noted, so that the search is one quick pass. */
static void learn(const void *told, size_t size)
{
    memcpy(complement, told, size);
    secrets = size / SECRET_SIZE;
    for (size_t s = 0; s < secrets; s++) {
        char hex[3];
        snprintf(hex, sizeof(hex), "%02x", complement[s][0] ^ 0xffu);
        begins[complement[s][0] ^ 0xffu][complement[s][1] ^ 0xffu] = true;
        for (int upper = 0; upper < 4; upper++)
            begins[upper & 1 ? toupper(hex[0]) : hex[0]][upper & 2 ? toupper(hex[1]) : hex[1]] = true;
    }
}

/* How many secrets there are in `size` bytes. */
static size_t count_in(const uint8_t *data, size_t size)
{
    size_t found = 0;
    for (size_t i = 0; i + SECRET_SIZE <= size; i++) {
        if (!begins[data[i]][data[i + 1]])
            continue;
        for (size_t s = 0; s < secrets; s++)
            found += is_secret(data + i, complement[s]) +
                     (i + 2 * SECRET_SIZE <= size && is_secret_in_hex(data + i, complement[s]));
    }
    return found;
}

static size_t count_in_file(const char *path)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0 && fstat(file, &status) == 0 && status.st_size > 0);
    uint8_t *data = malloc((size_t)status.st_size);
    assert_non_null(data);
    assert_int_equal(read(file, data, (size_t)status.st_size), status.st_size);
    size_t found = count_in(data, (size_t)status.st_size);
    free(data);
    close(file);
    return found;
}

/* All files below a folder; seen counts them. */
static size_t count_in_folder(const char *path, size_t *seen)
{
    DIR *folder = opendir(path);
    size_t found = 0;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char name[PATH_SIZE];
        struct stat status;
        if (entry->d_name[0] == '.' && (entry->d_name[1] == '\0' || entry->d_name[1] == '.'))
            continue;
        assert_true(snprintf(name, sizeof(name), "%s/%s", path, entry->d_name) < (int)sizeof(name));
        assert_int_equal(stat(name, &status), 0);
        if (S_ISDIR(status.st_mode)) {
            found += count_in_folder(name, seen);
        } else if (S_ISREG(status.st_mode) && status.st_size > 0) {
            found += count_in_file(name);
            ++*seen;
        }
    }
    closedir(folder);
    return found;
}

/* One mapping, in chunks that overlap. A chunk is a copy, so that no sanitizer minds what is read; a copy of a secret
 * would be found as well. */
static size_t count_in_mapping(int memory, unsigned long begin, unsigned long end)
{
    static uint8_t chunk[CHUNK_SIZE];
    size_t found = 0;
    for (unsigned long at = begin; at < end; at += CHUNK_SIZE - 2 * SECRET_SIZE) {
        size_t wanted = end - at < CHUNK_SIZE ? end - at : CHUNK_SIZE;
        ssize_t size = pread(memory, chunk, wanted, (off_t)at);
        if (size <= 0)
            break; /* a hole, such as the kernel's own pages */
        found += count_in(chunk, (size_t)size);
    }
    memset(chunk, 0, sizeof(chunk));
    return found;
}

/* Every mapping of a process that can be read; those of a sanitizer's shadow, which is as large as the address space,
 * are not. */
static size_t count_in_memory(const char *process, size_t *seen)
{
    char path[PATH_SIZE], line[PATH_SIZE];
    snprintf(path, sizeof(path), "/proc/%s/maps", process);
    FILE *maps = fopen(path, "re");
    snprintf(path, sizeof(path), "/proc/%s/mem", process);
    int memory = open(path, O_RDONLY | O_CLOEXEC);
    size_t found = 0;
    assert_true(maps != NULL && memory >= 0);
    while (fgets(line, sizeof(line), maps)) {
        unsigned long begin, end;
        char access[5];
        if (sscanf(line, "%lx-%lx %4s", &begin, &end, access) != 3 || access[0] != 'r' || end - begin > MAPPING_MAX)
            continue;
        found += count_in_mapping(memory, begin, end);
        *seen += end - begin;
    }
    fclose(maps);
    close(memory);
    return found;
}

static size_t count_in_supplicant(size_t *seen)
{
    char name[32] = "";
    DIR *processes = opendir("/proc");
    size_t found = 0;
    assert_non_null(processes);
    for (struct dirent *entry; (entry = readdir(processes)) != NULL;) {
        char path[PATH_SIZE];
        snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
        FILE *comm = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' ? fopen(path, "re") : NULL;
        if (comm == NULL)
            continue;
        if (fgets(name, sizeof(name), comm) && strcmp(name, "tee-supplicant\n") == 0)
            found += count_in_memory(entry->d_name, seen);
        fclose(comm);
    }
    closedir(processes);
    return found;
}

/* What Linux has logged. */
static size_t count_in_kernel_log(void)
{
    int size = klogctl(10, NULL, 0), got; /* SYSLOG_ACTION_SIZE_BUFFER */
    char *text = malloc(size > 0 ? (size_t)size : 1);
    assert_non_null(text);
    got = klogctl(3, text, size); /* SYSLOG_ACTION_READ_ALL */
    assert_true(got > 0);
    size_t found = count_in((const uint8_t *)text, (size_t)got);
    free(text);
    return found;
}

/* What the script prints is looked through as part of this process's memory. */
static void ignore(void *context, const char *text, size_t size)
{
    (void)context;
    (void)text;
    (void)size;
}

static int setup(void **state)
{
    (void)state;
    const char *app = getenv("SECRET_APP");
    optee = getenv("SECRET_OPTEE");
    if (!mkdtemp(state_dir))
        return 1;
    snprintf(log_file, sizeof(log_file), "%s/log", state_dir);
    setenv("LUATEE_SIM_STATE", state_dir, 1);
    setenv("LUATEE_SIM_LOG", log_file, 1);
    results = luatee_values_new();
    error = luatee_error_new();
    const luatee_options options = { .app = app != NULL ? app : CLIENT_TEST_APP,
                                     .backend = optee != NULL ? LUATEE_OPTEE : LUATEE_SIM,
                                     .plaintext = true,
                                     .log = ignore };
    return luatee_open(&options, &session, error) == LUATEE_OK ? 0 : 1;
}

static int teardown(void **state)
{
    (void)state;
    char command[PATH_SIZE];
    call("forget");
    luatee_close(session);
    luatee_values_free(results);
    luatee_error_free(error);
    snprintf(command, sizeof(command), "rm -rf %s", state_dir);
    return system(command) != 0;
}

static void secrets_stay_in_the_tee(void **state)
{
    (void)state;
    size_t bytes = 0, files = 0, size;
    call("make");
    call("use");
    call("tell");
    const void *told = luatee_get_bytes(results, &size);
    assert_true(told && size > 0 && size <= sizeof(complement) && size % SECRET_SIZE == 0);
    learn(told, size);
    assert_int_equal(count_in_memory("self", &bytes), 0);
    assert_true(bytes > 64 * 1024); /* the shared memory alone is half of that */
    assert_int_equal(count_in_folder(optee != NULL ? optee : state_dir, &files), 0); /* the simulator's log is in it */
    assert_true(files > secrets); /* and a directory of them */
    if (optee == NULL)
        return;
    printf("complements of secrets: ");
    for (size_t i = 0; i < size; i++)
        printf("%02x", ((const uint8_t *)complement)[i]);
    printf("\n");
    bytes = 0;
    assert_int_equal(count_in_supplicant(&bytes), 0);
    assert_true(bytes > 64 * 1024);
    assert_int_equal(count_in_kernel_log(), 0);
}

/* The search finds what is there: the same secrets, told by the script as they are and in hexadecimal. */
static void a_script_can_distinguish_them(void **state)
{
    (void)state;
    size_t bytes = 0;
    call("leak");
    assert_true(count_in_memory("self", &bytes) >= 2 * secrets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_stay_in_the_tee),
        cmocka_unit_test(a_script_can_distinguish_them),
    };
    return cmocka_run_group_tests_name("secrets", tests, setup, teardown);
}
