#include "desk/refold.h"

#include "base/proof.h"
#include "desk/desk_internal.h"
#include "domain/act.h"
#include "lib/check.h"
#include "lib/parcel.h"
#include "store/ledger.h"
#include "store/rebuild.h"

#include <string.h>

static struct world WORLD;

#define REPORT                                                                                                    \
    "{\"title\":\"六省断网\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"浙江等省\",\"harm\":" \
    "\"无法上网\",\"measures\":\"扩容\",\"advice\":\"无\",\"region\":\"330000\",\"contact\":\"张三\","   \
    "\"facts\":{\"happened\":true,\"scope\":{\"provinces\":[\"330000\",\"320000\"]},\"judged\":"                  \
    "{\"many_users_offline\":true}}}"

static void good(const char *node, const char *kind, const char *subject, const char *parent,
                 const char *body, char out_id[UUID_TEXT_SIZE])
{
    struct submission sub;
    assert_ok(world_act(&WORLD, node, kind, subject, parent, body, &sub), &sub.err);
    memcpy(out_id, sub.made, UUID_TEXT_SIZE);
    (void)world_deliver(&WORLD);
}

static void live_a_little(void)
{
    char incident[UUID_TEXT_SIZE];
    char response[UUID_TEXT_SIZE];
    char order[UUID_TEXT_SIZE];
    char other[UUID_TEXT_SIZE];
    good("tel-zj", "incident.reported", NULL, NULL, REPORT, incident);
    good("miit", "incident.assessed", incident, NULL, "{\"level\":\"II\"}", other);
    good("miit", "response.started", NULL, incident,
         "{\"level\":\"II\",\"basis\":\"own-decision\",\"targets\":[\"tel-zj\",\"tel-js\"]}", response);
    good("miit", "order.issued", NULL, response,
         "{\"title\":\"过滤\",\"measure\":\"filter_traffic\",\"text\":\"过滤\",\"assignee\":\"tel-js\"}",
         order);
    good("tel-js", "order.refused", order, NULL, "{\"reason\":\"不归本单位\"}", other);
    good("tel-zj", "transfer.offered", incident, NULL, "{\"assignee\":\"pca-330000\",\"reason\":\"主办\"}",
         other);
    good("pca-330000", "transfer.accepted", incident, NULL, "{}", other);
    good("miit", "response.ended", response, NULL, "{\"reason\":\"恢复\",\"basis\":\"own-decision\"}", other);
    (void)world_act(&WORLD, "tel-zj", "warning.lifted", incident, NULL, "{\"reason\":\"x\"}", NULL);
}

/* The node's projections, made again from its acts, are row for row what they were. */
static void check(struct world_node *node)
{
    struct err err;
    struct rebuild *rebuild = NULL;
    struct refold *refold = NULL;
    struct rebuild_report report;
    struct desk_parts parts = *desk_parts(node->desk);
    struct store_options options = {.dir = node->dir, .sync = STORE_SYNC_OFF};
    desk_close(node->desk);
    store_close(node->store);
    node->desk = NULL;
    node->store = NULL;
    assert_ok(refold_new(&parts, &refold, &err), &err);
    assert_ok(rebuild_begin(&options, &rebuild, &err), &err);
    assert_ok(rebuild_run(rebuild, refold_act, refold, &err), &err);
    assert_ok(rebuild_compare(rebuild, &report, &err), &err);
    if (!report.identical)
        fail_msg("%s: the projections of %lld acts differ", node->id, (long long)report.acts);
    refold_free(refold);
    assert_ok(rebuild_end(rebuild, REBUILD_DROP, &err), &err);
}

static void every_node_is_what_its_acts_say(void **state)
{
    (void)state;
    world_open(&WORLD);
    world_people(&WORLD);
    live_a_little();
    for (size_t i = 0; i < WORLD.count; i++)
        check(&WORLD.nodes[i]);
    world_close(&WORLD);
}

static enum received tell(const char *from, const char *to, int64_t n)
{
    struct parcel parcel;
    int64_t last = 0;
    parcel_pack(&parcel, &WORLD, from, to, n);
    enum received received = parcel_hand_over(&parcel, &last);
    parcel_done(&parcel);
    return received;
}

/* An acceptance passes through a province that knows neither the matter nor, later on, the offer. */
static void what_waits_for_more_than_its_matter_goes_on_waiting(void **state)
{
    (void)state;
    static const char *BOTH[] = {"pca-330000", "miit"};
    struct submission sub;
    struct parcel report;
    struct parcel answer;
    int64_t last = 0;
    world_open(&WORLD);
    world_people(&WORLD);
    assert_ok(world_act(&WORLD, "tel-zj", "incident.reported", NULL, NULL, REPORT, &sub), &sub.err);
    char incident[UUID_TEXT_SIZE];
    memcpy(incident, sub.made, sizeof incident);
    parcel_pack(&report, &WORLD, "tel-zj", "pca-330000", 1);
    assert_int_equal(tell("tel-zj", "inet-zj", 1), RECEIVED_ACCEPTED);
    assert_ok(world_act(&WORLD, "tel-zj", "transfer.offered", incident, NULL,
                        "{\"assignee\":\"inet-zj\",\"reason\":\"主办\"}", &sub),
              &sub.err);
    assert_int_equal(tell("tel-zj", "inet-zj", 2), RECEIVED_ACCEPTED);
    assert_ok(world_act(&WORLD, "inet-zj", "transfer.accepted", incident, NULL, "{}", &sub), &sub.err);
    parcel_pack(&answer, &WORLD, "inet-zj", "pca-330000", 1);
    answer.item.targets = BOTH;
    answer.item.target_count = 2;
    assert_int_equal(parcel_hand_over(&answer, &last), RECEIVED_WAITING);
    assert_int_equal(parcel_hand_over(&report, &last), RECEIVED_ACCEPTED);
    parcel_done(&report);
    parcel_done(&answer);
    check(world_node(&WORLD, "pca-330000"));
    world_close(&WORLD);
}

/* Two acts overtake their matter at a province: the first is for it alone, the second passes through it. */
static void overtake(const char *first_maker, const char *kind, const char *body, struct parcel *report)
{
    static const char *BOTH[] = {"pca-330000", "inet-zj"};
    struct submission sub;
    struct parcel first;
    struct parcel second;
    int64_t last = 0;
    char incident[UUID_TEXT_SIZE];
    bool same = strcmp(first_maker, "tel-zj") == 0;
    world_open(&WORLD);
    world_people(&WORLD);
    assert_ok(world_act(&WORLD, "tel-zj", "incident.reported", NULL, NULL, REPORT, &sub), &sub.err);
    memcpy(incident, sub.made, sizeof incident);
    parcel_pack(report, &WORLD, "tel-zj", "pca-330000", same ? 3 : 2);
    assert_int_equal(tell("tel-zj", "miit", 1), RECEIVED_ACCEPTED);
    assert_ok(world_act(&WORLD, first_maker, kind, incident, NULL, body, &sub), &sub.err);
    parcel_pack(&first, &WORLD, first_maker, "pca-330000", 1);
    assert_int_equal(parcel_hand_over(&first, &last), RECEIVED_WAITING);
    assert_ok(world_act(&WORLD, "tel-zj", "incident.followed_up", incident, NULL, "{\"text\":\"二\"}", &sub),
              &sub.err);
    parcel_pack(&second, &WORLD, "tel-zj", "pca-330000", same ? 2 : 1);
    second.item.targets = BOTH;
    second.item.target_count = 2;
    assert_int_equal(parcel_hand_over(&second, &last), RECEIVED_WAITING);
    assert_int_equal(parcel_hand_over(report, &last), RECEIVED_ACCEPTED);
    parcel_done(&first);
    parcel_done(&second);
}

static void what_waited_beside_the_record_comes_after_what_waited_on_it(void **state)
{
    (void)state;
    struct parcel report;
    overtake("miit", "incident.assessed", "{\"level\":\"II\"}", &report);
    parcel_done(&report);
    check(world_node(&WORLD, "pca-330000"));
    world_close(&WORLD);
}

static void what_one_node_said_while_its_matter_was_missing_keeps_its_order(void **state)
{
    (void)state;
    struct parcel report;
    overtake("tel-zj", "incident.followed_up", "{\"text\":\"一\"}", &report);
    json_t *doc = world_subject(&WORLD, "pca-330000", report.stored.act.subject);
    json_t *said = json_object_get(doc, "follow_ups");
    assert_int_equal(json_array_size(said), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(said, 0), "text")), "一");
    assert_string_equal(json_string_value(json_object_get(json_array_get(said, 1), "text")), "二");
    json_decref(doc);
    parcel_done(&report);
    check(world_node(&WORLD, "pca-330000"));
    world_close(&WORLD);
}

/* The same bytes under another id, kind and number: what a peer that ignores the law could send. */
static char *forge(const char *bytes, const char *const (*swaps)[2], size_t count, struct arena *arena)
{
    char *out = arena_strdup(arena, bytes);
    for (size_t i = 0; i < count; i++) {
        const char *at = strstr(out, swaps[i][0]);
        assert_non_null(at);
        out = arena_printf(arena, "%.*s%s%s", (int)(at - out), out, swaps[i][1], at + strlen(swaps[i][0]));
    }
    return out;
}

/* Puts forged bytes on their maker's ledger, so that their proof is good, and into the parcel. */
static void prove(struct parcel *parcel, struct world_node *maker, char *bytes)
{
    static const char *BOTH[] = {"pca-330000", "inet-zj"};
    struct err err;
    struct act act;
    struct act_proof proof;
    struct buf text;
    json_t *doc = NULL;
    buf_init(&text, 1 << 20);
    assert_ok(act_read(bytes, strlen(bytes), &parcel->arena, &act, &doc, &err), &err);
    struct record record = {.act = act, .received_ms = act.recorded_ms, .from = "", .annex = "", .proof = ""};
    assert_ok(begin_batch(maker->desk, &err), &err);
    assert_ok(record_relayed(maker->desk, &record, &err), &err);
    assert_ok(commit_batch(maker->desk, &err), &err);
    assert_ok(ledger_prove_act(maker->store, record.pos, LEDGER_FIRST, &proof, &err), &err);
    json_t *written = proof_act_write(&proof);
    assert_ok(doc_write(written, &text, &err), &err);
    parcel->item.bytes = bytes;
    parcel->item.size_bytes = strlen(bytes);
    parcel->item.proof = arena_strdup(&parcel->arena, text.data);
    parcel->item.annex = "";
    parcel->item.targets = BOTH;
    parcel->item.target_count = 2;
    json_decref(written);
    json_decref(doc);
    buf_done(&text);
}

static void what_passed_on_and_was_refused_later_stops_no_rebuild(void **state)
{
    (void)state;
    struct submission sub;
    struct parcel report, more;
    int64_t last = 0;
    char incident[UUID_TEXT_SIZE];
    char id[UUID_TEXT_SIZE];
    world_open(&WORLD);
    world_people(&WORLD);
    assert_ok(world_act(&WORLD, "tel-zj", "incident.reported", NULL, NULL, REPORT, &sub), &sub.err);
    memcpy(incident, sub.made, sizeof incident);
    parcel_pack(&report, &WORLD, "tel-zj", "pca-330000", 2);
    assert_ok(world_act(&WORLD, "tel-zj", "incident.followed_up", incident, NULL, "{\"text\":\"x\"}", &sub),
              &sub.err);
    parcel_pack(&more, &WORLD, "tel-zj", "pca-330000", 1);
    memcpy(id, more.stored.act.id, sizeof id);
    id[35] = id[35] == '0' ? '1' : '0';
    const char *const swaps[][2] = {
        {more.stored.act.id, id},
        {"\"incident.followed_up\"", "\"incident.assessed\""},
        {arena_printf(&more.arena, "\"seq\":%d", (int)more.stored.act.seq), "\"seq\":99"}};
    prove(&more, world_node(&WORLD, "tel-zj"), forge(more.stored.act.bytes, swaps, 3, &more.arena));
    assert_int_equal(parcel_hand_over(&more, &last), RECEIVED_WAITING);
    assert_int_equal(parcel_hand_over(&report, &last), RECEIVED_ACCEPTED);
    check(world_node(&WORLD, "pca-330000"));
    parcel_done(&more);
    parcel_done(&report);
    world_close(&WORLD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_passed_on_and_was_refused_later_stops_no_rebuild),
        cmocka_unit_test(every_node_is_what_its_acts_say),
        cmocka_unit_test(what_waits_for_more_than_its_matter_goes_on_waiting),
        cmocka_unit_test(what_waited_beside_the_record_comes_after_what_waited_on_it),
        cmocka_unit_test(what_one_node_said_while_its_matter_was_missing_keeps_its_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
