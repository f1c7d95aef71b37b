#include "main/log.h"

#include "base/doc.h"
#include "lib/check.h"
#include "lib/shared.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *written(const struct log_options *form, void (*write)(struct log *log))
{
    struct log_options options = *form;
    struct log *log = NULL;
    struct err err;
    char *text = NULL;
    size_t size = 0;
    options.stream = open_memstream(&text, &size);
    assert_ok(log_open(&options, &ENV_REAL, &log, &err), &err);
    write(log);
    log_close(log);
    (void)fclose(options.stream);
    return text;
}

static void write_two(struct log *log)
{
    log_line(log, LOG_LEVEL_INFO, "started", "node %s", "miit");
    log_line(log, LOG_LEVEL_DEBUG, "hidden", "not at this level");
}

static void a_line_says_when_how_grave_and_what(void **state)
{
    (void)state;
    char *text = written(&(struct log_options){.level = LOG_LEVEL_INFO}, write_two);
    assert_non_null(strstr(text, "+08:00 info    started: node miit\n"));
    assert_null(strstr(text, "hidden"));
    free(text);
}

static void write_err(struct log *log)
{
    struct err err;
    (void)err_field(&err, ERR_POWER, "body.colour", "第一行\n\"第二行\"");
    (void)snprintf(err.clause, sizeof err.clause, "4.4");
    log_err(log, LOG_LEVEL_ERROR, "refused", &err);
}

static void json_lines_hold_any_text(void **state)
{
    json_t *doc = NULL;
    struct err err;
    (void)state;
    char *text = written(&(struct log_options){.format = LOG_FORMAT_JSON}, write_err);
    assert_ok(doc_parse_object(text, strlen(text), &doc, &err), &err);
    assert_string_equal(json_string_value(json_object_get(doc, "event")), "refused");
    assert_string_equal(json_string_value(json_object_get(doc, "text")),
                        "第一行 \"第二行\" (body.colour) clause 4.4 [power]");
    json_decref(doc);
    free(text);
}

static void write_long(struct log *log)
{
    char text[3001];
    for (size_t i = 0; i < 3000; i += 3)
        memcpy(text + i, "烽", 3);
    text[3000] = '\0';
    log_line(log, LOG_LEVEL_ERROR, "long", "x%s", text);
}

static void a_text_is_cut_between_characters(void **state)
{
    json_t *doc = NULL;
    struct err err;
    (void)state;
    char *text = written(&(struct log_options){.format = LOG_FORMAT_JSON}, write_long);
    assert_ok(doc_parse_object(text, strlen(text), &doc, &err), &err);
    json_decref(doc);
    free(text);
}

static void a_file_that_was_moved_away_is_opened_anew(void **state)
{
    char folder[SHARED_PATH_SIZE];
    char path[SHARED_PATH_SIZE + 8];
    char old[SHARED_PATH_SIZE + 8];
    struct log *log = NULL;
    struct err err;
    size_t size = 0;
    (void)state;
    assert_true(shared_folder(folder));
    (void)snprintf(path, sizeof path, "%s/log", folder);
    (void)snprintf(old, sizeof old, "%s/log.1", folder);
    struct log_options options = {.level = LOG_LEVEL_INFO, .path = path};
    assert_ok(log_open(&options, &ENV_REAL, &log, &err), &err);
    log_line(log, LOG_LEVEL_INFO, "one", "1");
    assert_int_equal(rename(path, old), 0);
    assert_ok(log_reopen(log, &err), &err);
    log_set(log, LOG_LEVEL_ERROR, LOG_FORMAT_TEXT);
    log_line(log, LOG_LEVEL_ERROR, "two", "2");
    log_line(log, LOG_LEVEL_INFO, "three", "3");
    log_close(log);
    char *text = shared_read(path, &size);
    assert_non_null(strstr(text, "two: 2"));
    assert_null(strstr(text, "one"));
    assert_null(strstr(text, "three"));
    free(text);
    options.path = "/nowhere/log";
    assert_code(log_open(&options, &ENV_REAL, &log, &err), ERR_IO);
    shared_remove(folder);
}

static void words_of_the_configuration_are_known(void **state)
{
    (void)state;
    assert_int_equal(log_level_parse("error"), LOG_LEVEL_ERROR);
    assert_int_equal(log_level_parse("debug"), LOG_LEVEL_DEBUG);
    assert_int_equal(log_level_parse("loud"), -1);
    assert_int_equal(log_format_parse("json"), LOG_FORMAT_JSON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_when_how_grave_and_what),
        cmocka_unit_test(json_lines_hold_any_text),
        cmocka_unit_test(a_text_is_cut_between_characters),
        cmocka_unit_test(a_file_that_was_moved_away_is_opened_anew),
        cmocka_unit_test(words_of_the_configuration_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
