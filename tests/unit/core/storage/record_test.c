/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What must not be forgotten, after damage to its files, with the power cut at every step. Each session is a process of
 * its own, forked from this one, which never touches the storage itself.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/storage/object.h"
#include "core/storage/record.h"
#include "sim/ta/memory.h"
#include "tests/unit/support/few.h"

static const uint8_t id[] = { OBJECT_HIGHEST, 'x' }, new_id[] = { OBJECT_HIGHEST, 'y' };

/* --- a session: its exit status says what it read */

enum { LOST = 100, FAILED = 101, CUT = 102 };

/* what: "read", "write", "new" for the same of another record, or "another", which makes another object. number: what to write, or
 * NULL. */
static int run_session(const char *what, const char *number)
{
    static struct record r; /* not cleared by what it reads: so nothing may be left of before */
    if (!sim_memory_start())
        return FAILED;
    TEE_Result result;
    const uint8_t *which = strcmp(what, "new") == 0 ? new_id : id;
    r.size = 0;
    if (strcmp(what, "another") == 0) {
        result = object_replace("another", 7, "data", 4);
    } else if (number == NULL) {
        result = record_read(&r, which, sizeof(id));
    } else {
        result = record_open(&r, which, sizeof(id));
        if (result == TEE_SUCCESS) {
            r.data[0] = (uint8_t)atoi(number);
            r.size = 1;
            result = record_write(&r);
            record_close(&r);
        }
    }
    if (result != TEE_SUCCESS)
        return result == TEE_ERROR_CORRUPT_OBJECT ? LOST : FAILED;
    return r.size == 0 ? 0 : r.data[0];
}

static int start(const char *what, const char *number, const char *fault)
{
    pid_t process = fork();
    assert_true(process >= 0);
    if (process == 0) {
        if (fault)
            setenv("LUATEE_SIM_STORAGE_FAULT", fault, 1);
        _exit(run_session(what, number));
    }
    int status;
    assert_int_equal(waitpid(process, &status, 0), process);
    return WIFEXITED(status) ? WEXITSTATUS(status) : CUT;
}

/* number: what to write; NULL: only reads. fault: or NULL. */
static int session(const char *number, const char *fault)
{
    return start(number ? "write" : "read", number, fault);
}

/* Cut at this step. */
static int session_cut(const char *number, unsigned step)
{
    char fault[32];
    snprintf(fault, sizeof(fault), "cut %u", step);
    return session(number, fault);
}

/* --- files */

#define FILES_MAX 8

/* The largest ones first. Of a record that was written: the TA's directory, its two copies, and the witness. */
static char files[FILES_MAX][4096];
static size_t file_count;
enum { DIRECTORY, COPY, OTHER_COPY, WITNESS, FILES };

static int compare_sizes(const void *a, const void *b)
{
    struct stat one, other;
    assert_int_equal(stat(a, &one), 0);
    assert_int_equal(stat(b, &other), 0);
    return (one.st_size < other.st_size) - (one.st_size > other.st_size);
}

static void find_files(void)
{
    char folder[2048];
    const char *state = getenv("LUATEE_SIM_STATE");
    DIR *all = opendir(state);
    assert_non_null(all);
    file_count = 0;
    for (struct dirent *ta; (ta = readdir(all));) {
        if (strlen(ta->d_name) != 36)
            continue;
        snprintf(folder, sizeof(folder), "%s/%s", state, ta->d_name);
        DIR *objects = opendir(folder);
        assert_non_null(objects);
        for (struct dirent *object; (object = readdir(objects));)
            if (strncmp(object->d_name, "o.", 2) == 0) {
                assert_true(file_count < FILES_MAX);
                snprintf(files[file_count++], sizeof(files[0]), "%s/%s", folder, object->d_name);
            }
        closedir(objects);
    }
    closedir(all);
    qsort(files, file_count, sizeof(files[0]), compare_sizes);
}

static void remove_all(void)
{
    find_files();
    for (size_t i = 0; i < file_count; i++)
        assert_int_equal(unlink(files[i]), 0);
}

static void damage(const char *path)
{
    FILE *f = fopen(path, "ab");
    assert_non_null(f);
    assert_int_equal(fputc('x', f), 'x');
    assert_int_equal(fclose(f), 0);
}

static void damage_all(void)
{
    find_files();
    for (size_t i = 0; i < file_count; i++)
        damage(files[i]);
}

/* With 5 in it. */
static void make(void)
{
    remove_all();
    assert_int_equal(session("5", NULL), 5);
    find_files();
    assert_int_equal(file_count, FILES);
}

/* --- tests */

static void nothing_is_read_before_something_is_written(void **state)
{
    (void)state;
    remove_all();
    for (int i = 0; i < 3; i++) {
        assert_int_equal(session(NULL, NULL), 0);
        find_files();
        assert_int_equal(file_count, 0);
    }
    assert_int_equal(session("7", NULL), 7);
    assert_int_equal(session(NULL, NULL), 7);
}

static void one_damaged_copy_does_no_harm(void **state)
{
    (void)state;
    for (int which = COPY; which <= OTHER_COPY; which++) {
        for (int gone = 0; gone < 2; gone++) {
            make();
            if (gone)
                assert_int_equal(unlink(files[which]), 0);
            else
                damage(files[which]);
            assert_int_equal(session(NULL, NULL), 5);
            assert_int_equal(session("6", NULL), 6); /* and both are there again: */
            find_files();
            assert_int_equal(file_count, FILES);
            damage(files[COPY + OTHER_COPY - which]);
            assert_int_equal(session(NULL, NULL), 6);
        }
    }
}

static void a_damaged_witness_does_no_harm(void **state)
{
    (void)state;
    make();
    damage(files[WITNESS]);
    assert_int_equal(session(NULL, NULL), 5);
    assert_int_equal(session("6", NULL), 6);
    for (int i = COPY; i <= OTHER_COPY; i++) {
        find_files();
        assert_int_equal(file_count, FILES);
        damage(files[i]);
        assert_int_equal(session(NULL, NULL), 6);
        assert_int_equal(session("6", NULL), 6);
    }
}

static void a_damaged_directory_does_no_harm(void **state)
{
    (void)state;
    for (int gone = 0; gone < 2; gone++) {
        make();
        if (gone)
            assert_int_equal(unlink(files[DIRECTORY]), 0);
        else
            damage(files[DIRECTORY]);
        assert_int_equal(session(NULL, NULL), 5);
        assert_int_equal(session("6", NULL), 6);
        assert_int_equal(start("new", NULL, NULL), 0);
        assert_int_equal(start("new", "1", NULL), 1); /* it is made again, of the record's witness, too */
        assert_int_equal(start("new", NULL, NULL), 1);
        damage_all();
        assert_int_equal(session(NULL, NULL), LOST);
        assert_int_equal(start("new", NULL, NULL), LOST);
    }
}

static void two_damaged_copies_are_not_forgotten(void **state)
{
    (void)state;
    for (int others = 0; others < 4; others++) {
        make();
        damage(files[COPY]);
        damage(files[OTHER_COPY]);
        if (others & 1)
            damage(files[WITNESS]);
        if (others & 2)
            damage(files[DIRECTORY]);
        for (int i = 0; i < 3; i++) {
            assert_int_equal(session(NULL, NULL), LOST);
            assert_int_equal(session("9", NULL), LOST);
            damage_all();
        }
    }
}

/* Of the others, that of a damaged object may be the name that is looked for. */
static void another_damaged_object_does_no_harm(void **state)
{
    (void)state;
    remove_all();
    assert_int_equal(start("another", NULL, NULL), 0);
    damage_all();
    assert_int_equal(session(NULL, NULL), 0);
    assert_int_equal(session("7", NULL), 7);
    assert_int_equal(session(NULL, NULL), 7);
    damage_all();
    assert_int_equal(session(NULL, NULL), LOST);
}

/* Sessions are cut at their first step, their second, and so on, until one comes to its end; after each the next one
 * must read what is expected, or how the one that was not cut ended. */
static void cut_everywhere(void (*prepare)(void), const char *number, int before, int after)
{
    for (unsigned step = 1;; step++) {
        prepare();
        int ended = session_cut(number, step);
        int next = session(NULL, NULL);
        assert_true(next == before || next == after);
        assert_int_equal(session(NULL, NULL), next);
        if (ended != CUT) {
            assert_int_equal(ended, after);
            assert_int_equal(next, after);
            assert_true(step > 1);
            return;
        }
    }
}

static void damage_directory(void)
{
    make();
    damage(files[DIRECTORY]);
}

static void damage_first(void)
{
    make();
    damage(files[COPY]);
}

static void damage_second(void)
{
    make();
    damage(files[OTHER_COPY]);
}

static void damage_both(void)
{
    make();
    damage(files[COPY]);
    damage(files[OTHER_COPY]);
}

static void damage_everything(void)
{
    make();
    damage_all();
}

static void power_cut_at_every_step(void **state)
{
    (void)state;
    cut_everywhere(remove_all, "3", 0, 3);
    cut_everywhere(make, "6", 5, 6);
    cut_everywhere(damage_directory, "6", 5, 6);
    cut_everywhere(damage_first, "6", 5, 6);
    cut_everywhere(damage_second, "6", 5, 6);
    cut_everywhere(damage_both, "6", LOST, LOST);
    cut_everywhere(damage_both, NULL, LOST, LOST);
    cut_everywhere(damage_everything, "6", LOST, LOST);
}

/* Cut again and again, one step further each time, without a session in between that comes to its end. */
static void power_cuts_in_a_row(void **state)
{
    (void)state;
    for (unsigned last = 1; last <= 12; last++) {
        damage_both();
        for (unsigned step = 1; step <= last; step++)
            (void)session_cut("6", step);
        assert_int_equal(session(NULL, NULL), LOST);
    }
}

/* Damage, and a power cut in a session that writes or only reads; and both once more; at all pairs of steps, or in few
 * tests at every fifth. The directory matters where nothing else is left. */
static void damage_and_power_cuts_in_turn(void **state)
{
    (void)state;
    unsigned stride = (unsigned)few_or(5, 1);
    for (unsigned which = 0; which < 1 << (WITNESS + 1); which++) {
        const char *number = which >> WITNESS ? "6" : NULL;
        unsigned copies = 1u << COPY | 1u << OTHER_COPY;
        if ((which & 1u << DIRECTORY) && (which & copies) != copies)
            continue;
        int first = CUT, second;
        for (unsigned i = 1; first == CUT; i++) {
            second = CUT;
            for (unsigned j = 1 + i % stride; second == CUT; j += stride) {
                make();
                for (int file = DIRECTORY; file < WITNESS; file++)
                    if (which >> file & 1)
                        damage(files[file]);
                first = session_cut(number, i);
                damage_all();
                second = session_cut(NULL, j);
                damage_all();
                assert_int_equal(session(NULL, NULL), LOST);
            }
        }
    }
}

/* With a damaged object that has nothing to do with it: a record may be thought lost then, but never be forgotten. */
static void power_cuts_beside_another_damaged_object(void **state)
{
    (void)state;
    int ended = CUT;
    for (unsigned step = 1; ended == CUT; step++) {
        remove_all();
        assert_int_equal(start("another", NULL, NULL), 0);
        damage_all();
        ended = session_cut("3", step);
        int next = session(NULL, NULL);
        assert_true(ended == CUT ? next == 0 || next == 3 || next == LOST : next == 3);
        assert_int_equal(session(NULL, NULL), next);
    }
}

/* No room: nothing is accepted, and nothing lost. */
static void full_storage(void **state)
{
    (void)state;
    for (unsigned step = 1; step < 12; step++) {
        char fault[32];
        snprintf(fault, sizeof(fault), "full %u", step);
        make();
        int ended = session("6", fault);
        assert_true(ended == FAILED || ended == 6);
        int next = session(NULL, NULL);
        assert_true(ended == 6 ? next == 6 : next == 5 || next == 6);
        damage_both();
        ended = session(NULL, fault);
        assert_true(ended == FAILED || ended == LOST);
        assert_int_equal(session(NULL, NULL), LOST);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_read_before_something_is_written),
        cmocka_unit_test(one_damaged_copy_does_no_harm),
        cmocka_unit_test(a_damaged_witness_does_no_harm),
        cmocka_unit_test(a_damaged_directory_does_no_harm),
        cmocka_unit_test(two_damaged_copies_are_not_forgotten),
        cmocka_unit_test(another_damaged_object_does_no_harm),
        cmocka_unit_test(power_cut_at_every_step),
        cmocka_unit_test(power_cuts_in_a_row),
        cmocka_unit_test(damage_and_power_cuts_in_turn),
        cmocka_unit_test(power_cuts_beside_another_damaged_object),
        cmocka_unit_test(full_storage),
    };
    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
