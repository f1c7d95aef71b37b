#include "desk/story.h"

#include "base/str.h"
#include "desk/route.h"
#include "store/acts.h"

static bool knows(const struct subject *subject, const char *node)
{
    size_t i;
    json_t *party;
    json_array_foreach(json_object_get(subject->doc, "parties"), i, party)
    {
        if (streq(json_string_value(party), node))
            return true;
    }
    return false;
}

static enum errc add_level(const struct subject *subject, const struct node_list *to, struct arena *arena,
                           struct story *out, struct err *err)
{
    for (size_t i = 0; i < out->count; i++)
        if (streq(out->subjects[i], subject->id))
            return ERR_OK;
    out->subjects[out->count] = subject->id;
    struct node_list *newcomers = &out->newcomers[out->count++];
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc >= 0 && i < to->count; i++)
        if (!knows(subject, to->ids[i]))
            rc = node_list_add(newcomers, to->ids[i], arena, err);
    return rc;
}

enum errc story_newcomers(const struct loaded *loaded, const struct node_list *to, struct arena *arena,
                          struct story *out, struct err *err)
{
    const struct subject *levels[STORY_LEVELS] = {loaded->matter.root, loaded->matter.parent,
                                                  loaded->matter.subject};
    enum errc rc = ERR_OK;
    *out = (struct story){0};
    for (size_t i = 0; rc >= 0 && i < STORY_LEVELS; i++)
        if (levels[i])
            rc = add_level(levels[i], to, arena, out, err);
    return rc;
}

static enum errc tell_page(struct desk *desk, const struct act_page *page, const struct node_list *newcomers,
                           int64_t before_pos, struct arena *arena, struct err *err)
{
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc >= 0 && i < page->count; i++)
        if (page->items[i].pos < before_pos)
            rc = route_act(desk, &page->items[i].act, newcomers->ids, newcomers->count, arena, err);
    return rc;
}

enum errc story_tell(struct desk *desk, const struct story *story, int64_t before_pos, struct arena *arena,
                     struct err *err)
{
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc >= 0 && i < story->count; i++) {
        struct act_filter filter = {.subject = story->subjects[i], .after_pos = -1, .limit = ACTS_LIMIT_MAX};
        struct act_page page = {0};
        if (story->newcomers[i].count == 0)
            continue;
        do {
            rc = acts_list(desk->parts.store, &filter, arena, &page, err);
            if (rc >= 0)
                rc = tell_page(desk, &page, &story->newcomers[i], before_pos, arena, err);
            if (page.count > 0)
                filter.after_pos = page.items[page.count - 1].pos;
        } while (rc >= 0 && page.count == filter.limit);
    }
    return rc;
}
