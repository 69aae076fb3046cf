/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "sim/ta/storage.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/common/log.h"
#include "sim/common/wire.h"
#include "sim/ta/header.h"
#include "sim/ta/random.h"

#define DEVICE_KEY_FILE "device.key"
#define DEVICE_KEY_NEW "device.key.new"
#define DEVICE_LOCK_FILE "lock"
#define LOCKS_FILE "locks"

static struct sim_storage storage = {.directory = -1, .locks = -1};

TEE_Result sim_storage_error(const char *what)
{
    int error = errno;

    sim_log("storage: %s: %s", what, strerror(error));
    if (error == ENOSPC || error == EDQUOT || error == EFBIG)
        return TEE_ERROR_STORAGE_NO_SPACE;
    return error == ENOMEM ? TEE_ERROR_OUT_OF_MEMORY : TEE_ERROR_STORAGE_NOT_AVAILABLE;
}

static bool state_path(char path[PATH_MAX])
{
    const char *state = secure_getenv("LUATEE_SIM_STATE");
    const char *xdg = secure_getenv("XDG_STATE_HOME");
    const char *home = secure_getenv("HOME");
    int length;

    if (state && *state)
        length = snprintf(path, PATH_MAX, "%s", state);
    else if (xdg && *xdg == '/')
        length = snprintf(path, PATH_MAX, "%s/luatee/sim", xdg);
    else if (home && *home)
        length = snprintf(path, PATH_MAX, "%s/.local/state/luatee/sim", home);
    else
        return false;
    return length < PATH_MAX;
}

/* Like mkdir -p, with access for the owner only. */
static bool make_path(char path[PATH_MAX])
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0700) < 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

static int open_directory(int at, const char *path)
{
    return openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool read_key(int directory, uint8_t key[SIM_STORAGE_KEY_SIZE])
{
    int fd = openat(directory, DEVICE_KEY_FILE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t got;

    if (fd < 0)
        return false;
    got = read(fd, key, SIM_STORAGE_KEY_SIZE);
    close(fd);
    if (got == (ssize_t)SIM_STORAGE_KEY_SIZE)
        return true;
    errno = EBADMSG;
    return false;
}

static bool write_key(int directory, const uint8_t key[SIM_STORAGE_KEY_SIZE])
{
    int fd = openat(directory, DEVICE_KEY_NEW, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    ssize_t written;
    bool ok;

    if (fd < 0)
        return false;
    written = write(fd, key, SIM_STORAGE_KEY_SIZE);
    if (written >= 0 && written != (ssize_t)SIM_STORAGE_KEY_SIZE)
        errno = ENOSPC;
    ok = written == (ssize_t)SIM_STORAGE_KEY_SIZE && fsync(fd) == 0;
    close(fd);
    return ok && renameat(directory, DEVICE_KEY_NEW, directory, DEVICE_KEY_FILE) == 0 && fsync(directory) == 0;
}

/* Reads the device key, or makes it. The lock makes other processes wait meanwhile, so that only one makes the key. */
static bool device_key(int directory, uint8_t key[SIM_STORAGE_KEY_SIZE])
{
    bool ok;
    int fd;

    if (read_key(directory, key))
        return true;
    if (errno != ENOENT)
        return false;
    fd = openat(directory, DEVICE_LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    ok = flock(fd, LOCK_EX) == 0;
    if (ok && !read_key(directory, key)) {
        ok = errno == ENOENT;
        if (ok) {
            sim_random(key, SIM_STORAGE_KEY_SIZE);
            ok = write_key(directory, key);
        }
    }
    close(fd);
    return ok;
}

/* Derives a key with HMAC-SHA256. Each label leads to another key. */
static bool derive(const uint8_t key[SIM_STORAGE_KEY_SIZE], const char *label, const void *context, size_t size,
                   uint8_t out[SIM_STORAGE_KEY_SIZE])
{
    uint8_t text[128];
    size_t length = strlen(label) + 1;
    unsigned int written = 0;

    if (length + size > sizeof(text))
        return false;
    memcpy(text, label, length);
    memcpy(text + length, context, size);
    return HMAC(EVP_sha256(), key, SIM_STORAGE_KEY_SIZE, text, length + size, out, &written) &&
           written == SIM_STORAGE_KEY_SIZE;
}

/* Opens the state directory and reads the device key. Returns a descriptor, which the caller closes, or -1 with
 * errno. */
static int open_state(uint8_t key[SIM_STORAGE_KEY_SIZE])
{
    char path[PATH_MAX];
    int directory;

    if (!state_path(path)) {
        errno = ENOENT;
        return -1;
    }
    if (!make_path(path))
        return -1;
    directory = open_directory(AT_FDCWD, path);
    if (directory < 0)
        return -1;
    if (device_key(directory, key))
        return directory;
    close(directory);
    return -1;
}

static bool open_own(int state, const uint8_t key[SIM_STORAGE_KEY_SIZE])
{
    char name[WIRE_UUID_TEXT_SIZE];
    struct wire_uuid uuid;

    memcpy(&uuid, &sim_ta_uuid, sizeof(uuid));
    wire_uuid_text(&uuid, name);
    if (!derive(key, "luatee sim file key", &uuid, sizeof(uuid), storage.file_key) ||
        !derive(key, "luatee sim name key", &uuid, sizeof(uuid), storage.name_key)) {
        errno = ENOMEM;
        return false;
    }
    if (mkdirat(state, name, 0700) < 0 && errno != EEXIST)
        return false;
    storage.directory = open_directory(state, name);
    if (storage.directory < 0)
        return false;
    storage.locks = openat(storage.directory, LOCKS_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    return storage.locks >= 0;
}

const struct sim_storage *sim_storage_open(TEE_Result *result)
{
    uint8_t key[SIM_STORAGE_KEY_SIZE];
    bool ok;
    int state;

    if (storage.locks >= 0)
        return &storage;
    state = open_state(key);
    ok = state >= 0 && open_own(state, key);
    if (!ok) {
        *result = sim_storage_error("state directory");
        sim_storage_close();
    }
    if (state >= 0)
        close(state);
    OPENSSL_cleanse(key, sizeof(key));
    return ok ? &storage : NULL;
}

TEE_Result sim_storage_name(const struct sim_storage *from, enum sim_storage_kind kind, const void *id, size_t id_size,
                            char name[SIM_STORAGE_NAME_SIZE])
{
    uint8_t hash[SIM_STORAGE_KEY_SIZE];
    unsigned int written = 0;

    if (!HMAC(EVP_sha256(), from->name_key, SIM_STORAGE_KEY_SIZE, id, id_size, hash, &written))
        return TEE_ERROR_OUT_OF_MEMORY;
    name[0] = (char)kind;
    name[1] = '.';
    for (size_t i = 0; i < sizeof(hash); i++)
        snprintf(name + 2 + 2 * i, 3, "%02x", hash[i]);
    return TEE_SUCCESS;
}

void sim_storage_device_id(TEE_UUID *uuid)
{
    uint8_t key[SIM_STORAGE_KEY_SIZE];
    uint8_t hash[SIM_STORAGE_KEY_SIZE];
    int state = open_state(key);

    memset(uuid, 0, sizeof(*uuid));
    if (state < 0)
        return;
    close(state);
    if (derive(key, "luatee sim device id", "", 0, hash))
        memcpy(uuid, hash, sizeof(*uuid));
    OPENSSL_cleanse(key, sizeof(key));
}

void sim_storage_close(void)
{
    if (storage.directory >= 0)
        close(storage.directory);
    if (storage.locks >= 0)
        close(storage.locks);
    OPENSSL_cleanse(&storage, sizeof(storage));
    storage.directory = storage.locks = -1;
}
