#include "main/demo_play.h"

#include "base/env.h"
#include "lib/check.h"

#include <string.h>

#define ID "01936f6e-0000-7000-8000-000000000001"

/* A world that notes what it is asked. */
struct toy {
    char said[1000];
    int tries;
};

static void note(struct toy *toy, const char *what)
{
    size_t n = strlen(toy->said);
    (void)snprintf(toy->said + n, sizeof toy->said - n, "%s;", what);
}

static enum errc act(void *context, const struct demo_step *step, const char *subject, const char *parent,
                     char *out_id, struct err *err)
{
    note(context, subject ? "on" : parent ? "under" : step->act);
    if (strcmp(step->act, "refuse") == 0) {
        (void)err_set(err, ERR_POWER, "no");
        (void)snprintf(err->clause, sizeof err->clause, "4.4");
        return ERR_POWER;
    }
    memcpy(out_id, ID, sizeof ID);
    return ERR_OK;
}

static json_t *matter(void *context, const char *node, const char *id)
{
    struct toy *toy = context;
    (void)node;
    assert_string_equal(id, ID);
    return toy->tries < 2 ? NULL : json_pack("{s:{s:s},s:s}", "state", "name", "reported", "owner", "a");
}

static const char *duty(void *context, const char *node, const char *rule, const char *root)
{
    (void)context;
    (void)node;
    (void)root;
    return strcmp(rule, "known") == 0 ? "open" : NULL;
}

static enum errc control(void *context, const char *words, struct err *err)
{
    note(context, words);
    return strcmp(words, "bad") == 0 ? err_set(err, ERR_USAGE, "bad") : ERR_OK;
}

static bool patience(void *context, int tries)
{
    struct toy *toy = context;
    toy->tries++;
    return tries < 5;
}

static void chapter(void *context, const struct demo_chapter *chapter)
{
    note(context, chapter->en);
}

static void step(void *context, const struct demo_step *step, bool good, const char *told)
{
    (void)step;
    (void)told;
    note(context, good ? "good" : "bad");
}

static void play(struct demo_step *steps, uint32_t count, struct toy *toy, struct demo_result *out)
{
    struct demo_world world = {toy, act, matter, duty, control, patience, chapter, step};
    struct demo_chapter one = {"一", "one", steps, count};
    struct demo_script script = {NULL, 0, &one, 1};
    demo_play(&script, &world, out);
}

static void what_was_made_is_called_by_its_name(void **state)
{
    struct demo_wait seen = {.node = "b", .matter = "m", .state = "reported", .owner = "a"};
    struct demo_wait owed = {.node = "b", .duty = "known", .of = "m", .state = "open"};
    struct demo_step steps[] = {
        {.node = "a", .act = "make", .as = "m", .body = "{}"},
        {.node = "a", .act = "more", .about = "m"},
        {.node = "a", .act = "hang", .under = "m"},
        {.wait = &seen},
        {.wait = &owed},
        {.control = "cut a"},
    };
    struct toy toy = {0};
    struct demo_result result;
    (void)state;
    play(steps, 6, &toy, &result);
    assert_string_equal(toy.said, "one;make;good;on;good;under;good;good;good;cut a;good;");
    assert_int_equal(result.acts, 3);
    assert_int_equal(result.waits, 2);
    assert_int_equal(result.controls, 1);
    assert_int_equal(result.failed, 0);
}

static void what_does_not_come_out_as_written_is_counted(void **state)
{
    struct demo_refusal other = {.code = "power", .clause = "5.3"};
    struct demo_refusal right = {.code = "power", .clause = "4.4"};
    struct demo_wait never = {.node = "b", .duty = "unknown", .of = "m", .state = "open"};
    struct demo_step steps[] = {
        {.node = "a", .act = "refuse"},
        {.node = "a", .act = "refuse", .refused = &other},
        {.node = "a", .act = "refuse", .refused = &right},
        {.node = "a", .act = "make", .as = "m", .refused = &right},
        {.wait = &never},
        {.control = "bad"},
    };
    struct toy toy = {0};
    struct demo_result result;
    (void)state;
    play(steps, 6, &toy, &result);
    assert_int_equal(result.refusals, 1);
    assert_int_equal(result.failed, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_made_is_called_by_its_name),
        cmocka_unit_test(what_does_not_come_out_as_written_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
