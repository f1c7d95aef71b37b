#include "paper/compose.h"

#include "base/str.h"
#include "paper/speak.h"

#include <string.h>

struct composer {
    struct speech speech;
    struct arena *arena;
    struct buf buf;
    struct paper *paper;
    const char *heading; /* waits for the first thing said under it */
    const char *sub;
    size_t headings;
    size_t subs;
};

/* --- texts ---------------------------------------------------------------------------------------- */

static const char *keep(struct composer *composer)
{
    const char *text = arena_strndup(composer->arena, composer->buf.data, composer->buf.size_bytes);
    buf_reset(&composer->buf);
    return text;
}

/* NULL when it says nothing. */
static const char *say(struct composer *composer, const char *text)
{
    buf_reset(&composer->buf);
    return text && speak(&composer->speech, text, &composer->buf) ? keep(composer) : NULL;
}

static const char *say_part(struct composer *composer, const struct paper_part *part)
{
    buf_reset(&composer->buf);
    bool said = part->text    ? speak(&composer->speech, part->text, &composer->buf)
                : part->field ? speak_name(&composer->speech, part->field, &composer->buf)
                              : false;
    return said ? keep(composer) : NULL;
}

/* --- the body ------------------------------------------------------------------------------------- */

static void add_line(struct composer *composer, enum paper_line_kind kind, const char *text)
{
    struct paper *paper = composer->paper;
    if (text && *text && paper->line_count < PAPER_LINES_MAX)
        paper->lines[paper->line_count++] = (struct paper_line){kind, text};
}

static void add_headings(struct composer *composer)
{
    if (composer->heading) {
        buf_reset(&composer->buf);
        words_number(++composer->headings, &composer->buf);
        buf_addf(&composer->buf, "、%s", composer->heading);
        composer->subs = 0;
        add_line(composer, PAPER_HEADING, keep(composer));
    }
    if (composer->sub) {
        buf_reset(&composer->buf);
        buf_adds(&composer->buf, "（");
        words_number(++composer->subs, &composer->buf);
        buf_addf(&composer->buf, "）%s", composer->sub);
        add_line(composer, PAPER_SUBHEADING, keep(composer));
    }
    composer->heading = composer->sub = NULL;
}

/* A line of what was written is a paragraph of its own; blanks around it are not the paper's. */
static void add_paragraphs(struct composer *composer, const char *text)
{
    if (!text)
        return;
    add_headings(composer);
    while (*text) {
        size_t n = strcspn(text, "\r\n");
        size_t lead = strspn(text, " \t");
        if (n > lead)
            add_line(composer, PAPER_TEXT, arena_strndup(composer->arena, text + lead, n - lead));
        text += n + strspn(text + n, "\r\n");
    }
}

static void add_part(struct composer *composer, const struct paper_part *part)
{
    size_t i;
    json_t *entry;
    if (part->heading) {
        composer->heading = part->heading;
        composer->sub = NULL;
    }
    if (part->sub)
        composer->sub = part->sub;
    if (!part->each) {
        add_paragraphs(composer, say_part(composer, part));
        return;
    }
    composer->speech.list = part->each;
    json_array_foreach(speak_list(&composer->speech, part->each), i, entry)
    {
        composer->speech.entry = entry;
        const char *text = say_part(composer, part);
        add_paragraphs(composer, text ? arena_printf(composer->arena, "%zu．%s", i + 1, text) : NULL);
    }
    composer->speech.entry = NULL;
}

static void add_body(struct composer *composer)
{
    const struct paper_row *row = composer->speech.row;
    for (uint32_t i = 0; i < row->parts_count; i++) {
        add_part(composer, &row->parts[i]);
        /* A heading without anything under it waits only for its own subheadings. */
        bool goes_on = i + 1 < row->parts_count && row->parts[i + 1].sub && !row->parts[i + 1].heading;
        if (!goes_on)
            composer->heading = composer->sub = NULL;
    }
}

/* --- what stands around it ------------------------------------------------------------------------ */

static void add_attachments(struct composer *composer)
{
    const struct paper_part *part = composer->speech.row->attachments;
    struct paper *paper = composer->paper;
    size_t i;
    json_t *entry;
    if (!part || !part->each)
        return;
    const json_t *list = speak_list(&composer->speech, part->each);
    paper->attachments = arena_array(composer->arena, json_array_size(list) + 1, sizeof *paper->attachments);
    composer->speech.list = part->each;
    json_array_foreach(list, i, entry)
    {
        composer->speech.entry = entry;
        const char *text = paper->attachments ? say_part(composer, part) : NULL;
        if (text)
            paper->attachments[paper->attachment_count++] = text;
    }
    composer->speech.entry = NULL;
}

static bool has_prefix(const char *id, const char *prefix)
{
    return id && strncmp(id, prefix, strlen(prefix)) == 0;
}

static bool is_demo(const struct paper_facts *facts, const char *node)
{
    const struct paper_house *house = papers_house(facts->papers);
    const struct node_card *card = node ? directory_find(facts->dir, node) : NULL;
    return has_prefix(node, house->demo_prefix) || (card && has_prefix(card->name, house->demo_name));
}

const char *compose_label(const struct paper_facts *facts)
{
    const struct paper_house *house = papers_house(facts->papers);
    const struct act *act = facts->act;
    bool demo = is_demo(facts, act->node) || is_demo(facts, facts->matter->owner) ||
                is_demo(facts, facts->root->owner);
    for (size_t i = 0; !demo && i < act->to_count; i++)
        demo = is_demo(facts, act->to[i]);
    if (demo)
        return house->demo_label;
    return act->universe && *act->universe && !streq(act->universe, "real") ? house->drill_label : NULL;
}

static void add_frame(struct composer *composer)
{
    const struct paper_row *row = composer->speech.row;
    const struct act *act = composer->speech.facts->act;
    struct paper *paper = composer->paper;
    bool addressees = streq(row->to, "addressees");
    paper->label = compose_label(composer->speech.facts);
    paper->head = say(composer, row->head);
    /* The number is the act's own on its node's ledger: paper and record lead to each other. */
    paper->number = arena_printf(composer->arena, "%s〔%s〕%lld号", act->node, say(composer, "{act.year}"),
                                 (long long)act->seq);
    paper->signer = row->upward ? act->person : NULL;
    paper->title = say(composer, row->title);
    paper->to = say(composer, addressees ? "{act.to}" : row->to);
    paper->organisation = say(composer, "{act.node}");
    paper->date = paper->printed_on = say(composer, "{act.date}");
    paper->note = say(composer, row->note);
    paper->copies = say(composer, row->copies);
    paper->trace = arena_printf(composer->arena, "行为 %s", act->id);
    paper->subject = row->zh;
    paper->date_ms = act->recorded_ms;
}

static bool speaks_of(const struct paper_row *row, const char *kind)
{
    for (uint32_t i = 0; i < row->acts.count; i++)
        if (streq(row->acts.at[i], kind))
            return true;
    return false;
}

enum errc compose(const struct paper_facts *facts, const struct paper_row *row, struct arena *arena,
                  struct paper *out, struct err *err)
{
    struct paper paper = {.lines = arena_array(arena, PAPER_LINES_MAX, sizeof *paper.lines)};
    struct composer composer = {.speech = {.facts = facts, .row = row}, .arena = arena, .paper = &paper};
    if (!speaks_of(row, facts->act->kind))
        return err_field(err, ERR_INVALID, "act", "the document %s is not about an act '%s'", row->document,
                         facts->act->kind);
    buf_init(&composer.buf, PAPER_TEXT_BYTES);
    if (paper.lines) {
        add_frame(&composer);
        add_body(&composer);
        add_attachments(&composer);
    }
    enum errc rc = buf_check(&composer.buf, err);
    buf_done(&composer.buf);
    if (rc < 0)
        return rc;
    if (arena->exhausted)
        return err_set(err, ERR_NOMEM, "no memory for the document");
    if (!paper.title || !paper.head)
        return err_set(err, ERR_INVALID, "the act does not say what the title of '%s' needs", row->document);
    *out = paper;
    return ERR_OK;
}
