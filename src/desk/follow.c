#include "desk/desk_internal.h"

#include "base/str.h"
#include "store/subjects.h"

static const char SYSTEM_PERSON[] = "系统";

static json_t *release_body(const struct subject *subject)
{
    const json_t *transfer = json_object_get(subject->doc, "transfer");
    const char *to = json_string_value(json_object_get(transfer, "to"));
    json_int_t epoch = json_integer_value(json_object_get(subject->doc, "epoch"));
    return json_pack("{s:s,s:I}", "assignee", to ? to : "", "epoch", epoch + 1);
}

static json_t *follow_body(const struct act_row *row, const struct subject *subject)
{
    return row->fold == FOLD_RELEASE ? release_body(subject) : json_object();
}

static enum errc load_and_judge(struct desk *desk, const struct system_request *request, struct arena *arena,
                                struct loaded *loaded, struct ruling *ruling, struct err *err)
{
    struct loaded_ids ids = {.kind = request->kind, .subject = request->subject, .actor = desk->parts.node};
    enum errc rc = load_matter(desk, &ids, arena, loaded, err);
    if (rc < 0)
        return rc;
    loaded->matter.body = request->body;
    return judge(&loaded->matter, JUDGE_SYSTEM, arena, ruling, err);
}

enum errc system_act(struct desk *desk, const struct system_request *request, struct arena *arena,
                     struct err *err)
{
    struct loaded loaded;
    struct ruling ruling;
    struct making making = {.person = request->person ? request->person : SYSTEM_PERSON,
                            .post = request->post ? request->post : "",
                            .body = request->body,
                            .ruling = &ruling};
    enum errc rc = request->depth > FOLLOW_DEPTH_MAX
                       ? err_set(err, ERR_INTERNAL, "acts follow each other without end")
                       : load_and_judge(desk, request, arena, &loaded, &ruling, err);
    if (rc >= 0 && request->to)
        making.to = *request->to;
    else if (rc >= 0)
        rc = judge_addressees(&loaded.matter, arena, &making.to, err);
    if (rc >= 0)
        rc = make_act(desk, &loaded, &making, arena, err);
    json_decref(request->body);
    return rc;
}

/* Open children of this node that take the act come to an end with their parent. */
static enum errc cascade(struct desk *desk, const struct loaded *loaded, int depth, struct arena *arena,
                         struct err *err)
{
    const struct subject_row *type = NULL;
    const struct act_row *row = catalogue_act(desk->parts.catalogue, loaded->matter.row->cascade, &type);
    struct subject_filter filter = {.type = type->subject,
                                    .parent = loaded->matter.subject->id,
                                    .owner = desk->parts.node,
                                    .limit = SUBJECTS_LIMIT_MAX};
    enum errc rc = ERR_OK;
    do {
        struct subject_page page = {0};
        rc = subjects_list(desk->parts.store, &filter, arena, &page, err);
        for (size_t i = 0; rc >= 0 && i < page.count; i++) {
            struct names from = {row->from, row->from_count};
            if (names_have(&from, page.items[i].state))
                rc = system_act(desk,
                                &(struct system_request){.kind = row->kind,
                                                         .subject = page.items[i].id,
                                                         .body = json_object(),
                                                         .depth = depth + 1},
                                arena, err);
        }
        filter.cursor = page.next;
    } while (rc >= 0 && filter.cursor);
    return rc;
}

enum errc follow_act(struct desk *desk, const struct loaded *loaded, const struct act *act, int depth,
                     struct arena *arena, struct err *err)
{
    const struct act_row *row = loaded->matter.row;
    const struct subject *subject = loaded->matter.subject;
    bool ours = subject && streq(subject->owner, desk->parts.node);
    enum errc rc = ERR_OK;
    (void)act;
    for (uint32_t i = 0; rc >= 0 && ours && i < row->follow_count; i++) {
        const struct act_row *next = catalogue_act(desk->parts.catalogue, row->follow[i], NULL);
        struct system_request request = {.kind = row->follow[i],
                                         .subject = subject->id,
                                         .body = follow_body(next, subject),
                                         .depth = depth + 1};
        rc = system_act(desk, &request, arena, err);
    }
    if (rc >= 0 && ours && row->cascade)
        rc = cascade(desk, loaded, depth, arena, err);
    return rc;
}
