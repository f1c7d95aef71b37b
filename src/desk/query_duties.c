/* What clauses make nodes owe: the to-do list, and the evidence of what was late. */
#include "desk/query_internal.h"
#include "store/duties.h"

/* standing=overdue: open, and past its due time now. */
static enum errc fill(struct asked *asked, struct duty_filter *filter)
{
    static const char *const STANDINGS[] = {"open", "overdue", NULL};
    int standing = -1;
    *filter = (struct duty_filter){.owner = asked_text(asked, "owner"),
                                   .receiver = asked_text(asked, "receiver"),
                                   .subject = asked_text(asked, "subject"),
                                   .root = asked_text(asked, "root"),
                                   .rule = asked_text(asked, "rule"),
                                   .cursor = asked_text(asked, "cursor")};
    enum errc rc = asked_flags(asked, "state", duty_state_parse, filter->states);
    if (rc == ERR_OK)
        rc = asked_time(asked, "due_before", &filter->due_before_ms);
    if (rc == ERR_OK)
        rc = asked_word(asked, "standing", STANDINGS, &standing);
    if (rc == ERR_OK && standing >= 0)
        filter->states[DUTY_OPEN] = true;
    if (rc == ERR_OK && standing == 1)
        filter->due_before_ms = asked->view.now_ms;
    return rc < 0 ? rc : asked_limit(asked, &filter->limit);
}

static enum errc list(struct asked *asked, const struct duty_filter *filter)
{
    struct duty_page page;
    enum errc rc = duties_list(asked->reader->store, filter, asked->arena, &page, asked->err);
    if (rc < 0) {
        if (rc == ERR_INVALID)
            err_field_prefix(asked->err, "query");
        return rc;
    }
    json_t *items = json_array();
    for (size_t i = 0; i < page.count; i++)
        (void)json_array_append_new(items, view_duty(&asked->view, &page.items[i]));
    return told_list(asked, items, page.next);
}

static enum errc duties(struct asked *asked)
{
    struct duty_filter filter;
    enum errc rc = fill(asked, &filter);
    return rc < 0 ? rc : list(asked, &filter);
}

/* Of a matter and of everything under its root. */
static enum errc matter_duties(struct asked *asked)
{
    struct duty_filter filter;
    bool whole = false;
    struct subject subject;
    enum errc rc = fill(asked, &filter);
    if (rc == ERR_OK)
        rc = asked_bool(asked, "whole", &whole);
    if (rc == ERR_OK)
        rc = asked_matter(asked, &subject);
    if (rc < 0)
        return rc;
    if (whole)
        filter.root = asked_id(asked, "id");
    else
        filter.subject = asked_id(asked, "id");
    return list(asked, &filter);
}

static enum errc duty(struct asked *asked)
{
    struct duty found;
    enum errc rc = duties_load(asked->reader->store, asked_id(asked, "id"), asked->arena, &found, asked->err);
    if (rc == ERR_NOT_FOUND)
        return err_field(asked->err, ERR_NOT_FOUND, "id", "there is no such duty here");
    return rc < 0 ? rc : told(asked, view_duty(&asked->view, &found));
}

const struct query_row QUERIES_DUTIES[] = {
    {"duties", duties},
    {"matter_duties", matter_duties},
    {"duty", duty},
    {NULL, NULL},
};
