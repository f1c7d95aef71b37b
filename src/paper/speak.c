#include "paper/speak.h"

#include "base/civil.h"
#include "base/str.h"

#include <string.h>

enum { NAME_MAX = 80 };

/* --- fields of documents -------------------------------------------------------------------------- */

static const struct field_row *field_of_act(const struct paper_facts *facts, const char *kind,
                                            const char *name)
{
    const struct act_row *row = catalogue_act(facts->catalogue, kind, NULL);
    return row ? act_row_field(row, name) : NULL;
}

/* What a member of a matter's document is, the act that put it there says. */
static const struct field_row *field_of_type(const struct paper_facts *facts, const char *type,
                                             const char *list, const char *name)
{
    const struct subject_row *subject = catalogue_subject(facts->catalogue, type);
    for (uint32_t i = 0; subject && i < subject->acts_count; i++) {
        const struct act_row *row = &subject->acts[i];
        bool fits = list ? row->list && streq(row->list, list) : !row->list;
        const struct field_row *field = fits ? act_row_field(row, name) : NULL;
        if (field)
            return field;
    }
    return NULL;
}

static bool say_member(const struct paper_facts *facts, const struct field_row *field, const json_t *doc,
                       const char *name, struct buf *out)
{
    const json_t *value = json_object_get(doc, name);
    return field && value && words_value(facts, field, value, out);
}

/* --- columns of a matter -------------------------------------------------------------------------- */

static bool say_time(int64_t ms, struct buf *out)
{
    if (ms > 0)
        words_time(ms, out);
    return ms > 0;
}

static bool say_text(const char *text, struct buf *out)
{
    if (text)
        buf_adds(out, text);
    return text && *text;
}

static bool matter_state(const struct paper_facts *facts, const struct subject *matter, struct buf *out)
{
    const struct subject_row *type = catalogue_subject(facts->catalogue, matter->type);
    const struct state_row *state = type ? catalogue_state(type, matter->state) : NULL;
    return say_text(state ? state->zh : matter->state, out);
}

static bool matter_column(const struct paper_facts *facts, const struct subject *matter, const char *name,
                          struct buf *out, bool *out_known)
{
    *out_known = true;
    if (streq(name, "id"))
        return say_text(matter->id, out);
    if (streq(name, "title"))
        return say_text(matter->title, out);
    if (streq(name, "state"))
        return matter_state(facts, matter, out);
    if (streq(name, "level")) {
        words_level(matter->level, out);
        return matter->level != LEVEL_NONE;
    }
    if (streq(name, "colour")) {
        words_colour(matter->colour, out);
        return matter->colour != COLOUR_NONE;
    }
    if (streq(name, "owner")) {
        words_node(facts, matter->owner, out);
        return true;
    }
    if (streq(name, "opened"))
        return say_time(matter->opened_ms, out);
    if (streq(name, "updated"))
        return say_time(matter->updated_ms, out);
    *out_known = false;
    return false;
}

static bool say_matter(const struct paper_facts *facts, const struct subject *matter, const char *name,
                       struct buf *out)
{
    bool known = false;
    bool said = matter_column(facts, matter, name, out, &known);
    return known ? said
                 : say_member(facts, field_of_type(facts, matter->type, NULL, name), matter->doc, name, out);
}

/* --- the act itself ------------------------------------------------------------------------------- */

static bool say_addressees(const struct paper_facts *facts, struct buf *out)
{
    const struct act *act = facts->act;
    const struct paper_house *house = papers_house(facts->papers);
    if (act->to_count > (size_t)house->many_over)
        return say_text(house->many, out);
    for (size_t i = 0; i < act->to_count; i++) {
        buf_adds(out, i > 0 ? "、" : "");
        words_node(facts, act->to[i], out);
    }
    return act->to_count > 0;
}

static bool say_act(const struct paper_facts *facts, const char *name, struct buf *out)
{
    const struct act *act = facts->act;
    if (streq(name, "id"))
        return say_text(act->id, out);
    if (streq(name, "person"))
        return say_text(act->person, out);
    if (streq(name, "post"))
        return say_text(act->post, out);
    if (streq(name, "to"))
        return say_addressees(facts, out);
    if (streq(name, "node"))
        words_node(facts, act->node, out);
    else if (streq(name, "date"))
        words_date(act->recorded_ms, out);
    else if (streq(name, "time"))
        words_time(act->happened_ms, out);
    else if (streq(name, "year"))
        buf_addf(out, "%d", civil_date_at(act->recorded_ms, CIVIL_CHINA_MIN).year);
    else if (streq(name, "number"))
        buf_addf(out, "%lld", (long long)act->seq);
    else
        return false;
    return true;
}

static bool say_pack(const struct paper_facts *facts, const char *name, struct buf *out)
{
    const struct pack *pack = pack_set_main(facts->packs);
    if (!pack)
        return false;
    return say_text(streq(name, "title")    ? pack->head->title
                    : streq(name, "number") ? pack->head->number
                                            : "",
                    out);
}

/* --- names ---------------------------------------------------------------------------------------- */

static const char *after(const char *name, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(name, prefix, n) == 0 ? name + n : NULL;
}

static bool say_entry(const struct speech *speech, const char *name, struct buf *out)
{
    const struct paper_facts *facts = speech->facts;
    const char *list = after(speech->list, "matter.");
    if (streq(name, "entry"))
        return say_text(json_string_value(speech->entry), out);
    const struct field_row *field = list ? field_of_type(facts, facts->matter->type, list, name) : NULL;
    return say_member(facts, field, speech->entry, name, out);
}

bool speak_name(const struct speech *speech, const char *name, struct buf *out)
{
    const struct paper_facts *facts = speech->facts;
    const char *rest;
    if ((rest = after(name, "matter.")))
        return say_matter(facts, facts->matter, rest, out);
    if ((rest = after(name, "root.")))
        return say_matter(facts, facts->root, rest, out);
    if ((rest = after(name, "act.")))
        return say_act(facts, rest, out);
    if ((rest = after(name, "pack.")))
        return say_pack(facts, rest, out);
    if (streq(name, "clause"))
        return say_text(speech->row ? speech->row->clause : "", out);
    if (speech->entry)
        return say_entry(speech, name, out);
    return say_member(facts, field_of_act(facts, facts->act->kind, name), facts->act->body, name, out);
}

const json_t *speak_list(const struct speech *speech, const char *name)
{
    const char *rest = after(name, "matter.");
    const json_t *list = rest ? json_object_get(speech->facts->matter->doc, rest)
                              : json_object_get(speech->facts->act->body, name);
    return json_array_size(list) > 0 ? list : NULL;
}

/* --- texts ---------------------------------------------------------------------------------------- */

/* Said until `end` or the text's own; *at stands behind it then. False when a name has no value: what was
 * added is taken back by the caller. */
static bool run(const struct speech *speech, const char **at, char end, struct buf *out)
{
    bool whole = true;
    for (const char *p = *at; *p; *at = p) {
        size_t plain = strcspn(p, "{[]");
        buf_add(out, p, plain);
        p += plain;
        if (*p == '\0' || *p == end) {
            *at = *p ? p + 1 : p;
            return whole;
        }
        if (*p == '{') {
            char name[NAME_MAX];
            size_t n = strcspn(p, "}");
            (void)snprintf(name, sizeof name, "%.*s", (int)n - 1, p + 1);
            whole = speak_name(speech, name, out) && whole;
            p += n + (p[n] == '}');
        } else if (*p == '[') {
            size_t before = out->size_bytes;
            p++;
            if (!run(speech, &p, ']', out))
                buf_cut(out, before);
        } else {
            buf_add(out, p++, 1);
        }
    }
    return whole;
}

bool speak(const struct speech *speech, const char *text, struct buf *out)
{
    size_t before = out->size_bytes;
    bool whole = run(speech, &text, '\0', out);
    if (!whole)
        buf_cut(out, before);
    return whole && out->size_bytes > before;
}
