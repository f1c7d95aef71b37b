#include "main/drill.h"

#include "base/civil.h"
#include "base/str.h"
#include "desk/access.h"
#include "desk/setup.h"
#include "main/file.h"
#include "main/node.h"
#include "store/acts.h"
#include "store/duties.h"
#include "store/ledger.h"
#include "store/meta.h"
#include "store/nodes.h"

#include <string.h>

enum { FINDINGS_MAX = 50 };

static const char STARTED[] = "drill.started_ms";
static const char COMPRESSION[] = "drill.compression";

static enum errc dir_of(const struct config *config, const char *id, struct arena *arena, const char **out,
                        struct err *err)
{
    struct node_dir dir;
    if (!proof_name_valid(id) || streq(id, "real"))
        return err_field(err, ERR_INVALID, "id", "'%.60s' cannot be the id of a drill", id);
    enum errc rc = node_dir_of(config->node_data, arena, &dir, err);
    if (rc >= 0 && !(*out = arena_printf(arena, "%s/%s", dir.drills, id)))
        rc = err_set(err, ERR_NOMEM, "no memory for a path");
    return rc;
}

/* ---- making ---- */

static const char *url_of(const struct drill_plan *plan, const char *self, const char *node)
{
    if (streq(node, self))
        return plan->url ? plan->url : "";
    for (size_t i = 0; i < plan->url_count; i++)
        if (streq(plan->urls[i].node, node))
            return plan->urls[i].url;
    return "";
}

struct making {
    const struct config *config;
    const struct env *env;
    const struct drill_plan *plan;
    struct arena *arena;
    const char *dir;
    enum suite suite; /* of the real record, and of the drill's */
    struct node_card *cards;
    size_t card_count;
    struct drill_tokens tokens;
};

static enum errc read_cards(struct making *making, struct err *err)
{
    struct node_dir dir;
    struct store *store = NULL;
    enum errc rc = node_dir_of(making->config->node_data, making->arena, &dir, err);
    struct store_options options = {.dir = dir.real, .read_only = true};
    if (rc >= 0)
        rc = store_open(&options, &store, err);
    if (rc < 0)
        return rc;
    making->suite = store_identity(store)->suite;
    rc = nodes_list(store, making->arena, &making->cards, &making->card_count, err);
    store_close(store);
    if (rc >= 0 && making->card_count == 0)
        rc = err_set(err, ERR_NOT_FOUND, "the node is not enrolled yet: it knows nobody to drill with");
    for (size_t i = 0; rc >= 0 && i < making->card_count; i++) {
        struct node_card *card = &making->cards[i];
        card->url = url_of(making->plan, making->config->node_id, card->id);
    }
    return rc;
}

static enum errc make_record(const struct making *making, struct err *err)
{
    struct store_options options = {.dir = making->dir, .sync = STORE_SYNC_FULL};
    struct store_identity identity = {
        .node = making->config->node_id, .universe = making->plan->id, .suite = making->suite};
    struct store *store = NULL;
    enum errc rc = store_create(&options, &identity, err);
    if (rc >= 0)
        rc = store_open(&options, &store, err);
    if (rc >= 0)
        rc = store_begin(store, err);
    if (rc >= 0)
        rc = meta_set_int(store, STARTED, env_now_ms(making->env), err);
    if (rc >= 0)
        rc = meta_set_int(store, COMPRESSION, making->plan->compression, err);
    if (rc >= 0)
        rc = store_commit(store, err);
    store_close(store);
    return rc;
}

static enum errc make_token(const struct making *making, struct desk *desk, const char *role,
                            const char **out, struct err *err)
{
    /* Nothing that is done here is real: nobody has to show a second factor for it. */
    struct access_request request = {
        .role = role, .person = making->plan->person, .post = making->plan->post, .marked = true};
    struct access_made made;
    enum errc rc = access_create(desk, &request, &made, err);
    if (rc >= 0 && !(*out = arena_strdup(making->arena, made.text)))
        rc = err_set(err, ERR_NOMEM, "no memory for a token");
    return rc;
}

static enum errc fill(struct making *making, struct err *err)
{
    struct node node = {0};
    enum errc rc = node_open_drill(making->config, making->env, making->plan->id, making->arena, &node, err);
    if (rc >= 0)
        rc = desk_install_cards(node.desk, making->cards, making->card_count, err);
    if (rc >= 0)
        rc = make_token(making, node.desk, "officer", &making->tokens.officer, err);
    if (rc >= 0)
        rc = make_token(making, node.desk, "operator", &making->tokens.operator, err);
    node_close(&node);
    return rc;
}

static enum errc write_client(struct making *making, struct err *err)
{
    const char *text = arena_printf(making->arena, "url: http://%s\ntoken: %s\n", making->plan->api,
                                    making->tokens.officer);
    making->tokens.client = arena_printf(making->arena, "%s/client.yaml", making->dir);
    return text && making->tokens.client ? file_write(making->tokens.client, text, FILE_NEW, 0600, err)
                                         : err_set(err, ERR_NOMEM, "no memory for the client file");
}

enum errc drill_make(const struct config *config, const struct env *env, const struct drill_plan *plan,
                     struct arena *arena, struct drill_tokens *out, struct err *err)
{
    struct making making = {.config = config, .env = env, .plan = plan, .arena = arena};
    enum errc rc = dir_of(config, plan->id, arena, &making.dir, err);
    if (rc >= 0 && file_exists(making.dir))
        rc = err_set(err, ERR_CONFLICT, "%s is there already; take another id", making.dir);
    if (rc >= 0)
        rc = read_cards(&making, err);
    if (rc >= 0)
        rc = make_record(&making, err);
    if (rc >= 0)
        rc = fill(&making, err);
    if (rc >= 0)
        rc = write_client(&making, err);
    if (rc >= 0)
        *out = making.tokens;
    return rc;
}

/* ---- the clock ---- */

static int64_t drill_now_ms(void *context)
{
    const struct drill_clock *clock = context;
    return clock->started_ms + (env_now_ms(clock->real) - clock->started_ms) * clock->compression;
}

static enum errc drill_random(void *context, void *out, size_t size_bytes)
{
    const struct drill_clock *clock = context;
    return clock->real->random(clock->real->context, out, size_bytes);
}

static enum errc open_record(const struct config *config, const char *id, struct arena *arena,
                             struct store **out, struct err *err)
{
    const char *dir = NULL;
    enum errc rc = dir_of(config, id, arena, &dir, err);
    if (rc >= 0 && !file_exists(dir))
        rc = err_set(err, ERR_NOT_FOUND, "there is no drill '%s' here; make it with 'fengsui drill open'",
                     id);
    struct store_options options = {.dir = dir, .read_only = true};
    return rc < 0 ? rc : store_open(&options, out, err);
}

enum errc drill_clock_open(const struct config *config, const char *id, const struct env *real,
                           struct arena *arena, struct drill_clock *out, struct err *err)
{
    struct store *store = NULL;
    *out = (struct drill_clock){.real = real};
    enum errc rc = open_record(config, id, arena, &store, err);
    if (rc >= 0)
        rc = meta_get_int(store, STARTED, &out->started_ms, err);
    if (rc >= 0)
        rc = meta_get_int(store, COMPRESSION, &out->compression, err);
    if (rc >= 0 && (out->started_ms <= 0 || out->compression < 1))
        rc = err_set(err, ERR_DAMAGED, "the record of the drill '%s' does not say how its clock runs", id);
    store_close(store);
    out->env = (struct env){.context = out, .now_ms = drill_now_ms, .random = drill_random};
    return rc;
}

/* ---- the report ---- */

struct counting {
    struct store *store;
    struct arena *arena;
    int64_t acts;
    int64_t refused;
    int64_t first_ms;
    int64_t last_ms;
    int64_t duties[4]; /* in time, late, open, overdue */
    json_t *kinds;     /* kind → how often */
    json_t *findings;
    int64_t now_ms;
};

static enum errc count_act(void *context, const struct stored_act *stored, struct err *err)
{
    struct counting *counting = context;
    json_int_t before = json_integer_value(json_object_get(counting->kinds, stored->act.kind));
    counting->acts++;
    counting->refused += streq(stored->act.kind, "act.refused");
    counting->first_ms = counting->first_ms ? counting->first_ms : stored->act.recorded_ms;
    counting->last_ms = stored->act.recorded_ms;
    return json_object_set_new(counting->kinds, stored->act.kind, json_integer(before + 1)) == 0
               ? ERR_OK
               : err_set(err, ERR_NOMEM, "no memory for the report");
}

static enum errc find(struct counting *counting, const struct duty *duty, const char *what, struct err *err)
{
    char due[CIVIL_TIME_SIZE];
    if (json_array_size(counting->findings) == FINDINGS_MAX)
        return ERR_OK;
    civil_format_time(duty->due_ms, CIVIL_CHINA_MIN, due);
    const char *text = arena_printf(counting->arena, "%s：%s %s（%s），期限 %.19s", what, duty->owner,
                                    duty->rule, duty->clause, due);
    return text && json_array_append_new(counting->findings, json_string(text)) == 0
               ? ERR_OK
               : err_set(err, ERR_NOMEM, "no memory for the report");
}

static enum errc count_duty(struct counting *counting, const struct duty *duty, struct err *err)
{
    bool done = duty->state == DUTY_PERFORMED || duty->state == DUTY_DISCHARGED;
    int64_t at = done ? duty->done_ms : counting->now_ms;
    bool late = duty->due_ms > 0 && at > duty->due_ms;
    if (duty->state == DUTY_CANCELLED)
        return ERR_OK;
    counting->duties[done ? late : 2 + late]++;
    return late ? find(counting, duty, done ? "迟延履行" : "逾期未履行", err) : ERR_OK;
}

static enum errc count_duties(struct counting *counting, struct err *err)
{
    struct duty_filter filter = {.limit = DUTIES_LIMIT_MAX};
    enum errc rc = ERR_OK;
    do {
        struct duty_page page = {0};
        rc = duties_list(counting->store, &filter, counting->arena, &page, err);
        for (size_t i = 0; rc >= 0 && i < page.count; i++)
            rc = count_duty(counting, &page.items[i], err);
        filter.cursor = page.next;
    } while (rc >= 0 && filter.cursor);
    return rc;
}

static json_t *figures(const struct counting *counting)
{
    return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I}", "acts", (json_int_t)counting->acts, "refused",
                     (json_int_t)counting->refused, "duties_in_time", (json_int_t)counting->duties[0],
                     "duties_late", (json_int_t)counting->duties[1], "duties_open",
                     (json_int_t)counting->duties[2], "duties_overdue", (json_int_t)counting->duties[3]);
}

static const char *story(const struct counting *counting, const char *id)
{
    const char *kind;
    json_t *times;
    struct buf list;
    buf_init(&list, 1 << 16);
    json_object_foreach(counting->kinds, kind, times)
    {
        buf_addf(&list, "%s%s %lld", list.size_bytes > 0 ? "、" : "", kind,
                 (long long)json_integer_value(times));
    }
    const char *text = arena_printf(
        counting->arena,
        "演练 %s 共产生行为 %lld 项（%s），其中因权限等被拒绝 %lld 项。义务按时履行 %lld 项，迟延 %lld 项，"
        "未到期 %lld 项，逾期 %lld 项。本报告由程序根据演练账本自动生成，须经人员审定。",
        id, (long long)counting->acts, list.data ? list.data : "", (long long)counting->refused,
        (long long)counting->duties[0], (long long)counting->duties[1], (long long)counting->duties[2],
        (long long)counting->duties[3]);
    buf_done(&list);
    return text;
}

static enum errc write_report(struct counting *counting, const char *id, const struct tree_head *head,
                              json_t **out, struct err *err)
{
    char started[CIVIL_TIME_SIZE];
    char ended[CIVIL_TIME_SIZE];
    char root[HASH_TEXT_SIZE];
    const char *text = story(counting, id);
    civil_format_time(counting->first_ms, CIVIL_CHINA_MIN, started);
    civil_format_time(counting->last_ms, CIVIL_CHINA_MIN, ended);
    hex_encode(head->tree.root, HASH_SIZE, root);
    *out = text ? json_pack("{s:s,s:{s:s,s:s,s:s,s:I,s:s},s:{s:s,s:O,s:o}}", "drill", id, "run", "started",
                            started, "ended", ended, "universe", id, "acts", (json_int_t)counting->acts,
                            "head", root, "report", "text", text, "findings", counting->findings, "figures",
                            figures(counting))
                : NULL;
    return *out ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for the report");
}

enum errc drill_report(const struct config *config, const struct env *env, const char *id,
                       struct arena *arena, json_t **out, struct err *err)
{
    struct drill_clock clock;
    struct tree_head head;
    struct counting counting = {.arena = arena, .kinds = json_object(), .findings = json_array()};
    enum errc rc = drill_clock_open(config, id, env, arena, &clock, err);
    if (rc >= 0) {
        counting.now_ms = env_now_ms(&clock.env);
        rc = open_record(config, id, arena, &counting.store, err);
    }
    if (rc >= 0 && acts_count(counting.store) == 0)
        rc = err_set(err, ERR_NOT_FOUND, "nothing has happened in the drill '%s' yet", id);
    if (rc >= 0)
        rc = ledger_last_head(counting.store, &head, err);
    if (rc >= 0)
        rc = acts_walk(counting.store, 0, count_act, &counting, err);
    if (rc >= 0)
        rc = count_duties(&counting, err);
    if (rc >= 0)
        rc = write_report(&counting, id, &head, out, err);
    store_close(counting.store);
    json_decref(counting.kinds);
    json_decref(counting.findings);
    return rc;
}
