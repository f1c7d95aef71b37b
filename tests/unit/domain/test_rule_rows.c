/* No row of the packs waits for what can never come. Every enforced duty: some act opens it for the right
 * node, each act that should perform it does, and each that should cancel it does. Every route leads
 * somewhere. Every field the law demands, and every value of its lists, is in the catalogue, and back. */
#include "base/str.h"
#include "domain/duties.h"
#include "domain/judge.h"
#include "lib/check.h"
#include "lib/law.h"

#include <string.h>

static struct law LAW;
static struct directory DIR;
static struct arena ARENA;

#define CARD(name, level, home, above, ...)                                                                  \
    {                                                                                                        \
        .id = name, .tier = level, .region = home, .parent = above, .roles = {__VA_ARGS__}, .role_count = 1  \
    }

static struct node_card CARDS[] = {
    CARD("miit", TIER_MINISTRY, "000000", "", "MEO"),
    CARD("pca-330000", TIER_PROVINCE, "330000", "miit", "PCA"),
    CARD("pca-320000", TIER_PROVINCE, "320000", "miit", "PCA"),
    CARD("tel-zj", TIER_ENTERPRISE, "330000", "pca-330000", "TEL"),
    CARD("dns-js", TIER_ENTERPRISE, "320000", "pca-320000", "DNS"),
    CARD("cert", TIER_INSTITUTION, "000000", "miit", "PRO"),
    CARD("sec", TIER_VENDOR, "330000", "pca-330000", "SEC"),
};
enum { CARD_COUNT = sizeof CARDS / sizeof CARDS[0] };

static const char *const EVERYBODY[CARD_COUNT] = {"miit",   "pca-330000", "pca-320000", "tel-zj",
                                                  "dns-js", "cert",       "sec"};
static const char ROOT[] = "0190b9a8-7c3e-7d2a-9b4f-100000000000";
static const char CHILD[] = "0190b9a8-7c3e-7d2a-9b4f-200000000000";

/* A guess at what a row asks for: who acts, on whom, and how grave it is. */
struct guess {
    const struct node_card *actor;
    const char *assignee;
    enum level level;
    enum colour colour;
};

/* What the act and its matter say: enough for every resolver and condition of the packs. */
static json_t *make_body(const struct guess *guess, const struct duty_row *row)
{
    json_t *body = json_pack("{s:s, s:s, s:[s, s, s], s:s, s:s, s:s, s:s}", "region", "330000", "assignee",
                             guess->assignee, "targets", "tel-zj", "dns-js", "cert", "aware",
                             "2026-01-05T08:00:00+08:00", "due", "2026-01-06T08:00:00+08:00", "starts",
                             "2026-01-07T08:00:00+08:00", "handling_ended", "2026-01-05T09:00:00+08:00");
    assert_non_null(body);
    if (row->when.field && !streq(row->when.value.at[0], "none"))
        assert_int_equal(json_object_set_new(body, row->when.field, json_string(row->when.value.at[0])), 0);
    return body;
}

static json_t *make_doc(const struct pack *pack, const struct duty_row *row)
{
    json_t *doc = json_pack("{s:[s, s, s], s:s}", "parties", "tel-zj", "pca-330000", "miit", "reporter",
                            "tel-zj");
    assert_non_null(doc);
    if (row->when.graded_count > 0)
        assert_int_equal(json_object_set_new(doc, "gradings",
                                             json_pack("[{s:s, s:s}]", "pack", pack->head->id, "level",
                                                       level_name(row->when.graded[0]))),
                         0);
    return doc;
}

/* A stage: the act, its matter and what they are about. */
struct stage {
    struct subject root;
    struct subject child;
    struct act act;
    struct matter matter;
    json_t *body;
    json_t *doc;
};

static void set_stage(struct stage *stage, const struct pack *pack, const struct duty_row *row,
                      const struct guess *guess, const char *kind)
{
    memset(stage, 0, sizeof *stage);
    stage->body = make_body(guess, row);
    stage->doc = make_doc(pack, row);
    struct matter *matter = &stage->matter;
    *matter = (struct matter){
        .catalogue = LAW.catalogue, .packs = LAW.packs, .dir = &DIR, .actor = guess->actor};
    matter->row = catalogue_act(LAW.catalogue, kind, &matter->type);
    assert_non_null(matter->row);
    bool child = matter->type->parent != NULL;
    stage->root = (struct subject){.id = ROOT,
                                   .type = child ? "incident" : matter->type->subject,
                                   .root = ROOT,
                                   .parent = "",
                                   .owner = guess->actor->id,
                                   .region = "330000",
                                   .state = "x",
                                   .level = guess->level,
                                   .colour = guess->colour,
                                   .doc = stage->doc};
    stage->child = stage->root;
    stage->child.id = CHILD;
    stage->child.type = matter->type->subject;
    matter->root = &stage->root;
    matter->parent = child ? &stage->root : NULL;
    matter->subject = child ? &stage->child : &stage->root;
    matter->body = stage->body;
    matter->to = (const char **)(uintptr_t)EVERYBODY;
    matter->to_count = CARD_COUNT;
    stage->act = (struct act){.id = "act",
                              .node = guess->actor->id,
                              .kind = kind,
                              .subject = child ? CHILD : ROOT,
                              .root = ROOT,
                              .happened_ms = 1767571200000,
                              .recorded_ms = 1767571200000,
                              .to = matter->to,
                              .to_count = CARD_COUNT,
                              .body = stage->body};
}

static void clear_stage(struct stage *stage)
{
    json_decref(stage->body);
    json_decref(stage->doc);
}

static const struct duty *find(const struct duty_list *list, const char *rule)
{
    for (size_t i = 0; i < list->count; i++)
        if (streq(list->at[i].rule, rule))
            return &list->at[i];
    return NULL;
}

/* True when the act opens the row's duty for this guess; then it is copied out. */
static bool opens(const struct pack *pack, const struct duty_row *row, const struct guess *guess,
                  const char *kind, struct duty *out)
{
    struct stage stage;
    struct duty_list list = {0};
    struct err err;
    set_stage(&stage, pack, row, guess, kind);
    assert_ok(duties_apply(&stage.matter, &stage.act, NULL, 0, &ARENA, &list, &err), &err);
    const struct duty *duty = find(&list, row->id);
    if (duty) {
        *out = *duty;
        out->owner = arena_strdup(&ARENA, duty->owner);
        out->receiver = arena_strdup(&ARENA, duty->receiver);
    }
    clear_stage(&stage);
    return duty != NULL;
}

static bool find_guess(const struct pack *pack, const struct duty_row *row, const char *kind,
                       struct guess *out, struct duty *duty)
{
    for (size_t c = 0; c < CARD_COUNT; c++)
        for (size_t a = 0; a < CARD_COUNT; a++)
            for (int level = 0; level <= 4; level++)
                for (int colour = 0; colour <= 4; colour++) {
                    *out = (struct guess){&DIR.cards[c], DIR.cards[a].id, (enum level)level,
                                          (enum colour)colour};
                    if (opens(pack, row, out, kind, duty))
                        return true;
                }
    return false;
}

/* Another act of the duty's owner, towards everybody, about the same matter (or another one: anywhere). */
static enum duty_state after(const struct pack *pack, const struct duty_row *row, const struct duty *open,
                             const struct guess *guess, const char *kind, const char *subject)
{
    struct stage stage;
    struct duty_list list = {0};
    struct err err;
    struct guess owner = *guess;
    owner.actor = directory_find(&DIR, open->owner);
    set_stage(&stage, pack, row, &owner, kind);
    stage.act.id = "later";
    stage.act.subject = subject;
    if (row->anywhere)
        stage.act.root = "another";
    if (node_is_outside(open->receiver))
        assert_int_equal(json_object_set_new(stage.body, "party", json_string(open->receiver)), 0);
    assert_ok(duties_apply(&stage.matter, &stage.act, open, 1, &ARENA, &list, &err), &err);
    enum duty_state state = open->state;
    for (size_t i = 0; i < list.count; i++)
        if (streq(list.at[i].id, open->id))
            state = list.at[i].state == DUTY_OPEN && list.at[i].done_act[0] ? DUTY_PERFORMED
                                                                            : list.at[i].state;
    clear_stage(&stage);
    return state;
}

static void check_row(const struct pack *pack, const struct duty_row *row)
{
    struct guess guess = {0};
    struct duty duty = {0};
    for (uint32_t k = 0; k < row->opened_by.count; k++) {
        if (!find_guess(pack, row, row->opened_by.at[k], &guess, &duty))
            fail_msg("%s is never opened by %s", row->id, row->opened_by.at[k]);
        assert_string_equal(duty.clause, row->law->clause);
        bool counts = row->deadline.n > 0 || row->deadline.kind == DEADLINE_YEARLY ||
                      row->deadline.kind == DEADLINE_STATED;
        assert_int_equal(duty.due_ms > 0, counts);
        arena_reset(&ARENA);
        assert_true(find_guess(pack, row, row->opened_by.at[k], &guess, &duty));
    }
    struct duty open = duty;
    open.state = DUTY_OPEN;
    open.done_act = "";
    for (uint32_t k = 0; k < row->performed_by.count; k++)
        if (after(pack, row, &open, &guess, row->performed_by.at[k], open.subject) == DUTY_OPEN)
            fail_msg("%s is not performed by %s", row->id, row->performed_by.at[k]);
    for (uint32_t k = 0; k < row->cancelled_by.count; k++)
        if (after(pack, row, &open, &guess, row->cancelled_by.at[k], open.subject) != DUTY_CANCELLED)
            fail_msg("%s is not cancelled by %s", row->id, row->cancelled_by.at[k]);
    arena_reset(&ARENA);
}

static void every_duty_opens_is_performed_and_cancelled(void **state)
{
    (void)state;
    size_t checked = 0;
    for (size_t p = 0; p < pack_set_count(LAW.packs); p++) {
        const struct pack *pack = pack_set_at(LAW.packs, p);
        for (uint32_t i = 0; i < pack->duties_count; i++) {
            if (!pack->duties[i].enforce)
                continue;
            check_row(pack, &pack->duties[i]);
            checked++;
        }
    }
    assert_true(checked >= 75);
}

static void what_is_not_enforced_opens_nothing(void **state)
{
    (void)state;
    for (size_t p = 0; p < pack_set_count(LAW.packs); p++) {
        const struct pack *pack = pack_set_at(LAW.packs, p);
        for (uint32_t i = 0; i < pack->duties_count; i++) {
            struct guess guess;
            struct duty duty;
            if (!pack->duties[i].enforce)
                assert_false(
                    find_guess(pack, &pack->duties[i], pack->duties[i].opened_by.at[0], &guess, &duty));
            arena_reset(&ARENA);
        }
    }
}

/* One order's end is not another's. */
static void the_end_of_one_order_leaves_the_others(void **state)
{
    (void)state;
    const struct pack *plan = pack_set_main(LAW.packs);
    const struct duty_row *row = pack_duty(plan, "004.5.5b.1");
    struct guess guess;
    struct duty duty;
    assert_true(find_guess(plan, row, "order.issued", &guess, &duty));
    assert_int_equal(after(plan, row, &duty, &guess, "order.cancelled", CHILD), DUTY_CANCELLED);
    duty.subject = "another order";
    assert_int_equal(after(plan, row, &duty, &guess, "order.cancelled", CHILD), DUTY_OPEN);
}

/* True when somebody who acts so is led by the route to a node other than itself. */
static bool leads(const struct pack *pack, const struct route_row *route, const struct guess *guess)
{
    static const struct duty_row NO_DUTY;
    struct stage stage;
    struct node_list to = {0};
    struct node_list wanted = {0};
    struct err err;
    set_stage(&stage, pack, &NO_DUTY, guess, route->act);
    struct pack_case subject = {.actor = guess->actor, .level = guess->level, .colour = guess->colour};
    bool found = pack_when(pack, &route->when, &subject);
    if (found) {
        assert_ok(judge_addressees(&stage.matter, &ARENA, &to, &err), &err);
        for (uint32_t i = 0; i < route->to.count; i++)
            assert_ok(matter_resolve(&stage.matter, route->to.at[i], &ARENA, &wanted, &err), &err);
        found = wanted.count > 0;
        for (size_t i = 0; i < wanted.count; i++)
            if (!streq(wanted.ids[i], guess->actor->id) && !node_list_has(&to, wanted.ids[i]))
                fail_msg("%s does not reach %s", route->id, wanted.ids[i]);
    }
    clear_stage(&stage);
    return found;
}

static bool leads_somebody(const struct pack *pack, const struct route_row *route)
{
    for (size_t c = 0; c < CARD_COUNT; c++)
        for (int level = 0; level <= 4; level++)
            for (int colour = 0; colour <= 4; colour++) {
                struct guess guess = {&DIR.cards[c], "pca-320000", (enum level)level, (enum colour)colour};
                if (leads(pack, route, &guess))
                    return true;
            }
    return false;
}

static void every_route_leads_to_those_it_names(void **state)
{
    (void)state;
    for (size_t p = 0; p < pack_set_count(LAW.packs); p++) {
        const struct pack *pack = pack_set_at(LAW.packs, p);
        for (uint32_t i = 0; i < pack->routes_count; i++) {
            if (!leads_somebody(pack, &pack->routes[i]))
                fail_msg("nobody is led by %s", pack->routes[i].id);
            arena_reset(&ARENA);
        }
    }
}

/* What the clause demands is asked for by the act, and required where the clause leaves no choice. */
static void every_field_of_the_law_is_in_its_act(void **state)
{
    (void)state;
    const struct pack *plan = pack_set_main(LAW.packs);
    for (uint32_t s = 0; s < plan->fields_count; s++) {
        const struct field_set *set = &plan->fields[s];
        for (uint32_t a = 0; a < set->acts.count; a++) {
            const struct act_row *act = catalogue_act(LAW.catalogue, set->acts.at[a], NULL);
            assert_non_null(act);
            for (uint32_t f = 0; f < set->fields_count; f++)
                if (!act_row_field(act, set->fields[f].name))
                    fail_msg("%s has no field %s", act->kind, set->fields[f].name);
        }
    }
    static const char *const DEMANDED[] = {"incident.reported", "warning.published", "summary.submitted"};
    static const char *const SETS[] = {"incident_report", "warning", "summary"};
    for (size_t i = 0; i < 3; i++)
        for (uint32_t s = 0; s < plan->fields_count; s++)
            for (uint32_t f = 0; streq(plan->fields[s].name, SETS[i]) && f < plan->fields[s].fields_count;
                 f++)
                assert_true(act_row_field(catalogue_act(LAW.catalogue, DEMANDED[i], NULL),
                                          plan->fields[s].fields[f].name)
                                ->required);
}

/* Where the catalogue uses a list of the law. Two lists may make one field. */
static const struct list_use {
    const char *act;
    const char *field;
    const char *lists[2];
} USES[] = {
    {"order.issued", "measure", {"measure", "warning.measure"}},
    {"response.workgroup_set", "workgroup", {"workgroup", NULL}},
    {"response.started", "basis", {"response.basis", NULL}},
    {"tool.set", "kind", {"tool", NULL}},
    {"team.set", "abilities", {"ability", NULL}},
    {"talent.set", "source", {"talent.source", NULL}},
    {"commendation.recorded", "form", {"commendation", NULL}},
    {"warning.information_reported", "source_kind", {"danger.kind", NULL}},
    {"warning.published", "channels", {"warning.channel", NULL}},
};

static bool in_lists(const struct list_use *use, const char *value)
{
    for (size_t l = 0; l < 2 && use->lists[l]; l++) {
        const struct enum_row *row = pack_enum(pack_set_main(LAW.packs), use->lists[l]);
        assert_non_null(row);
        for (uint32_t v = 0; v < row->values_count; v++)
            if (streq(row->values[v].id, value))
                return true;
    }
    return false;
}

static void the_catalogue_uses_the_lists_of_the_law_as_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof USES / sizeof USES[0]; i++) {
        const struct act_row *act = catalogue_act(LAW.catalogue, USES[i].act, NULL);
        assert_non_null(act);
        const struct field_row *field = act_row_field(act, USES[i].field);
        assert_non_null(field);
        struct names values = {field->values, field->values_count};
        for (uint32_t v = 0; v < field->values_count; v++)
            if (!in_lists(&USES[i], field->values[v]))
                fail_msg("%s.%s: %s is in no list of the law", USES[i].act, USES[i].field, field->values[v]);
        for (size_t l = 0; l < 2 && USES[i].lists[l]; l++) {
            const struct enum_row *row = pack_enum(pack_set_main(LAW.packs), USES[i].lists[l]);
            for (uint32_t v = 0; v < row->values_count; v++)
                if (!names_have(&values, row->values[v].id))
                    fail_msg("%s.%s lacks %s", USES[i].act, USES[i].field, row->values[v].id);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_duty_opens_is_performed_and_cancelled),
        cmocka_unit_test(what_is_not_enforced_opens_nothing),
        cmocka_unit_test(the_end_of_one_order_leaves_the_others),
        cmocka_unit_test(every_route_leads_to_those_it_names),
        cmocka_unit_test(every_field_of_the_law_is_in_its_act),
        cmocka_unit_test(the_catalogue_uses_the_lists_of_the_law_as_they_are),
    };
    law_open(&LAW);
    arena_init(&ARENA, 256 << 20);
    directory_init(&DIR, CARDS, CARD_COUNT);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&ARENA);
    law_close(&LAW);
    return failed;
}
