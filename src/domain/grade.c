#include "domain/grade.h"

#include "base/buf.h"
#include "base/str.h"

#include <string.h>

enum { WHY_BYTES_MAX = 4096 };

/* One grading: the facts with what was derived from them, and the texts that grow. */
struct grading {
    const struct pack *pack;
    struct facts facts;
    struct arena *arena;
    struct grade_condition *conditions;
    const char **missing;
    size_t missing_count;
    const char **notes;
    size_t note_count;
};

/* The provinces in which the prefectures lie, when nobody has listed provinces. */
static bool derive(struct grading *grading, const struct derive_row *row)
{
    struct fact *fact = &grading->facts.at[row->fact_id];
    const struct fact *from = &grading->facts.at[row->from_id];
    if (fact->known || !from->known || from->number < row->min)
        return true;
    const char **items = arena_array(grading->arena, from->item_count, sizeof *items);
    if (!items)
        return false;
    size_t count = 0;
    for (size_t i = 0; i < from->item_count; i++) {
        char *code = arena_alloc(grading->arena, REGION_SIZE);
        if (!code)
            return false;
        region_province(from->items[i], code);
        size_t k = 0;
        while (k < count && !streq(items[k], code))
            k++;
        if (k == count)
            items[count++] = code;
    }
    *fact = (struct fact){
        .known = true, .derived = true, .number = (int64_t)count, .items = items, .item_count = count};
    const char *note = arena_printf(grading->arena, "%s / %s", row->zh, row->en);
    grading->notes[grading->note_count++] = note;
    return note != NULL;
}

static enum verdict ask_all(const struct facts *facts, const struct tests *tests)
{
    enum verdict verdict = VERDICT_MET;
    for (uint32_t i = 0; i < tests->count; i++) {
        enum verdict one = facts_ask(facts, &tests->at[i]);
        if (one == VERDICT_NOT_MET)
            return VERDICT_NOT_MET;
        if (one == VERDICT_UNKNOWN)
            verdict = VERDICT_UNKNOWN;
    }
    return verdict;
}

/* "泄露用户数 leaked_users = 12000000", "涉及省份 scope.provinces × 2": for readers of either language */
static void tell_fact(struct buf *out, enum fact_id id, const struct fact *fact)
{
    buf_addf(out, "%s %s", fact_zh(id), fact_path(id));
    switch (fact_type(id)) {
    case FACT_IS_BOOL:
    case FACT_IS_WORD: buf_addf(out, " = %s", fact->text); break;
    case FACT_IS_TEXT: break;
    case FACT_IS_COUNT: buf_addf(out, " = %lld", (long long)fact->number); break;
    case FACT_IS_WORDS:
    case FACT_IS_REGIONS:
        buf_addf(out, " × %lld%s", (long long)fact->number, fact->derived ? " (推得/derived)" : "");
        break;
    }
}

static void tell_limit(struct buf *out, const struct fact_test *test)
{
    if (test->op == FACT_OP_MIN)
        buf_addf(out, " (≥ %lld)", (long long)test->number);
    else if (test->op == FACT_OP_MAX)
        buf_addf(out, " (≤ %lld)", (long long)test->number);
}

/* The tests that decided: those not met, else those unknown, else all. */
static void tell_tests(struct buf *out, const struct facts *facts, const struct tests *tests,
                       enum verdict verdict)
{
    bool first = true;
    for (uint32_t i = 0; i < tests->count; i++) {
        const struct fact_test *test = &tests->at[i];
        bool again = i > 0 && test[-1].fact_id == test->fact_id && verdict == VERDICT_UNKNOWN;
        if (again || facts_ask(facts, test) != verdict)
            continue;
        buf_adds(out, first ? ": " : "; ");
        first = false;
        if (verdict == VERDICT_UNKNOWN) {
            buf_addf(out, "%s %s: 不明/unknown", fact_zh((enum fact_id)test->fact_id), test->fact);
            continue;
        }
        tell_fact(out, (enum fact_id)test->fact_id, &facts->at[test->fact_id]);
        tell_limit(out, test);
    }
}

static void tell(struct buf *out, const struct facts *facts, const struct grade_condition *condition)
{
    const struct condition_row *row = condition->row;
    buf_adds(out, row->law->zh);
    tell_tests(out, facts, &row->tests, condition->verdict);
    if (!row->enforce)
        buf_addf(out, ": 未采用/not applied; %s",
                 row->figure ? row->figure : "数字未经确认/the figure is not confirmed");
}

static void judge(struct grading *grading, uint32_t i)
{
    const struct condition_row *row = &grading->pack->conditions[i];
    bool askable = row->enforce && row->tests.count > 0;
    enum verdict verdict = askable ? ask_all(&grading->facts, &row->tests) : VERDICT_UNKNOWN;
    grading->conditions[i] = (struct grade_condition){.row = row, .verdict = verdict};
}

/* Levels are numbered from the gravest, 1, downwards. */
static bool graver(enum level a, enum level b)
{
    return b == LEVEL_NONE || a < b;
}

static void propose(const struct grading *grading, struct grade *out)
{
    enum level level = LEVEL_NONE;
    for (uint32_t i = 0; i < grading->pack->conditions_count; i++) {
        const struct grade_condition *c = &grading->conditions[i];
        if (c->verdict == VERDICT_MET && graver(c->row->level, level))
            level = c->row->level;
    }
    out->level = pack_level(grading->pack, level);
    for (uint32_t i = 0; i < grading->pack->conditions_count; i++) {
        const struct grade_condition *c = &grading->conditions[i];
        if (c->verdict == VERDICT_MET && c->row->level == level)
            out->machine |= c->row->machine;
    }
}

static void miss(struct grading *grading, int fact_id)
{
    const char *path = fact_path((enum fact_id)fact_id);
    if (grading->facts.at[fact_id].known)
        return;
    for (size_t i = 0; i < grading->missing_count; i++)
        if (streq(grading->missing[i], path))
            return;
    grading->missing[grading->missing_count++] = path;
}

/* Facts that could still support or raise the proposal, and those a met condition should come with. */
static void gather_missing(struct grading *grading, const struct level_row *level)
{
    for (uint32_t i = 0; i < grading->pack->conditions_count; i++) {
        const struct grade_condition *c = &grading->conditions[i];
        bool matters = !level || c->row->level <= level->level;
        for (uint32_t t = 0;
             c->verdict == VERDICT_UNKNOWN && c->row->enforce && matters && t < c->row->tests.count; t++)
            miss(grading, c->row->tests.at[t].fact_id);
        for (uint32_t w = 0; c->verdict == VERDICT_MET && w < c->row->wants.count; w++)
            miss(grading, fact_parse(c->row->wants.at[w]));
    }
}

static bool gather_notes(struct grading *grading)
{
    for (uint32_t i = 0; i < grading->pack->notes_count; i++) {
        const struct note_row *row = &grading->pack->notes[i];
        if (ask_all(&grading->facts, &row->tests) != VERDICT_MET)
            continue;
        const char *note = arena_printf(grading->arena, "%s / %s", row->zh, row->en);
        if (!note)
            return false;
        grading->notes[grading->note_count++] = note;
    }
    return true;
}

static bool run(struct grading *grading, struct grade *out)
{
    const struct pack *pack = grading->pack;
    grading->conditions = arena_array(grading->arena, pack->conditions_count, sizeof *grading->conditions);
    grading->missing = arena_array(grading->arena, FACT_COUNT, sizeof *grading->missing);
    grading->notes = arena_array(grading->arena, pack->notes_count + pack->derived_count,
                                 sizeof *grading->notes);
    if (grading->arena->exhausted)
        return false;
    for (uint32_t i = 0; i < pack->derived_count; i++)
        if (!derive(grading, &pack->derived[i]))
            return false;
    for (uint32_t i = 0; i < pack->conditions_count; i++)
        judge(grading, i);
    propose(grading, out);
    gather_missing(grading, out->level);
    return gather_notes(grading);
}

enum errc grade_facts(const struct pack *pack, const struct facts *facts, struct arena *arena,
                      struct grade *out, struct err *err)
{
    struct grading grading = {.pack = pack, .facts = *facts, .arena = arena};
    struct grade grade = {.pack = pack};
    if (pack->levels_count == 0)
        return err_set(err, ERR_INVALID, "%s has no levels; name a pack that grades", pack->head->id);
    if (!run(&grading, &grade))
        return err_set(err, ERR_NOMEM, "out of memory");
    grade.facts = grading.facts;
    grade.conditions = grading.conditions;
    grade.condition_count = pack->conditions_count;
    grade.missing = grading.missing;
    grade.missing_count = grading.missing_count;
    grade.notes = grading.notes;
    grade.note_count = grading.note_count;
    *out = grade;
    return ERR_OK;
}

static const char *const VERDICTS[] = {"not_met", "unknown", "met"};

static json_t *texts_json(const char *const *texts, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        if (json_array_append_new(list, json_string(texts[i])) < 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *condition_json(const struct grade *grade, const struct grade_condition *condition)
{
    struct buf why;
    json_t *one = NULL;
    buf_init(&why, WHY_BYTES_MAX);
    tell(&why, &grade->facts, condition);
    if (!why.failed)
        one = json_pack("{s:s, s:s, s:s, s:b, s:s}", "id", condition->row->id, "clause",
                        condition->row->law->clause, "state", VERDICTS[condition->verdict], "machine",
                        (int)condition->row->machine, "why", why.data);
    buf_done(&why);
    return one;
}

static json_t *conditions_json(const struct grade *grade, enum grade_detail detail)
{
    json_t *list = json_array();
    for (size_t i = 0; i < grade->condition_count; i++) {
        const struct grade_condition *condition = &grade->conditions[i];
        if (detail == GRADE_MET && condition->verdict != VERDICT_MET)
            continue;
        if (json_array_append_new(list, condition_json(grade, condition)) < 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

json_t *grade_json(const struct grade *grade, enum grade_detail detail)
{
    const struct level_row *level = grade->level;
    const char *colour = level && level->colour != COLOUR_NONE ? colour_name(level->colour) : NULL;
    return json_pack("{s:s, s:s?, s:s?, s:s?, s:s, s:o, s:o, s:o}", "pack", grade->pack->head->id, "level",
                     level ? level_name(level->level) : NULL, "name", level ? level->name : NULL, "colour",
                     colour, "decidable", grade->machine ? "machine" : "human", "conditions",
                     conditions_json(grade, detail), "missing",
                     texts_json(grade->missing, grade->missing_count), "notes",
                     texts_json(grade->notes, grade->note_count));
}
