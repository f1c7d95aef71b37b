/* Commands that keep a node's record: copies, restoring, rebuilding, and the record under another law. */
#include "base/str.h"
#include "main/lawbook.h"
#include "main/node_backup.h"
#include "main/node_config.h"
#include "main/node_refold.h"

#include <string.h>

static int answer(struct call *call, json_t *doc, int code)
{
    int written = call_write(call, doc);
    json_decref(doc);
    return written == CLI_DONE ? code : written;
}

/* ---- backup ---- */

static int run_backup(struct call *call)
{
    struct err err;
    struct config config;
    json_t *report = NULL;
    const char *dir = args_operand(call->args, 0);
    enum errc rc = node_config_read(call, &config, &err);
    if (rc >= 0)
        rc = node_backup(&config, dir, call->arena, &report, &err);
    if (rc < 0)
        return call_fail(call, &err);
    if (call->json)
        return answer(call, report, CLI_DONE);
    (void)fprintf(call->streams.out,
                  "%s: %lld acts of %s, verified, root %s\n"
                  "keys are not in it: keep a copy of %s/seal and %s/link in a safe place\n",
                  dir, (long long)json_integer_value(json_object_get(report, "acts")), config.node_id,
                  json_string_value(json_object_get(report, "root")), config.node_data, config.node_data);
    json_decref(report);
    return CLI_DONE;
}

/* ---- restore ---- */

static int tell_restored(struct call *call, const struct config *config, const struct node_restored *done)
{
    FILE *out = call->streams.out;
    if (call->json)
        return answer(call,
                      json_pack("{s:s,s:I,s:I,s:s?}", "node", config->node_id, "acts", (json_int_t)done->acts,
                                "given_up", (json_int_t)done->given_up, "aside", done->aside),
                      CLI_DONE);
    (void)fprintf(out, "%s is restored: %llu acts, verified\n", config->node_id,
                  (unsigned long long)done->acts);
    if (done->aside)
        (void)fprintf(out, "the former record is kept in %s\n", done->aside);
    if (done->given_up > 0)
        (void)fprintf(out,
                      "%llu acts that had been signed are given up; the act node.restored says so to all "
                      "peers.\nThose that witnessed them raise an alarm: that is how it must be\n",
                      (unsigned long long)done->given_up);
    return CLI_DONE;
}

static int run_restore(struct call *call)
{
    struct err err;
    struct config config;
    struct node_restored done;
    const struct args *args = call->args;
    struct node_restore restore = {.backup = args_operand(args, 0),
                                   .replace = args_has(args, "replace"),
                                   .set_back = args_has(args, "set-back"),
                                   .reason = args_text(args, "reason"),
                                   .person = args_text(args, "person"),
                                   .post = args_text(args, "post")};
    restore.person = restore.person ? restore.person : "管理员";
    restore.post = restore.post ? restore.post : "系统管理员";
    enum errc rc = node_config_read(call, &config, &err);
    if (rc >= 0)
        rc = node_restore(&config, call->env, &restore, call->arena, &done, &err);
    return rc < 0 ? call_fail(call, &err) : tell_restored(call, &config, &done);
}

/* ---- rebuild ---- */

static int tell_rebuilt(struct call *call, const struct rebuild_report *report, bool check_only)
{
    char before[HASH_TEXT_SIZE];
    char after[HASH_TEXT_SIZE];
    bool placed = !check_only && !report->identical;
    int code = check_only && !report->identical ? CLI_FAILED : CLI_DONE;
    hex_encode(report->before, HASH_SIZE, before);
    hex_encode(report->after, HASH_SIZE, after);
    if (call->json)
        return answer(call,
                      json_pack("{s:I,s:b,s:b,s:s,s:s,s:b}", "acts", (json_int_t)report->acts, "identical",
                                (int)report->identical, "readable", (int)report->readable, "before",
                                report->readable ? before : "", "after", after, "replaced", (int)placed),
                      code);
    const char *what = report->identical   ? "the tables are row for row what the acts say"
                       : !report->readable ? "the tables could not be read any more"
                                           : "the tables were not what the acts say";
    (void)fprintf(call->streams.out, "%lld acts: %s%s\n", (long long)report->acts, what,
                  placed ? "; they were made again" : "");
    return code;
}

static int run_rebuild(struct call *call)
{
    struct err err;
    struct config config;
    struct rebuild_report report;
    bool check_only = args_has(call->args, "check");
    enum errc rc = node_config_read(call, &config, &err);
    if (rc >= 0)
        rc = node_rebuild(&config, call->env, check_only, call->arena, &report, &err);
    return rc < 0 ? call_fail(call, &err) : tell_rebuilt(call, &report, check_only);
}

/* ---- replay ---- */

static const char *text_of(const json_t *item, const char *name)
{
    const char *text = json_string_value(json_object_get(item, name));
    return text ? text : "—";
}

static void tell_refused(FILE *out, const json_t *item)
{
    const json_t *now = json_object_get(item, "now");
    (void)fprintf(out, "  %s %s of %s, %s: %s (%s)\n", text_of(item, "kind"), text_of(item, "act"),
                  text_of(item, "node"), text_of(item, "recorded"), text_of(now, "why"),
                  text_of(now, "clause"));
}

static void tell_levels(FILE *out, const json_t *item)
{
    const char *pack;
    json_t *level;
    const json_t *now = json_object_get(item, "now");
    (void)fprintf(out, "  %s %s:", text_of(item, "matter"), text_of(item, "title"));
    json_object_foreach(json_object_get(item, "was"), pack, level)
    {
        if (!json_equal(level, json_object_get(now, pack)))
            (void)fprintf(out, " %s %s → %s", pack, json_is_string(level) ? json_string_value(level) : "—",
                          text_of(now, pack));
    }
    (void)fputs("\n", out);
}

static void tell_duty(FILE *out, const json_t *item)
{
    (void)fprintf(out, "  %s (%s) of %s: due %s", text_of(item, "rule"), text_of(item, "clause"),
                  text_of(item, "owner"), text_of(item, "due"));
    if (json_object_get(item, "now"))
        (void)fprintf(out, " → %s%s", text_of(item, "now"),
                      json_is_true(json_object_get(item, "provisional")) ? " (provisional)" : "");
    (void)fputs("\n", out);
}

static void tell_differences(struct call *call, const json_t *doc)
{
    static const struct {
        const char *name;
        const char *heading;
        void (*tell)(FILE *out, const json_t *item);
    } LISTS[] = {{"refused", "acts that would be refused", tell_refused},
                 {"gradings", "other levels proposed", tell_levels},
                 {"due", "duties due at another time", tell_duty},
                 {"opened", "duties that would be owed besides", tell_duty},
                 {"gone", "duties that would not be owed", tell_duty}};
    FILE *out = call->streams.out;
    (void)fprintf(out, "%lld acts, judged and folded again%s\n",
                  (long long)json_integer_value(json_object_get(doc, "acts")),
                  json_is_true(json_object_get(doc, "same")) ? ": nothing would be different" : "");
    for (size_t i = 0; i < sizeof LISTS / sizeof LISTS[0]; i++) {
        const json_t *list = json_object_get(doc, LISTS[i].name);
        long long count = json_integer_value(json_object_get(list, "count"));
        size_t at;
        json_t *item;
        if (count > 0)
            (void)fprintf(out, "%s%lld %s%s\n", call_style(call->colour_out, STYLE_BOLD), count,
                          LISTS[i].heading, call_style(call->colour_out, STYLE_PLAIN));
        json_array_foreach(json_object_get(list, "items"), at, item)
        {
            LISTS[i].tell(out, item);
        }
    }
}

static int run_replay(struct call *call)
{
    struct err err;
    struct config config;
    json_t *doc = NULL;
    enum errc rc = node_config_read(call, &config, &err);
    if (rc >= 0)
        rc = node_replay(&config, call->env, args_text(call->args, "rules"), call->arena, &doc, &err);
    if (rc < 0)
        return call_fail(call, &err);
    if (call->json)
        return answer(call, doc, CLI_DONE);
    tell_differences(call, doc);
    json_decref(doc);
    return CLI_DONE;
}

/* ---- rows ---- */

static const struct option_row BACKUP_OPTIONS[] = {NODE_CONFIG_OPTIONS, {0}};

static const struct option_row RESTORE_OPTIONS[] = {
    NODE_CONFIG_OPTIONS,
    {.name = "replace", .text = "move the record that is there aside, and keep it"},
    {.name = "set-back", .text = "give up acts that were signed after the backup"},
    {.name = "reason", .kind = OPTION_TEXT, .value = "TEXT", .text = "why they are given up; goes on record"},
    {.name = "person", .kind = OPTION_TEXT, .value = "NAME", .text = "who answers for it; else 管理员"},
    {.name = "post", .kind = OPTION_TEXT, .value = "POST", .text = "that person's post; else 系统管理员"},
    {0},
};

static const struct option_row REBUILD_OPTIONS[] = {
    NODE_CONFIG_OPTIONS,
    {.name = "check", .text = "only compare; exit code 1 when they differ"},
    {0},
};

static const struct option_row REPLAY_OPTIONS[] = {NODE_CONFIG_OPTIONS, RULES_OPTION, {0}};

static const struct command ROWS[] = {
    {
        .name = "backup",
        .summary = "copy everything that is recorded, also while the node runs, and verify the copy",
        .operands = "FOLDER",
        .operands_min = 1,
        .operands_max = 1,
        .options = BACKUP_OPTIONS,
        .details =
            "FOLDER must not exist. It holds one consistent moment of the record and of each drill; keys\n"
            "are not in it. 'fengsui verify FOLDER' checks it anywhere.",
        .examples = (const struct example_row[]){{"fengsui backup /backup/2026-11-21", "a new folder"}, {0}},
        .run = run_backup,
    },
    {
        .name = "restore",
        .summary = "set a stopped node up again from a backup",
        .operands = "BACKUP",
        .operands_min = 1,
        .operands_max = 1,
        .options = RESTORE_OPTIONS,
        .details =
            "The node's own seal/ and link/ must be there: a backup holds no keys. A backup that ends "
            "before\n"
            "what this node has signed is refused, for peers have witnessed what it lacks. --set-back gives\n"
            "those acts up: the first act afterwards tells everybody how many, why, and who decided it.",
        .examples =
            (const struct example_row[]){
                {"fengsui restore --replace /backup/2026-11-21", "a damaged record gives way to its copy"},
                {"fengsui restore --replace --set-back --reason 磁盘损坏 /backup/2026-11-20",
                 "nothing newer is left"},
                {0},
            },
        .run = run_restore,
    },
    {
        .name = "rebuild",
        .summary = "make the tables of a stopped node again from its acts, and compare",
        .options = REBUILD_OPTIONS,
        .details =
            "Tables are projections: what the acts say, and nothing else. Those that are there are replaced\n"
            "only when they differ; until then the record is untouched.",
        .examples =
            (const struct example_row[]){
                {"fengsui rebuild --check", "are they what the acts say?"},
                {"fengsui rebuild", "makes it so"},
                {0},
            },
        .run = run_rebuild,
    },
    {
        .name = "replay",
        .summary = "decide everything once more under other rules, and show what would differ",
        .options = REPLAY_OPTIONS,
        .details =
            "Levels proposed, powers, duties and due dates are worked out again from the recorded facts by\n"
            "the rules of the folder (those built in when none is given). Nothing is changed; the node may\n"
            "run. Acts that were refused at the time left no contents behind and cannot be asked again.",
        .examples =
            (const struct example_row[]){
                {"fengsui replay --rules draft-2027", "what a changed clause would have changed"},
                {"fengsui replay --json", "under the rules of this program"},
                {0},
            },
        .run = run_replay,
    },
    {0},
};

const struct command_group COMMANDS_keep = {"Keeping the record", ROWS};
