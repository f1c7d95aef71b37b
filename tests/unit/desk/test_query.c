#include "base/str.h"
#include "desk/query.h"
#include "lib/check.h"
#include "lib/world.h"

#include "base/hash.h"
#include "base/proof.h"

#include <string.h>

#define REPORT                                                                                               \
    "{\"title\":\"六省断网\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"浙江等六省\","  \
    "\"harm\":\"大量用户无法上网\",\"measures\":\"切换解析\",\"advice\":\"请协调\","          \
    "\"region\":\"330000\",\"contact\":\"张三\"}"
#define HAZARD                                                                                               \
    "{\"title\":\"软件漏洞\",\"scope\":\"全国\",\"harm\":\"解析中断\",\"measures\":\"升级\","    \
    "\"advice\":\"通报\",\"region\":\"330100\"}"

struct fixture {
    struct world world;
    struct arena arena;
    struct query_told told;
    struct err err;
    char incident[UUID_TEXT_SIZE];
    char hazard[UUID_TEXT_SIZE];
    char act[UUID_TEXT_SIZE];
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct submission sub;
    world_open(&f->world);
    world_people(&f->world);
    arena_init(&f->arena, 64 << 20);
    assert_ok(world_act(&f->world, "tel-zj", "incident.reported", NULL, NULL, REPORT, &sub), &sub.err);
    memcpy(f->incident, sub.made, sizeof f->incident);
    memcpy(f->act, sub.act, sizeof f->act);
    assert_ok(world_act(&f->world, "tel-zj", "incident.hazard_reported", NULL, NULL, HAZARD, &sub), &sub.err);
    memcpy(f->hazard, sub.made, sizeof f->hazard);
    assert_true(world_deliver(&f->world) > 0);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    json_decref(f->told.doc);
    arena_done(&f->arena);
    world_close(&f->world);
    free(f);
    return 0;
}

/* "name=value name=value"; values may be given as %s. */
static const char *param(const void *context, const char *name)
{
    static char value[400];
    size_t n = strlen(name);
    for (const char *at = context; *at; at += strcspn(at, " "), at += strspn(at, " ")) {
        if (strncmp(at, name, n) != 0 || at[n] != '=')
            continue;
        (void)snprintf(value, sizeof value, "%.*s", (int)strcspn(at + n + 1, " "), at + n + 1);
        return value;
    }
    return NULL;
}

/* Parameters must outlive a query, and param() has one buffer: they are kept in the arena. */
struct params {
    const char *text;
    struct arena *arena;
};

static const char *kept_param(const void *context, const char *name)
{
    const struct params *params = context;
    const char *value = param(params->text, name);
    return value ? arena_strdup(params->arena, value) : NULL;
}

static enum errc ask(struct fixture *f, const char *node, const char *name, const char *of, const char *text)
{
    struct params params = {text, &f->arena};
    const struct query_reader reader = {world_node(&f->world, node)->store, f->world.law.catalogue,
                                        f->world.law.packs, &f->world.env, NULL};
    const struct query_ask question = {name, of, kept_param, &params, NULL};
    json_decref(f->told.doc);
    f->told = (struct query_told){0};
    err_clear(&f->err);
    return query_run(&reader, &question, &f->arena, &f->told, &f->err);
}

static json_t *items(struct fixture *f)
{
    return json_object_get(f->told.doc, "items");
}

static const char *text_at(struct fixture *f, size_t index, const char *name)
{
    const char *text = json_string_value(json_object_get(json_array_get(items(f), index), name));
    return text ? text : "";
}

static void asks(struct fixture *f, const char *name, const char *of, const char *text, size_t count)
{
    assert_ok(ask(f, "pca-330000", name, of, text), &f->err);
    if (json_array_size(items(f)) != count)
        fail_msg("%s %s: %zu items, not %zu", name, text, json_array_size(items(f)), count);
}

static void refuses(struct fixture *f, const char *name, const char *of, const char *text, enum errc code,
                    const char *field)
{
    enum errc rc = ask(f, "pca-330000", name, of, text);
    if (rc != code || strcmp(f->err.field, field) != 0)
        fail_msg("%s %s: %s [%s] %s", name, text, errc_info(rc)->name, f->err.field, f->err.message);
    assert_null(f->told.doc);
}

static void matters_are_found_by_every_filter(void **state)
{
    struct fixture *f = *state;
    asks(f, "matters", "incident", "", 2);
    asks(f, "matters", NULL, "type=incident", 2);
    asks(f, "matters", "warning", "", 0);
    asks(f, "matters", "incident", "state=reported", 1);
    assert_string_equal(text_at(f, 0, "id"), f->incident);
    assert_null(json_object_get(json_array_get(items(f), 0), "doc"));
    asks(f, "matters", "incident", "state=reported,suspected doc=true", 2);
    assert_non_null(json_object_get(json_array_get(items(f), 0), "doc"));
    asks(f, "matters", "incident", "q=漏洞", 1);
    asks(f, "matters", "incident", "region=330000", 2);
    asks(f, "matters", "incident", "region=330100", 1);
    asks(f, "matters", "incident", "owner=tel-zj", 2);
    asks(f, "matters", "incident", "owner=tel-js", 0);
    asks(f, "matters", "incident", "level=I", 0);
    asks(f, "matters", "incident", "from=2009-05-19 until=2009-05-20", 2);
    asks(f, "matters", "incident", "until=2009-05-19", 0);
    asks(f, "matters", "incident", "from=2009-05-19T20:00:00+08:00", 2);
}

static void pages_hold_everything_once(void **state)
{
    struct fixture *f = *state;
    char text[600] = "limit=1 order=oldest sort=opened";
    asks(f, "matters", "incident", text, 1);
    assert_string_equal(text_at(f, 0, "id"), f->incident);
    const char *next = json_string_value(json_object_get(f->told.doc, "next"));
    assert_non_null(next);
    (void)snprintf(text, sizeof text, "limit=1 order=oldest sort=opened cursor=%s", next);
    asks(f, "matters", "incident", text, 1);
    assert_string_equal(text_at(f, 0, "id"), f->hazard);
    asks(f, "acts", NULL, "limit=1 order=oldest", 1);
    assert_string_equal(json_string_value(json_object_get(f->told.doc, "next")), "0");
    asks(f, "acts", NULL, "limit=1 order=oldest cursor=0", 1);
}

static void one_matter_has_its_document_and_revision(void **state)
{
    struct fixture *f = *state;
    char text[100];
    (void)snprintf(text, sizeof text, "id=%s", f->incident);
    assert_ok(ask(f, "miit", "matter", "incident", text), &f->err);
    assert_string_equal(f->told.version, "r1");
    json_t *doc = json_object_get(f->told.doc, "doc");
    assert_string_equal(json_string_value(json_object_get(doc, "scope")), "浙江等六省");
    assert_ok(ask(f, "miit", "matter", NULL, text), &f->err);
    refuses(f, "matter", "warning", text, ERR_NOT_FOUND, "id");
    refuses(f, "matter", NULL, "id=nobody", ERR_NOT_FOUND, "id");
    asks(f, "matter_children", "incident", text, 0);
    asks(f, "matter_acts", NULL, text, 1);
    assert_ok(ask(f, "pca-330000", "matter_evidence", NULL, text), &f->err);
    assert_ok(ask(f, "pca-330000", "matters_tally", "incident", "by=state"), &f->err);
    assert_int_equal(json_array_size(items(f)), 2);
}

static void duties_are_found_by_standing(void **state)
{
    struct fixture *f = *state;
    char text[200];
    assert_ok(ask(f, "tel-zj", "duties", NULL, "owner=tel-zj"), &f->err);
    size_t all = json_array_size(items(f));
    assert_true(all > 0);
    char *id = strdup(text_at(f, 0, "id"));
    (void)snprintf(text, sizeof text, "id=%s", id);
    assert_ok(ask(f, "tel-zj", "duty", NULL, text), &f->err);
    assert_string_equal(json_string_value(json_object_get(f->told.doc, "id")), id);
    free(id);
    assert_ok(ask(f, "tel-zj", "duties", NULL, "state=discharged"), &f->err);
    assert_true(json_array_size(items(f)) > 0);
    assert_ok(ask(f, "tel-zj", "duties", NULL, "standing=overdue"), &f->err);
    assert_int_equal(json_array_size(items(f)), 0);
    (void)snprintf(text, sizeof text, "id=%s whole=true", f->incident);
    assert_ok(ask(f, "tel-zj", "matter_duties", NULL, text), &f->err);
    assert_true(json_array_size(items(f)) > 0);
}

static void an_act_can_be_proven_from_its_bytes(void **state)
{
    struct fixture *f = *state;
    char text[100];
    struct act_proof proof;
    struct hasher *hasher = NULL;
    (void)snprintf(text, sizeof text, "id=%s", f->act);
    assert_ok(ask(f, "tel-zj", "act_bytes", NULL, text), &f->err);
    assert_null(f->told.doc);
    const char *bytes = f->told.bytes;
    size_t size = f->told.size_bytes;
    assert_ok(ask(f, "tel-zj", "act_proof", NULL, text), &f->err);
    assert_ok(hasher_new(SUITE_P256_SHA256, &hasher, &f->err), &f->err);
    assert_ok(proof_act_read(json_object_get(f->told.doc, "proof"), &proof, &f->err), &f->err);
    assert_ok(proof_act_verify(&proof, bytes, size, hasher, &f->err), &f->err);
    assert_code(proof_act_verify(&proof, bytes, size - 1, hasher, &f->err), ERR_FORGED);
    hasher_free(hasher);
    assert_true(json_is_null(json_object_get(f->told.doc, "origin")));
    assert_ok(ask(f, "miit", "act_proof", NULL, text), &f->err);
    assert_true(json_is_object(json_object_get(f->told.doc, "origin")));
    assert_ok(ask(f, "miit", "act", NULL, text), &f->err);
    assert_string_equal(json_string_value(json_object_get(f->told.doc, "kind")), "incident.reported");
    assert_ok(ask(f, "tel-zj", "act_receipts", NULL, text), &f->err);
    assert_true(json_array_size(items(f)) > 0);
    assert_ok(ask(f, "tel-zj", "act_deliveries", NULL, text), &f->err);
    assert_true(json_array_size(items(f)) > 0);
    assert_string_equal(text_at(f, 0, "state"), "acked");
}

static void the_ledger_proves_its_growth(void **state)
{
    struct fixture *f = *state;
    struct tree_head older;
    struct tree_head newer;
    struct growth_proof growth;
    struct hasher *hasher = NULL;
    assert_ok(ask(f, "tel-zj", "ledger_head", NULL, ""), &f->err);
    assert_ok(proof_head_read(f->told.doc, &newer, &f->err), &f->err);
    assert_ok(ask(f, "tel-zj", "ledger_head", NULL, "size=1"), &f->err);
    assert_ok(proof_head_read(f->told.doc, &older, &f->err), &f->err);
    assert_ok(ask(f, "tel-zj", "ledger_consistency", NULL, "from=1"), &f->err);
    assert_ok(proof_growth_read(f->told.doc, &growth, &f->err), &f->err);
    assert_ok(hasher_new(SUITE_P256_SHA256, &hasher, &f->err), &f->err);
    assert_ok(proof_growth_verify(&growth, &older, &newer, hasher, &f->err), &f->err);
    hasher_free(hasher);
    assert_ok(ask(f, "tel-zj", "ledger_witnesses", NULL, ""), &f->err);
    refuses(f, "ledger_head", NULL, "size=99999", ERR_NOT_FOUND, "query.size");
    refuses(f, "ledger_consistency", NULL, "from=99999", ERR_INVALID, "query.from");
    refuses(f, "ledger_consistency", NULL, "", ERR_INVALID, "query.from");
}

static void the_law_is_shown_and_asked(void **state)
{
    struct fixture *f = *state;
    static const char *const TABLES[] = {"clauses", "levels",      "powers", "duties",   "routes",
                                         "enums",   "ambiguities", "gaps",   "documents"};
    assert_ok(ask(f, "miit", "packs", NULL, ""), &f->err);
    assert_true(json_array_size(items(f)) > 0);
    for (size_t i = 0; i < sizeof TABLES / sizeof TABLES[0]; i++) {
        assert_ok(ask(f, "miit", "pack_rows", TABLES[i], "pack=miit-2017-281"), &f->err);
        assert_true(json_array_size(items(f)) > 0);
        assert_true(json_is_object(json_array_get(items(f), 0)));
    }
    assert_ok(ask(f, "miit", "pack", NULL, "pack=miit-2017-281"), &f->err);
    assert_ok(ask(f, "miit", "clause", NULL, "pack=miit-2017-281 clause=4.4"), &f->err);
    assert_string_equal(json_string_value(json_object_get(f->told.doc, "clause")), "4.4");
    refuses(f, "clause", NULL, "pack=miit-2017-281 clause=99", ERR_NOT_FOUND, "clause");
    refuses(f, "pack", NULL, "pack=none", ERR_NOT_FOUND, "pack");
    assert_ok(ask(f, "miit", "may", NULL, "act=warning.publish tier=province region=330000 colour=blue"),
              &f->err);
    assert_true(json_is_true(json_object_get(f->told.doc, "allowed")));
    assert_ok(ask(f, "miit", "may", NULL, "act=warning.publish tier=province region=330000 colour=red"),
              &f->err);
    assert_string_equal(json_string_value(json_object_get(f->told.doc, "clause")), "4.4");
    refuses(f, "may", NULL, "act=warning.publish", ERR_INVALID, "query.tier");
    refuses(f, "may", NULL, "act=warning.whisper tier=ministry", ERR_INVALID, "query.act");
    refuses(f, "may", NULL, "act=warning.publish tier=province region=999999", ERR_INVALID, "query.region");
    assert_ok(ask(f, "miit", "due", NULL, "from=2020-01-22 working_days=10"), &f->err);
    assert_string_equal(json_string_value(json_object_get(f->told.doc, "due")), "2020-02-13");
    assert_ok(ask(f, "miit", "due", NULL, "from=2020-01-22 working_days=10 as_of=2020-01-22"), &f->err);
    assert_string_equal(json_string_value(json_object_get(f->told.doc, "due")), "2020-02-11");
    refuses(f, "due", NULL, "from=2018-09-31 working_days=10", ERR_INVALID, "query.from");
    refuses(f, "due", NULL, "from=2018-09-30", ERR_INVALID, "query.working_days");
    assert_ok(ask(f, "miit", "regions", NULL, "in=330000"), &f->err);
    assert_true(json_array_size(items(f)) > 10);
    asks(f, "regions", NULL, "in=330100", 1);
}

static void facts_are_graded_under_every_pack(void **state)
{
    struct fixture *f = *state;
    struct params params = {"", &f->arena};
    const struct query_reader reader = {world_node(&f->world, "miit")->store, f->world.law.catalogue,
                                        f->world.law.packs, &f->world.env, NULL};
    struct query_ask question = {"grade", NULL, kept_param, &params,
                                 json_pack("{s:b,s:I}", "happened", 1, "leaked_users", (json_int_t)12000000)};
    assert_ok(query_run(&reader, &question, &f->arena, &f->told, &f->err), &f->err);
    assert_true(json_array_size(items(f)) >= 1);
    assert_string_equal(text_at(f, 0, "level"), "II");
    json_decref(f->told.doc);
    f->told.doc = NULL;
    params.text = "pack=none";
    assert_code(query_run(&reader, &question, &f->arena, &f->told, &f->err), ERR_INVALID);
    params.text = "";
    (void)json_object_set_new(question.body, "leaked_users", json_integer(-1));
    assert_code(query_run(&reader, &question, &f->arena, &f->told, &f->err), ERR_INVALID);
    assert_string_equal(f->err.field, "leaked_users");
    json_decref(question.body);
}

static void the_node_tells_of_itself(void **state)
{
    struct fixture *f = *state;
    assert_ok(ask(f, "tel-zj", "self", NULL, ""), &f->err);
    assert_string_equal(json_string_value(json_object_get(f->told.doc, "node")), "tel-zj");
    assert_ok(ask(f, "tel-zj", "stats", NULL, ""), &f->err);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(f->told.doc, "matters"), "incident")),
                     2);
    assert_ok(ask(f, "tel-zj", "tokens", NULL, ""), &f->err);
    assert_ok(ask(f, "tel-zj", "catalogue", NULL, ""), &f->err);
    assert_true(json_array_size(items(f)) > 15);
    asks(f, "directory", NULL, "", 7);
    assert_ok(ask(f, "tel-zj", "directory_node", NULL, "id=miit"), &f->err);
    refuses(f, "directory_node", NULL, "id=x", ERR_NOT_FOUND, "id");
    asks(f, "peers", NULL, "", 0);
    refuses(f, "peer", NULL, "id=x", ERR_NOT_FOUND, "id");
    refuses(f, "peer_outbox", NULL, "id=x", ERR_NOT_FOUND, "id");
}

static void wrong_parameters_are_named(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *name;
        const char *text;
        const char *field;
    } ROWS[] = {
        {"matters", "limit=0", "query.limit"},
        {"matters", "limit=501", "query.limit"},
        {"matters", "limit=1x", "query.limit"},
        {"matters", "limit=-1", "query.limit"},
        {"matters", "level=V", "query.level"},
        {"matters", "colour=green", "query.colour"},
        {"matters", "from=2018-09-31", "query.from"},
        {"matters", "until=yesterday", "query.until"},
        {"matters", "sort=size", "query.sort"},
        {"matters", "order=up", "query.order"},
        {"matters", "doc=yes", "query.doc"},
        {"matters", "state=a,,b", "query.state"},
        {"matters", "type=war", "query.type"},
        {"matters", "cursor=x", "query.cursor"},
        {"matters_tally", "by=id", "query.by"},
        {"acts", "kind=x", "query.kind"},
        {"acts", "cursor=-1", "query.cursor"},
        {"duties", "state=late", "query.state"},
        {"duties", "standing=late", "query.standing"},
        {"duties", "cursor=x", "query.cursor"},
        {"duties", "due_before=x", "query.due_before"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
        refuses(f, ROWS[i].name, NULL, ROWS[i].text, ERR_INVALID, ROWS[i].field);
}

struct heard {
    int64_t last;
    int count;
};

static void hear(void *context, const struct query_event *event)
{
    struct heard *heard = context;
    json_t *doc = NULL;
    struct err err;
    assert_ok(doc_parse_object(event->data, strlen(event->data), &doc, &err), &err);
    assert_int_equal(json_integer_value(json_object_get(doc, "pos")) + 1, event->id);
    json_decref(doc);
    assert_true(event->id > heard->last);
    heard->last = event->id;
    heard->count++;
}

static void events_go_on_where_one_stopped(void **state)
{
    struct fixture *f = *state;
    struct world_node *node = world_node(&f->world, "tel-zj");
    const struct query_reader reader = {node->store, f->world.law.catalogue, f->world.law.packs,
                                        &f->world.env, NULL};
    struct heard heard = {0, 0};
    int64_t last = desk_last_pos(node->desk) + 1;
    for (int64_t through = 0; through < last;)
        assert_ok(query_events(&reader, through, 2, hear, &heard, &through, &f->err), &f->err);
    assert_int_equal(heard.count, last);
    assert_int_equal(heard.last, last);
    int64_t through = 0;
    assert_ok(query_events(&reader, last, 2, hear, &heard, &through, &f->err), &f->err);
    assert_int_equal(through, last);
    assert_int_equal(heard.count, last);
}

int main(void)
{
#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_WORLD(matters_are_found_by_every_filter),
        WITH_WORLD(pages_hold_everything_once),
        WITH_WORLD(one_matter_has_its_document_and_revision),
        WITH_WORLD(duties_are_found_by_standing),
        WITH_WORLD(an_act_can_be_proven_from_its_bytes),
        WITH_WORLD(the_ledger_proves_its_growth),
        WITH_WORLD(the_law_is_shown_and_asked),
        WITH_WORLD(facts_are_graded_under_every_pack),
        WITH_WORLD(the_node_tells_of_itself),
        WITH_WORLD(wrong_parameters_are_named),
        WITH_WORLD(events_go_on_where_one_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
