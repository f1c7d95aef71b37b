/* main/act_form.h — the acts that people can do over the API, as forms: paths and fields.
 *
 * The rows are made by tools/gen_cli.py, together with one command for each.
 *
 * Layer    main.
 * Owns     nothing: rows are constants.
 * Threads  any.
 * Data     api/openapi.yaml, api/acts
 * Tests    tests/unit/main/test_act_form.c
 */
#ifndef MAIN_ACT_FORM_H
#define MAIN_ACT_FORM_H

#include "main/client.h"

/* How the text of an option becomes a value of the body. */
enum act_value {
    ACT_TEXT,
    ACT_INT,
    ACT_BOOL,  /* yes | no */
    ACT_TEXTS, /* each use of the option is an entry */
    ACT_CODES, /* the same, and commas part entries too: they occur in no code and no id */
    ACT_JSON   /* a document, or @ and the name of a file with one */
};

struct act_field {
    const char *name;   /* member of the body; NULL ends a table */
    const char *option; /* the same with hyphens */
    enum act_value value;
    bool required;
    const char *clause; /* that demands it; "" = none */
    const char *zh;
};

struct act_form {
    const char *command; /* "incident report"; NULL ends the table */
    const char *kind;    /* "incident.reported" */
    const char *zh;
    const char *clause;
    const char *path_new;   /* makes a matter; NULL = it cannot */
    const char *path_on;    /* on a matter, "{id}" */
    const char *path_under; /* makes a matter under that one */
    const struct act_field *fields;
};

extern const struct act_form *const ACT_FORMS;

/* By the words of the command; NULL when there is none. */
const struct act_form *act_form_of_command(const char *command);
/* By its kind; NULL when nobody can do it, or it is not known. */
const struct act_form *act_form_of_kind(const char *kind);
const struct act_field *act_form_field(const struct act_form *form, const char *name);

/* Rows of every command that does an act. */
#define ACT_UNDER_OPTION                                                                                     \
    {                                                                                                        \
        .name = "under", .kind = OPTION_TEXT, .value = "ID", .text = "make a new one under this matter"      \
    }
#define ACT_OPTIONS                                                                                          \
    {.name = "file",                                                                                         \
     .letter = 'f',                                                                                          \
     .kind = OPTION_TEXT,                                                                                    \
     .value = "FILE|-",                                                                                      \
     .text = "fields as one JSON object; options come on top"},                                              \
        {.name = "happened",                                                                                 \
         .kind = OPTION_TEXT,                                                                                \
         .value = "TIME",                                                                                    \
         .text = "when it was done, 2009-05-19T21:50:00+08:00; else now"},                                   \
        {.name = "key",                                                                                      \
         .kind = OPTION_TEXT,                                                                                \
         .value = "KEY",                                                                                     \
         .text = "idempotency key: the same again gives the first answer again"},                            \
        {.name = "dry-run", .text = "show the body that would be sent, and send nothing"}, CLIENT_OPTIONS

/* .run of the commands in the table. */
MUST_USE int act_run(struct call *call);
/* Does the act of the form with this body (taken over). on: the matter, or NULL; under: the matter above. */
struct act_wish {
    const struct act_form *form;
    const char *on;
    const char *under;
    json_t *body;
};
MUST_USE int act_do(struct call *call, const struct act_wish *wish);

#endif
