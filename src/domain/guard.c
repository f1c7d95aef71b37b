#include "domain/guard.h"

#include "base/str.h"

static const char *said(const struct matter *matter, const char *name)
{
    const char *text = json_string_value(json_object_get(matter->body, name));
    return text && *text ? text : NULL;
}

/* A report is corrected by whoever made it; others add what they know as a follow-up. */
static enum errc only_reporter(const struct matter *matter, struct err *err)
{
    const char *reporter = matter->subject
                               ? json_string_value(json_object_get(matter->subject->doc, "reporter"))
                               : NULL;
    if (streq(reporter, matter->actor->id))
        return ERR_OK;
    return err_set(err, ERR_PERMISSION, "only %s, who made the report, corrects it; add a follow-up instead",
                   reporter ? reporter : "the reporter");
}

static bool proposed_by_a_pack(const struct matter *matter, const char *level)
{
    const json_t *gradings = matter->subject ? json_object_get(matter->subject->doc, "gradings") : NULL;
    size_t i;
    json_t *grading;
    json_array_foreach(gradings, i, grading)
    {
        if (streq(json_string_value(json_object_get(grading, "level")), level))
            return true;
    }
    return false;
}

/* Whoever adopts another level than the rules propose says why. */
static enum errc reason_when_level_differs(const struct matter *matter, struct err *err)
{
    const char *level = said(matter, "level");
    if (proposed_by_a_pack(matter, level) || said(matter, "reason"))
        return ERR_OK;
    return err_field(err, ERR_INVALID, "body.reason",
                     "no pack proposes level %s from the facts; give the reason for adopting it", level);
}

static enum errc level_as_adopted(const struct matter *matter, struct err *err)
{
    enum level level = level_parse(said(matter, "level"));
    if (!matter->parent || matter->parent->level == level || said(matter, "reason"))
        return ERR_OK;
    const char *adopted = level_name(matter->parent->level);
    return err_field(err, ERR_INVALID, "body.reason",
                     "the incident's adopted level is %s; give the reason for a response of another level",
                     *adopted ? adopted : "none yet");
}

static enum errc not_own_request(const struct matter *matter, struct err *err)
{
    if (!matter->subject || !streq(matter->subject->owner, matter->actor->id))
        return ERR_OK;
    return err_set(err, ERR_PERMISSION, "a node does not consent to its own request");
}

static enum errc not_offered_yet(const struct matter *matter, struct err *err)
{
    const char *assignee = said(matter, "assignee");
    if (streq(assignee, matter->actor->id))
        return err_field(err, ERR_INVALID, "body.assignee", "the matter is already yours");
    if (!matter->subject || !json_object_get(matter->subject->doc, "transfer"))
        return ERR_OK;
    return err_set(err, ERR_WRONG_STATE, "the matter is already offered; wait for the answer");
}

/* A second answer would find no offer any more and wait for the next, which it was never meant for. */
static enum errc not_answered_yet(const struct matter *matter, struct err *err)
{
    const json_t *transfer = matter->subject ? json_object_get(matter->subject->doc, "transfer") : NULL;
    if (!json_object_get(transfer, "accepted"))
        return ERR_OK;
    return err_set(err, ERR_WRONG_STATE,
                   "the offer is accepted already; the matter is yours when it is released");
}

/* Who holds a post of one role must not wake up with another. */
static enum errc role_stays(const struct matter *matter, struct err *err)
{
    const char *role = matter->subject ? json_string_value(json_object_get(matter->subject->doc, "role"))
                                       : NULL;
    if (!role || streq(role, said(matter, "role")))
        return ERR_OK;
    return err_field(err, ERR_INVALID, "body.role", "the role of a post stays: %s; set up another post",
                     role);
}

struct guard {
    const char *name;
    enum errc (*check)(const struct matter *matter, struct err *err);
};

static const struct guard GUARDS[] = {
    {"only_reporter", only_reporter},
    {"reason_when_level_differs", reason_when_level_differs},
    {"level_as_adopted", level_as_adopted},
    {"not_own_request", not_own_request},
    {"not_offered_yet", not_offered_yet},
    {"not_answered_yet", not_answered_yet},
    {"role_stays", role_stays},
};

static const struct guard *find(const char *name)
{
    for (size_t i = 0; i < sizeof GUARDS / sizeof GUARDS[0]; i++)
        if (streq(GUARDS[i].name, name))
            return &GUARDS[i];
    return NULL;
}

bool guard_known(const char *name)
{
    return find(name) != NULL;
}

enum errc guards_check(const struct matter *matter, struct err *err)
{
    for (uint32_t i = 0; i < matter->row->guards_count; i++) {
        const struct guard *guard = find(matter->row->guards[i]);
        enum errc rc = guard ? guard->check(matter, err)
                             : err_set(err, ERR_INTERNAL, "no guard is called '%s'", matter->row->guards[i]);
        if (rc < 0)
            return rc;
    }
    return ERR_OK;
}
