/* Reading commands of a running node: matters of every type, duties, evidence, and the live stream. */
#include "main/matter.h"

#include "base/str.h"
#include "main/act_form.h"
#include "main/show.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN_FIELDS_MAX = 64, SHOWN_ACTS = 20, SHOWN_DUTIES = 50 };

/* ---- the options of lists become the query ---- */

#define LIST_FILTERS                                                                                         \
    {.name = "state", .kind = OPTION_TEXT, .value = "WORD,…", .text = "in one of these states"},             \
        {.name = "level", .kind = OPTION_CHOICE, .value = "I|II|III|IV", .text = "of this level"},           \
        {.name = "colour",                                                                                   \
         .kind = OPTION_CHOICE,                                                                              \
         .value = "red|orange|yellow|blue",                                                                  \
         .text = "of this colour"},                                                                          \
        {.name = "region", .kind = OPTION_TEXT, .value = "CODE", .text = "with everything inside it"},       \
        {.name = "owner", .kind = OPTION_TEXT, .value = "NODE", .text = "owned by this node"},               \
        {.name = "root", .kind = OPTION_TEXT, .value = "ID", .text = "of this matter at the top"},           \
        {.name = "query",                                                                                    \
         .letter = 'q',                                                                                      \
         .kind = OPTION_TEXT,                                                                                \
         .value = "WORDS",                                                                                   \
         .text = "full text, 断网: every word must occur"},                                                  \
        {.name = "from", .kind = OPTION_TEXT, .value = "TIME", .text = "opened at or after"},                \
        {.name = "until", .kind = OPTION_TEXT, .value = "TIME", .text = "opened before"},                    \
        {.name = "sort", .kind = OPTION_CHOICE, .value = "updated|opened", .text = "else updated"},          \
        {.name = "order", .kind = OPTION_CHOICE, .value = "newest|oldest", .text = "else newest"},           \
        SHOW_LIST_OPTIONS

const struct option_row MATTER_LIST_OPTIONS_ROWS[] = {LIST_FILTERS, {0}};
const struct option_row MATTER_SHOW_OPTIONS_ROWS[] = {CLIENT_OPTIONS, {0}};
const struct option_row DUTY_SHOW_OPTIONS_ROWS[] = {CLIENT_OPTIONS, {0}};
const struct option_row DUTY_LIST_OPTIONS_ROWS[] = {
    {.name = "state",
     .kind = OPTION_TEXT,
     .value = "WORD,…",
     .text = "open, performed, discharged, cancelled"},
    {.name = "standing", .kind = OPTION_CHOICE, .value = "open|overdue", .text = "how it stands now"},
    {.name = "owner", .kind = OPTION_TEXT, .value = "NODE", .text = "who owes it"},
    {.name = "receiver", .kind = OPTION_TEXT, .value = "NODE", .text = "to whom"},
    {.name = "root", .kind = OPTION_TEXT, .value = "ID", .text = "of this matter at the top"},
    {.name = "rule", .kind = OPTION_TEXT, .value = "RULE", .text = "of this rule, 004.6.1a"},
    {.name = "due-before", .kind = OPTION_TEXT, .value = "TIME", .text = "due before"},
    SHOW_LIST_OPTIONS,
    {0},
};
static const struct option_row MATTERS_OPTIONS[] = {
    {.name = "type", .kind = OPTION_TEXT, .value = "TYPE", .text = "incident, warning, response, order …"},
    LIST_FILTERS,
    {0},
};

/* Options that are no part of the question: where to ask, and which page. */
static bool asks(const struct option_row *row)
{
    static const struct option_row NOT[] = {CLIENT_OPTIONS, {0}};
    if (streq(row->name, "limit") || streq(row->name, "cursor"))
        return false;
    for (const struct option_row *other = NOT; other->name; other++)
        if (streq(other->name, row->name))
            return false;
    return true;
}

static enum errc add_question(struct call *call, struct client *client, const struct option_row *row,
                              const char **path, struct err *err)
{
    const char *value = args_text(call->args, row->name);
    char name[32];
    if (!value)
        return ERR_OK;
    (void)snprintf(name, sizeof name, "%s", streq(row->name, "query") ? "q" : row->name);
    for (char *p = name; *p; p++)
        *p = *p == '-' ? '_' : *p;
    *path = arena_printf(call->arena, "%s%c%s=%s", *path, strchr(*path, '?') ? '&' : '?', name,
                         client_encode(client, value));
    return *path ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for a path");
}

static int list(struct call *call, const char *base, const struct show_column *columns)
{
    struct err err;
    struct client *client = NULL;
    const char *path = base;
    enum errc rc = client_open(call, &client, &err);
    for (const struct option_row *row = call->args->command->options; rc >= 0 && row->name; row++)
        if (asks(row))
            rc = add_question(call, client, row, &path, &err);
    client_close(client);
    return rc < 0 ? call_fail(call, &err) : show_list(call, path, columns);
}

/* ---- lists ---- */

static const struct show_column MATTER_COLUMNS[] = {{"编号 id", "id", SHOW_TEXT},
                                                    {"类型 type", "type_zh", SHOW_TEXT},
                                                    {"状态 state", "state", SHOW_WORD},
                                                    {"级别 level", "level", SHOW_TEXT},
                                                    {"颜色 colour", "colour", SHOW_TEXT},
                                                    {"主办 owner", "owner", SHOW_TEXT},
                                                    {"更新 updated", "updated", SHOW_TIME},
                                                    {"标题 title", "title", SHOW_TEXT},
                                                    {0}};

static const char *first_word(struct call *call)
{
    const char *name = call->args->command->name;
    return arena_strndup(call->arena, name, strcspn(name, " "));
}

int matter_run_list(struct call *call)
{
    const char *type = first_word(call);
    const char *path = type ? arena_printf(call->arena, "/api/v1/matters?type=%s", type) : NULL;
    return list(call, path ? path : "/api/v1/matters", MATTER_COLUMNS);
}

static int run_matters(struct call *call)
{
    return list(call, "/api/v1/matters", MATTER_COLUMNS);
}

static const struct show_column DUTY_COLUMNS[] = {{"期限 due", "due", SHOW_TIME},
                                                  {"状况 standing", "standing", SHOW_TEXT},
                                                  {"条款 clause", "clause", SHOW_TEXT},
                                                  {"规则 rule", "rule", SHOW_TEXT},
                                                  {"义务人 owner", "owner", SHOW_TEXT},
                                                  {"对象 receiver", "receiver", SHOW_TEXT},
                                                  {"事项 matter", "subject", SHOW_TEXT},
                                                  {"编号 duty", "id", SHOW_TEXT},
                                                  {0}};

int duty_run_list(struct call *call)
{
    return list(call, "/api/v1/duties", DUTY_COLUMNS);
}

/* ---- one ---- */

static const char *with_id(struct call *call, struct client *client, const char *pattern)
{
    const char *path = client_path(client, pattern, args_operand(call->args, 0));
    return path ? path : "";
}

static int get(struct call *call, struct client *client, const char *pattern, json_t **out)
{
    struct err err;
    struct client_reply reply = {0};
    struct client_request request = {.method = "GET", .path = with_id(call, client, pattern)};
    if (client_send(client, &request, &reply, &err) < 0)
        return client_fail(call, &reply, &err);
    *out = reply.doc;
    return CLI_DONE;
}

/* A field's own words, from any act of that type that has it. */
static const char *label(struct call *call, const char *type, const char *name)
{
    size_t n = strlen(type);
    for (const struct act_form *form = ACT_FORMS; form->command; form++) {
        const struct act_field *field = act_form_field(form, name);
        if (field && strncmp(form->kind, type, n) == 0 && form->kind[n] == '.')
            return arena_printf(call->arena, "%s %s", field->zh, name);
    }
    return name;
}

/* Plain members of the document; lists of what was done stand among the acts. */
static bool is_plain(const json_t *value)
{
    return json_is_string(value) || json_is_integer(value) || json_is_boolean(value) ||
           (json_is_array(value) && json_is_string(json_array_get(value, 0)));
}

static void show_doc(struct call *call, const json_t *matter)
{
    struct show_column columns[SHOWN_FIELDS_MAX + 1] = {{0}};
    const char *type = json_string_value(json_object_get(matter, "type"));
    size_t count = 0;
    const char *name;
    json_t *value;
    json_object_foreach(json_object_get(matter, "doc"), name, value)
    {
        const char *path = arena_printf(call->arena, "doc.%s", name);
        const char *heading = label(call, type ? type : "", name);
        if (count < SHOWN_FIELDS_MAX && is_plain(value) && path && heading)
            columns[count++] = (struct show_column){heading, path, SHOW_TEXT};
    }
    show_lines(call, matter, columns);
}

static void show_gradings(struct call *call, const json_t *matter)
{
    size_t i;
    json_t *grading;
    json_array_foreach(json_object_get(json_object_get(matter, "doc"), "gradings"), i, grading)
    {
        const char *pack = json_string_value(json_object_get(grading, "pack"));
        const char *level = json_string_value(json_object_get(grading, "level"));
        (void)fprintf(call->streams.out, "建议级别 proposed: %s %s\n", pack ? pack : "",
                      level ? level : "— (事实不足 facts are missing)");
    }
}

static int show_matter(struct call *call, const json_t *matter, const json_t *acts, const json_t *duties)
{
    static const struct show_column ACT_COLUMNS[] = {{"时间 recorded", "act.recorded", SHOW_TIME},
                                                     {"行为 act", "kind_zh", SHOW_TEXT},
                                                     {"种类 kind", "kind", SHOW_TEXT},
                                                     {"节点 node", "node", SHOW_TEXT},
                                                     {"人员 person", "act.person", SHOW_TEXT},
                                                     {"编号 id", "id", SHOW_TEXT},
                                                     {0}};
    (void)fprintf(call->streams.out, "%s%s%s\n", call_style(call->colour_out, STYLE_BOLD),
                  json_string_value(json_object_get(matter, "title")),
                  call_style(call->colour_out, STYLE_PLAIN));
    show_lines(call, matter, MATTER_COLUMNS);
    show_gradings(call, matter);
    show_doc(call, matter);
    (void)fputs("\n", call->streams.out);
    int code = show_rows(call, json_object_get(acts, "items"), ACT_COLUMNS);
    if (code != CLI_DONE || json_array_size(json_object_get(duties, "items")) == 0)
        return code;
    (void)fputs("\n", call->streams.out);
    return show_rows(call, json_object_get(duties, "items"), DUTY_COLUMNS);
}

static int show_all(struct call *call, struct client *client)
{
    json_t *matter = NULL;
    json_t *acts = NULL;
    json_t *duties = NULL;
    int code = get(call, client, "/api/v1/matters/{id}", &matter);
    if (code == CLI_DONE)
        code = get(call, client, "/api/v1/matters/{id}/acts?whole=true&order=newest&limit=20", &acts);
    if (code == CLI_DONE)
        code = get(call, client, "/api/v1/matters/{id}/duties?whole=true&limit=50", &duties);
    if (code == CLI_DONE && call->json) {
        json_t *doc = json_pack("{s:O,s:O,s:O}", "matter", matter, "acts", json_object_get(acts, "items"),
                                "duties", json_object_get(duties, "items"));
        code = call_write(call, doc);
        json_decref(doc);
    } else if (code == CLI_DONE) {
        code = show_matter(call, matter, acts, duties);
    }
    json_decref(matter);
    json_decref(acts);
    json_decref(duties);
    return code;
}

int matter_run_show(struct call *call)
{
    struct err err;
    struct client *client = NULL;
    if (client_open(call, &client, &err) < 0)
        return call_fail(call, &err);
    int code = show_all(call, client);
    client_close(client);
    return code;
}

int duty_run_show(struct call *call)
{
    static const struct show_column COLUMNS[] = {{"条款 clause", "clause", SHOW_TEXT},
                                                 {"规定 provision", "text", SHOW_TEXT},
                                                 {"规则 rule", "rule", SHOW_TEXT},
                                                 {"规则包 pack", "pack", SHOW_TEXT},
                                                 {"义务人 owner", "owner", SHOW_TEXT},
                                                 {"对象 receiver", "receiver", SHOW_TEXT},
                                                 {"状况 standing", "standing", SHOW_TEXT},
                                                 {"状态 state", "state", SHOW_TEXT},
                                                 {"期限种类 deadline", "deadline", SHOW_TEXT},
                                                 {"期限 due", "due", SHOW_TIME},
                                                 {"暂定 provisional", "provisional", SHOW_TEXT},
                                                 {"日历 calendar", "calendar", SHOW_TEXT},
                                                 {"产生于 opened", "opened", SHOW_TIME},
                                                 {"由行为 by act", "opened_act", SHOW_TEXT},
                                                 {"履行于 done", "done", SHOW_TIME},
                                                 {"由行为 by act", "done_act", SHOW_TEXT},
                                                 {"由何行为履行 performed by", "performed_by", SHOW_TEXT},
                                                 {"事项 matter", "subject", SHOW_TEXT},
                                                 {0}};
    struct err err;
    struct client *client = NULL;
    if (client_open(call, &client, &err) < 0)
        return call_fail(call, &err);
    const char *path = with_id(call, client, "/api/v1/duties/{id}");
    client_close(client);
    return show_one(call, path, COLUMNS);
}

static int run_findings(struct call *call)
{
    static const struct show_column COLUMNS[] = {{"情形 conduct", "conduct", SHOW_TEXT},
                                                 {"单位 unit", "unit", SHOW_TEXT},
                                                 {"条款 clause", "clause", SHOW_TEXT},
                                                 {"依据 why", "why", SHOW_TEXT},
                                                 {0}};
    struct err err;
    struct client *client = NULL;
    if (client_open(call, &client, &err) < 0)
        return call_fail(call, &err);
    const char *path = with_id(call, client, "/api/v1/matters/{id}/evidence");
    client_close(client);
    return show_list(call, path, COLUMNS);
}

/* ---- the live stream ---- */

struct watching {
    struct call *call;
    int64_t left; /* 0 = without end */
};

static void tell_event(struct call *call, const char *id, const char *data)
{
    json_t *doc = json_loads(data, JSON_REJECT_DUPLICATES, NULL);
    const char *recorded = json_string_value(json_object_get(doc, "recorded"));
    const char *node = json_string_value(json_object_get(doc, "node"));
    const char *kind = json_string_value(json_object_get(doc, "kind"));
    const char *root = json_string_value(json_object_get(doc, "root"));
    const struct act_form *form = act_form_of_kind(kind);
    (void)fprintf(call->streams.out, "%-8s %.10s %.8s  %-20s %-28s %s %s\n", id, recorded ? recorded : "",
                  recorded && strlen(recorded) > 11 ? recorded + 11 : "", node ? node : "", kind ? kind : "",
                  form ? form->zh : "", root ? root : "");
    json_decref(doc);
}

static bool on_event(void *context, const char *id, const char *event, const char *data)
{
    struct watching *watching = context;
    (void)event;
    if (watching->call->json)
        (void)fprintf(watching->call->streams.out, "%s\n", data);
    else
        tell_event(watching->call, id, data);
    (void)fflush(watching->call->streams.out);
    return watching->left == 0 || --watching->left > 0;
}

static int run_watch(struct call *call)
{
    struct err err;
    struct client *client = NULL;
    struct watching watching = {call, args_int(call->args, "count", 0)};
    const char *path = "/api/v1/events";
    enum errc rc = client_open(call, &client, &err);
    for (const struct option_row *row = call->args->command->options; rc >= 0 && row->name; row++)
        if (asks(row) && !streq(row->name, "count") && !streq(row->name, "after"))
            rc = add_question(call, client, row, &path, &err);
    if (rc >= 0)
        rc = client_watch(client, path, args_text(call->args, "after"), on_event, &watching, &err);
    client_close(client);
    return rc < 0 ? call_fail(call, &err) : CLI_DONE;
}

/* ---- rows ---- */

static const struct option_row WATCH_OPTIONS[] = {
    {.name = "kind",
     .kind = OPTION_TEXT,
     .value = "KIND,…",
     .text = "only these; 'incident.' means all that begin so"},
    {.name = "root", .kind = OPTION_TEXT, .value = "ID", .text = "only of this matter at the top"},
    {.name = "after",
     .kind = OPTION_TEXT,
     .value = "ID",
     .text = "begin behind this event; 0 = with the first act"},
    {.name = "count",
     .kind = OPTION_INT,
     .value = "N",
     .min = 1,
     .max = 1000000,
     .text = "end after so many"},
    CLIENT_OPTIONS,
    {0},
};

static const struct command ROWS[] = {
    {
        .name = "matters",
        .summary = "list matters of every type; 'fengsui incident list' and the like know theirs",
        .options = MATTERS_OPTIONS,
        .examples =
            (const struct example_row[]){
                {"fengsui matters --query 断网 --limit 20", "full text, Chinese too"},
                {"fengsui matters --type order --state issued --json", "for programs"},
                {0},
            },
        .run = run_matters,
    },
    {
        .name = "findings",
        .summary = "show what the record says of late, false, concealed and omitted reporting",
        .operands = "MATTER",
        .operands_min = 1,
        .operands_max = 1,
        .options = MATTER_SHOW_OPTIONS_ROWS,
        .details = "The program computes it from acts and duties; people decide.",
        .examples =
            (const struct example_row[]){
                {"fengsui findings 01936f6e-0000-7000-8000-000000000000", "of one matter"},
                {0},
            },
        .run = run_findings,
    },
    {
        .name = "watch",
        .summary = "follow the acts of a node as they are recorded",
        .options = WATCH_OPTIONS,
        .details =
            "One line an act, until it is interrupted. The number at the beginning is what --after takes.",
        .examples =
            (const struct example_row[]){
                {"fengsui watch --kind warning.,response.", "warnings and responses"},
                {"fengsui watch --after 0 --json", "everything, from the first act, for programs"},
                {0},
            },
        .run = run_watch,
    },
    {0},
};

const struct command_group COMMANDS_matter = {"Reading a running node", ROWS};
