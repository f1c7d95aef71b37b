#include "paper/words.h"

#include "base/civil.h"
#include "base/str.h"
#include "domain/region.h"

#include <string.h>

static const char *const DIGITS[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
static const char *const LEVELS[] = {"", "Ⅰ级", "Ⅱ级", "Ⅲ级", "Ⅳ级"};
static const char *const COLOURS[] = {"", "红色", "橙色", "黄色", "蓝色"};

void words_number(size_t number, struct buf *out)
{
    if (number >= 20)
        buf_adds(out, DIGITS[number / 10 % 10]);
    if (number >= 10)
        buf_adds(out, "十");
    buf_adds(out, DIGITS[number % 10]);
}

void words_date(int64_t ms, struct buf *out)
{
    struct civil_date date = civil_date_at(ms, CIVIL_CHINA_MIN);
    buf_addf(out, "%d年%d月%d日", date.year, date.month, date.day);
}

void words_time(int64_t ms, struct buf *out)
{
    struct civil_date date = civil_date_at(ms, CIVIL_CHINA_MIN);
    long long minute = (ms - civil_day_start_ms(date, CIVIL_CHINA_MIN)) / 60000;
    words_date(ms, out);
    buf_addf(out, "%lld时", minute / 60);
    if (minute % 60 > 0)
        buf_addf(out, "%lld分", minute % 60);
}

void words_level(enum level level, struct buf *out)
{
    buf_adds(out, LEVELS[level]);
}

void words_colour(enum colour colour, struct buf *out)
{
    buf_adds(out, COLOURS[colour]);
}

void words_node(const struct paper_facts *facts, const char *id, struct buf *out)
{
    const struct node_card *card = directory_find(facts->dir, id);
    const char *outside = card ? NULL : pack_outside_name(id);
    buf_adds(out, card ? card->name : outside ? outside : id);
}

void words_region(const struct paper_facts *facts, const char *code, struct buf *out)
{
    const struct region_row *row = region_find(pack_set_regions(facts->packs), code);
    buf_adds(out, row ? row->name : code);
}

/* --- codes ---------------------------------------------------------------------------------------- */

static const char *in_packs(const struct paper_facts *facts, const char *list, const char *code)
{
    for (size_t i = 0; i < pack_set_count(facts->packs); i++) {
        const struct enum_row *row = pack_enum(pack_set_at(facts->packs, i), list);
        for (uint32_t j = 0; row && j < row->values_count; j++)
            if (streq(row->values[j].id, code))
                return row->values[j].zh;
    }
    return NULL;
}

static const char *in_row(const struct paper_facts *facts, const struct word_row *row, const char *code)
{
    if (row->list)
        return in_packs(facts, row->list, code);
    for (uint32_t i = 0; i < row->values_count; i++)
        if (streq(row->values[i].id, code))
            return row->values[i].zh;
    return NULL;
}

const char *words_code(const struct paper_facts *facts, const char *field, const char *code)
{
    const struct word_row *row;
    for (size_t i = 0; (row = papers_word_at(facts->papers, i)); i++) {
        const char *word = streq(row->field, field) ? in_row(facts, row, code) : NULL;
        if (word)
            return word;
    }
    return code;
}

/* --- values by the type of their field ------------------------------------------------------------ */

typedef void (*say_fn)(const struct paper_facts *facts, const struct field_row *field, const json_t *value,
                       struct buf *out);

static void say_text(const struct paper_facts *facts, const struct field_row *field, const json_t *value,
                     struct buf *out)
{
    (void)facts;
    (void)field;
    buf_add(out, json_string_value(value), json_string_length(value));
}

static void say_time(const struct paper_facts *facts, const struct field_row *field, const json_t *value,
                     struct buf *out)
{
    int64_t ms = 0;
    if (civil_parse_time(json_string_value(value), &ms, NULL) == ERR_OK)
        words_time(ms, out);
    else
        say_text(facts, field, value, out);
}

static void say_date(const struct paper_facts *facts, const struct field_row *field, const json_t *value,
                     struct buf *out)
{
    struct civil_date date;
    if (civil_parse_date(json_string_value(value), &date, NULL) == ERR_OK)
        buf_addf(out, "%d年%d月%d日", date.year, date.month, date.day);
    else
        say_text(facts, field, value, out);
}

static void say_region(const struct paper_facts *facts, const struct field_row *field, const json_t *value,
                       struct buf *out)
{
    (void)field;
    words_region(facts, json_string_value(value), out);
}

static void say_level(const struct paper_facts *facts, const struct field_row *field, const json_t *value,
                      struct buf *out)
{
    (void)facts;
    (void)field;
    words_level(level_parse(json_string_value(value)), out);
}

static void say_colour(const struct paper_facts *facts, const struct field_row *field, const json_t *value,
                       struct buf *out)
{
    (void)facts;
    (void)field;
    words_colour(colour_parse(json_string_value(value)), out);
}

static void say_code(const struct paper_facts *facts, const struct field_row *field, const json_t *value,
                     struct buf *out)
{
    buf_adds(out, words_code(facts, field->name, json_string_value(value)));
}

static void say_node(const struct paper_facts *facts, const struct field_row *field, const json_t *value,
                     struct buf *out)
{
    (void)field;
    words_node(facts, json_string_value(value), out);
}

/* How each type of text is said, and what stands between the entries of a list of them. */
static const struct {
    say_fn say;
    const char *between;
} SAYS[] = {
    [FIELD_TEXT] = {say_text, NULL},      [FIELD_TIME] = {say_time, NULL},
    [FIELD_DATE] = {say_date, NULL},      [FIELD_REGION] = {say_region, NULL},
    [FIELD_REGIONS] = {say_region, "、"}, [FIELD_LEVEL] = {say_level, NULL},
    [FIELD_COLOUR] = {say_colour, NULL},  [FIELD_ENUM] = {say_code, NULL},
    [FIELD_ENUMS] = {say_code, "、"},     [FIELD_NODE] = {say_node, NULL},
    [FIELD_NODES] = {say_node, "、"},     [FIELD_SUBJECT] = {say_text, NULL},
    [FIELD_HASH] = {say_text, NULL},      [FIELD_TEXTS] = {say_text, "；"},
    [FIELD_OBJECT] = {NULL, NULL},
};

static bool say_list(const struct paper_facts *facts, const struct field_row *field, const json_t *value,
                     struct buf *out)
{
    size_t i;
    json_t *entry;
    json_array_foreach(value, i, entry)
    {
        if (i > 0)
            buf_adds(out, SAYS[field->type].between ? SAYS[field->type].between : "、");
        if (json_is_string(entry))
            SAYS[field->type].say(facts, field, entry, out);
    }
    return json_array_size(value) > 0;
}

static bool say_figures(const json_t *value, struct buf *out)
{
    const char *name;
    json_t *figure;
    size_t count = 0;
    json_object_foreach((json_t *)(uintptr_t)value, name, figure)
    {
        buf_addf(out, "%s%s：%lld", count++ > 0 ? "；" : "", name, (long long)json_integer_value(figure));
    }
    if (count > 0)
        buf_adds(out, "。");
    return count > 0;
}

bool words_value(const struct paper_facts *facts, const struct field_row *field, const json_t *value,
                 struct buf *out)
{
    say_fn say = SAYS[field->type].say;
    if (json_is_boolean(value))
        buf_adds(out, json_is_true(value) ? "是" : "否");
    else if (json_is_integer(value))
        buf_addf(out, "%lld", (long long)json_integer_value(value));
    else if (field->type == FIELD_FIGURES && json_is_object(value))
        return say_figures(value, out);
    else if (say && json_is_array(value))
        return say_list(facts, field, value, out);
    else if (say && json_is_string(value) && json_string_length(value) > 0)
        say(facts, field, value, out);
    else
        return false;
    return true;
}
