/* Incidents out of somebody's table, through the API of a running node: one report a row. */
#include "base/str.h"
#include "domain/fields.h"
#include "main/client.h"
#include "main/import_report.h"
#include "main/import_rows.h"
#include "main/lawbook.h"

#include <string.h>

static const char KIND[] = "incident.reported";

struct importing {
    struct call *call;
    struct client *client; /* NULL: only checked */
    struct lawbook law;
    const struct act_row *act;
    struct import_map *map;
    json_t *lines; /* what became of each row */
    int64_t counts[3];
};

enum outcome { IMPORTED, KNOWN, FAILED };
static const char *const OUTCOMES[] = {"imported", "known", "failed"};

/* ---- one row ---- */

/* What the node would say of the fields, without the node: for a dry run. */
static enum errc check_here(struct importing *importing, json_t *body, struct err *err)
{
    struct directory nobody = {0};
    json_t *copy = json_copy(body);
    struct matter matter = {.catalogue = importing->law.catalogue,
                            .packs = importing->law.packs,
                            .dir = &nobody,
                            .row = importing->act,
                            .body = copy};
    for (uint32_t i = 0; i < importing->act->fields_count; i++)
        if (importing->act->fields[i].type == FIELD_NODE) /* who is who, only a node knows */
            (void)json_object_del(copy, importing->act->fields[i].name);
    enum errc rc = fields_check(&matter, importing->call->arena, err);
    json_decref(copy);
    return rc;
}

/* The mark stands in the text of every report that was imported. */
static enum errc is_known(struct importing *importing, const char *mark, bool *out, struct err *err)
{
    json_t *page = NULL;
    const char *path = arena_printf(importing->call->arena, "/api/v1/matters?type=incident&limit=1&q=%s",
                                    mark);
    enum errc rc = path ? client_get(importing->client, path, &page, err)
                        : err_set(err, ERR_NOMEM, "no memory for a path");
    *out = rc >= 0 && json_array_size(json_object_get(page, "items")) > 0;
    json_decref(page);
    return rc;
}

static enum errc send_report(struct importing *importing, const struct import_report *report,
                             enum outcome *outcome, json_t *line, struct err *err)
{
    bool known = false;
    struct client_reply reply = {0};
    struct client_request request = {
        .method = "POST", .path = "/api/v1/incidents", .body = report->body, .key = report->mark};
    enum errc rc = is_known(importing, report->mark, &known, err);
    *outcome = KNOWN;
    if (rc < 0 || known)
        return rc;
    rc = client_send(importing->client, &request, &reply, err);
    *outcome = IMPORTED;
    if (rc >= 0)
        (void)json_object_set(line, "matter", json_object_get(reply.doc, "subject"));
    json_decref(reply.doc);
    return rc;
}

static enum errc take_row(struct importing *importing, const struct import_row *row, enum outcome *outcome,
                          json_t *line, struct err *err)
{
    struct import_report report;
    *outcome = IMPORTED;
    if (!row->values)
        return err_set(err, ERR_SYNTAX, "%s", row->fault ? row->fault : "it cannot be read");
    enum errc rc = import_report_make(importing->map, importing->act, row->values, importing->call->arena,
                                      &report, err);
    if (rc < 0)
        return rc;
    rc = importing->client ? send_report(importing, &report, outcome, line, err)
                           : check_here(importing, report.body, err);
    if (json_array_size(report.notes) > 0)
        (void)json_object_set(line, "notes", report.notes);
    if (!importing->client && importing->call->json)
        (void)json_object_set(line, "body", report.body);
    json_decref(report.body);
    json_decref(report.notes);
    return rc;
}

static void tell_line(struct importing *importing, const struct import_row *row, const json_t *line,
                      const struct err *why)
{
    size_t i;
    json_t *note;
    FILE *out = importing->call->streams.out;
    if (importing->call->json)
        return;
    json_array_foreach(json_object_get(line, "notes"), i, note)
    {
        (void)fprintf(out, "row %d: %s\n", row->line, json_string_value(note));
    }
    if (why)
        (void)fprintf(out, "row %d: %sfailed%s: %s%s%s%s%s%s\n", row->line,
                      call_style(importing->call->colour_out, STYLE_RED),
                      call_style(importing->call->colour_out, STYLE_PLAIN), why->field,
                      *why->field ? ": " : "", why->message, *why->clause ? " (clause " : "", why->clause,
                      *why->clause ? ")" : "");
}

/* False when going on makes no sense: nobody answers, or the token does not permit it. */
static bool run_row(struct importing *importing, const struct import_row *row, struct err *err)
{
    struct err why = {0};
    enum outcome outcome;
    json_t *line = json_pack("{s:i}", "row", row->line);
    enum errc rc = take_row(importing, row, &outcome, line, &why);
    outcome = rc < 0 ? FAILED : outcome;
    importing->counts[outcome]++;
    (void)json_object_set_new(line, "state", json_string(OUTCOMES[outcome]));
    if (rc < 0) {
        (void)json_object_set_new(line, "why", json_string(why.message));
        (void)json_object_set_new(line, "field", json_string(why.field));
        (void)json_object_set_new(line, "clause", json_string(why.clause));
    }
    tell_line(importing, row, line, rc < 0 ? &why : NULL);
    (void)json_array_append_new(importing->lines, line);
    bool hopeless = rc == ERR_IO || rc == ERR_AUTH || rc == ERR_PERMISSION || rc == ERR_FULL ||
                    rc == ERR_NOMEM;
    if (hopeless)
        *err = why;
    return !hopeless;
}

/* ---- the file ---- */

static int tell_sums(struct importing *importing, size_t rows)
{
    struct call *call = importing->call;
    int code = importing->counts[FAILED] > 0 ? CLI_FAILED : CLI_DONE;
    if (call->json) {
        json_t *doc = json_pack("{s:I,s:I,s:I,s:I,s:b,s:O}", "rows", (json_int_t)rows, "imported",
                                (json_int_t)importing->counts[IMPORTED], "known",
                                (json_int_t)importing->counts[KNOWN], "failed",
                                (json_int_t)importing->counts[FAILED], "dry_run",
                                (int)(importing->client == NULL), "lines", importing->lines);
        int written = call_write(call, doc);
        json_decref(doc);
        return written == CLI_DONE ? code : written;
    }
    (void)fprintf(call->streams.out, "%zu rows: %lld %s, %lld known already, %lld failed\n", rows,
                  (long long)importing->counts[IMPORTED],
                  importing->client ? "imported" : "fit to be imported", (long long)importing->counts[KNOWN],
                  (long long)importing->counts[FAILED]);
    return code;
}

static enum errc open_all(struct importing *importing, struct import_rows *rows, struct err *err)
{
    struct call *call = importing->call;
    struct str text;
    enum errc rc = lawbook_open(NULL, &importing->law, err);
    if (rc >= 0) {
        importing->act = catalogue_act(importing->law.catalogue, KIND, NULL);
        rc = import_map_load(args_text(call->args, "map"), importing->act, &importing->map, err);
    }
    if (rc >= 0)
        rc = call_read(call, args_operand(call->args, 0), IMPORT_BYTES_MAX, &text, err);
    if (rc >= 0)
        rc = import_rows_read(text, importing->map, call->arena, rows, err);
    if (rc >= 0 && !args_has(call->args, "dry-run"))
        rc = client_open(call, &importing->client, err);
    return rc;
}

static int run_import(struct call *call)
{
    struct err err;
    struct import_rows rows = {0};
    struct importing importing = {.call = call, .lines = json_array()};
    enum errc rc = open_all(&importing, &rows, &err);
    size_t at = 0;
    bool going = rc >= 0;
    for (; going && at < rows.count; at++)
        going = run_row(&importing, &rows.at[at], &err);
    int code = rc < 0 ? call_fail(call, &err) : tell_sums(&importing, at);
    if (rc >= 0 && !going)
        code = call_fail(call, &err);
    client_close(importing.client);
    import_map_free(importing.map);
    lawbook_close(&importing.law);
    json_decref(importing.lines);
    return code;
}

/* ---- rows ---- */

static const struct option_row OPTIONS[] = {
    {.name = "map",
     .letter = 'm',
     .kind = OPTION_TEXT,
     .value = "MAP",
     .required = true,
     .text = "which column is which field (YAML)"},
    {.name = "dry-run", .text = "only check every row; nothing is sent"},
    CLIENT_OPTIONS,
    {0},
};

static const struct command ROWS[] = {
    {
        .name = "incident import",
        .summary = "report the incidents of a table: CSV or JSON, with a map of its columns",
        .operands = "FILE|-",
        .operands_min = 1,
        .operands_max = 1,
        .options = OPTIONS,
        .details = "One act a row; a row that does not fit is told with its number, its field and its "
                   "clause, and the\n"
                   "others go on. Every report names its table and row; importing again records nothing "
                   "twice. A date\n"
                   "that does not exist is kept as written, put on the nearest day, and noted.",
        .examples =
            (const struct example_row[]){
                {"fengsui incident import --map breaches.yaml --dry-run breaches.json", "what would happen"},
                {"fengsui incident import --map breaches.yaml breaches.json", "does it"},
                {0},
            },
        .run = run_import,
    },
    {0},
};

const struct command_group COMMANDS_import = {"Import", ROWS};
