/* Acts of a running node: the commands of the table in act_form.h, and `act` for any of them by its kind. */
#include "base/str.h"
#include "main/act_body.h"
#include "main/show.h"

#include <string.h>

/* ---- doing ---- */

static const char *path_for(const struct act_wish *wish, struct client *client, struct err *err)
{
    const struct act_form *form = wish->form;
    const char *pattern = wish->on ? form->path_on : wish->under ? form->path_under : form->path_new;
    const char *id = wish->on ? wish->on : wish->under;
    if (!pattern) {
        const char *what = wish->on                            ? "is about no matter that is there already"
                           : wish->under                       ? "makes nothing under another matter"
                           : form->path_on && form->path_under ? "needs the matter it is about, or --under"
                           : form->path_under                  ? "needs --under: the matter it hangs under"
                                                               : "needs the matter it is about";
        (void)err_set(err, ERR_USAGE, "%s (%s) %s", form->zh, form->kind, what);
        return NULL;
    }
    const char *path = client_path(client, pattern, id);
    if (!path)
        (void)err_set(err, ERR_NOMEM, "no memory for a path");
    return path;
}

static const char *key_for(struct call *call, struct err *err)
{
    char fresh[UUID_TEXT_SIZE];
    const char *given = args_text(call->args, "key");
    if (given)
        return given;
    if (env_uuid(call->env, fresh, err) < 0)
        return NULL;
    const char *key = arena_strdup(call->arena, fresh);
    if (!key)
        (void)err_set(err, ERR_NOMEM, "no memory for a key");
    return key;
}

static int tell_done(struct call *call, const struct act_wish *wish, const json_t *doc)
{
    static const struct show_column COLUMNS[] = {{"事项 matter", "subject", SHOW_TEXT},
                                                 {"行为 act", "act", SHOW_TEXT},
                                                 {"序号 number", "pos", SHOW_TEXT},
                                                 {"记录时间 recorded", "recorded", SHOW_TIME},
                                                 {0}};
    if (call->json)
        return call_write(call, doc);
    (void)fprintf(call->streams.out, "%s已记录 recorded%s: %s (%s)\n",
                  call_style(call->colour_out, STYLE_GREEN), call_style(call->colour_out, STYLE_PLAIN),
                  wish->form->zh, wish->form->kind);
    show_lines(call, doc, COLUMNS);
    return CLI_DONE;
}

/* Nobody knows whether it was recorded: the key makes repeating it safe. */
static void name_key(const char *key, struct err *err)
{
    size_t n = strlen(err->message);
    if (err->code == ERR_IO || err->code == ERR_TIMEOUT)
        (void)snprintf(err->message + n, sizeof err->message - n,
                       "; repeat it with --key %s, and it is recorded once", key);
}

static int send_it(struct call *call, struct client *client, const struct act_wish *wish)
{
    struct err err;
    struct client_reply reply = {0};
    struct client_request request = {
        .method = "POST", .path = path_for(wish, client, &err), .body = wish->body};
    if (!request.path)
        return call_fail(call, &err);
    request.key = key_for(call, &err);
    if (!request.key)
        return call_fail(call, &err);
    if (client_send(client, &request, &reply, &err) < 0) {
        name_key(request.key, &err);
        return client_fail(call, &reply, &err);
    }
    int code = tell_done(call, wish, reply.doc);
    json_decref(reply.doc);
    return code;
}

int act_do(struct call *call, const struct act_wish *wish)
{
    struct err err;
    struct client *client = NULL;
    int code = CLI_DONE;
    bool dry = args_has(call->args, "dry-run");
    enum errc rc = act_body_complete(wish->form, wish->body, &err);
    if (rc >= 0 && !dry)
        rc = client_open(call, &client, &err);
    if (rc < 0)
        code = call_fail(call, &err);
    else
        code = dry ? call_write(call, wish->body) : send_it(call, client, wish);
    client_close(client);
    json_decref(wish->body);
    return code;
}

int act_run(struct call *call)
{
    struct err err;
    struct act_wish wish = {.form = act_form_of_command(call->args->command->name),
                            .on = args_operand(call->args, 0)};
    if (wish.form->path_under)
        wish.under = args_text(call->args, "under");
    if (act_body_make(call, wish.form, &wish.body, &err) < 0)
        return call_fail(call, &err);
    return act_do(call, &wish);
}

/* ---- by kind ---- */

static int tell_kinds(struct call *call)
{
    static const struct show_column COLUMNS[] = {{"行为 kind", "kind", SHOW_TEXT},
                                                 {"名称 name", "zh", SHOW_TEXT},
                                                 {"条款 clause", "clause", SHOW_TEXT},
                                                 {"命令 command", "command", SHOW_TEXT},
                                                 {0}};
    json_t *list = json_array();
    for (const struct act_form *form = ACT_FORMS; form->command; form++)
        (void)json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s}", "kind", form->kind, "zh", form->zh,
                                                    "clause", form->clause, "command", form->command));
    int code = call->json ? call_write(call, list) : show_rows(call, list, COLUMNS);
    json_decref(list);
    return code;
}

/* "level=II" */
static enum errc put_set(struct call *call, const struct act_form *form, const char *text, json_t *body,
                         struct err *err)
{
    static const struct act_field HAPPENED = {"happened", "happened", ACT_TEXT, false, "", ""};
    const char *sign = strchr(text, '=');
    if (!sign)
        return err_set(err, ERR_USAGE, "--set takes NAME=VALUE, not '%.60s'", text);
    const char *name = arena_strndup(call->arena, text, (size_t)(sign - text));
    const struct act_field *field = name ? act_form_field(form, name) : NULL;
    if (name && streq(name, "happened"))
        field = &HAPPENED;
    if (!field)
        return err_field(err, ERR_USAGE, name ? name : "",
                         "%s (%s) has no such field; see 'fengsui %s --help'", form->zh, form->kind,
                         form->command);
    return act_body_put(call, body, field, sign + 1, err);
}

static int run_act(struct call *call)
{
    struct err err;
    const char *kind = args_operand(call->args, 0);
    struct act_wish wish = {.on = args_operand(call->args, 1), .under = args_text(call->args, "under")};
    if (!kind)
        return tell_kinds(call);
    wish.form = act_form_of_kind(kind);
    enum errc rc = wish.form ? act_body_open(call, args_text(call->args, "file"), &wish.body, &err)
                             : err_set(&err, ERR_USAGE,
                                       "nobody can do '%.60s'; 'fengsui act' lists what can be done", kind);
    for (size_t i = 0; rc >= 0 && args_nth(call->args, "set", i); i++)
        rc = put_set(call, wish.form, args_nth(call->args, "set", i), wish.body, &err);
    if (rc >= 0 && args_has(call->args, "happened"))
        (void)json_object_set_new(wish.body, "happened", json_string(args_text(call->args, "happened")));
    if (rc >= 0)
        return act_do(call, &wish);
    json_decref(wish.body);
    return call_fail(call, &err);
}

/* ---- rows ---- */

static const struct option_row OPTIONS[] = {
    {.name = "set",
     .letter = 's',
     .kind = OPTION_TEXT,
     .value = "NAME=VALUE",
     .repeated = true,
     .text = "a field of the act"},
    ACT_UNDER_OPTION,
    ACT_OPTIONS,
    {0},
};

static const struct command ROWS[] = {
    {
        .name = "act",
        .summary = "do any act by its kind, or list the kinds",
        .operands = "[KIND [MATTER]]",
        .operands_max = 2,
        .options = OPTIONS,
        .details =
            "Every act has a command of its own, too, which knows its fields: 'fengsui incident report'.\n"
            "An act is checked against the clause that allows it, written on the ledger, and answered\n"
            "when it is on the disk. Exit code 3 when a rule says no: the answer names the clause.",
        .examples =
            (const struct example_row[]){
                {"fengsui act", "lists what can be done"},
                {"fengsui act incident.assessed 01936f6e-0000-7000-8000-000000000000 --set level=II",
                 "adopts a level"},
                {"fengsui act incident.reported --file report.json", "the fields from a file"},
                {0},
            },
        .run = run_act,
    },
    {0},
};

const struct command_group COMMANDS_act = {"Acts", ROWS};
