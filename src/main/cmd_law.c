/* What the law says to a question: a level, a due date, a power. */
#include "base/civil.h"
#include "domain/calendar.h"
#include "domain/grade.h"
#include "domain/power.h"
#include "main/call.h"
#include "main/lawbook.h"

/* Writes a document that the call made and gives the exit code; NULL is an error that is told. */
static int answer(struct call *call, json_t *doc, int code)
{
    int written = call_write(call, doc);
    json_decref(doc);
    return written == CLI_DONE ? code : written;
}

static int fail_as_usage(struct call *call, struct err *err)
{
    err->code = ERR_USAGE;
    return call_fail(call, err);
}

/* --- grade --- */

static enum errc grade_one(struct call *call, const struct pack *pack, const struct facts *facts,
                           json_t **out, struct err *err)
{
    struct grade grade;
    enum errc rc = grade_facts(pack, facts, call->arena, &grade, err);
    if (rc == ERR_OK)
        *out = grade_json(&grade, GRADE_ALL);
    return rc;
}

/* Every pack that grades, in one list. */
static enum errc grade_all(struct call *call, const struct pack_set *set, const struct facts *facts,
                           json_t **out, struct err *err)
{
    json_t *list = json_array();
    enum errc rc = ERR_OK;
    for (size_t i = 0; i < pack_set_count(set) && rc == ERR_OK; i++) {
        json_t *one = NULL;
        if (pack_set_at(set, i)->levels_count == 0)
            continue;
        rc = grade_one(call, pack_set_at(set, i), facts, &one, err);
        if (rc == ERR_OK && json_array_append_new(list, one) < 0)
            rc = err_set(err, ERR_NOMEM, "out of memory");
    }
    if (rc < 0)
        json_decref(list);
    else
        *out = list;
    return rc;
}

static enum errc grade_asked(struct call *call, const struct pack_set *set, const struct facts *facts,
                             json_t **out, struct err *err)
{
    const char *id = args_text(call->args, "pack");
    if (streq(id, "all"))
        return grade_all(call, set, facts, out, err);
    const struct pack *pack = id ? pack_set_find(set, id) : pack_set_main(set);
    if (!pack)
        return err_field(err, ERR_USAGE, "--pack", "there is no pack '%s'; see 'fengsui rules list'",
                         id ? id : "main");
    return grade_one(call, pack, facts, out, err);
}

static enum errc grade_text(struct call *call, const struct str *text, json_t **out, struct err *err)
{
    struct pack_set *set = NULL;
    json_t *doc = NULL;
    struct facts facts;
    enum errc rc = lawbook_packs(args_text(call->args, "rules"), &set, err);
    if (rc < 0)
        return rc;
    rc = doc_parse_object(text->p, text->n, &doc, err);
    if (rc == ERR_OK)
        rc = facts_read(doc, pack_set_regions(set), call->arena, &facts, err);
    if (rc == ERR_OK)
        rc = grade_asked(call, set, &facts, out, err);
    json_decref(doc);
    pack_set_free(set);
    return rc;
}

static int run_grade(struct call *call)
{
    struct err err;
    struct str text;
    json_t *doc = NULL;
    if (call_read(call, args_operand(call->args, 0), DOC_BYTES_MAX, &text, &err) < 0 ||
        grade_text(call, &text, &doc, &err) < 0)
        return call_fail(call, &err);
    return answer(call, doc, CLI_DONE);
}

/* --- due --- */

static int32_t day_of(const char *text, int32_t otherwise)
{
    struct civil_date date;
    if (!text || civil_parse_date(text, &date, NULL) < 0)
        return otherwise;
    return civil_to_days(date);
}

static int run_due(struct call *call)
{
    struct err err;
    struct pack_set *set = NULL;
    struct calendar_basis basis;
    char due[CIVIL_DATE_SIZE];
    int32_t day = 0;
    const char *from = args_text(call->args, "from");
    int64_t n = args_int(call->args, "working-days", 0);
    int32_t as_of = day_of(args_text(call->args, "as-of"), CALENDAR_LATEST);
    if (lawbook_packs(args_text(call->args, "rules"), &set, &err) < 0)
        return call_fail(call, &err);
    enum errc rc = calendar_add(pack_set_calendar(set), day_of(from, 0), n, as_of, &day, &basis, &err);
    pack_set_free(set);
    if (rc < 0)
        return call_fail(call, &err);
    civil_format_date(civil_from_days(day), due);
    json_t *doc = json_pack("{s:s, s:I, s:s, s:b, s:s}", "from", from, "working_days", (json_int_t)n, "due",
                            due, "provisional", (int)basis.provisional, "calendar", basis.version);
    return answer(call, doc, CLI_DONE);
}

/* --- may --- */

static enum answer answer_of(const char *word)
{
    if (!word)
        return ANSWER_UNKNOWN;
    return streq(word, "yes") ? ANSWER_YES : ANSWER_NO;
}

static enum errc check_region(const struct pack_set *set, const char *option, const char *code,
                              struct err *err)
{
    if (!code || region_find(pack_set_regions(set), code))
        return ERR_OK;
    return err_field(err, ERR_INVALID, option, "there is no region '%.20s' in GB/T 2260", code);
}

/* "province:330000", or the tier alone. */
static enum errc read_publisher(const char *text, struct call *call, struct power_query *query,
                                struct err *err)
{
    const char *colon = text ? strchr(text, ':') : NULL;
    if (!text)
        return ERR_OK;
    const char *tier = arena_strndup(call->arena, text, colon ? (size_t)(colon - text) : strlen(text));
    query->publisher_tier = tier ? tier_parse(tier) : -1;
    query->publisher_region = colon ? colon + 1 : NULL;
    if (query->publisher_tier < 0)
        return err_field(err, ERR_INVALID, "--publisher",
                         "'%.40s' is not a tier, nor a tier and a region "
                         "such as province:330000",
                         text);
    return ERR_OK;
}

static enum errc read_query(struct call *call, const struct pack_set *set, struct power_query *out,
                            struct err *err)
{
    const struct args *args = call->args;
    const char *basis = args_text(args, "basis");
    *out = power_query(args_text(args, "act"), (enum tier)tier_parse(args_text(args, "tier")));
    out->region = args_text(args, "region");
    out->colour = colour_parse(args_text(args, "colour"));
    out->level = level_parse(args_text(args, "level"));
    out->target_region = args_text(args, "target-region");
    out->basis = basis ? (enum basis)basis_parse(basis) : BASIS_NONE;
    out->consent = answer_of(args_text(args, "consent"));
    out->response_started = answer_of(args_text(args, "response-started"));
    enum errc rc = read_publisher(args_text(args, "publisher"), call, out, err);
    if (rc == ERR_OK)
        rc = check_region(set, "--region", out->region, err);
    if (rc == ERR_OK)
        rc = check_region(set, "--target-region", out->target_region, err);
    if (rc == ERR_OK)
        rc = check_region(set, "--publisher", out->publisher_region, err);
    return rc;
}

static int run_may(struct call *call)
{
    struct err err;
    struct pack_set *set = NULL;
    struct power_query query;
    struct power_answer said;
    if (lawbook_packs(args_text(call->args, "rules"), &set, &err) < 0)
        return call_fail(call, &err);
    int code = CLI_USAGE;
    if (read_query(call, set, &query, &err) < 0 || power_check(set, &query, &said, &err) < 0)
        code = fail_as_usage(call, &err);
    else
        code = answer(call, power_json(&said), said.allowed ? CLI_DONE : CLI_REFUSED);
    pack_set_free(set);
    return code;
}

static const struct command ROWS[] = {
    {
        .name = "grade",
        .summary = "propose a level from the facts of an incident, and say why",
        .operands = "[FILE|-]",
        .operands_max = 1,
        .options =
            (const struct option_row[]){
                {.name = "pack",
                 .kind = OPTION_TEXT,
                 .value = "ID",
                 .text = "grade under this pack; all = every one that grades"},
                RULES_OPTION,
                {0},
            },
        .details =
            "The facts are one JSON object; whatever is absent or null is not known. The answer is JSON:\n"
            "the level proposed, every condition with why it is met, not met or unknown, the facts that\n"
            "are missing, and notes on contradictions. A named person decides.",
        .examples =
            (const struct example_row[]){
                {"fengsui grade facts.json", "grades under the emergency plan"},
                {"fengsui grade --pack all facts.json", "grades under every pack side by side"},
                {0},
            },
        .run = run_grade,
    },
    {
        .name = "due",
        .summary = "add working days of the State Council calendar to a date",
        .options =
            (const struct option_row[]){
                {.name = "from",
                 .kind = OPTION_DATE,
                 .value = "YYYY-MM-DD",
                 .required = true,
                 .text = "the first day, which is not counted"},
                {.name = "working-days",
                 .kind = OPTION_INT,
                 .value = "N",
                 .required = true,
                 .min = 0,
                 .max = CALENDAR_DAYS_MAX,
                 .text = "how many working days"},
                {.name = "as-of",
                 .kind = OPTION_DATE,
                 .value = "YYYY-MM-DD",
                 .text = "use the calendar as it was announced on that day"},
                RULES_OPTION,
                {0},
            },
        .details =
            "A due date that touches a year not yet announced goes by the weekdays there and is provisional.",
        .examples =
            (const struct example_row[]){
                {"fengsui due --from 2020-01-22 --working-days 10", "gives 2020-02-13"},
                {"fengsui due --from 2020-01-22 --working-days 10 --as-of 2020-01-22",
                 "gives 2020-02-11, as one had to think that day"},
                {0},
            },
        .run = run_due,
    },
    {
        .name = "may",
        .summary = "say whether an act is within a tier's power, under which clause, and what then",
        .options =
            (const struct option_row[]){
                {.name = "act",
                 .kind = OPTION_TEXT,
                 .value = "ACT",
                 .required = true,
                 .text = "warning.publish, response.start, order.issue, release.public …"},
                {.name = "tier",
                 .kind = OPTION_CHOICE,
                 .value = "ministry|province|enterprise|institution|vendor",
                 .required = true,
                 .text = "who acts"},
                {.name = "region",
                 .kind = OPTION_TEXT,
                 .value = "CODE",
                 .text = "the region of who acts, GB/T 2260"},
                {.name = "colour",
                 .kind = OPTION_CHOICE,
                 .value = "red|orange|yellow|blue",
                 .text = "of the warning"},
                {.name = "level",
                 .kind = OPTION_CHOICE,
                 .value = "I|II|III|IV",
                 .text = "of the response or incident"},
                {.name = "target-region",
                 .kind = OPTION_TEXT,
                 .value = "CODE",
                 .text = "the region acted upon; else one's own"},
                {.name = "publisher",
                 .kind = OPTION_TEXT,
                 .value = "TIER[:CODE]",
                 .text = "who published the warning; else who acts"},
                {.name = "basis",
                 .kind = OPTION_CHOICE,
                 .value = "none|state|leading-group",
                 .text = "what a level I response rests on"},
                {.name = "consent",
                 .kind = OPTION_CHOICE,
                 .value = "yes|no",
                 .text = "whether the consent needed is there"},
                {.name = "response-started",
                 .kind = OPTION_CHOICE,
                 .value = "yes|no",
                 .text = "whether a response of that level has started"},
                RULES_OPTION,
                {0},
            },
        .details =
            "The answer is JSON; a refusal gives exit code 3, its clause, why, and what to do instead.",
        .examples =
            (const struct example_row[]){
                {"fengsui may --act warning.publish --tier province --region 330000 --colour blue",
                 "allowed: its own region"},
                {"fengsui may --act warning.publish --tier province --region 330000 --colour orange",
                 "refused: clause 4.4"},
                {0},
            },
        .run = run_may,
    },
    {0},
};

const struct command_group COMMANDS_law = {"What the law says", ROWS};
