/* Registers and statistics: tables over many matters, as a workbook. */
#include "desk/query_internal.h"
#include "paper/register.h"
#include "store/duties.h"
#include "store/nodes.h"

enum { ROWS_MAX = 20000, BOOK_BYTES_MAX = 24 << 20, RULES_MAX = 512 };

static const char MEDIA[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

static enum errc tell_book(struct asked *asked, const struct xlsx_table *tables, size_t count,
                           const char *name)
{
    struct buf bytes;
    buf_init(&bytes, BOOK_BYTES_MAX);
    enum errc rc = xlsx_write(tables, count, &bytes, asked->err);
    if (rc == ERR_OK)
        rc = told_file(asked, &bytes, MEDIA, arena_printf(asked->arena, "%s.xlsx", name));
    buf_done(&bytes);
    return rc;
}

static enum errc read_names(struct asked *asked, struct directory *out)
{
    struct node_card *cards = NULL;
    size_t count = 0;
    enum errc rc = nodes_list(asked->reader->store, asked->arena, &cards, &count, asked->err);
    if (rc == ERR_OK)
        directory_init(out, cards, count);
    return rc;
}

static struct paper_facts facts_of(struct asked *asked, const struct directory *dir)
{
    const struct query_reader *reader = asked->reader;
    return (struct paper_facts){
        .papers = reader->papers, .catalogue = reader->catalogue, .packs = reader->packs, .dir = dir};
}

/* --- registers ------------------------------------------------------------------------------------ */

struct matter_list {
    struct subject *items;
    size_t count;
};

/* Page by page: all that fit the filter, or an error that says to ask for less. */
static enum errc read_all(struct asked *asked, struct subject_filter *filter, struct matter_list *out)
{
    filter->limit = SUBJECTS_LIMIT_MAX;
    filter->with_doc = true;
    out->items = arena_array(asked->arena, ROWS_MAX, sizeof *out->items);
    if (!out->items)
        return err_set(asked->err, ERR_NOMEM, "no memory for the register");
    do {
        struct subject_page page;
        enum errc rc = subjects_list(asked->reader->store, filter, asked->arena, &page, asked->err);
        if (rc < 0)
            return rc;
        if (out->count + page.count > ROWS_MAX)
            return err_set(asked->err, ERR_LIMIT, "more than %d matters: ask for a shorter time", ROWS_MAX);
        for (size_t i = 0; i < page.count; i++)
            out->items[out->count++] = page.items[i];
        filter->cursor = page.next;
    } while (filter->cursor);
    return ERR_OK;
}

static enum errc fill_of(struct asked *asked, const char *of, struct subject_filter *filter)
{
    struct query_ask ask = *asked->ask;
    struct asked below = *asked;
    ask.of = of;
    below.ask = &ask;
    return asked_matters(&below, filter);
}

enum errc query_register(struct asked *asked)
{
    const struct papers *papers = asked->reader->papers;
    const char *name = asked_id(asked, "register");
    const struct register_row *row = papers ? papers_register(papers, name) : NULL;
    struct subject_filter filter;
    struct matter_list list = {0};
    struct directory dir;
    struct xlsx_table table;
    if (!row)
        return err_field(asked->err, ERR_NOT_FOUND, "register", "there is no register '%.60s'", name);
    enum errc rc = fill_of(asked, row->of, &filter);
    if (rc == ERR_OK)
        rc = read_all(asked, &filter, &list);
    if (rc == ERR_OK)
        rc = read_names(asked, &dir);
    if (rc < 0)
        return rc;
    const struct paper_facts facts = facts_of(asked, &dir);
    rc = register_table(&facts, row, list.items, list.count, asked->arena, &table, asked->err);
    if (rc < 0)
        return rc;
    table.note = arena_printf(asked->arena, "%s（依据：《预案》第%s条；共%zu条）", row->zh, row->clause,
                              list.count);
    return tell_book(asked, &table, 1, row->name);
}

enum errc query_registers(struct asked *asked)
{
    const struct papers *papers = asked->reader->papers;
    const struct register_row *row;
    json_t *items = json_array();
    for (size_t i = 0; papers && (row = papers_register_at(papers, i)); i++)
        (void)json_array_append_new(items,
                                    json_pack("{s:s,s:s,s:s,s:s,s:s}", "register", row->name, "zh", row->zh,
                                              "en", row->en, "of", row->of, "clause", row->clause));
    return told_list(asked, items, NULL);
}

/* --- statistics ----------------------------------------------------------------------------------- */

/* Sheets that count matters. */
static const struct tally_row {
    const char *zh;
    const char *of;
    enum subject_group by;
    const char *key_zh;
    enum field_type key;
} TALLIES[] = {
    {"突发事件（按级别）", "incident", SUBJECTS_BY_LEVEL, "级别", FIELD_LEVEL},
    {"突发事件（按状态）", "incident", SUBJECTS_BY_STATE, "状态", FIELD_TEXT},
    {"突发事件（按地区）", "incident", SUBJECTS_BY_REGION, "地区", FIELD_REGION},
    {"突发事件（按报告单位）", "incident", SUBJECTS_BY_OWNER, "报告单位", FIELD_NODE},
    {"预警（按颜色）", "warning", SUBJECTS_BY_COLOUR, "颜色", FIELD_COLOUR},
    {"应急响应（按级别）", "response", SUBJECTS_BY_LEVEL, "级别", FIELD_LEVEL},
    {"指令（按状态）", "order", SUBJECTS_BY_STATE, "状态", FIELD_TEXT},
};
enum { TALLY_COUNT = sizeof TALLIES / sizeof TALLIES[0] };

/* A key in words: a state's name is the catalogue's. */
static const char *key_text(struct asked *asked, const struct paper_facts *facts, const struct tally_row *row,
                            const char *key)
{
    const struct subject_row *type = catalogue_subject(asked->reader->catalogue, row->of);
    const struct state_row *state = type && row->by == SUBJECTS_BY_STATE ? catalogue_state(type, key) : NULL;
    const struct field_row field = {.name = "", .type = row->key};
    struct buf said;
    json_t *value = json_string(key);
    buf_init(&said, 4096);
    bool spoke = words_value(facts, &field, value, &said);
    const char *text = state ? state->zh : spoke ? arena_strdup(asked->arena, said.data) : "（未定）";
    buf_done(&said);
    json_decref(value);
    return text;
}

static enum errc tally(struct asked *asked, const struct paper_facts *facts, const struct tally_row *row,
                       struct xlsx_table *out)
{
    struct subject_filter filter;
    struct subject_count *counts = NULL;
    size_t count = 0;
    enum errc rc = fill_of(asked, row->of, &filter);
    if (rc == ERR_OK)
        rc = subjects_tally(asked->reader->store, &filter, row->by, asked->arena, &counts, &count,
                            asked->err);
    if (rc < 0)
        return rc;
    struct xlsx_cell *cells = arena_array(asked->arena, 2 * count + 1, sizeof *cells);
    struct xlsx_column *columns = arena_array(asked->arena, 2, sizeof *columns);
    if (!cells || !columns)
        return err_set(asked->err, ERR_NOMEM, "no memory for the statistics");
    columns[0] = (struct xlsx_column){row->key_zh, 30};
    columns[1] = (struct xlsx_column){"件数", 12};
    for (size_t i = 0; i < count; i++) {
        cells[2 * i].text = key_text(asked, facts, row, counts[i].key);
        cells[2 * i + 1] = (struct xlsx_cell){.number = true, .value = (double)counts[i].count};
    }
    *out = (struct xlsx_table){row->zh, row->zh, columns, 2, cells, count};
    return ERR_OK;
}

struct rule_count {
    const char *rule;
    const char *clause;
    const char *pack;
    double standing[5]; /* all, on time, late, open, overdue */
};

/* Where a duty stands now, as a column of its rule. */
static int standing_of(const struct asked *asked, const struct duty *duty)
{
    bool done = duty->state == DUTY_PERFORMED || duty->state == DUTY_DISCHARGED;
    int64_t at = done ? duty->done_ms : asked->view.now_ms;
    bool late = duty->due_ms > 0 && at > duty->due_ms;
    return done ? (late ? 2 : 1) : (late ? 4 : 3);
}

static void count_duty(struct asked *asked, const struct duty *duty, struct rule_count *rules, size_t *count)
{
    size_t i = 0;
    if (duty->state == DUTY_CANCELLED)
        return;
    while (i < *count && !(streq(rules[i].rule, duty->rule) && streq(rules[i].pack, duty->pack)))
        i++;
    if (i == RULES_MAX)
        return;
    if (i == *count)
        rules[(*count)++] = (struct rule_count){
            .rule = duty->rule, .clause = duty->clause, .pack = duty->pack};
    rules[i].standing[0]++;
    rules[i].standing[standing_of(asked, duty)]++;
}

static enum errc count_duties(struct asked *asked, struct rule_count *rules, size_t *count)
{
    struct duty_filter filter = {.limit = DUTIES_LIMIT_MAX};
    int64_t from_ms = 0;
    int64_t until_ms = INT64_MAX;
    enum errc rc = asked_time(asked, "from", &from_ms);
    if (rc == ERR_OK)
        rc = asked_time(asked, "until", &until_ms);
    while (rc == ERR_OK) {
        struct duty_page page;
        rc = duties_list(asked->reader->store, &filter, asked->arena, &page, asked->err);
        for (size_t i = 0; rc == ERR_OK && i < page.count; i++)
            if (page.items[i].opened_ms >= from_ms && page.items[i].opened_ms < until_ms)
                count_duty(asked, &page.items[i], rules, count);
        if (rc < 0 || !page.next)
            break;
        filter.cursor = page.next;
    }
    return rc;
}

static enum errc duty_table(struct asked *asked, struct xlsx_table *out)
{
    static const struct xlsx_column COLUMNS[] = {{"规则", 16},      {"条款", 12},     {"义务总数", 12},
                                                 {"按期履行", 12},  {"逾期履行", 12}, {"未到期", 12},
                                                 {"逾期未履行", 12}};
    enum { WIDTH = sizeof COLUMNS / sizeof COLUMNS[0] };
    size_t count = 0;
    struct rule_count *rules = arena_array(asked->arena, RULES_MAX, sizeof *rules);
    struct xlsx_cell *cells = arena_array(asked->arena, (size_t)RULES_MAX * WIDTH, sizeof *cells);
    if (!rules || !cells)
        return err_set(asked->err, ERR_NOMEM, "no memory for the statistics");
    enum errc rc = count_duties(asked, rules, &count);
    for (size_t i = 0; i < count; i++) {
        cells[i * WIDTH].text = rules[i].rule;
        cells[i * WIDTH + 1].text = rules[i].clause;
        for (size_t j = 0; j < 5; j++)
            cells[i * WIDTH + 2 + j] = (struct xlsx_cell){.number = true, .value = rules[i].standing[j]};
    }
    *out = (struct xlsx_table){"义务履行", "义务履行情况（按规则）", COLUMNS, WIDTH, cells, count};
    return rc;
}

enum errc query_statistics(struct asked *asked)
{
    struct xlsx_table tables[TALLY_COUNT + 1];
    struct directory dir;
    if (!asked->reader->papers)
        return err_set(asked->err, ERR_UNSUPPORTED, "this node makes no documents");
    enum errc rc = read_names(asked, &dir);
    if (rc < 0)
        return rc;
    const struct paper_facts facts = facts_of(asked, &dir);
    for (size_t i = 0; rc == ERR_OK && i < TALLY_COUNT; i++)
        rc = tally(asked, &facts, &TALLIES[i], &tables[i]);
    if (rc == ERR_OK)
        rc = duty_table(asked, &tables[TALLY_COUNT]);
    return rc < 0 ? rc : tell_book(asked, tables, TALLY_COUNT + 1, "statistics");
}
