#include "intel/warninglist.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct feed {
    struct lines *lines;
    uint64_t bytes;
    enum errc rc;
    struct err *err;
};

/* jansson's reader: SIZE_MAX ends the reading with an error. */
static size_t feed_more(void *to, size_t room, void *context)
{
    struct feed *feed = context;
    size_t n = 0;
    feed->rc = lines_take(feed->lines, to, room, &n, feed->err);
    feed->bytes += n;
    if (feed->rc == ERR_OK && feed->bytes > LIST_JSON_MAX_BYTES)
        feed->rc = err_set(feed->err, ERR_LIMIT, "the list is over %d bytes", LIST_JSON_MAX_BYTES);
    return feed->rc < 0 ? SIZE_MAX : n;
}

/* -1 for types that have no exact place in an index. */
static int match_of(const char *type)
{
    if (streq(type, "string"))
        return MATCH_EXACT;
    return streq(type, "hostname") || streq(type, "cidr") ? (int)MATCH_DEFAULT : -1;
}

static enum errc read_entries(const json_t *list, int match, const struct list_options *options,
                              const struct list_sink *sink, struct list_counts *out, struct err *err)
{
    struct indicator indicator;
    struct label label = options->label;
    label.match = match < 0 ? MATCH_DEFAULT : (enum label_match)match;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        struct str text = {json_string_value(entry), json_string_length(entry)};
        out->lines++;
        if (match >= 0 && text.p && indicator_parse(text, options->hash64_kind, &indicator)) {
            enum errc rc = sink->indicator(sink->context, &indicator, &label, err);
            if (rc < 0)
                return rc;
            out->indicators++;
        } else {
            out->bad_lines++;
            sink->bad_line(sink->context, i + 1, text.p ? text : (struct str){"", 0});
        }
    }
    return ERR_OK;
}

enum errc warninglist_read(struct lines *lines, const struct list_options *options,
                           const struct list_sink *sink, struct list_counts *out,
                           char out_name[LIST_NAME_SIZE], struct err *err)
{
    struct feed feed = {.lines = lines, .err = err};
    struct list_options own = *options;
    char name[LIST_NAME_SIZE];
    json_error_t why;
    json_t *doc = json_load_callback(feed_more, &feed, JSON_REJECT_DUPLICATES, &why);
    if (feed.rc < 0) {
        json_decref(doc);
        return feed.rc;
    }
    if (!doc)
        return err_set(err, ERR_SYNTAX, "this JSON cannot be read: %s, near line %d", why.text, why.line);
    const json_t *list = json_object_get(doc, "list");
    const char *type = json_string_value(json_object_get(doc, "type"));
    const char *title = json_string_value(json_object_get(doc, "name"));
    enum errc rc;
    if (!json_is_array(list) || !type) {
        rc = err_set(err, ERR_SYNTAX,
                     "this JSON is no list of indicators: a MISP warning list has \"type\" and \"list\"");
    } else {
        if (title) {
            (void)snprintf(name, sizeof name, "%s", title);
            own.label.source = name;
            if (out_name)
                memcpy(out_name, name, sizeof name);
        }
        rc = read_entries(list, match_of(type), &own, sink, out, err);
    }
    json_decref(doc);
    return rc;
}
