#include "intel/collect.h"

#include <stdio.h>
#include <string.h>

struct collector {
    struct index_build *build;
    struct input *input;
    const struct collect_report *report;
    const char *name;
    uint64_t indicators;
    bool known; /* last and family are those of number */
    struct label last;
    char family[LABEL_TEXT_MAX + 1];
    uint32_t number;
};

static bool same_as_last(const struct collector *c, const struct label *label)
{
    const struct label *last = &c->last;
    return c->known && last->source == label->source && last->confidence == label->confidence &&
           last->tlp == label->tlp && last->match == label->match &&
           last->valid_from_ms == label->valid_from_ms && last->valid_until_ms == label->valid_until_ms &&
           strcmp(c->family, label->family) == 0;
}

static enum errc take(void *context, const struct indicator *indicator, const struct label *label,
                      struct err *err)
{
    struct collector *c = context;
    /* Thousands of lines say the same: the label is looked up once. */
    if (!same_as_last(c, label)) {
        enum errc rc = index_build_label(c->build, label, &c->number, err);
        if (rc < 0)
            return rc;
        c->last = *label;
        (void)snprintf(c->family, sizeof c->family, "%s", label->family);
        c->known = true;
    }
    if (++c->indicators % COLLECT_STEP == 0)
        c->report->progress(c->report->context, c->name, c->indicators, input_done_bytes(c->input),
                            input_total_bytes(c->input));
    return index_build_add(c->build, indicator, c->number, err);
}

static void bad_line(void *context, uint64_t number, struct str text)
{
    const struct collector *c = context;
    c->report->bad_line(c->report->context, c->name, number, text);
}

enum errc collect_list(struct index_build *build, struct input *input, const struct list_options *options,
                       const struct collect_report *report, struct list_counts *out, struct err *err)
{
    struct collector collector = {
        .build = build, .input = input, .report = report, .name = options->label.source};
    struct list_sink sink = {&collector, take, bad_line};
    char own_name[LIST_NAME_SIZE];
    struct err why;
    (void)snprintf(own_name, sizeof own_name, "%s", options->label.source);
    enum errc rc = list_read(input, options, &sink, out, own_name, &why);
    if (rc < 0)
        return err_set(err, rc, "%s: %s", options->label.source, why.message);
    struct index_source_info source = {own_name, out->lines, out->indicators, out->bad_lines};
    return index_build_source(build, &source, err);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

const char *collect_name(const char *const *paths, size_t count, size_t which)
{
    const char *name = base_name(paths[which]);
    for (size_t i = 0; i < count; i++)
        if (i != which && strcmp(base_name(paths[i]), name) == 0)
            return paths[which];
    return name;
}
