/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of packages: whole or not at all, and never over what must stay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <openssl/evp.h>

#include "client/package/development.h"
#include "client/package/files.h"
#include "client/package/keys.h"

static char folder[] = "/tmp/luatee-files.XXXXXX";
static int home;

/* All files live in one folder, which is the current one. */
static int setup(void **state)
{
    (void)state;
    home = open(".", O_RDONLY | O_DIRECTORY);
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    char command[sizeof(folder) + 16];
    (void)snprintf(command, sizeof(command), "rm -rf %s", folder);
    return fchdir(home) == 0 && system(command) == 0 ? 0 : -1;
}

static void assert_contents(const char *path, const char *expected)
{
    struct luatee_buffer data = { 0 };
    assert_int_equal(package_file_read(path, 100, &data, NULL), LUATEE_OK);
    assert_int_equal(data.size, strlen(expected));
    assert_memory_equal(data.data, expected, data.size);
    luatee_buffer_free(&data);
}

static mode_t mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return status.st_mode & 0777;
}

/* Files in a folder, hidden ones, too. */
static size_t count_files(const char *path)
{
    size_t count = 0;
    struct dirent *entry;
    DIR *directory = opendir(path);
    assert_non_null(directory);
    while ((entry = readdir(directory)) != NULL)
        count += entry->d_type == DT_REG;
    (void)closedir(directory);
    return count;
}

static void test_read(void **state)
{
    (void)state;
    struct luatee_buffer data = { 0 };
    assert_int_equal(package_file_create("five", 0600, "12345", 5, NULL), LUATEE_OK);
    assert_contents("five", "12345");
    assert_int_equal(package_file_read("five", 5, &data, NULL), LUATEE_OK);
    luatee_buffer_free(&data);
    assert_int_equal(package_file_read("five", 4, &data, NULL), LUATEE_USAGE);
    assert_int_equal(package_file_read("none", 5, &data, NULL), LUATEE_USAGE);
    assert_int_equal(package_file_read(".", 5, &data, NULL), LUATEE_USAGE);
    assert_int_equal(package_file_read("/dev/null", 5, &data, NULL), LUATEE_USAGE);
    assert_null(data.data);
}

static void test_create(void **state)
{
    (void)state;
    umask(0);
    assert_int_equal(package_file_create("new", 0600, "1", 1, NULL), LUATEE_OK);
    assert_int_equal(mode_of("new"), 0600);
    assert_int_equal(package_file_create("new", 0600, "2", 1, NULL), LUATEE_USAGE);
    assert_contents("new", "1");
    assert_int_equal(symlink("nowhere", "link"), 0);
    assert_int_equal(package_file_create("link", 0600, "2", 1, NULL), LUATEE_USAGE);
    assert_int_not_equal(access("nowhere", F_OK), 0);
    assert_int_equal(package_file_create("no/folder", 0600, "2", 1, NULL), LUATEE_FAILED);
    umask(022);
}

static void add(struct package_set *set, const char *path, const char *text)
{
    assert_int_equal(package_set_add(set, path, text, strlen(text), NULL), LUATEE_OK);
}

static void test_set(void **state)
{
    (void)state;
    struct package_set *set;
    assert_int_equal(package_set_begin("set", &set, NULL), LUATEE_OK);
    add(set, "top", "1");
    add(set, "ta/one", "1");
    add(set, "ta/two", "1");
    assert_int_not_equal(access("set/top", F_OK), 0);
    assert_int_equal(package_set_commit(set, NULL), LUATEE_OK);
    package_set_end(set);
    assert_contents("set/top", "1");
    assert_contents("set/ta/two", "1");

    assert_int_equal(package_set_begin("set", &set, NULL), LUATEE_OK);
    add(set, "top", "2");
    add(set, "ta/one", "2");
    assert_contents("set/top", "1");
    package_set_end(set); /* without a commit */
    assert_contents("set/top", "1");
    assert_contents("set/ta/one", "1");

    assert_int_equal(package_set_begin("set", &set, NULL), LUATEE_OK);
    add(set, "top", "2");
    add(set, "ta/one", "2");
    assert_int_equal(package_set_commit(set, NULL), LUATEE_OK);
    package_set_end(set);
    assert_contents("set/top", "2");
    assert_contents("set/ta/one", "2");
    assert_contents("set/ta/two", "1");
    assert_int_equal(mode_of("set/top"), 0644);
    assert_int_equal(count_files("set"), 1);
    assert_int_equal(count_files("set/ta"), 2);
}

static void test_set_is_undone(void **state)
{
    (void)state;
    struct package_set *set;
    assert_int_equal(package_set_begin("back", &set, NULL), LUATEE_OK);
    add(set, "old", "1");
    assert_int_equal(package_set_commit(set, NULL), LUATEE_OK);
    package_set_end(set);

    assert_int_equal(package_set_begin("back", &set, NULL), LUATEE_OK);
    add(set, "old", "2");
    add(set, "ta/new", "2");
    add(set, "ta/bad", "2");
    assert_int_equal(mkdir("back/ta/bad", 0755), 0);
    assert_int_equal(package_set_commit(set, NULL), LUATEE_FAILED);
    package_set_end(set);
    assert_contents("back/old", "1");
    assert_int_equal(count_files("back"), 1);
    assert_int_equal(count_files("back/ta"), 0);
}

static void test_set_after_a_kill(void **state)
{
    (void)state;
    struct package_set *set;
    assert_int_equal(mkdir("stale", 0755), 0);
    assert_int_equal(mkdir("stale/ta", 0755), 0);
    assert_int_equal(package_file_create("stale/" PACKAGE_SET_TEMPORARY "abcdef", 0600, "x", 1, NULL), LUATEE_OK);
    assert_int_equal(package_file_create("stale/ta/" PACKAGE_SET_TEMPORARY "abcdef", 0600, "x", 1, NULL), LUATEE_OK);
    assert_int_equal(package_set_begin("stale", &set, NULL), LUATEE_OK);
    add(set, "ta/one", "1");
    add(set, "ta/two", "1");
    assert_int_equal(package_set_commit(set, NULL), LUATEE_OK);
    package_set_end(set);
    assert_int_equal(count_files("stale"), 0);
    assert_int_equal(count_files("stale/ta"), 2);
}

static void test_set_root(void **state)
{
    (void)state;
    struct package_set *set;
    assert_int_equal(package_file_create("file", 0600, "", 0, NULL), LUATEE_OK);
    assert_int_equal(package_set_begin("file", &set, NULL), LUATEE_USAGE);
    assert_null(set);
    assert_int_equal(package_set_begin("no/folder", &set, NULL), LUATEE_FAILED);
    assert_null(set);
    package_set_end(set);
}

static void test_publisher_files(void **state)
{
    (void)state;
    EVP_PKEY *private_half, *public_half;
    bool is_private;
    uint8_t id[PACKAGE_PUBLISHER_ID_SIZE], again[PACKAGE_PUBLISHER_ID_SIZE];
    umask(0);
    assert_int_equal(package_create_publisher("p.pem", "p.pub", false, NULL, NULL), LUATEE_OK);
    umask(022);
    assert_int_equal(mode_of("p.pem"), 0600);
    assert_int_equal(mode_of("p.pub"), 0644);
    assert_int_equal(package_load_publisher("p.pem", &private_half, &is_private, NULL), LUATEE_OK);
    assert_true(is_private);
    assert_int_equal(package_load_public("p.pub", &public_half, NULL), LUATEE_OK);
    assert_true(package_publisher_id(private_half, id));
    assert_true(package_publisher_id(public_half, again));
    assert_memory_equal(id, again, sizeof(id));
    EVP_PKEY_free(private_half);
    EVP_PKEY_free(public_half);
    assert_int_equal(package_load_public("p.pem", &public_half, NULL), LUATEE_USAGE);
    assert_null(public_half);
    /* Neither half is overwritten, and no half is left alone. */
    assert_int_equal(package_create_publisher("p.pem", "q.pub", false, NULL, NULL), LUATEE_USAGE);
    assert_int_not_equal(access("q.pub", F_OK), 0);
    assert_int_equal(package_create_publisher("q.pem", "p.pub", false, NULL, NULL), LUATEE_USAGE);
    assert_int_not_equal(access("q.pem", F_OK), 0);
}

static void test_passphrase(void **state)
{
    (void)state;
    EVP_PKEY *key;
    bool is_private;
    assert_int_equal(setenv(PACKAGE_PASSPHRASE_VARIABLE, "right", 1), 0);
    assert_int_equal(package_create_publisher("e.pem", "e.pub", true, NULL, NULL), LUATEE_OK);
    assert_int_equal(package_load_publisher("e.pem", &key, &is_private, NULL), LUATEE_OK);
    EVP_PKEY_free(key);
    assert_int_equal(setenv(PACKAGE_PASSPHRASE_VARIABLE, "wrong", 1), 0);
    assert_int_equal(package_load_publisher("e.pem", &key, &is_private, NULL), LUATEE_USAGE);
    assert_int_equal(setenv(PACKAGE_PASSPHRASE_VARIABLE, "", 1), 0);
    assert_int_equal(package_create_publisher("f.pem", "f.pub", true, NULL, NULL), LUATEE_USAGE);
    assert_int_not_equal(access("f.pem", F_OK), 0);
    assert_int_equal(unsetenv(PACKAGE_PASSPHRASE_VARIABLE), 0);
}

static void test_class_files(void **state)
{
    (void)state;
    uint8_t key[PACKAGE_KEY_SIZE], other[PACKAGE_KEY_SIZE];
    assert_int_equal(package_create_class("c.key", NULL, NULL), LUATEE_OK);
    assert_int_equal(mode_of("c.key"), 0600);
    assert_int_equal(package_create_class("c.key", NULL, NULL), LUATEE_USAGE);
    assert_int_equal(package_create_class("d.key", NULL, NULL), LUATEE_OK);
    assert_int_equal(package_load_class("c.key", key, NULL), LUATEE_OK);
    assert_int_equal(package_load_class("d.key", other, NULL), LUATEE_OK);
    assert_memory_not_equal(key, other, sizeof(key));
    assert_int_equal(package_create_publisher("r.pem", "r.pub", false, NULL, NULL), LUATEE_OK);
    assert_int_equal(package_load_class("r.pem", key, NULL), LUATEE_USAGE);
    EVP_PKEY *pkey;
    assert_int_equal(package_load_public("c.key", &pkey, NULL), LUATEE_USAGE);
    static const char bad[] = "-----BEGIN LUATEE CLASS KEY-----\nAAAA\n-----END LUATEE CLASS KEY-----\n";
    assert_int_equal(package_file_create("bad.key", 0600, bad, strlen(bad), NULL), LUATEE_OK);
    assert_int_equal(package_load_class("bad.key", key, NULL), LUATEE_USAGE);
}

/* Development keys are told apart from others, and are keys like others. */
static void test_mark(void **state)
{
    (void)state;
    EVP_PKEY *key;
    uint8_t class_key[PACKAGE_KEY_SIZE];
    bool is_private, marked = false;
    static const char *const files[] = { "m.pem", "m.pub", "m.key" }, *const others[] = { "n.pem", "n.pub", "n.key" };
    assert_int_equal(package_create_publisher("m.pem", "m.pub", false, PACKAGE_DEVELOPMENT_MARK, NULL), LUATEE_OK);
    assert_int_equal(package_create_class("m.key", PACKAGE_DEVELOPMENT_MARK, NULL), LUATEE_OK);
    assert_int_equal(package_create_publisher("n.pem", "n.pub", false, NULL, NULL), LUATEE_OK);
    assert_int_equal(package_create_class("n.key", NULL, NULL), LUATEE_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(package_key_marked(files[i], &marked, NULL), LUATEE_OK);
        assert_true(marked);
        assert_int_equal(package_key_marked(others[i], &marked, NULL), LUATEE_OK);
        assert_false(marked);
    }
    assert_int_equal(package_key_marked("none.pub", &marked, NULL), LUATEE_USAGE);
    assert_int_equal(package_load_publisher("m.pem", &key, &is_private, NULL), LUATEE_OK);
    assert_true(is_private);
    EVP_PKEY_free(key);
    assert_int_equal(package_load_public("m.pub", &key, NULL), LUATEE_OK);
    EVP_PKEY_free(key);
    assert_int_equal(package_load_class("m.key", class_key, NULL), LUATEE_OK);
    assert_int_equal(system("openssl pkey -in m.pem -noout && openssl pkey -pubin -in m.pub -noout"), 0);
}

/* A key has one id, in whatever way its file writes the point; and other kinds of keys are refused. */
static void test_other_forms(void **state)
{
    (void)state;
    EVP_PKEY *key;
    uint8_t id[PACKAGE_PUBLISHER_ID_SIZE], again[PACKAGE_PUBLISHER_ID_SIZE];
    static const char *const commands[] = {
        "openssl ec -pubin -in v.pub -conv_form compressed -out v2.pub 2>/dev/null",
        "openssl ecparam -name secp384r1 -genkey -noout 2>/dev/null | openssl ec -pubout -out p384.pub 2>/dev/null",
        "openssl genpkey -algorithm ed25519 2>/dev/null | openssl pkey -pubout -out ed.pub 2>/dev/null",
    };
    assert_int_equal(package_create_publisher("v.pem", "v.pub", false, NULL, NULL), LUATEE_OK);
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        assert_int_equal(system(commands[i]), 0);
    assert_int_equal(package_load_public("v.pub", &key, NULL), LUATEE_OK);
    assert_true(package_publisher_id(key, id));
    EVP_PKEY_free(key);
    assert_int_equal(package_load_public("v2.pub", &key, NULL), LUATEE_OK);
    assert_true(package_publisher_id(key, again));
    EVP_PKEY_free(key);
    assert_memory_equal(id, again, sizeof(id));
    assert_int_equal(package_load_public("p384.pub", &key, NULL), LUATEE_USAGE);
    assert_int_equal(package_load_public("ed.pub", &key, NULL), LUATEE_USAGE);
    assert_null(key);
}

static void test_development_keys(void **state)
{
    (void)state;
    struct package_development first, second;
    struct luatee_buffer key = { 0 }, again = { 0 };
    assert_int_equal(setenv("LUATEE_CONFIG", "config/deep", 1), 0);
    assert_int_equal(package_development_keys(&first, NULL), LUATEE_OK);
    assert_string_equal(first.publisher, "config/deep/dev/publisher.pem");
    assert_int_equal(mode_of("config/deep/dev"), 0700);
    bool marked[3] = { false };
    assert_int_equal(package_key_marked(first.publisher, &marked[0], NULL), LUATEE_OK);
    assert_int_equal(package_key_marked(first.publisher_public, &marked[1], NULL), LUATEE_OK);
    assert_int_equal(package_key_marked(first.class_key, &marked[2], NULL), LUATEE_OK);
    assert_true(marked[0] && marked[1] && marked[2]);
    assert_int_equal(package_file_read(first.publisher, 1000, &key, NULL), LUATEE_OK);
    assert_int_equal(package_development_keys(&second, NULL), LUATEE_OK);
    assert_int_equal(package_file_read(first.publisher, 1000, &again, NULL), LUATEE_OK);
    assert_int_equal(key.size, again.size);
    assert_memory_equal(key.data, again.data, key.size);
    luatee_buffer_free(&key);
    luatee_buffer_free(&again);
    assert_int_equal(unsetenv("LUATEE_CONFIG"), 0);
    char config[sizeof(folder) + 16];
    (void)snprintf(config, sizeof(config), "%s/xdg", folder);
    assert_int_equal(setenv("XDG_CONFIG_HOME", config, 1), 0);
    assert_int_equal(package_development_keys(&first, NULL), LUATEE_OK);
    assert_int_equal(access("xdg/luatee/dev/class.key", R_OK), 0);
    assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
    assert_int_equal(setenv("HOME", folder, 1), 0);
    assert_int_equal(package_development_keys(&first, NULL), LUATEE_OK);
    assert_int_equal(access(".config/luatee/dev/publisher.pub", R_OK), 0);
    assert_int_equal(unsetenv("HOME"), 0);
    assert_int_equal(package_development_keys(&first, NULL), LUATEE_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_set_is_undone),
        cmocka_unit_test(test_set_after_a_kill),
        cmocka_unit_test(test_set_root),
        cmocka_unit_test(test_publisher_files),
        cmocka_unit_test(test_passphrase),
        cmocka_unit_test(test_class_files),
        cmocka_unit_test(test_mark),
        cmocka_unit_test(test_other_forms),
        cmocka_unit_test(test_development_keys),
    };
    return cmocka_run_group_tests_name("package_files", tests, setup, teardown);
}
