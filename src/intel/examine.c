#include "intel/examine.h"

#include "intel/subject.h"

#include <stdio.h>
#include <string.h>

void examiner_init(struct examiner *examiner, const struct index *index, finding_visit_fn *visit,
                   void *context)
{
    examiner->index = index;
    examiner->good_count = 0;
    examiner->visit = visit;
    examiner->context = context;
    examiner->kept_count = 0;
    examiner->names_used = 0;
}

bool examiner_add_good(struct examiner *examiner, const struct index *index, enum good_weight weight)
{
    if (examiner->good_count == EXAMINE_GOOD_MAX)
        return false;
    examiner->good[examiner->good_count++] = (struct good_list){index, weight};
    return true;
}

static enum errc find(const struct index *index, const struct subject *s, struct find_hits *out,
                      struct err *err)
{
    switch (s->kind) {
    case SUBJECT_NAME: return find_name(index, s->name, out, err);
    case SUBJECT_IP:
    case SUBJECT_PREFIX: return find_ip(index, &s->ip, out, err);
    case SUBJECT_ENDPOINT: return find_endpoint(index, &s->ip, s->port, out, err);
    case SUBJECT_URL: return find_url(index, s->url, out, err);
    case SUBJECT_DIGEST: return find_digest(index, s->digest, s->digest_bytes, s->algorithm, out, err);
    case SUBJECT_NUMBER: return find_number(index, &s->number, out, err);
    }
    out->count = 0;
    return ERR_OK;
}

/* What a good list knows about the subject: the thing itself, and for an allow list also what it is part
 * of. */
static enum errc find_good(const struct good_list *list, const struct subject *s, struct find_hits *out,
                           struct err *err)
{
    enum errc rc = find(list->index, s, out, err);
    if (rc < 0 || out->count > 0 || list->weight != GOOD_ALLOW)
        return rc;
    if (s->kind == SUBJECT_ENDPOINT)
        return find_ip(list->index, &s->ip, out, err);
    if (s->kind != SUBJECT_URL)
        return rc;
    return s->url->has_ip ? find_ip(list->index, &s->url->ip, out, err)
                          : find_name(list->index, (struct str){s->url->text, s->url->host_size}, out, err);
}

static bool only_exact(const struct index *index, uint32_t note)
{
    struct label labels[8];
    size_t count = index_labels(index, note, labels, 8);
    for (size_t i = 0; i < count && i < 8; i++)
        if (labels[i].match != MATCH_EXACT)
            return false;
    return count > 0;
}

/* The whole value, for entries of lists that mean it alone. */
static size_t whole(const struct subject *s)
{
    switch (s->kind) {
    case SUBJECT_NAME: return s->name.n;
    case SUBJECT_URL: return s->url->size;
    case SUBJECT_IP: return s->ip.bits;
    case SUBJECT_PREFIX: return s->length;
    case SUBJECT_ENDPOINT:
    case SUBJECT_DIGEST:
    case SUBJECT_NUMBER: break;
    }
    return 0; /* always whole */
}

static bool holds(const struct good_list *list, const struct find_hit *good, const struct find_hit *bad,
                  const struct subject *s)
{
    if (only_exact(list->index, good->note) && whole(s) > 0 && good->specific != whole(s))
        return false;
    return list->weight == GOOD_ALLOW || good->specific >= bad->specific;
}

static void report(struct examiner *x, const struct subject *s, const struct find_hit *hit)
{
    struct finding finding = {x->field, x->value, hit, x->index, NULL, NULL};
    for (size_t i = 0; i < x->good_count && !finding.held_by && x->rc == ERR_OK; i++) {
        const struct good_list *list = &x->good[i];
        x->rc = find_good(list, s, &x->good_hits, x->err);
        for (size_t k = 0; x->rc == ERR_OK && k < x->good_hits.count && !finding.held_by; k++)
            if (holds(list, &x->good_hits.at[k], hit, s)) {
                finding.held_by = list;
                finding.held_hit = &x->good_hits.at[k];
            }
    }
    if (x->rc == ERR_OK)
        x->visit(x->context, &finding);
}

static void judge(void *context, const struct subject *s)
{
    struct examiner *x = context;
    if (x->rc < 0)
        return;
    x->rc = find(x->index, s, &x->hits, x->err);
    for (size_t i = 0; x->rc == ERR_OK && i < x->hits.count; i++)
        /* A prefix that was seen is held by an indicator only if all of it is. */
        if (s->kind != SUBJECT_PREFIX || x->hits.at[i].length <= s->length)
            report(x, s, &x->hits.at[i]);
}

/* Fields with a group are needed again when the record is read; their names are written over by then. */
static void keep(struct examiner *x, const struct field *field)
{
    if (x->kept_count == EXAMINE_KEPT_MAX || field->name.n > sizeof x->names - x->names_used)
        return;
    struct field *kept = &x->kept[x->kept_count++];
    *kept = *field;
    kept->name.p = x->names + x->names_used;
    memcpy(x->names + x->names_used, field->name.p, field->name.n);
    x->names_used += field->name.n;
}

static void see(void *context, const struct field *field)
{
    struct examiner *x = context;
    const struct field_rule *rule = field->rule;
    x->field = field;
    x->value = field->value;
    subject_each(rule->type, rule->digest, field->value, judge, x);
    if (rule->group != GROUP_NONE)
        keep(x, field);
}

static void together(struct examiner *x, const struct field *first, const struct field *second)
{
    char text[URL_SIZE];
    if (first->rule->type == FIELD_IP) {
        int n = snprintf(text, sizeof text,
                         memchr(first->value.p, ':', first->value.n) ? "[%.*s]:%.*s" : "%.*s:%.*s",
                         (int)first->value.n, first->value.p, (int)second->value.n, second->value.p);
        x->field = first;
        x->value = (struct str){text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1};
        subject_of_endpoint(first->value, second->value, judge, x);
    } else {
        int n = snprintf(text, sizeof text, "%.*s%.*s", (int)first->value.n, first->value.p,
                         (int)second->value.n, second->value.p);
        x->field = second;
        x->value = (struct str){text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1};
        subject_of_request(first->value, second->value, judge, x);
    }
}

/* Address with port, host with path: the pairs of each group, every first one with the second one nearest
 * behind it or, when there is none behind, before it. */
static void examine_pairs(struct examiner *x)
{
    for (size_t i = 0; i < x->kept_count && x->rc == ERR_OK; i++) {
        const struct field *first = &x->kept[i];
        if (first->rule->type != FIELD_IP && first->rule->type != FIELD_HOST)
            continue;
        const struct field *second = NULL;
        for (size_t k = 0; k < x->kept_count; k++) {
            const struct field *other = &x->kept[k];
            bool fits = other->rule->group == first->rule->group &&
                        (other->rule->type == FIELD_PORT || other->rule->type == FIELD_PATH);
            if (fits && (!second || k < i || second < first))
                second = other;
        }
        if (second)
            together(x, first, second);
    }
}

enum errc examine(struct examiner *examiner, const struct decoder *decoder, struct str record,
                  struct err *err)
{
    examiner->rc = ERR_OK;
    examiner->err = err;
    examiner->kept_count = 0;
    examiner->names_used = 0;
    decoder_read(decoder, record, &examiner->space, see, examiner);
    if (examiner->rc == ERR_OK)
        examine_pairs(examiner);
    return examiner->rc;
}
