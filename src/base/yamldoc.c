#include "base/yamldoc.h"

#include "base/str.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

const cyaml_schema_value_t YAML_NAME = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 400),
};

const cyaml_strval_t YAML_BOOLS[2] = {{"true", true}, {"false", false}};

enum { STEPS_MAX = 8 };

/* libcyaml tells what was wrong, and where, only through its log: one message, then the places from the
 * inside out. They are gathered here. */
struct story {
    char message[300];
    char steps[STEPS_MAX][64];
    size_t step_count;
    int line;
};

/* "  in mapping field 'id' (line: 2, column: 5)", or a sequence entry counted from 1. */
static void take_step(struct story *story, const char *text)
{
    const char *line = strstr(text, "(line: ");
    const char *name = strchr(text, '\'');
    size_t n = name ? strcspn(name + 1, "'") : 0;
    if (!line)
        return;
    if (story->line == 0)
        story->line = (int)strtol(line + strlen("(line: "), NULL, 10);
    if (n == 0 || story->step_count == STEPS_MAX)
        return;
    char *step = story->steps[story->step_count];
    if (strstr(text, "in mapping field"))
        (void)snprintf(step, sizeof story->steps[0], "%.*s", (int)n, name + 1);
    else if (name[1] != '0')
        (void)snprintf(step, sizeof story->steps[0], "[%ld]", strtol(name + 1, NULL, 10) - 1);
    else
        return;
    story->step_count++;
}

static void listen(cyaml_log_t level, void *context, const char *fmt, va_list args) PRINTF_LIKE(3, 0);

static void listen(cyaml_log_t level, void *context, const char *fmt, va_list args)
{
    struct story *story = context;
    char text[300];
    if (level < CYAML_LOG_ERROR)
        return;
    (void)vsnprintf(text, sizeof text, fmt, args);
    text[strcspn(text, "\n")] = '\0';
    const char *said = strncmp(text, "Load: ", 6) == 0 ? text + 6 : text;
    if (strncmp(said, "  in ", 5) == 0)
        take_step(story, said);
    else if (story->message[0] == '\0' && !streq(said, "Backtrace:"))
        (void)snprintf(story->message, sizeof story->message, "%s", said);
}

/* The steps came from the inside out. */
static void write_path(const struct story *story, char *out, size_t size_bytes)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = story->step_count; i-- > 0;) {
        const char *dot = used > 0 && story->steps[i][0] != '[' ? "." : "";
        int n = snprintf(out + used, size_bytes - used, "%s%s", dot, story->steps[i]);
        if (n < 0 || (size_t)n >= size_bytes - used)
            return;
        used += (size_t)n;
    }
}

/* libyaml knows the place of a broken text better than libcyaml tells it. */
static int broken_line(const char *text, size_t size_bytes, char *problem, size_t problem_bytes)
{
    yaml_parser_t parser;
    yaml_event_t event;
    int line = 0;
    if (!yaml_parser_initialize(&parser))
        return 0;
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size_bytes);
    for (bool more = true; more;) {
        more = yaml_parser_parse(&parser, &event) != 0;
        if (!more) {
            line = (int)parser.problem_mark.line + 1;
            (void)snprintf(problem, problem_bytes, "%s", parser.problem ? parser.problem : "not YAML");
        } else {
            more = event.type != YAML_STREAM_END_EVENT;
            yaml_event_delete(&event);
        }
    }
    yaml_parser_delete(&parser);
    return line;
}

/* One walk over the events, looking for a path. line is that of the deepest part of it seen so far. */
struct walk {
    yaml_parser_t parser;
    int line;
    int depth;
    bool last; /* of several equal keys take the last */
};

enum { WALK_DEPTH_MAX = 32 };

static bool next(struct walk *walk, yaml_event_t *event)
{
    return yaml_parser_parse(&walk->parser, event) != 0;
}

/* Reads the value that the event begins. path is what is left to find below it, NULL when the value is
 * off the path. False when the walk is over: found, broken or too deep. */
static bool walk_value(struct walk *walk, yaml_event_t *event, const char *path);

/* The rest of the path when its first step is this key; NULL when it is another. */
static const char *after_key(const char *path, const char *key)
{
    size_t n = strlen(key);
    if (!path || strncmp(path, key, n) != 0 || (path[n] != '\0' && path[n] != '.' && path[n] != '['))
        return NULL;
    return path + n + (path[n] == '.');
}

static const char *after_index(const char *path, long index)
{
    char *end = NULL;
    if (!path || path[0] != '[' || strtol(path + 1, &end, 10) != index || !end || *end != ']')
        return NULL;
    return end + 1 + (end[1] == '.');
}

static bool walk_mapping(struct walk *walk, const char *path)
{
    yaml_event_t event;
    for (;;) {
        if (!next(walk, &event))
            return false;
        if (event.type == YAML_MAPPING_END_EVENT)
            break;
        const char *rest = NULL;
        if (event.type == YAML_SCALAR_EVENT)
            rest = after_key(path, (const char *)event.data.scalar.value);
        if (rest)
            walk->line = (int)event.start_mark.line + 1;
        bool ok = event.type == YAML_SCALAR_EVENT;
        yaml_event_delete(&event);
        if (!ok || !next(walk, &event) || !walk_value(walk, &event, rest))
            return false;
    }
    yaml_event_delete(&event);
    return true;
}

static bool walk_sequence(struct walk *walk, const char *path)
{
    yaml_event_t event;
    for (long index = 0;; index++) {
        if (!next(walk, &event))
            return false;
        if (event.type == YAML_SEQUENCE_END_EVENT)
            break;
        const char *rest = after_index(path, index);
        if (rest)
            walk->line = (int)event.start_mark.line + 1;
        if (!walk_value(walk, &event, rest))
            return false;
    }
    yaml_event_delete(&event);
    return true;
}

static bool walk_value(struct walk *walk, yaml_event_t *event, const char *path)
{
    yaml_event_type_t type = event->type;
    bool ok = true;
    yaml_event_delete(event);
    if (path && path[0] == '\0') {
        if (!walk->last)
            return false;
        path = NULL;
    }
    if (++walk->depth > WALK_DEPTH_MAX)
        return false;
    if (type == YAML_MAPPING_START_EVENT)
        ok = walk_mapping(walk, path);
    else if (type == YAML_SEQUENCE_START_EVENT)
        ok = walk_sequence(walk, path);
    walk->depth--;
    return ok;
}

static int find_line(const char *text, size_t size_bytes, const char *path, bool last)
{
    struct walk walk = {.last = last};
    yaml_event_t event;
    if (!yaml_parser_initialize(&walk.parser))
        return 0;
    yaml_parser_set_input_string(&walk.parser, (const unsigned char *)text, size_bytes);
    while (next(&walk, &event)) {
        bool start = event.type == YAML_MAPPING_START_EVENT || event.type == YAML_SEQUENCE_START_EVENT;
        if (start)
            walk.line = (int)event.start_mark.line + 1;
        if (start || event.type == YAML_STREAM_END_EVENT) {
            if (start)
                (void)walk_value(&walk, &event, path);
            else
                yaml_event_delete(&event);
            break;
        }
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&walk.parser);
    return walk.line;
}

int yamldoc_line(const char *text, size_t size_bytes, const char *path)
{
    return find_line(text, size_bytes, path, false);
}

static cyaml_config_t config(struct story *story)
{
    return (cyaml_config_t){
        .log_fn = listen,
        .log_ctx = story,
        .mem_fn = cyaml_mem,
        .log_level = CYAML_LOG_ERROR,
        .flags = CYAML_CFG_NO_ALIAS,
    };
}

static const char *after(const char *text, const char *begin)
{
    size_t n = strlen(begin);
    return strncmp(text, begin, n) == 0 ? text + n : NULL;
}

/* Takes the last ".key" off a path; an index stays. */
static void cut_key(char *path)
{
    size_t n = strlen(path);
    while (n > 0 && path[n - 1] != '.' && path[n - 1] != ']')
        n--;
    path[n > 0 && path[n - 1] == '.' ? n - 1 : n] = '\0';
}

static void add_key(char *path, size_t path_bytes, const char *key)
{
    size_t used = strlen(path);
    (void)snprintf(path + used, path_bytes - used, "%s%s", used ? "." : "", key);
}

/* For a key that is missing, unknown or twice there, libcyaml names the key before it and its line. */
static void correct_place(struct story *story, const char *text, size_t size_bytes, char *path,
                          size_t path_bytes)
{
    const char *missing = after(story->message, "Missing required mapping field: ");
    const char *strange = after(story->message, "Unexpected key: ");
    if (missing) {
        cut_key(path);
        story->line = find_line(text, size_bytes, path, false);
        add_key(path, path_bytes, missing);
    } else if (strange) {
        add_key(path, path_bytes, strange);
        story->line = find_line(text, size_bytes, path, false);
    } else if (after(story->message, "Mapping field already seen: ")) {
        story->line = find_line(text, size_bytes, path, true);
    }
}

static enum errc refuse(const char *file, const char *text, size_t size_bytes, struct story *story,
                        cyaml_err_t why, struct err *err)
{
    char path[sizeof err->field];
    if (why == CYAML_ERR_OOM)
        return err_set(err, ERR_NOMEM, "%s: out of memory", file);
    if (story->message[0] == '\0')
        (void)snprintf(story->message, sizeof story->message, "%s", cyaml_strerror(why));
    if (why == CYAML_ERR_LIBYAML_PARSER)
        story->line = broken_line(text, size_bytes, story->message, sizeof story->message);
    write_path(story, path, sizeof path);
    correct_place(story, text, size_bytes, path, sizeof path);
    enum errc rc = err_field(err, ERR_SYNTAX, path, "%s:%d: %s", file, story->line, story->message);
    if (err)
        err->line = story->line;
    return rc;
}

enum errc yamldoc_load(const char *file, const char *text, size_t size_bytes,
                       const cyaml_schema_value_t *schema, void **out, struct err *err)
{
    struct story story = {0};
    cyaml_config_t cfg = config(&story);
    cyaml_data_t *data = NULL;
    if (size_bytes > YAML_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "%s: %zu bytes of YAML, at most %d are taken", file, size_bytes,
                       YAML_BYTES_MAX);
    if (!utf8_valid(text, size_bytes))
        return err_set(err, ERR_SYNTAX, "%s: the text is not valid UTF-8", file);
    cyaml_err_t why = cyaml_load_data((const uint8_t *)text, size_bytes, &cfg, schema, &data, NULL);
    if (why != CYAML_OK)
        return refuse(file, text, size_bytes, &story, why, err);
    *out = data;
    return ERR_OK;
}

void yamldoc_free(const cyaml_schema_value_t *schema, void *data)
{
    struct story story = {0};
    cyaml_config_t cfg = config(&story);
    if (data)
        (void)cyaml_free(&cfg, schema, data, 0);
}

enum errc yamldoc_fault(struct err *err, const char *file, const char *text, size_t size_bytes,
                        const char *path, const char *fmt, ...)
{
    char message[400];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    int line = yamldoc_line(text, size_bytes, path);
    enum errc rc = err_field(err, ERR_INVALID, path, "%s:%d: %s", file, line, message);
    if (err)
        err->line = line;
    return rc;
}
