/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes the C file with the keys that a TA is built with (core/trust/publisher_keys.h):
 *
 *     embed dev|release OUT.c [PUBLISHER.pub,...] [CLASS.key]
 *
 * dev: uses the publishers, if any, then the user's development key; without a class key, the development class key.
 * release: uses only the keys of the command line, and rejects development keys. Writes the file only when it changes.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "client/base/error.h"
#include "client/package/development.h"
#include "client/package/file_io.h"
#include "client/package/files.h"
#include "client/package/keys.h"
#include "core/trust/publisher_keys.h"

#define OUT_MAX (64 * 1024)

struct embedding {
    bool release;
    struct package_development development;
    struct publisher_key publishers[PACKAGE_PUBLISHERS_MAX];
    unsigned count;
    struct class_key class_key;
    bool has_class;
};

static luatee_status refuse_development(luatee_error *error, const char *path)
{
    return luatee_error_set(error, LUATEE_USAGE,
                            "a release TA is not built with the development key %s: anybody's programs can use it.\n"
                            "Make one of your own with: luatee keygen publisher, luatee keygen class",
                            path);
}

/* Every development key has a mark in its file. */
static luatee_status check_mark(const struct embedding *e, const char *path, luatee_error *error)
{
    bool marked = false;
    luatee_status status = e->release ? package_key_marked(path, &marked, error) : LUATEE_OK;
    return marked ? refuse_development(error, path) : status;
}

static luatee_status load_publisher(const char *path, struct publisher_key *out, luatee_error *error)
{
    EVP_PKEY *key;
    luatee_status status = package_load_public(path, &key, error);
    if (status != LUATEE_OK)
        return status;
    if (!package_key_point(key, out->x, out->y) || !package_publisher_id(key, out->id))
        status = luatee_error_set(error, LUATEE_FAILED, "OpenSSL cannot read the key in %s", path);
    EVP_PKEY_free(key);
    return status;
}

static luatee_status add_publisher(struct embedding *e, const char *path, luatee_error *error)
{
    if (e->count == PACKAGE_PUBLISHERS_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "a TA is built with at most %d publisher keys",
                                PACKAGE_PUBLISHERS_MAX);
    struct publisher_key *key = &e->publishers[e->count];
    luatee_status status = check_mark(e, path, error);
    if (status == LUATEE_OK)
        status = load_publisher(path, key, error);
    if (status != LUATEE_OK)
        return status;
    for (unsigned i = 0; i < e->count; i++)
        if (memcmp(e->publishers[i].id, key->id, sizeof(key->id)) == 0)
            return luatee_error_set(error, LUATEE_USAGE, "%s is given twice among the publisher keys", path);
    e->count++;
    return LUATEE_OK;
}

static luatee_status add_publishers(struct embedding *e, const char *paths, luatee_error *error)
{
    luatee_status status = LUATEE_OK;
    char *list = strdup(paths), *rest = list, *path;
    if (list == NULL)
        return luatee_error_memory(error);
    while (status == LUATEE_OK && (path = strsep(&rest, ",")) != NULL)
        if (path[0] != '\0')
            status = add_publisher(e, path, error);
    free(list);
    return status;
}

static luatee_status set_class(struct embedding *e, const char *path, luatee_error *error)
{
    luatee_status status = check_mark(e, path, error);
    if (status == LUATEE_OK)
        status = package_load_class(path, e->class_key.key, error);
    if (status != LUATEE_OK)
        return status;
    e->has_class = true;
    if (!package_class_id(e->class_key.key, e->class_key.id))
        return luatee_error_set(error, LUATEE_FAILED, "OpenSSL cannot compute a key's id");
    return LUATEE_OK;
}

static luatee_status add_development(struct embedding *e, luatee_error *error)
{
    luatee_status status = package_development_keys(&e->development, error);
    if (status == LUATEE_OK)
        status = add_publisher(e, e->development.publisher_public, error);
    if (status == LUATEE_OK && !e->has_class)
        status = set_class(e, e->development.class_key, error);
    return status;
}

/* What lies in the folder of the user's development keys, under whatever name it is given, with a mark or without. */
static luatee_status check_release(const struct embedding *e, luatee_error *error)
{
    const struct package_development *d = &e->development;
    struct publisher_key publisher;
    uint8_t class_key[PACKAGE_KEY_SIZE];
    luatee_status status = LUATEE_OK;
    if (e->count == 0)
        return luatee_error_set(error, LUATEE_USAGE,
                                "a release TA trusts the publishers that it is built with, and none is given: use\n"
                                "PUBLISHER=publisher.pub[,newer.pub...] (luatee keygen publisher makes one)");
    if (access(d->publisher_public, F_OK) == 0)
        status = load_publisher(d->publisher_public, &publisher, error);
    else
        memset(&publisher, 0, sizeof(publisher));
    for (unsigned i = 0; i < e->count && status == LUATEE_OK; i++)
        if (memcmp(e->publishers[i].id, publisher.id, sizeof(publisher.id)) == 0)
            status = refuse_development(error, d->publisher_public);
    if (status != LUATEE_OK || !e->has_class || access(d->class_key, F_OK) != 0)
        return status;
    status = package_load_class(d->class_key, class_key, error);
    if (status == LUATEE_OK && CRYPTO_memcmp(class_key, e->class_key.key, sizeof(class_key)) == 0)
        status = refuse_development(error, d->class_key);
    OPENSSL_cleanse(class_key, sizeof(class_key));
    return status;
}

static luatee_status collect(struct embedding *e, const char *publishers, const char *class_key, luatee_error *error)
{
    luatee_status status = add_publishers(e, publishers, error);
    if (status == LUATEE_OK && class_key[0] != '\0')
        status = set_class(e, class_key, error);
    if (status == LUATEE_OK)
        status = e->release ? package_development_find(&e->development, error) : add_development(e, error);
    if (status == LUATEE_OK && e->release)
        status = check_release(e, error);
    return status;
}

/* --- the C file */

static void put_bytes(FILE *out, const char *field, const uint8_t *bytes, size_t size)
{
    fprintf(out, "        .%s = {", field);
    for (size_t i = 0; i < size; i++)
        fprintf(out, "%s0x%02x,", i % 16 == 0 ? "\n            " : " ", bytes[i]);
    fprintf(out, "\n        },\n");
}

static void put_file(FILE *out, const struct embedding *e)
{
    fprintf(out, "/* SPDX-License-Identifier: BSD-2-Clause */\n"
                 "/* Made by mk/keys/embed.c. */\n"
                 "#include <stddef.h>\n\n"
                 "#include \"core/trust/publisher_keys.h\"\n\n"
                 "const struct publisher_key publisher_keys[] = {\n");
    for (unsigned i = 0; i < e->count; i++) {
        const struct publisher_key *key = &e->publishers[i];
        fprintf(out, "    {\n");
        put_bytes(out, "id", key->id, sizeof(key->id));
        put_bytes(out, "x", key->x, sizeof(key->x));
        put_bytes(out, "y", key->y, sizeof(key->y));
        fprintf(out, "    },\n");
    }
    fprintf(out, "};\nconst unsigned publisher_keys_count = %u;\n\n", e->count);
    if (e->has_class) {
        fprintf(out, "static const struct class_key class_key = {\n");
        put_bytes(out, "id", e->class_key.id, sizeof(e->class_key.id));
        put_bytes(out, "key", e->class_key.key, sizeof(e->class_key.key));
        fprintf(out, "};\n");
    }
    fprintf(out, "const struct class_key *const publisher_keys_class = %s;\n", e->has_class ? "&class_key" : "NULL");
}

static bool is_same(const char *path, const char *data, size_t size)
{
    struct luatee_buffer old = { 0 };
    bool same = access(path, F_OK) == 0 && package_file_read(path, OUT_MAX, &old, NULL) == LUATEE_OK &&
                old.size == size && memcmp(old.data, data, size) == 0;
    luatee_buffer_free(&old);
    return same;
}

static luatee_status replace(const char *path, const char *data, size_t size, luatee_error *error)
{
    char temporary[PATH_MAX];
    if (is_same(path, data, size))
        return LUATEE_OK;
    if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= PATH_MAX)
        return luatee_error_set(error, LUATEE_USAGE, "the path is too long: %s", path);
    luatee_status status = package_file_temporary(temporary, S_IRUSR | S_IWUSR, data, size, error);
    if (status != LUATEE_OK || rename(temporary, path) == 0)
        return status;
    status = package_file_failed(error, "write", path);
    (void)unlink(temporary);
    return status;
}

static luatee_status write_file(const struct embedding *e, const char *path, luatee_error *error)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return luatee_error_memory(error);
    put_file(out, e);
    luatee_status status = fclose(out) == 0 ? replace(path, text, size, error) : luatee_error_memory(error);
    if (text != NULL)
        OPENSSL_cleanse(text, size);
    free(text);
    return status;
}

int main(int argc, char **argv)
{
    struct embedding e = { 0 };
    luatee_error error;
    luatee_error_init(&error);
    bool dev = argc >= 3 && strcmp(argv[1], "dev") == 0;
    e.release = argc >= 3 && strcmp(argv[1], "release") == 0;
    if (argc > 5 || (!dev && !e.release)) {
        fprintf(stderr, "usage: embed dev|release OUT.c [PUBLISHER.pub,...] [CLASS.key] (FLAVOUR is dev or release)\n");
        return 2;
    }
    luatee_status status = collect(&e, argc > 3 ? argv[3] : "", argc > 4 ? argv[4] : "", &error);
    if (status == LUATEE_OK)
        status = write_file(&e, argv[2], &error);
    if (status != LUATEE_OK)
        fprintf(stderr, "the TA's keys: %s\n", luatee_error_message(&error));
    OPENSSL_cleanse(&e, sizeof(e));
    return status == LUATEE_OK ? 0 : 1;
}
