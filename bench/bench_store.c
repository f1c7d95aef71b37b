/* bench_store — lists, filters and searches over 160,000 incidents with 1,000,000 acts.
 *
 * Builds the record once (FENGSUI_BENCH_INCIDENTS and FENGSUI_BENCH_ACTS make it smaller), then asks each
 * question many times on a reader of its own, as an API thread does, and prints medians and 99th
 * percentiles as JSON lines, with the memory of the process. The limit is 100 ms a question and 200 MB.
 */
#include "base/str.h"
#include "domain/act.h"
#include "lib/check.h"
#include "lib/record.h"
#include "store/duties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { INCIDENTS = 160000, ACTS = 1000000, BATCH = 500, ROUNDS = 41, DAY_MS = 86400000 };

static uint64_t seed = 20090519;

static uint64_t chance(uint64_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (seed >> 33) % below;
}

static double now_ms(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static long wanted(const char *name, long standard)
{
    const char *text = getenv(name);
    return text ? strtol(text, NULL, 10) : standard;
}

static long rss_kib(const char *name)
{
    char line[128];
    long kib = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0)
            kib = strtol(line + strlen(name), NULL, 10);
    if (file)
        (void)fclose(file);
    return kib;
}

/* ---- the record ------------------------------------------------------------------------------------- */

static const char *const PLACES[] = {"浙江", "江苏", "广东", "四川", "山东",
                                     "北京", "上海", "湖北", "辽宁", "新疆"};
static const char *const REGIONS[] = {"330000", "320000", "440000", "510000", "370000",
                                      "110000", "310000", "420000", "210000", "650000"};
static const char *const OPERATORS[] = {"电信", "联通", "移动", "广电", "铁通"};
static const char *const TROUBLES[] = {"域名解析异常", "骨干链路中断", "用户信息泄露", "僵尸网络控制",
                                       "拒绝服务攻击", "网页篡改",     "恶意程序传播", "机房供电故障",
                                       "光缆被挖断",   "路由劫持"};
static const char *const STATES[] = {"reported", "assessed", "responding", "closed"};

static void text_of(char out[1200])
{
    size_t used = 0;
    used += (size_t)snprintf(out, 1200, "受影响用户约 %llu 户，处置编号 FS-%llu。",
                             (unsigned long long)chance(900000), (unsigned long long)chance(10000000));
    for (int i = 0; i < 4; i++)
        used += (size_t)snprintf(out + used, 1200 - used, "%s%s在%s发生%s，已通知%s；", PLACES[chance(10)],
                                 OPERATORS[chance(5)], PLACES[chance(10)], TROUBLES[chance(10)],
                                 OPERATORS[chance(5)]);
}

static void drop_doc(void *doc)
{
    json_decref(doc);
}

static void id_of(long incident, char out[RECORD_ID_SIZE])
{
    (void)snprintf(out, RECORD_ID_SIZE, "0190b9a8-7c3e-7000-9000-%012lx", incident);
}

static struct subject incident_of(struct record *record, long n)
{
    char *id = arena_alloc(&record->arena, RECORD_ID_SIZE), *title = arena_alloc(&record->arena, 200),
         text[1200];
    uint64_t place = chance(10);
    id_of(n, id);
    text_of(text);
    (void)snprintf(title, 200, "%s%s%s（%ld）", PLACES[place], OPERATORS[chance(5)], TROUBLES[chance(10)], n);
    json_t *doc = json_pack("{s:s}", "scope", text);
    assert_true(arena_tie(&record->arena, drop_doc, doc));
    return (struct subject){.id = id,
                            .type = "incident",
                            .root = id,
                            .parent = "",
                            .state = STATES[chance(4)],
                            .owner = chance(3) ? "demo-telecom-zj" : "miit",
                            .region = REGIONS[place],
                            .level = (enum level)chance(5),
                            .title = title,
                            .rev = 1,
                            .opened_ms = record->now_ms,
                            .updated_ms = record->now_ms,
                            .doc = doc};
}

static void touch(struct record *record, long n)
{
    struct subject matter;
    char id[RECORD_ID_SIZE];
    id_of(n, id);
    assert_ok(subjects_load(record->store, id, &record->arena, &matter, &record->err), &record->err);
    int64_t rev = matter.rev++;
    matter.state = STATES[chance(4)];
    matter.updated_ms = record->now_ms;
    assert_ok(subjects_save(record->store, &matter, rev, &record->err), &record->err);
}

static void owe(struct record *record, const char *act, const char *matter)
{
    struct duty duty = {.id = act,
                        .rule = "004.6.1a",
                        .pack = "miit-2017-281",
                        .clause = "6.1",
                        .subject = matter,
                        .root = matter,
                        .owner = chance(3) ? "demo-telecom-zj" : "miit",
                        .receiver = "pca-330000",
                        .opened_act = act,
                        .opened_ms = record->now_ms,
                        .deadline = DEADLINE_WORKING_DAYS,
                        .due_ms = record->now_ms + 10 * DAY_MS,
                        .calendar = "2009-1",
                        .state = chance(10) ? DUTY_DISCHARGED : DUTY_OPEN,
                        .done_act = "",
                        .receipt_act = ""};
    assert_ok(duties_save(record->store, &duty, &record->err), &record->err);
}

static void seal(struct record *record)
{
    struct tree_head head;
    assert_ok(ledger_prepare_head(record->store, record->now_ms, &head, &record->err), &record->err);
    head.sig = (struct signature){.size_bytes = 4, .bytes = "seal"};
    assert_ok(ledger_save_head(record->store, &head, &record->err), &record->err);
    assert_ok(store_commit(record->store, &record->err), &record->err);
    arena_reset(&record->arena);
}

static void must(const struct record *record, enum errc rc)
{
    assert_ok(rc, &record->err);
}

/* Every incident once, then follow-ups all over them; a duty with every fourth act. */
static void build_act(struct record *record, long incidents, long made)
{
    long n = made < incidents ? made : (long)chance((uint64_t)incidents);
    char matter[RECORD_ID_SIZE];
    id_of(n, matter);
    record->now_ms += (int64_t)chance(60000);
    struct stored_act stored = record_act(record,
                                          made < incidents ? "incident.reported" : "incident.followed",
                                          matter, "处置进展：已恢复部分用户，继续排查");
    if (made < incidents) {
        struct subject incident = incident_of(record, n);
        must(record, subjects_save(record->store, &incident, 0, &record->err));
    } else {
        touch(record, n);
    }
    if (made % 4 == 0)
        owe(record, stored.act.id, matter);
}

static void build(struct record *record, long incidents, long acts)
{
    double from = now_ms();
    record->options.sync = STORE_SYNC_FULL;
    for (long made = 0; made < acts;) {
        record_begin(record);
        for (int i = 0; i < BATCH && made < acts; i++, made++)
            build_act(record, incidents, made);
        seal(record);
    }
    double ms = now_ms() - from;
    struct stat st;
    char path[RECORD_PATH_SIZE + 16];
    (void)snprintf(path, sizeof path, "%s/store.db", record->dir);
    assert_ok(store_tidy(record->store, &record->err), &record->err);
    assert_int_equal(stat(path, &st), 0);
    (void)printf("{\"bench\":\"store\",\"what\":\"build\",\"incidents\":%ld,\"acts\":%ld,\"acts_per_s\":%.0f,"
                 "\"file_mb\":%.0f}\n",
                 incidents, acts, (double)acts / ms * 1e3, (double)st.st_size / 1e6);
}

/* ---- the questions ----------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void told(const char *what, double *ms, size_t hits)
{
    qsort(ms, ROUNDS, sizeof *ms, by_size);
    (void)printf("{\"bench\":\"store\",\"what\":\"%s\",\"p50_ms\":%.2f,\"max_ms\":%.2f,\"rows\":%zu,\"limit_"
                 "ms\":100}\n",
                 what, ms[ROUNDS / 2], ms[ROUNDS - 1], hits);
}

/* One page after the other; the number of rows on the last. */
static size_t turn_pages(struct record *record, struct store *reader, struct subject_filter filter, int pages)
{
    struct subject_page page = {0};
    for (int p = 0; p < pages; p++) {
        must(record, subjects_list(reader, &filter, &record->arena, &page, &record->err));
        filter.cursor = page.next;
    }
    return page.count;
}

static void ask(struct record *record, struct store *reader, const char *what, struct subject_filter filter,
                int pages)
{
    double ms[ROUNDS];
    size_t hits = 0;
    for (int i = 0; i < ROUNDS; i++) {
        filter.limit = 50;
        double from = now_ms();
        hits = turn_pages(record, reader, filter, pages);
        ms[i] = (now_ms() - from) / pages;
        arena_reset(&record->arena);
    }
    told(what, ms, hits);
}

static void ask_lists(struct record *record, struct store *reader, int64_t last_ms)
{
    static const char *const TYPE = "incident";
    ask(record, reader, "list, newest", (struct subject_filter){.type = TYPE}, 1);
    ask(record, reader, "list, newest, all types", (struct subject_filter){.limit = 50}, 1);
    ask(record, reader, "list, newest, with documents",
        (struct subject_filter){.type = TYPE, .with_doc = true}, 1);
    ask(record, reader, "list, twenty pages on", (struct subject_filter){.type = TYPE}, 20);
    ask(record, reader, "list, oldest opened",
        (struct subject_filter){.type = TYPE, .sort = SUBJECTS_BY_OPENED, .oldest_first = true}, 1);
    ask(record, reader, "filter, state and level",
        (struct subject_filter){.type = TYPE, .states = {"closed"}, .state_count = 1, .level = LEVEL_II}, 1);
    ask(record, reader, "filter, region, owner and colour that no incident has",
        (struct subject_filter){.type = TYPE, .region = "330000", .owner = "miit", .colour = COLOUR_RED}, 1);
    ask(record, reader, "filter, nothing fits",
        (struct subject_filter){.type = TYPE, .states = {"x"}, .state_count = 1}, 1);
    ask(record, reader, "filter, opened in one month",
        (struct subject_filter){.type = TYPE,
                                .opened_from_ms = last_ms / 2,
                                .opened_until_ms = last_ms / 2 + 30LL * DAY_MS,
                                .sort = SUBJECTS_BY_OPENED},
        1);
    ask(record, reader, "filter, one owner, no type", (struct subject_filter){.owner = "miit"}, 1);
}

static void ask_searches(struct record *record, struct store *reader)
{
    static const char *const TYPE = "incident";
    static const char *const TEXTS[] = {"浙江电信", "域名解析异常", "电信 光缆", "通",
                                        "fs",       "FS-1234",      "不存在的词"};
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        char what[120];
        (void)snprintf(what, sizeof what, "search, %s", TEXTS[i]);
        ask(record, reader, what, (struct subject_filter){.text = TEXTS[i]}, 1);
    }
    ask(record, reader, "search, common word, one type, rare state",
        (struct subject_filter){.type = TYPE, .text = "电信", .states = {"x"}, .state_count = 1}, 1);
    ask(record, reader, "search, common word, state, level, region",
        (struct subject_filter){.type = TYPE,
                                .text = "用户",
                                .states = {"closed"},
                                .state_count = 1,
                                .level = LEVEL_III,
                                .region = "330000"},
        1);
    ask(record, reader, "search, by opening",
        (struct subject_filter){.type = TYPE, .text = "浙江电信", .sort = SUBJECTS_BY_OPENED}, 1);
}

static size_t count_states(struct record *record, struct store *reader, long incidents)
{
    size_t hits = 0;
    struct subject_count *counts = NULL;
    struct subject_filter all = {.type = "incident"};
    (void)incidents;
    assert_ok(subjects_tally(reader, &all, SUBJECTS_BY_STATE, &record->arena, &counts, &hits, &record->err),
              &record->err);
    return hits;
}

static size_t read_incident(struct record *record, struct store *reader, long incidents)
{
    struct act_page page;
    char id[RECORD_ID_SIZE];
    id_of((long)chance((uint64_t)incidents), id);
    struct act_filter filter = {.root = id, .after_pos = -1, .limit = 200};
    assert_ok(acts_list(reader, &filter, &record->arena, &page, &record->err), &record->err);
    return page.count;
}

static size_t list_duties(struct record *record, struct store *reader, long incidents)
{
    struct duty_page page;
    struct duty_filter filter = {.owner = "miit", .states = {[DUTY_OPEN] = true}, .limit = 100};
    (void)incidents;
    assert_ok(duties_list(reader, &filter, &record->arena, &page, &record->err), &record->err);
    return page.count;
}

static void ask_others(struct record *record, struct store *reader, long incidents)
{
    static const struct {
        const char *what;
        size_t (*ask)(struct record *record, struct store *reader, long incidents);
    } OTHERS[] = {{"count by state", count_states},
                  {"acts of one incident", read_incident},
                  {"open duties of one node", list_duties}};
    for (size_t o = 0; o < sizeof OTHERS / sizeof OTHERS[0]; o++) {
        double ms[ROUNDS];
        size_t hits = 0;
        for (int i = 0; i < ROUNDS; i++) {
            double from = now_ms();
            hits = OTHERS[o].ask(record, reader, incidents);
            ms[i] = now_ms() - from;
            arena_reset(&record->arena);
        }
        told(OTHERS[o].what, ms, hits);
    }
}

static void lists_and_searches(void **state)
{
    (void)state;
    struct record record;
    struct store *reader = NULL;
    long incidents = wanted("FENGSUI_BENCH_INCIDENTS", INCIDENTS), acts = wanted("FENGSUI_BENCH_ACTS", ACTS);
    record_open(&record, SUITE_P256_SHA256);
    build(&record, incidents, acts);
    int64_t last_ms = record.now_ms;
    store_close(record.store); /* what it had in memory is not the question */
    record.store = NULL;
    struct store_options options = record.options;
    options.read_only = true;
    double from = now_ms();
    assert_ok(store_open(&options, &reader, &record.err), &record.err);
    (void)printf("{\"bench\":\"store\",\"what\":\"open\",\"ms\":%.2f}\n", now_ms() - from);
    ask_lists(&record, reader, last_ms);
    ask_searches(&record, reader);
    ask_others(&record, reader, incidents);
    (void)printf(
        "{\"bench\":\"store\",\"what\":\"memory\",\"now_mb\":%.1f,\"peak_mb\":%.1f,\"limit_mb\":200}\n",
        (double)rss_kib("VmRSS:") / 1024, (double)rss_kib("VmHWM:") / 1024);
    store_close(reader);
    record_done(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lists_and_searches)};
    cmocka_set_message_output(CM_OUTPUT_STDOUT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
