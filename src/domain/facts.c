#include "domain/facts.h"

#include "base/str.h"

#include <string.h>

enum { LIST_MAX = 500, REASON_CHARS_MAX = 2000 };

static const char *const BOOLS[] = {"true", "false", NULL};
static const char *const CAUSES[] = {"attack", "intrusion", "malware", "other", NULL};
static const char *const KINDS[] = {"outage", "congestion", "breakdown", "abnormal", "leak",
                                    "loss",   "virus",      "other",     NULL};
static const char *const INFLUENCES[] = {"national", "province", NULL};
static const char *const LEVEL_WORDS[] = {"I", "II", "III", "IV", NULL};

/* Where a fact stands in the document, and what it may be. */
struct fact_info {
    const char *zh;
    const char *path;
    const char *group; /* "" = at the top */
    const char *name;
    enum fact_type type;
    const char *const *words;
    enum region_kind region; /* of lists of regions */
};

static const struct fact_info FACTS[FACT_COUNT] = {
    [FACT_HAPPENED] = {"已经发生", "happened", "", "happened", FACT_IS_BOOL, BOOLS, 0},
    [FACT_CAUSE] = {"起因", "cause", "", "cause", FACT_IS_WORD, CAUSES, 0},
    [FACT_KINDS] = {"后果", "kinds", "", "kinds", FACT_IS_WORDS, KINDS, 0},
    [FACT_LEAKED_USERS] = {"泄露用户数", "leaked_users", "", "leaked_users", FACT_IS_COUNT, NULL, 0},
    [FACT_LEAKED_RECORDS] = {"泄露记录数", "leaked_records", "", "leaked_records", FACT_IS_COUNT, NULL, 0},
    [FACT_NATIONWIDE] = {"全国范围", "scope.nationwide", "scope", "nationwide", FACT_IS_BOOL, BOOLS, 0},
    [FACT_PROVINCES] = {"涉及省份", "scope.provinces", "scope", "provinces", FACT_IS_REGIONS, NULL,
                        REGION_PROVINCE},
    [FACT_PREFECTURES] = {"涉及地市", "scope.prefectures", "scope", "prefectures", FACT_IS_REGIONS, NULL,
                          REGION_PREFECTURE},
    [FACT_MANY_USERS_OFFLINE] = {"大量用户无法正常上网", "judged.many_users_offline", "judged",
                                 "many_users_offline", FACT_IS_BOOL, BOOLS, 0},
    [FACT_CN_TLD_DEGRADED] = {".CN 国家顶级域名系统解析效率大幅下降", "judged.cn_tld_degraded", "judged",
                              "cn_tld_degraded", FACT_IS_BOOL, BOOLS, 0},
    [FACT_LARGE_RESOLVER_ABNORMAL] = {"大型域名解析系统访问异常", "judged.large_resolver_abnormal", "judged",
                                      "large_resolver_abnormal", FACT_IS_BOOL, BOOLS, 0},
    [FACT_SITE_ABNORMAL] = {"重点网站严重异常", "judged.site_abnormal", "judged", "site_abnormal",
                            FACT_IS_BOOL, BOOLS, 0},
    [FACT_SITE_INFLUENCE] = {"网站影响力", "judged.site_influence", "judged", "site_influence", FACT_IS_WORD,
                             INFLUENCES, 0},
    [FACT_VIRUS_OUTBREAK] = {"大面积病毒爆发", "judged.virus_outbreak", "judged", "virus_outbreak",
                             FACT_IS_BOOL, BOOLS, 0},
    [FACT_OTHER_LEVEL] = {"其他情形的级别", "judged.other_level", "judged", "other_level", FACT_IS_WORD,
                          LEVEL_WORDS, 0},
    [FACT_OTHER_REASON] = {"其他情形的理由", "judged.other_reason", "judged", "other_reason", FACT_IS_TEXT,
                           NULL, 0},
};

static const char *const GROUPS[] = {"scope", "judged"};

static const char *const OPS[FACT_OP_COUNT] = {"is",  "min",   "max",   "known",  "unknown",
                                               "has", "lacks", "above", "outside"};

const char *fact_path(enum fact_id id)
{
    return FACTS[id].path;
}

const char *fact_zh(enum fact_id id)
{
    return FACTS[id].zh;
}

int fact_parse(const char *path)
{
    for (int i = 0; i < FACT_COUNT; i++)
        if (streq(FACTS[i].path, path))
            return i;
    return -1;
}

enum fact_type fact_type(enum fact_id id)
{
    return FACTS[id].type;
}

const char *fact_op_name(enum fact_op op)
{
    return OPS[op];
}

static bool in_words(const char *const *words, const char *word)
{
    for (; words && *words; words++)
        if (streq(*words, word))
            return true;
    return false;
}

bool fact_word_known(enum fact_id id, const char *word)
{
    return in_words(FACTS[id].words, word);
}

/* Where things are read from and into. */
struct reading {
    const struct region_table *regions;
    struct arena *arena;
    struct facts *facts;
};

/* "one of attack, intrusion …" */
static enum errc refuse_word(const char *const *words, const char *field, const char *word, struct err *err)
{
    char all[200] = "";
    size_t used = 0;
    for (; *words && used < sizeof all - 40; words++)
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", used ? ", " : "", *words);
    return err_field(err, ERR_INVALID, field, "'%.60s' is not known here; one of %s", word, all);
}

static enum errc refuse_region(const struct fact_info *info, const struct region_row *row, const char *field,
                               const char *code, struct err *err)
{
    const char *kind = info->region == REGION_PROVINCE ? "province, such as 330000"
                                                       : "prefecture, such as 330100";
    if (!row)
        return err_field(err, ERR_INVALID, field, "there is no region '%.20s' in GB/T 2260", code);
    return err_field(err, ERR_INVALID, field, "%s %s is not the code of a %s", code, row->name, kind);
}

static enum errc check_item(const struct reading *reading, const struct fact_info *info, const char *field,
                            const json_t *item, struct err *err)
{
    if (!json_is_string(item))
        return err_field(err, ERR_INVALID, field, "a text is expected");
    const char *text = json_string_value(item);
    if (info->type == FACT_IS_WORDS)
        return in_words(info->words, text) ? ERR_OK : refuse_word(info->words, field, text, err);
    const struct region_row *row = region_find(reading->regions, text);
    return row && row->kind == info->region ? ERR_OK : refuse_region(info, row, field, text, err);
}

static enum errc read_list(struct reading *reading, const struct fact_info *info, json_t *group,
                           struct fact *out, struct err *err)
{
    json_t *list = NULL;
    enum errc rc = doc_array(group, info->name, DOC_OPTIONAL, LIST_MAX, &list, err);
    if (rc < 0 || !list)
        return rc;
    size_t count = json_array_size(list);
    struct fact fact = {.known = true, .items = arena_array(reading->arena, count + 1, sizeof *fact.items)};
    if (!fact.items)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (size_t i = 0; i < count; i++) {
        char field[48];
        (void)snprintf(field, sizeof field, "%s[%zu]", info->name, i);
        const json_t *item = json_array_get(list, i);
        rc = check_item(reading, info, field, item, err);
        if (rc < 0)
            return rc;
        /* The law counts provinces, not mentions of them. */
        const char *text = json_string_value(item);
        size_t k = 0;
        while (k < fact.item_count && !streq(fact.items[k], text))
            k++;
        if (k == fact.item_count)
            fact.items[fact.item_count++] = text;
    }
    fact.number = (int64_t)fact.item_count;
    *out = fact;
    return ERR_OK;
}

static enum errc read_word(const struct fact_info *info, json_t *group, struct fact *out, struct err *err)
{
    const char *text = NULL;
    size_t chars_max = info->type == FACT_IS_TEXT ? REASON_CHARS_MAX : 60;
    enum errc rc = doc_text(group, info->name, DOC_OPTIONAL, chars_max, &text, err);
    if (rc < 0 || !text)
        return rc;
    if (info->words && !in_words(info->words, text))
        return refuse_word(info->words, info->name, text, err);
    /* An empty reason is no reason. */
    *out = (struct fact){.known = text[0] != '\0', .text = text};
    return ERR_OK;
}

static enum errc read_bool(const struct fact_info *info, json_t *group, struct fact *out, struct err *err)
{
    bool yes = false;
    enum errc rc = doc_bool(group, info->name, DOC_OPTIONAL, &yes, err);
    if (rc < 0 || !json_is_boolean(json_object_get(group, info->name)))
        return rc;
    *out = (struct fact){.known = true, .number = yes, .text = yes ? "true" : "false"};
    return ERR_OK;
}

static enum errc read_count(const struct fact_info *info, json_t *group, struct fact *out, struct err *err)
{
    int64_t number = -1;
    enum errc rc = doc_int(group, info->name, DOC_OPTIONAL, 0, INT64_MAX, &number, err);
    if (rc < 0 || number < 0)
        return rc;
    *out = (struct fact){.known = true, .number = number};
    return ERR_OK;
}

static enum errc read_fact(struct reading *reading, enum fact_id id, json_t *group, struct err *err)
{
    const struct fact_info *info = &FACTS[id];
    struct fact *out = &reading->facts->at[id];
    switch (info->type) {
    case FACT_IS_BOOL: return read_bool(info, group, out, err);
    case FACT_IS_COUNT: return read_count(info, group, out, err);
    case FACT_IS_WORD:
    case FACT_IS_TEXT: return read_word(info, group, out, err);
    case FACT_IS_WORDS:
    case FACT_IS_REGIONS: break;
    }
    return read_list(reading, info, group, out, err);
}

/* The facts of one group, and nothing else but the groups themselves at the top. */
static enum errc read_group(struct reading *reading, const char *group_name, json_t *group, struct err *err)
{
    const char *names[FACT_COUNT + sizeof GROUPS / sizeof GROUPS[0]];
    size_t count = 0;
    bool top = group_name[0] == '\0';
    for (int i = 0; i < FACT_COUNT; i++)
        if (streq(FACTS[i].group, group_name))
            names[count++] = FACTS[i].name;
    for (size_t i = 0; top && i < sizeof GROUPS / sizeof GROUPS[0]; i++)
        names[count++] = GROUPS[i];
    enum errc rc = doc_only(group, names, count, err);
    for (int i = 0; i < FACT_COUNT && rc == ERR_OK; i++)
        if (streq(FACTS[i].group, group_name))
            rc = read_fact(reading, (enum fact_id)i, group, err);
    if (rc < 0 && !top)
        err_field_prefix(err, group_name);
    return rc;
}

enum errc facts_read(json_t *doc, const struct region_table *regions, struct arena *arena, struct facts *out,
                     struct err *err)
{
    struct facts facts = {0};
    struct reading reading = {.regions = regions, .arena = arena, .facts = &facts};
    if (!json_is_object(doc))
        return err_set(err, ERR_INVALID, "the facts are a JSON object");
    enum errc rc = read_group(&reading, "", doc, err);
    for (size_t i = 0; i < sizeof GROUPS / sizeof GROUPS[0] && rc == ERR_OK; i++) {
        json_t *group = NULL;
        rc = doc_object(doc, GROUPS[i], DOC_OPTIONAL, &group, err);
        if (rc == ERR_OK && group)
            rc = read_group(&reading, GROUPS[i], group, err);
    }
    if (rc == ERR_OK)
        *out = facts;
    return rc;
}

/* Is some region of the fact in none of the other's? */
static bool outside(const struct fact *fact, const struct fact *other)
{
    for (size_t i = 0; i < fact->item_count; i++) {
        size_t k = 0;
        while (k < other->item_count && !region_covers(other->items[k], fact->items[i]))
            k++;
        if (k == other->item_count)
            return true;
    }
    return false;
}

static bool has(const struct fact *fact, const char *word)
{
    for (size_t i = 0; i < fact->item_count; i++)
        if (streq(fact->items[i], word))
            return true;
    return false;
}

static bool holds(const struct facts *facts, const struct fact_test *test)
{
    const struct fact *fact = &facts->at[test->fact_id];
    const struct fact *other = &facts->at[test->other_id];
    switch ((enum fact_op)test->op) {
    case FACT_OP_IS: return streq(fact->text, test->value);
    case FACT_OP_MIN: return fact->number >= test->number;
    case FACT_OP_MAX: return fact->number <= test->number;
    case FACT_OP_HAS: return has(fact, test->value);
    case FACT_OP_LACKS: return !has(fact, test->value);
    case FACT_OP_ABOVE: return fact->number > other->number;
    case FACT_OP_OUTSIDE: return outside(fact, other);
    case FACT_OP_KNOWN: return fact->known;
    case FACT_OP_UNKNOWN: return !fact->known;
    case FACT_OP_COUNT: break;
    }
    return false;
}

enum verdict facts_ask(const struct facts *facts, const struct fact_test *test)
{
    bool asks_knowledge = test->op == FACT_OP_KNOWN || test->op == FACT_OP_UNKNOWN;
    bool compares = test->op == FACT_OP_ABOVE || test->op == FACT_OP_OUTSIDE;
    bool known = facts->at[test->fact_id].known && (!compares || facts->at[test->other_id].known);
    if (!known && !asks_knowledge)
        return VERDICT_UNKNOWN;
    return holds(facts, test) ? VERDICT_MET : VERDICT_NOT_MET;
}
