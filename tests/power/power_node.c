/* power_node DIR SYNC BEFORE ACKS — a node that is going to lose its power.
 *
 * Opens the record in DIR (makes it when there is none), checks that it holds at least BEFORE acts and that
 * all of it verifies, then records act after act. After each commit the number of acts is written to ACKS,
 * a line each: that is the acknowledgement. SYNC is full, normal or off.
 *
 * Exit: 3 = acknowledged acts are gone, 4 = the record does not come up verified; the story is on stdout. */
#include "base/str.h"
#include "domain/act.h"
#include "lib/check.h"
#include "lib/record.h"
#include "store/outbox.h"
#include "store/verify.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_LOST = 3, EXIT_BROKEN = 4 };

static const char *const SYNCS[] = {"full", "normal", "off"};

static int broken(const struct err *err)
{
    (void)printf("broken: %s\n", err->message);
    return EXIT_BROKEN;
}

/* The store keeps what it was given; whose key signed is not in question here. */
static enum errc seal(struct record *record, struct err *err)
{
    struct tree_head head;
    enum errc rc = ledger_prepare_head(record->store, record->now_ms, &head, err);
    if (rc == ERR_OK) {
        head.sig = (struct signature){.size_bytes = 4, .bytes = "seal"};
        rc = ledger_save_head(record->store, &head, err);
    }
    return rc;
}

static enum errc record_next(struct record *record, struct err *err)
{
    static const char *targets[] = {"miit"};
    enum errc rc = store_begin(record->store, err);
    if (rc < 0)
        return rc;
    struct subject matter = record_matter(record, "incident", "浙江电信域名解析异常", "五个省受影响");
    struct stored_act stored = record_act(record, "incident.reported", RECORD_MATTER, "域名解析异常");
    struct outbox_item item = {.peer = "miit", .act = stored.act.id, .targets = targets, .target_count = 1};
    rc = subjects_save(record->store, &matter, 0, err);
    if (rc == ERR_OK)
        rc = outbox_push(record->store, &item, err);
    if (rc == ERR_OK)
        rc = seal(record, err);
    if (rc == ERR_OK)
        rc = store_commit(record->store, err);
    arena_reset(&record->arena);
    return rc;
}

static int check(struct record *record, int64_t before)
{
    struct verify_report report;
    struct err err;
    int64_t count = acts_count(record->store);
    if (count < before) {
        (void)printf("lost: %lld acts were acknowledged, %lld are there\n", (long long)before,
                     (long long)count);
        return EXIT_LOST;
    }
    return store_verify(&record->options, NULL, NULL, &report, &err) < 0 ? broken(&err) : 0;
}

static int open_record(struct record *record)
{
    struct err err;
    static const struct store_identity IDENTITY = {"demo-telecom-zj", "real", SUITE_P256_SHA256};
    enum errc rc = store_open(&record->options, &record->store, &err);
    if (rc == ERR_NOT_FOUND) {
        rc = store_create(&record->options, &IDENTITY, &err);
        if (rc == ERR_OK)
            rc = store_open(&record->options, &record->store, &err);
    }
    return rc < 0 ? broken(&err) : 0;
}

int main(int argc, char **argv)
{
    struct record record = {.now_ms = 1242741000000,
                            .identity = {"demo-telecom-zj", "real", SUITE_P256_SHA256}};
    struct err err;
    if (argc != 5)
        return 2;
    for (int i = 0; i < 3; i++)
        if (streq(argv[2], SYNCS[i]))
            record.options.sync = (enum store_sync)i;
    record.options.dir = argv[1];
    arena_init(&record.arena, 64 << 20);
    int acks = open(argv[4], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int rc = open_record(&record);
    if (rc == 0)
        rc = check(&record, strtoll(argv[3], NULL, 10));
    if (rc == 0)
        record.made = (uint64_t)acts_count(record.store) * 2;
    while (rc == 0 && acks >= 0) {
        char line[32];
        if (record_next(&record, &err) < 0)
            break; /* its disk is gone */
        int n = snprintf(line, sizeof line, "%lld\n", (long long)acts_count(record.store));
        if (write(acks, line, (size_t)n) != n)
            break;
    }
    store_close(record.store);
    arena_done(&record.arena);
    return rc;
}
