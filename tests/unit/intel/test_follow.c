#include "intel/follow.h"
#include "unit/intel/hunt_fixture.h"

#include <unistd.h>

static const char *const BAD[] = {"evil.example", NULL};

static void append(const char *path, const char *text, const char *mode)
{
    FILE *file = fopen(path, mode);
    assert_non_null(file);
    (void)fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

struct following {
    struct hunt_fixture f;
    struct follow *follow;
    char path[128];
    const char *paths[1];
};

static void begin(struct following *w)
{
    struct err err;
    hunt_fixture_begin(&w->f, BAD, 2, NULL, 0);
    (void)snprintf(w->path, sizeof w->path, "%s/log", w->f.index.folder);
    w->paths[0] = w->path;
    assert_ok(follow_new(w->paths, 1, -1, &w->follow, &err), &err);
}

static void end(struct following *w)
{
    follow_free(w->follow);
    hunt_fixture_end(&w->f);
}

/* How many hits there are after one more look. */
static uint64_t look(struct following *w, bool grown)
{
    struct err err;
    bool more;
    assert_ok(follow_step(w->follow, w->f.hunt, &more, &err), &err);
    assert_int_equal(more, grown);
    return hunt_totals(w->f.hunt)->hits[KIND_DOMAIN];
}

static void a_file_is_waited_for_and_followed(void **state)
{
    (void)state;
    struct following w;
    begin(&w);
    assert_int_equal(look(&w, false), 0);
    append(w.path, "evil.example\nevil.", "w");
    assert_int_equal(look(&w, true), 1);
    assert_int_equal(look(&w, false), 1);
    append(w.path, "example\ngood.example\n", "a");
    assert_int_equal(look(&w, true), 2);
    assert_non_null(strstr(w.f.out.data, "\"line\":2,"));
    end(&w);
}

static void a_rotated_file_is_read_to_its_end_first(void **state)
{
    (void)state;
    struct following w;
    char old[160];
    begin(&w);
    append(w.path, "evil.example\n", "w");
    assert_int_equal(look(&w, true), 1);
    (void)snprintf(old, sizeof old, "%s.1", w.path);
    append(w.path, "a.evil.example\nb.evil.example", "a"); /* the last without a line end */
    assert_int_equal(rename(w.path, old), 0);
    append(w.path, "c.evil.example\n", "w");
    assert_int_equal(look(&w, true), 4);
    append(w.path, "d.evil.example\n", "a");
    assert_int_equal(look(&w, true), 5);
    end(&w);
}

static void a_truncated_file_is_read_again(void **state)
{
    (void)state;
    struct following w;
    begin(&w);
    append(w.path, "evil.example\nevil.example\n", "w");
    assert_int_equal(look(&w, true), 2);
    append(w.path, "x.evil.example\n", "w"); /* shorter, in place */
    assert_int_equal(look(&w, true), 3);
    assert_non_null(
        strstr(w.f.out.data, "\"line\":1,\"field\":\"value\",\"kind\":\"domain\",\"value\":\"x.evil"));
    end(&w);
}

static void a_packed_file_is_refused(void **state)
{
    (void)state;
    struct following w;
    struct err err;
    bool more;
    begin(&w);
    append(w.path, "\x1F\x8B\x08\x08", "w");
    assert_code(follow_step(w.follow, w.f.hunt, &more, &err), ERR_UNSUPPORTED);
    end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_waited_for_and_followed),
        cmocka_unit_test(a_rotated_file_is_read_to_its_end_first),
        cmocka_unit_test(a_truncated_file_is_read_again),
        cmocka_unit_test(a_packed_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
