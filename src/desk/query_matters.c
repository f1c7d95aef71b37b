/* Matters: lists with every filter, one with its document, and what hangs on it. */
#include "desk/evidence.h"
#include "desk/query_internal.h"

static enum errc fill_words(struct asked *asked, struct subject_filter *filter)
{
    const char *level = asked_text(asked, "level");
    const char *colour = asked_text(asked, "colour");
    enum errc rc = asked_words(asked, "state", filter->states, &filter->state_count, SUBJECT_STATES_MAX);
    if (rc < 0)
        return rc;
    if (level && (filter->level = level_parse(level)) == LEVEL_NONE)
        return asked_wrong(asked, "level", "I, II, III or IV is expected");
    if (colour && (filter->colour = colour_parse(colour)) == COLOUR_NONE)
        return asked_wrong(asked, "colour", "red, orange, yellow or blue is expected");
    if (filter->type && !catalogue_subject(asked->reader->catalogue, filter->type))
        return asked_wrong(asked, "type", "there is no such type of matter");
    return ERR_OK;
}

static enum errc fill_order(struct asked *asked, struct subject_filter *filter)
{
    static const char *const SORTS[] = {"updated", "opened", NULL};
    static const char *const ORDERS[] = {"newest", "oldest", NULL};
    int sort = SUBJECTS_BY_UPDATED;
    int order = 0;
    enum errc rc = asked_word(asked, "sort", SORTS, &sort);
    if (rc == ERR_OK)
        rc = asked_word(asked, "order", ORDERS, &order);
    if (rc == ERR_OK)
        rc = asked_limit(asked, &filter->limit);
    filter->sort = (enum subject_sort)sort;
    filter->oldest_first = order == 1;
    filter->cursor = asked_text(asked, "cursor");
    return rc;
}

enum errc asked_matters(struct asked *asked, struct subject_filter *filter)
{
    *filter = (struct subject_filter){.type = asked->ask->of ? asked->ask->of : asked_text(asked, "type"),
                                      .region = asked_text(asked, "region"),
                                      .owner = asked_text(asked, "owner"),
                                      .root = asked_text(asked, "root"),
                                      .parent = asked_text(asked, "parent"),
                                      .text = asked_text(asked, "q")};
    enum errc rc = fill_words(asked, filter);
    if (rc == ERR_OK)
        rc = asked_time(asked, "from", &filter->opened_from_ms);
    if (rc == ERR_OK)
        rc = asked_time(asked, "until", &filter->opened_until_ms);
    if (rc == ERR_OK)
        rc = asked_time(asked, "updated_from", &filter->updated_from_ms);
    if (rc == ERR_OK)
        rc = asked_bool(asked, "doc", &filter->with_doc);
    return rc < 0 ? rc : fill_order(asked, filter);
}

static enum errc list(struct asked *asked, const struct subject_filter *filter)
{
    struct subject_page page;
    enum errc rc = subjects_list(asked->reader->store, filter, asked->arena, &page, asked->err);
    if (rc < 0) {
        if (rc == ERR_INVALID)
            err_field_prefix(asked->err, "query");
        return rc;
    }
    json_t *items = json_array();
    for (size_t i = 0; i < page.count; i++)
        (void)json_array_append_new(items, view_subject(&asked->view, &page.items[i]));
    return told_list(asked, items, page.next);
}

static enum errc matters(struct asked *asked)
{
    struct subject_filter filter;
    enum errc rc = asked_matters(asked, &filter);
    return rc < 0 ? rc : list(asked, &filter);
}

enum errc asked_matter(struct asked *asked, struct subject *out)
{
    const char *id = asked_id(asked, "id");
    const char *type = asked->ask->of;
    enum errc rc = subjects_load(asked->reader->store, id, asked->arena, out, asked->err);
    if (rc == ERR_NOT_FOUND || (rc == ERR_OK && type && !streq(out->type, type)))
        return err_field(asked->err, ERR_NOT_FOUND, "id", "there is no %s %.60s here", type ? type : "matter",
                         id);
    return rc;
}

static enum errc matter(struct asked *asked)
{
    struct subject subject;
    enum errc rc = asked_matter(asked, &subject);
    if (rc < 0)
        return rc;
    (void)snprintf(asked->out->version, sizeof asked->out->version, "r%lld", (long long)subject.rev);
    return told(asked, view_subject(&asked->view, &subject));
}

/* What hangs directly under it: responses, orders, releases, requests for support. */
static enum errc children(struct asked *asked)
{
    struct subject subject;
    struct subject_filter filter;
    enum errc rc = asked_matter(asked, &subject);
    if (rc == ERR_OK) {
        struct query_ask any = *asked->ask;
        struct asked below = *asked;
        any.of = NULL;
        below.ask = &any;
        rc = asked_matters(&below, &filter);
    }
    if (rc < 0)
        return rc;
    filter.parent = subject.id;
    return list(asked, &filter);
}

static enum errc evidence(struct asked *asked)
{
    struct subject subject;
    json_t *items = NULL;
    enum errc rc = asked_matter(asked, &subject);
    if (rc == ERR_OK)
        rc = evidence_of(&asked->view, asked->reader->store, subject.root, asked->arena, &items, asked->err);
    return rc < 0 ? rc : told_list(asked, items, NULL);
}

static enum errc tally(struct asked *asked)
{
    static const char *const GROUPS[] = {"type", "state", "level", "colour", "region", "owner", NULL};
    struct subject_filter filter;
    struct subject_count *counts = NULL;
    size_t count = 0;
    int group = SUBJECTS_BY_TYPE;
    enum errc rc = asked_matters(asked, &filter);
    if (rc == ERR_OK)
        rc = asked_word(asked, "by", GROUPS, &group);
    if (rc == ERR_OK)
        rc = subjects_tally(asked->reader->store, &filter, (enum subject_group)group, asked->arena, &counts,
                            &count, asked->err);
    if (rc < 0)
        return rc;
    json_t *items = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(items, json_pack("{s:o,s:I}", "key", text_json(counts[i].key), "count",
                                                     (json_int_t)counts[i].count));
    return told(asked, json_pack("{s:s,s:o}", "by", GROUPS[group], "items", items));
}

const struct query_row QUERIES_MATTERS[] = {
    {"matters", matters},          {"matter", matter},       {"matter_children", children},
    {"matter_evidence", evidence}, {"matters_tally", tally}, {NULL, NULL},
};
