/* Commands about API tokens. */
#include "base/civil.h"
#include "desk/access.h"
#include "desk/people.h"
#include "desk/view.h"
#include "main/node.h"
#include "main/node_config.h"

#include <string.h>

enum { DAY_MS = 86400000, DAYS_MAX = 3660 };

static enum errc open_node(struct call *call, struct node *node, struct err *err)
{
    struct config *config = arena_alloc(call->arena, sizeof *config);
    if (!config)
        return err_set(err, ERR_NOMEM, "no memory for the settings");
    enum errc rc = node_config_read(call, config, err);
    return rc < 0 ? rc : node_open(config, call->env, call->arena, node, err);
}

static int tell_made(struct call *call, const struct access_request *request, const struct access_made *made)
{
    if (call->json) {
        json_t *doc = json_pack("{s:s,s:s,s:s,s:s,s:s,s:o}", "id", made->id, "token", made->text, "role",
                                request->role, "person", request->person, "post", request->post, "expires",
                                view_time(request->expires_ms));
        int code = call_write(call, doc);
        json_decref(doc);
        return code;
    }
    (void)fprintf(call->streams.out, "%s\n", made->text);
    (void)fprintf(call->streams.err, "token %s of %s (%s, %s): it is shown this once\n", made->id,
                  request->person, request->post, access_role(request->role)->zh);
    return CLI_DONE;
}

static int run_create(struct call *call)
{
    struct err err;
    struct node node = {0};
    struct access_made made;
    int64_t days = args_int(call->args, "days", 0);
    struct access_request request = {.role = args_text(call->args, "role"),
                                     .person = args_text(call->args, "person"),
                                     .post = args_text(call->args, "post"),
                                     .expires_ms = days ? env_now_ms(call->env) + days * DAY_MS : 0,
                                     .marked = true};
    enum errc rc = open_node(call, &node, &err);
    if (rc >= 0)
        rc = access_create(node.desk, &request, &made, &err);
    node_close(&node);
    return rc < 0 ? call_fail(call, &err) : tell_made(call, &request, &made);
}

static const char *standing(const struct token *token, int64_t now_ms)
{
    if (token->revoked_ms != 0)
        return "revoked";
    return token->expires_ms != 0 && token->expires_ms <= now_ms ? "expired" : "valid";
}

static int tell_tokens(struct call *call, const struct token *tokens, size_t count)
{
    int64_t now_ms = env_now_ms(call->env);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct token *token = &tokens[i];
        const struct access_role *role = access_role(token->role);
        if (!call->json)
            (void)fprintf(call->streams.out, "%s  %-7s  %-8s %s  %s  %s\n", token->id,
                          standing(token, now_ms), token->role, role ? role->zh : "", token->person,
                          token->post);
        (void)json_array_append_new(
            list, json_pack("{s:s,s:s,s:s,s:s,s:s,s:o,s:o,s:o}", "id", token->id, "role", token->role,
                            "person", token->person, "post", token->post, "standing", standing(token, now_ms),
                            "created", view_time(token->created_ms), "expires", view_time(token->expires_ms),
                            "revoked", view_time(token->revoked_ms)));
    }
    json_t *doc = json_pack("{s:o}", "items", list);
    int code = call->json ? call_write(call, doc) : CLI_DONE;
    json_decref(doc);
    return code;
}

static int run_list(struct call *call)
{
    struct err err;
    struct node node = {0};
    struct token *tokens = NULL;
    size_t count = 0;
    enum errc rc = open_node(call, &node, &err);
    if (rc >= 0)
        rc = tokens_list(node.store, call->arena, &tokens, &count, &err);
    node_close(&node);
    return rc < 0 ? call_fail(call, &err) : tell_tokens(call, tokens, count);
}

static int run_revoke(struct call *call)
{
    struct err err;
    struct node node = {0};
    const char *id = args_operand(call->args, 0);
    enum errc rc = open_node(call, &node, &err);
    if (rc >= 0)
        rc = access_revoke(node.desk, id, &err);
    node_close(&node);
    if (rc < 0)
        return call_fail(call, &err);
    if (!call->json) {
        (void)fprintf(call->streams.out, "token %s is revoked\n", id);
        return CLI_DONE;
    }
    json_t *doc = json_pack("{s:s,s:b}", "id", id, "revoked", 1);
    int code = call_write(call, doc);
    json_decref(doc);
    return code;
}

/* ---- people ---- */

static int tell_code(struct call *call, const struct one_time_code *code, const char *use)
{
    if (!call->json) {
        char until[CIVIL_TIME_SIZE];
        civil_format_time(code->expires_ms, CIVIL_CHINA_MIN, until);
        (void)fprintf(call->streams.out, "%s\n", code->text);
        (void)fprintf(call->streams.err, "%s, once, until %s\n", use, until);
        return CLI_DONE;
    }
    json_t *doc = json_pack("{s:s,s:o}", "code", code->text, "expires", view_time(code->expires_ms));
    int exit_code = call_write(call, doc);
    json_decref(doc);
    return exit_code;
}

static int run_setup_code(struct call *call)
{
    struct err err;
    struct node node = {0};
    struct one_time_code code;
    bool first = false;
    enum errc rc = open_node(call, &node, &err);
    if (rc >= 0)
        rc = people_first_run(node.store, &first, &err);
    if (rc >= 0 && !first)
        rc = err_set(&err, ERR_CONFLICT, "this node has its administrators already; see 'access reset'");
    if (rc >= 0)
        rc = people_setup_code(node.desk, &ACCESS_POLICY, &code, &err);
    node_close(&node);
    return rc < 0 ? call_fail(call, &err) : tell_code(call, &code, "for the first run in the console");
}

static int run_reset(struct call *call)
{
    struct err err;
    struct node node = {0};
    struct account account;
    struct one_time_code code;
    struct people_by by = {
        .person = args_text(call->args, "person"), .post = "本机", .reason = args_text(call->args, "reason")};
    enum errc rc = open_node(call, &node, &err);
    if (rc >= 0)
        rc = accounts_by_name(node.store, args_operand(call->args, 0), call->arena, &account, &err);
    if (rc >= 0)
        rc = people_code(node.desk, &ACCESS_POLICY, account.person, &by, &code, &err);
    node_close(&node);
    return rc < 0 ? call_fail(call, &err) : tell_code(call, &code, "for a new password in the console");
}

static const struct option_row CREATE_OPTIONS[] = {
    NODE_CONFIG_OPTIONS,
    {.name = "role",
     .kind = OPTION_CHOICE,
     .value = "viewer|officer|operator|security|auditor",
     .required = true,
     .text = "what it may do: 观察员, 值班员, 系统管理员, 安全管理员, 审计管理员"},
    {.name = "person", .kind = OPTION_TEXT, .value = "NAME", .required = true, .text = "who will use it"},
    {.name = "post",
     .kind = OPTION_TEXT,
     .value = "POST",
     .required = true,
     .text = "that person's post, 值班员"},
    {.name = "days",
     .kind = OPTION_INT,
     .value = "N",
     .min = 1,
     .max = DAYS_MAX,
     .text = "how long it holds; without, until it is revoked"},
    {0},
};

static const struct option_row OPTIONS[] = {NODE_CONFIG_OPTIONS, {0}};

static const struct option_row RESET_OPTIONS[] = {
    NODE_CONFIG_OPTIONS,
    {.name = "person", .kind = OPTION_TEXT, .value = "NAME", .required = true, .text = "who does it"},
    {.name = "reason", .kind = OPTION_TEXT, .value = "TEXT", .required = true, .text = "why"},
    {0},
};

static const struct command ROWS[] = {
    {
        .name = "token create",
        .summary = "make an API token and show it, once",
        .options = CREATE_OPTIONS,
        .details =
            "Every act carries the person and post of the token it was asked with. Only a hash is kept.",
        .examples =
            (const struct example_row[]){
                {"fengsui token create --role officer --person 张三 --post 值班员", "for a duty officer"},
                {"fengsui token create --role auditor --person 李四 --post 审计员 --days 30 --json",
                 "for a month"},
                {0},
            },
        .run = run_create,
    },
    {
        .name = "token list",
        .summary = "list the tokens, without their texts",
        .options = OPTIONS,
        .examples = (const struct example_row[]){{"fengsui token list", "lists them"}, {0}},
        .run = run_list,
    },
    {
        .name = "token revoke",
        .summary = "end a token at once",
        .operands = "ID",
        .operands_min = 1,
        .operands_max = 1,
        .options = OPTIONS,
        .examples = (const struct example_row[]){{"fengsui token revoke 01936f6e-0000-7000-8000-000000000000",
                                                  "ends it"},
                                                 {0}},
        .run = run_revoke,
    },
    {
        .name = "access setup-code",
        .summary = "a one-time code for the first run, while nobody can log in yet",
        .options = OPTIONS,
        .details = "For a stopped node; 'serve' shows one as it starts.",
        .examples = (const struct example_row[]){{"fengsui access setup-code", "shows it"}, {0}},
        .run = run_setup_code,
    },
    {
        .name = "access reset",
        .summary = "a one-time code for somebody who is locked out",
        .operands = "NAME",
        .operands_min = 1,
        .operands_max = 1,
        .options = RESET_OPTIONS,
        .details =
            "For a stopped node. The password, the authenticator and the sessions of the account are no\n"
            "longer good, its lock is lifted; the act is on the record.",
        .examples =
            (const struct example_row[]){
                {"fengsui access reset a-security --person 张三 --reason 丢失手机", "and a new password"},
                {0}},
        .run = run_reset,
    },
    {0},
};

const struct command_group COMMANDS_token = {"Access", ROWS};
