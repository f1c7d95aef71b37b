/* Commands about the rules themselves: are they in order, what is there, what a clause does, what changed. */
#include "base/civil.h"
#include "domain/calendar.h"
#include "domain/pack_diff.h"
#include "domain/pack_show.h"
#include "domain/region.h"
#include "main/call.h"
#include "main/lawbook.h"

#include <string.h>

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* --- check and list --- */

static json_t *head_json(const struct pack *pack)
{
    const struct pack_head *head = pack->head;
    return json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s, s:s?, s:s?, s:b, s:b, s:i, s:i, s:i, s:i, s:i, s:i}",
                     "id", head->id, "version", head->version, "title", head->title, "en", head->en, "number",
                     head->number, "issuer", head->issuer, "signed", head->signed_on, "effective",
                     head->effective, "complete", (int)head->complete, "main", (int)head->main, "clauses",
                     (int)pack->clauses_count, "conditions", (int)pack->conditions_count, "powers",
                     (int)pack->powers_count, "duties", (int)pack->duties_count, "routes",
                     (int)pack->routes_count, "ambiguities", (int)pack->ambiguities_count);
}

static json_t *set_json(const struct pack_set *set)
{
    json_t *packs = json_array();
    int first = 0;
    int last = 0;
    (void)calendar_years(pack_set_calendar(set), &first, &last); /* 0 to 0 when there is none */
    for (size_t i = 0; i < pack_set_count(set); i++)
        (void)json_array_append_new(packs,
                                    head_json(pack_set_at(set, i))); /* a lost row shows as a lost pack */
    return json_pack("{s:o, s:[i, i], s:I}", "packs", packs, "calendar", first, last, "regions",
                     (json_int_t)region_count(pack_set_regions(set)));
}

static void print_list(FILE *out, const struct pack_set *set)
{
    int first = 0;
    int last = 0;
    for (size_t i = 0; i < pack_set_count(set); i++) {
        const struct pack *pack = pack_set_at(set, i);
        const struct pack_head *head = pack->head;
        (void)fprintf(out, "%s  version %s%s\n", head->id, head->version, head->main ? "  (main)" : "");
        (void)fprintf(out, "    %s\n    %s\n", head->title, head->en);
        (void)fprintf(out, "    %s%s%s, in force from %s%s\n", head->issuer, head->number ? " " : "",
                      head->number ? head->number : "",
                      head->effective ? head->effective : "a day not in the text",
                      head->complete ? "" : "; not all of its clauses are here");
        (void)fprintf(out, "    %u clauses, %u conditions, %u powers, %u duties, %u routes, %u ambiguities\n",
                      pack->clauses_count, pack->conditions_count, pack->powers_count, pack->duties_count,
                      pack->routes_count, pack->ambiguities_count);
    }
    if (calendar_years(pack_set_calendar(set), &first, &last))
        (void)fprintf(out, "calendar  working days %d to %d\n", first, last);
    (void)fprintf(out, "regions   %zu codes\n", region_count(pack_set_regions(set)));
}

static int write_set(struct call *call, const struct pack_set *set)
{
    if (!call->json) {
        print_list(call->streams.out, set);
        return CLI_DONE;
    }
    json_t *doc = set_json(set);
    int code = call_write(call, doc);
    json_decref(doc);
    return code;
}

static int run_check(struct call *call)
{
    struct err err;
    struct lawbook law;
    const char *folder = args_operand(call->args, 0);
    if (lawbook_open(folder, &law, &err) < 0)
        return call_fail(call, &err);
    int code = CLI_DONE;
    if (call->json)
        code = write_set(call, law.packs);
    else
        (void)fprintf(call->streams.out, "%s: %zu packs, in order\n", folder ? folder : "the rules built in",
                      pack_set_count(law.packs));
    lawbook_close(&law);
    return code;
}

static int run_list(struct call *call)
{
    struct err err;
    struct pack_set *set = NULL;
    if (lawbook_packs(args_operand(call->args, 0), &set, &err) < 0)
        return call_fail(call, &err);
    int code = write_set(call, set);
    pack_set_free(set);
    return code;
}

/* --- show --- */

static void print_names(FILE *out, const json_t *names)
{
    size_t i;
    json_t *name;
    json_array_foreach(names, i, name)(void) fprintf(out, "%s%s", i ? ", " : "", json_string_value(name));
    if (json_array_size(names) == 0)
        (void)fputs("nobody", out);
}

static void print_duty(FILE *out, const json_t *duty)
{
    const json_t *deadline = json_object_get(duty, "deadline");
    json_int_t n = json_integer_value(json_object_get(deadline, "n"));
    (void)fprintf(out, "    duty %s: %s\n        opened by ", text_of(duty, "id"), text_of(duty, "en"));
    print_names(out, json_object_get(duty, "opened_by"));
    (void)fputs("; owed by ", out);
    print_names(out, json_object_get(duty, "owners"));
    (void)fputs(" to ", out);
    print_names(out, json_object_get(duty, "receivers"));
    (void)fprintf(out, "; %s", text_of(deadline, "kind"));
    if (n > 0)
        (void)fprintf(out, " %lld", (long long)n);
    (void)fputs("; performed by ", out);
    print_names(out, json_object_get(duty, "performed_by"));
    if (!json_is_true(json_object_get(duty, "enforce")))
        (void)fprintf(out, "; not enforced (%s)", text_of(duty, "confidence"));
    (void)fputc('\n', out);
}

static void print_rules(FILE *out, const json_t *provision)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(provision, "conditions"), i, row)(void) fprintf(
        out, "    condition %s: level %s, %s%s%s\n", text_of(row, "id"), text_of(row, "level"),
        json_is_true(json_object_get(row, "machine")) ? "by a number" : "by judgement",
        json_is_true(json_object_get(row, "enforce")) ? "" : "; not applied: ", text_of(row, "figure"));
    json_array_foreach(json_object_get(provision, "powers"), i, row)(void)
        fprintf(out, "    power %s: %s — %s\n", text_of(row, "id"), text_of(row, "act"), text_of(row, "zh"));
    json_array_foreach(json_object_get(provision, "duties"), i, row) print_duty(out, row);
    json_array_foreach(json_object_get(provision, "routes"), i, row)
    {
        (void)fprintf(out, "    route %s: %s to ", text_of(row, "id"), text_of(row, "act"));
        print_names(out, json_object_get(row, "to"));
        (void)fputc('\n', out);
    }
    json_array_foreach(json_object_get(provision, "fields"), i, row)(void) fprintf(
        out, "    fields of %s: %zu\n", text_of(row, "zh"), json_array_size(json_object_get(row, "fields")));
    row = json_object_get(provision, "gap");
    if (json_is_object(row))
        (void)fprintf(out, "    no rule (%s): %s\n", text_of(row, "kind"), text_of(row, "reason"));
}

static void print_about(FILE *out, const json_t *doc)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(doc, "enums"), i, row)(void)
        fprintf(out, "list %s: %s, %lld values\n", text_of(row, "name"), text_of(row, "zh"),
                (long long)json_integer_value(json_object_get(row, "values")));
    json_array_foreach(json_object_get(doc, "documents"), i, row)
    {
        (void)fprintf(out, "document %s: ", text_of(row, "zh"));
        print_names(out, json_object_get(row, "acts"));
        (void)fputc('\n', out);
    }
    json_array_foreach(json_object_get(doc, "ambiguities"), i, row)(void)
        fprintf(out, "ambiguity %s: %s\n    %s\n    %s\n", text_of(row, "id"), text_of(row, "zh"),
                text_of(row, "problem"), text_of(row, "treatment"));
    if (json_array_size(json_object_get(doc, "contains")) > 0) {
        (void)fputs("contains ", out);
        print_names(out, json_object_get(doc, "contains"));
        (void)fputc('\n', out);
    }
}

static void print_clause(const struct call *call, const json_t *doc)
{
    FILE *out = call->streams.out;
    size_t i;
    json_t *row;
    (void)fprintf(out, "%s%s %s%s %s\n", call_style(call->colour_out, STYLE_BOLD), text_of(doc, "pack"),
                  text_of(doc, "clause"), call_style(call->colour_out, STYLE_PLAIN), text_of(doc, "title"));
    (void)fprintf(out, "%s\n\n%s\n\n", text_of(doc, "en"), text_of(doc, "text"));
    json_array_foreach(json_object_get(doc, "provisions"), i, row)
    {
        (void)fprintf(out, "%s  %s  %s\n    %s\n", text_of(row, "id"), text_of(row, "modality"),
                      text_of(row, "zh"), text_of(row, "en"));
        print_rules(out, row);
    }
    print_about(out, doc);
}

static void gather_all(const struct pack *pack, json_t *list)
{
    for (uint32_t i = 0; i < pack->clauses_count; i++)
        (void)json_array_append_new(list, pack_show_clause(pack, &pack->clauses[i])); /* as below */
}

/* The clause in every pack that has it, or in the one asked for; "all" = every clause. */
static json_t *gather(const struct pack_set *set, const char *pack_id, const char *id)
{
    json_t *list = json_array();
    for (size_t i = 0; i < pack_set_count(set); i++) {
        const struct pack *pack = pack_set_at(set, i);
        const struct clause_row *clause = pack_show_find(pack, id);
        if (pack_id && !streq(pack_id, pack->head->id))
            continue;
        if (streq(id, "all"))
            gather_all(pack, list);
        else if (clause)
            (void)json_array_append_new(list,
                                        pack_show_clause(pack, clause)); /* one lost for want of memory */
    }
    return list;
}

static int run_show(struct call *call)
{
    struct err err;
    struct pack_set *set = NULL;
    const char *id = args_operand(call->args, 0);
    int code = CLI_DONE;
    size_t i;
    json_t *doc;
    if (lawbook_packs(args_text(call->args, "rules"), &set, &err) < 0)
        return call_fail(call, &err);
    json_t *found = gather(set, args_text(call->args, "pack"), id);
    if (json_array_size(found) == 0) {
        (void)err_set(&err, ERR_NOT_FOUND, "no pack has a clause, provision, duty or power '%s'", id);
        code = call_fail(call, &err);
    } else if (call->json) {
        code = call_write(call, found);
    } else {
        json_array_foreach(found, i, doc) print_clause(call, doc);
    }
    json_decref(found);
    pack_set_free(set);
    return code;
}

/* --- diff --- */

struct telling {
    FILE *out;
    size_t changes;
};

static bool has_line(const char *text, const char *line, size_t n)
{
    for (const char *p = text; p && *p;) {
        size_t length = strcspn(p, "\n");
        if (length == n && memcmp(p, line, n) == 0)
            return true;
        p += length + (p[length] == '\n');
    }
    return false;
}

/* The lines of one text that the other has not. */
static void print_lines(FILE *out, const char *mark, const char *text, const char *other)
{
    for (const char *p = text; p && *p;) {
        size_t n = strcspn(p, "\n");
        if (!has_line(other, p, n))
            (void)fprintf(out, "    %s %.*s\n", mark, (int)n, p);
        p += n + (p[n] == '\n');
    }
}

static enum errc tell_change(void *context, const struct pack_change *change, struct err *err)
{
    struct telling *telling = context;
    const char *what = !change->before ? "new" : !change->after ? "gone" : "changed";
    (void)err;
    telling->changes++;
    (void)fprintf(telling->out, "%s %s %s: %s\n", change->pack, change->list[0] ? change->list : "pack",
                  change->id, what);
    print_lines(telling->out, "-", change->before, change->after);
    print_lines(telling->out, "+", change->after, change->before);
    return ERR_OK;
}

static enum errc tell_day(void *context, int32_t day, bool works_now, struct err *err)
{
    struct telling *telling = context;
    char text[CIVIL_DATE_SIZE];
    (void)err;
    telling->changes++;
    civil_format_date(civil_from_days(day), text);
    (void)fprintf(telling->out, "calendar %s: %s\n", text,
                  works_now ? "now a working day" : "no longer a working day");
    return ERR_OK;
}

static int run_diff(struct call *call)
{
    struct err err;
    struct pack_set *a = NULL;
    struct pack_set *b = NULL;
    struct telling telling = {.out = call->streams.out};
    int code = CLI_DONE;
    if (lawbook_packs(args_operand(call->args, 0), &a, &err) < 0 ||
        lawbook_packs(args_operand(call->args, 1), &b, &err) < 0 ||
        pack_diff(a, b, tell_change, &telling, &err) < 0 ||
        pack_diff_days(a, b, tell_day, &telling, &err) < 0)
        code = call_fail(call, &err);
    else if (telling.changes == 0)
        (void)fputs("nothing changed\n", call->streams.out);
    pack_set_free(a);
    pack_set_free(b);
    return code;
}

static const struct command ROWS[] = {
    {
        .name = "rules check",
        .summary = "check rule packs and say what is wrong, where, and what to do",
        .operands = "[DIR]",
        .operands_max = 1,
        .details = "Without a folder it checks the rules built into the program.",
        .examples = (const struct example_row[]){{"fengsui rules check rules", "checks a folder"},
                                                 {"fengsui rules check", "checks what is built in"},
                                                 {0}},
        .run = run_check,
    },
    {
        .name = "rules list",
        .summary = "list the rule packs with what they hold",
        .operands = "[DIR]",
        .operands_max = 1,
        .examples = (const struct example_row[]){{"fengsui rules list", "lists what is built in"}, {0}},
        .run = run_list,
    },
    {
        .name = "rules show",
        .summary = "show a clause with its text and every rule that hangs on it",
        .operands = "CLAUSE",
        .operands_min = 1,
        .operands_max = 1,
        .options =
            (const struct option_row[]){
                {.name = "pack", .kind = OPTION_TEXT, .value = "ID", .text = "look in this pack only"},
                RULES_OPTION,
                {0},
            },
        .details =
            "CLAUSE is a number as printed, such as 4.4 or 3.2(4), or the id of a provision, duty or power.",
        .examples = (const struct example_row[]){{"fengsui rules show 4.4", "who publishes which warning"},
                                                 {"fengsui rules show 004.6.1a", "the clause of a duty"},
                                                 {0}},
        .run = run_show,
    },
    {
        .name = "rules diff",
        .summary = "tell what changed between two folders of rules",
        .operands = "OLD NEW",
        .operands_min = 2,
        .operands_max = 2,
        .details = "Rows are told apart by their ids; working days by the calendar as it stands in each.",
        .examples = (const struct example_row[]){{"fengsui rules diff rules.old rules",
                                                  "what a new version changes"},
                                                 {0}},
        .run = run_diff,
    },
    {0},
};

const struct command_group COMMANDS_rules = {"The rules", ROWS};
