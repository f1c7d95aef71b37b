/* bench_desk — durable acts a second, from request to signed commit, beside the disk's own limit.
 *
 *   fsync    4 KiB append + fdatasync, one after the other: what this disk can do
 *   one      one client, one act at a time, each waiting for its commit
 *   many     64 clients through the writer's group commit
 *   rows     bare SQLite rows of the same size in batches of the same size, synchronous=FULL
 *
 * Rounds of all four in turn; medians and ratios as JSON lines. An act here is the whole of it: rules judged
 * and graded, ledger leaf and signed head, projections, full-text search, duties, outbox.
 */
#include "desk/setup.h"
#include "desk/writer.h"
#include "lib/check.h"
#include "lib/law.h"
#include "lib/shared.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROUNDS = 5, CLIENTS = 64, ROUND_MS = 1500, SAMPLES_MAX = 1 << 20, PAGE = 4096 };

static struct law LAW;
static char DIR_TEXT[300];
static struct store *STORE;
static struct seal *SEAL;
static struct desk *DESK;
static atomic_llong ACKED;
static atomic_bool STOP;
static int64_t SAMPLES[SAMPLES_MAX];
static atomic_size_t SAMPLE_COUNT;

static int64_t now_us(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void open_node(void)
{
    struct err err;
    struct sign_key *real = NULL;
    struct sign_key *drill = NULL;
    struct node_card card = {.id = "tel-zj",
                             .name = "演示",
                             .tier = TIER_ENTERPRISE,
                             .region = "330000",
                             .parent = "miit",
                             .roles = {"TEL"},
                             .role_count = 1,
                             .suite = "p256-sha256",
                             .drill_key_pem = "",
                             .url = ""};
    struct node_card top = {.id = "miit",
                            .name = "演示",
                            .tier = TIER_MINISTRY,
                            .region = "000000",
                            .parent = "",
                            .roles = {"MEO"},
                            .role_count = 1,
                            .suite = "p256-sha256",
                            .key_pem = "x",
                            .drill_key_pem = "",
                            .url = "https://127.0.0.1:1"};
    (void)snprintf(DIR_TEXT, sizeof DIR_TEXT, "%s/fengsui-bench-XXXXXX",
                   getenv("TMPDIR") ? getenv("TMPDIR") : "/var/tmp");
    assert_non_null(mkdtemp(DIR_TEXT));
    assert_ok(sign_key_generate(SUITE_P256_SHA256, &real, &err), &err);
    assert_ok(sign_key_generate(SUITE_P256_SHA256, &drill, &err), &err);
    assert_ok(seal_local("tel-zj", SEAL_BEFORE_COMMIT, real, drill, &SEAL, &err), &err);
    struct store_options options = {.dir = DIR_TEXT, .sync = STORE_SYNC_FULL};
    struct store_identity identity = {.node = "tel-zj", .universe = "real", .suite = SUITE_P256_SHA256};
    assert_ok(store_create(&options, &identity, &err), &err);
    assert_ok(store_open(&options, &STORE, &err), &err);
    struct desk_parts parts = {.store = STORE,
                               .catalogue = LAW.catalogue,
                               .packs = LAW.packs,
                               .env = &ENV_REAL,
                               .seal = SEAL,
                               .node = "tel-zj"};
    assert_ok(desk_open(&parts, &DESK, &err), &err);
    card.key_pem = seal_public(SEAL, SEAL_REAL);
    struct node_card cards[] = {card, top};
    assert_ok(desk_install_cards(DESK, cards, 2, &err), &err);
}

static json_t *report(void)
{
    static const char TEXT[] =
        "{\"title\":\"递归解析异常\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":"
        "\"浙江全省宽带用户访问网站缓慢\","
        "\"harm\":\"大量互联网用户无法正常上网\",\"measures\":\"重启并扩容递归解析服务器，屏蔽异常域名查询\","
        "\"advice\":\"请部应急办统一协调各省\",\"region\":\"330000\",\"facts\":{\"happened\":true,\"leaked_"
        "users\":12000}}";
    return json_loads(TEXT, 0, NULL);
}

static double rate(long long count, int64_t from_us)
{
    return (double)count * 1e6 / (double)(now_us() - from_us);
}

static double run_fsync(void)
{
    char path[400];
    char page[PAGE];
    long long count = 0;
    memset(page, 7, sizeof page);
    (void)snprintf(path, sizeof path, "%s/raw", DIR_TEXT);
    int fd = open(path, O_CREAT | O_WRONLY | O_APPEND | O_TRUNC | O_CLOEXEC, 0600);
    int64_t from = now_us();
    while (now_us() - from < ROUND_MS * 1000) {
        assert_int_equal(write(fd, page, sizeof page), PAGE);
        assert_int_equal(fdatasync(fd), 0);
        count++;
    }
    double result = rate(count, from);
    (void)close(fd);
    (void)unlink(path);
    return result;
}

static struct writer *WRITER;

static void submit_once(void)
{
    struct err err = {0};
    json_t *body = report();
    struct submission sub = {
        .kind = "incident.reported", .person = "张三", .post = "值班员", .body = body, .expected_rev = -1};
    struct writer_job job = {.submission = &sub};
    int64_t from = now_us();
    assert_ok(writer_wait(WRITER, &job, &err), &err);
    size_t at = atomic_fetch_add(&SAMPLE_COUNT, 1);
    if (at < SAMPLES_MAX)
        SAMPLES[at] = now_us() - from;
    atomic_fetch_add(&ACKED, 1);
    json_decref(body);
}

static void *client(void *context)
{
    (void)context;
    while (!atomic_load(&STOP))
        submit_once();
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double run_clients(int clients, double *out_p99_ms, double *out_batch)
{
    pthread_t threads[CLIENTS];
    struct err err;
    struct writer_events none = {0};
    struct writer_counters count;
    atomic_store(&STOP, false);
    atomic_store(&ACKED, 0);
    atomic_store(&SAMPLE_COUNT, 0);
    assert_ok(writer_start(DESK, &none, &WRITER, &err), &err);
    int64_t from = now_us();
    for (int i = 0; i < clients; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, client, NULL), 0);
    (void)usleep(ROUND_MS * 1000);
    double result = rate(atomic_load(&ACKED), from);
    atomic_store(&STOP, true);
    for (int i = 0; i < clients; i++)
        (void)pthread_join(threads[i], NULL);
    writer_count(WRITER, &count);
    writer_stop(WRITER);
    size_t n = atomic_load(&SAMPLE_COUNT);
    n = n < SAMPLES_MAX ? n : SAMPLES_MAX;
    qsort(SAMPLES, n, sizeof SAMPLES[0], by_value);
    int64_t p99_us = n ? SAMPLES[n * 99 / 100] : 0;
    *out_p99_ms = n ? (double)p99_us / 1000 : 0;
    *out_batch = count.batches ? (double)count.submissions / (double)count.batches : 0;
    return result;
}

static double run_rows(double batch)
{
    char path[400];
    sqlite3 *db = NULL;
    sqlite3_stmt *insert = NULL;
    long long count = 0;
    char body[2048];
    memset(body, 'x', sizeof body);
    (void)snprintf(path, sizeof path, "%s/rows.db", DIR_TEXT);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                     "CREATE TABLE IF NOT EXISTS r(id INTEGER PRIMARY KEY, a TEXT, b TEXT, body BLOB);"
                     "CREATE INDEX IF NOT EXISTS ra ON r(a); CREATE INDEX IF NOT EXISTS rb ON r(b);",
                     NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "INSERT INTO r(a,b,body) VALUES(?,?,?)", -1, &insert, NULL),
                     SQLITE_OK);
    long long per = batch < 1 ? 1 : (long long)(batch + 0.5);
    int64_t from = now_us();
    while (now_us() - from < ROUND_MS * 1000) {
        (void)sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
        for (long long i = 0; i < per; i++) {
            char key[40];
            (void)snprintf(key, sizeof key, "%016llx", (unsigned long long)count * 2654435761u);
            (void)sqlite3_bind_text(insert, 1, key, -1, SQLITE_TRANSIENT);
            (void)sqlite3_bind_text(insert, 2, key + 8, -1, SQLITE_TRANSIENT);
            (void)sqlite3_bind_blob(insert, 3, body, sizeof body, SQLITE_STATIC);
            (void)sqlite3_step(insert);
            (void)sqlite3_reset(insert);
            count++;
        }
        assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    }
    double result = rate(count, from);
    (void)sqlite3_finalize(insert);
    (void)sqlite3_close(db);
    return result;
}

static int by_double(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof values[0], by_double);
    return values[ROUNDS / 2];
}

int main(void)
{
    double fsyncs[ROUNDS];
    double one[ROUNDS];
    double many[ROUNDS];
    double rows[ROUNDS];
    double p99[ROUNDS];
    double batches[ROUNDS];
    double unused = 0;
    law_open(&LAW);
    open_node();
    for (int i = 0; i < ROUNDS; i++) {
        fsyncs[i] = run_fsync();
        one[i] = run_clients(1, &unused, &unused);
        many[i] = run_clients(CLIENTS, &p99[i], &batches[i]);
        rows[i] = run_rows(batches[i]);
    }
    double f = median(fsyncs);
    double o = median(one);
    double m = median(many);
    double r = median(rows);
    printf("{\"bench\":\"desk\",\"fdatasync_per_s\":%.0f,\"one_client_acts_per_s\":%.0f,"
           "\"clients\":%d,\"many_clients_acts_per_s\":%.0f,\"p99_ms\":%.1f,\"acts_a_batch\":%.1f,"
           "\"bare_rows_per_s\":%.0f}\n",
           f, o, CLIENTS, m, median(p99), median(batches), r);
    printf("{\"bench\":\"desk.ratios\",\"one_to_fdatasync\":%.2f,\"many_to_one\":%.2f,\"many_to_bare_rows\":%"
           ".2f}\n",
           o / f, m / o, m / r);
    desk_close(DESK);
    store_close(STORE);
    seal_stop(SEAL);
    law_close(&LAW);
    shared_remove(DIR_TEXT);
    return 0;
}
