#include "domain/fold.h"

#include "base/str.h"
#include "domain/duties.h"
#include "lib/check.h"
#include "lib/law.h"

#include <string.h>

enum { KEPT_MAX = 200 };

static struct law LAW;
static struct node_card CARDS[] = {
    {.id = "miit",
     .tier = TIER_MINISTRY,
     .region = "000000",
     .parent = "",
     .roles = {"MEO"},
     .role_count = 1},
    {.id = "pca-330000",
     .tier = TIER_PROVINCE,
     .region = "330000",
     .parent = "miit",
     .roles = {"PCA"},
     .role_count = 1},
    {.id = "tel-zj",
     .tier = TIER_ENTERPRISE,
     .region = "330000",
     .parent = "pca-330000",
     .roles = {"TEL"},
     .role_count = 1},
};
static const char *const EVERYBODY[] = {"miit", "pca-330000"};

/* An incident as it grows, act by act, and the duties it has brought. */
struct story {
    struct arena arena;
    struct directory dir;
    struct subject incident;
    struct subject response;
    struct duty duties[KEPT_MAX];
    size_t duty_count;
    int64_t now_ms;
    int made;
};

static void keep(struct story *story, const struct fold *fold)
{
    for (size_t i = 0; i < fold->changed_count; i++) {
        size_t at = 0;
        while (at < story->duty_count && !streq(story->duties[at].id, fold->changed[i].id))
            at++;
        assert_true(at < KEPT_MAX);
        story->duties[at] = fold->changed[i];
        story->duty_count += at == story->duty_count;
    }
}

static bool tell(struct story *story, const char *node, const char *kind, const char *body)
{
    struct err err = {0};
    struct act act = {.id = arena_printf(&story->arena, "0190b9a8-7c3e-7d2a-9b4f-%012d", ++story->made),
                      .universe = "real",
                      .node = node,
                      .kind = kind,
                      .person = "张三",
                      .parent = "",
                      .happened_ms = story->now_ms,
                      .recorded_ms = story->now_ms,
                      .to = (const char **)(uintptr_t)EVERYBODY,
                      .to_count = 2,
                      .body = json_loads(body, 0, NULL)};
    struct fold fold = {.act = &act, .duties = story->duties, .duty_count = story->duty_count};
    bool of_response = strncmp(kind, "response.", 9) == 0;
    assert_non_null(act.body);
    fold.subject = of_response ? &story->response : &story->incident;
    fold.root = &story->incident;
    fold.parent = of_response ? &story->incident : NULL;
    act.root = "0190b9a8-7c3e-7d2a-9b4f-100000000000";
    act.subject = of_response ? "0190b9a8-7c3e-7d2a-9b4f-200000000000" : act.root;
    if (of_response)
        act.parent = act.root;
    fold.matter = (struct matter){.catalogue = LAW.catalogue,
                                  .packs = LAW.packs,
                                  .dir = &story->dir,
                                  .actor = directory_find(&story->dir, node),
                                  .parent = fold.parent,
                                  .subject = fold.subject->id ? fold.subject : NULL,
                                  .root = fold.root->id ? fold.root : NULL,
                                  .body = act.body};
    fold.matter.row = catalogue_act(LAW.catalogue, kind, &fold.matter.type);
    assert_non_null(fold.matter.row);
    assert_ok(fold_act(&fold, &story->arena, &err), &err);
    keep(story, &fold);
    story->now_ms += 60000;
    json_decref(act.body);
    return !fold.late;
}

static int open_story(void **state)
{
    static struct story story;
    memset(&story, 0, sizeof story);
    arena_init(&story.arena, 16 << 20);
    directory_init(&story.dir, CARDS, sizeof CARDS / sizeof CARDS[0]);
    story.now_ms = 1579651200000; /* 2020-01-22T08:00+08:00 */
    *state = &story;
    return 0;
}

static int close_story(void **state)
{
    arena_done(&((struct story *)*state)->arena);
    return 0;
}

static const struct duty *find(const struct story *story, const char *rule, const char *receiver)
{
    for (size_t i = 0; i < story->duty_count; i++)
        if (streq(story->duties[i].rule, rule) && (!receiver || streq(story->duties[i].receiver, receiver)))
            return &story->duties[i];
    fail_msg("no duty %s", rule);
    return NULL;
}

#define REPORT                                                                                               \
    "{\"title\":\"泄露\",\"occurred\":\"2020-01-22T07:00:00+08:00\",\"scope\":\"x\",\"harm\":\"x\","       \
    "\"measures\":\"x\","                                                                                    \
    "\"advice\":\"x\",\"region\":\"330000\",\"facts\":{\"happened\":true,\"leaked_users\":12000000}}"

static void a_report_performs_the_duty_it_opens(void **state)
{
    struct story *story = *state;
    assert_true(tell(story, "tel-zj", "incident.reported", REPORT));
    assert_string_equal(story->incident.state, "reported");
    assert_string_equal(story->incident.title, "泄露");
    assert_string_equal(story->incident.region, "330000");
    const struct duty *duty = find(story, "004.4.1b", "miit");
    assert_int_equal(duty->state, DUTY_PERFORMED);
    assert_int_equal(duty->due_ms, 0);
    struct duty received = *duty;
    duty_receipt(&received, "r", 5);
    assert_int_equal(received.state, DUTY_DISCHARGED);
    assert_int_equal(received.receipt_ms, 5);
    json_t *grading = json_array_get(json_object_get(story->incident.doc, "gradings"), 0);
    assert_string_equal(json_string_value(json_object_get(grading, "level")), "II");
}

static void figures_that_go_down_are_flagged(void **state)
{
    struct story *story = *state;
    (void)tell(story, "tel-zj", "incident.reported", REPORT);
    (void)tell(story, "tel-zj", "incident.followed_up",
               "{\"text\":\"x\",\"facts\":{\"leaked_users\":999999}}");
    assert_int_equal(json_array_size(json_object_get(story->incident.doc, "flags")), 1);
    json_t *grading = json_array_get(json_object_get(story->incident.doc, "gradings"), 0);
    assert_string_equal(json_string_value(json_object_get(grading, "level")), "IV");
}

static void the_end_of_the_response_starts_ten_and_twenty_working_days(void **state)
{
    struct story *story = *state;
    (void)tell(story, "tel-zj", "incident.reported", REPORT);
    assert_true(tell(story, "miit", "response.started", "{\"level\":\"II\",\"basis\":\"own-decision\"}"));
    assert_string_equal(story->incident.state, "responding");
    assert_true(tell(story, "miit", "response.ended", "{\"reason\":\"x\",\"basis\":\"own-decision\"}"));
    assert_string_equal(story->incident.state, "handled");
    const struct duty *summary = find(story, "004.6.1a", NULL);
    assert_string_equal(summary->owner, "tel-zj");
    assert_int_equal(summary->state, DUTY_OPEN);
    /* The calendar as it was announced on 2020-01-22, before the holiday was extended: 02-11, to its end. */
    assert_int_equal(summary->due_ms, INT64_C(1581436799999));
    assert_false(summary->provisional);
}

static void a_late_act_is_kept_and_moves_nothing(void **state)
{
    struct story *story = *state;
    (void)tell(story, "tel-zj", "incident.reported", REPORT);
    assert_true(tell(story, "tel-zj", "incident.closed", "{\"reason\":\"x\"}"));
    assert_false(tell(story, "miit", "incident.assessed", "{\"level\":\"I\",\"reason\":\"x\"}"));
    assert_string_equal(story->incident.state, "closed");
    assert_int_equal(story->incident.level, LEVEL_NONE);
    assert_int_equal(json_array_size(json_object_get(story->incident.doc, "late")), 1);
}

static void a_late_act_brings_no_facts_either(void **state)
{
    struct story *story = *state;
    (void)tell(story, "tel-zj", "incident.reported",
               "{\"title\":\"泄露\",\"occurred\":\"2020-01-22T07:00:00+08:00\",\"scope\":\"x\","
               "\"harm\":\"x\",\"measures\":\"x\",\"advice\":\"x\"}");
    assert_true(tell(story, "tel-zj", "incident.closed", "{\"reason\":\"x\"}"));
    assert_false(tell(story, "miit", "incident.followed_up",
                      "{\"text\":\"x\",\"facts\":{\"leaked_users\":12000000}}"));
    assert_null(json_object_get(story->incident.doc, "facts"));
    assert_null(json_object_get(story->incident.doc, "gradings"));
}

static void an_older_release_never_undoes_a_newer_one(void **state)
{
    struct story *story = *state;
    (void)tell(story, "tel-zj", "incident.reported", REPORT);
    (void)tell(story, "pca-330000", "transfer.released", "{\"assignee\":\"miit\",\"epoch\":2}");
    assert_string_equal(story->incident.owner, "miit");
    (void)tell(story, "tel-zj", "transfer.released", "{\"assignee\":\"pca-330000\",\"epoch\":1}");
    assert_string_equal(story->incident.owner, "miit");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_report_performs_the_duty_it_opens, open_story, close_story),
        cmocka_unit_test_setup_teardown(figures_that_go_down_are_flagged, open_story, close_story),
        cmocka_unit_test_setup_teardown(the_end_of_the_response_starts_ten_and_twenty_working_days,
                                        open_story, close_story),
        cmocka_unit_test_setup_teardown(a_late_act_is_kept_and_moves_nothing, open_story, close_story),
        cmocka_unit_test_setup_teardown(a_late_act_brings_no_facts_either, open_story, close_story),
        cmocka_unit_test_setup_teardown(an_older_release_never_undoes_a_newer_one, open_story, close_story),
    };
    law_open(&LAW);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    law_close(&LAW);
    return failed;
}
