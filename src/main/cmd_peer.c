/* Commands about other nodes: who joins, and how the exchange with them goes. */
#include "base/str.h"
#include "domain/region.h"
#include "main/client.h"
#include "main/node_enrol.h"
#include "main/show.h"

#include <string.h>

enum { HOURS_MAX = 720, HOUR_MS = 60 * 60 * 1000 };

/* ---- enroll create ---- */

static json_t *offer_doc(const struct args *args)
{
    json_t *roles = json_array();
    for (size_t i = 0; args_nth(args, "role", i); i++)
        (void)json_array_append_new(roles, json_string(args_nth(args, "role", i)));
    return json_pack("{s:s,s:s,s:s,s:s,s:o,s:b,s:I}", "id", args_text(args, "id"), "name",
                     args_text(args, "name"), "tier", args_text(args, "tier"), "region",
                     args_text(args, "region"), "roles", roles, "large", args_has(args, "large"), "ttl_ms",
                     (json_int_t)args_int(args, "hours", 24) * HOUR_MS);
}

static enum errc offer_here(struct call *call, json_t *doc, char out_ticket[ENROL_TICKET_SIZE],
                            struct err *err)
{
    struct config config;
    struct admit_offer offer;
    enum errc rc = node_enrol_read(doc, &offer, err);
    if (rc >= 0)
        rc = node_config_read(call, &config, err);
    return rc < 0 ? rc : node_enrol_offer(&config, call->env, &offer, call->arena, out_ticket, err);
}

static enum errc offer_there(struct call *call, json_t *doc, char out_ticket[ENROL_TICKET_SIZE],
                             struct err *err)
{
    struct client *client = NULL;
    struct client_reply reply = {0};
    struct client_request request = {.method = "POST", .path = "/api/v1/enrolments", .body = doc};
    enum errc rc = client_open(call, &client, err);
    if (rc >= 0)
        rc = client_send(client, &request, &reply, err);
    const char *ticket = json_string_value(json_object_get(reply.doc, "ticket"));
    if (rc >= 0 && (!ticket || strlen(ticket) >= ENROL_TICKET_SIZE))
        rc = err_set(err, ERR_SYNTAX, "the node answers without a ticket");
    if (rc >= 0)
        (void)snprintf(out_ticket, ENROL_TICKET_SIZE, "%s", ticket);
    json_decref(reply.doc);
    client_close(client);
    return rc;
}

static int run_create(struct call *call)
{
    struct err err;
    char ticket[ENROL_TICKET_SIZE];
    json_t *doc = offer_doc(call->args);
    bool remote = args_has(call->args, "url");
    enum errc rc = !doc ? err_set(&err, ERR_NOMEM, "no memory for the offer") : ERR_OK;
    if (rc >= 0 && !remote)
        rc = offer_here(call, doc, ticket, &err);
    if (rc == ERR_BUSY || (rc >= 0 && remote)) /* it runs: it is asked over its API */
        rc = offer_there(call, doc, ticket, &err);
    json_decref(doc);
    if (rc < 0)
        return call_fail(call, &err);
    if (call->json) {
        json_t *told = json_pack("{s:s,s:s}", "id", args_text(call->args, "id"), "ticket", ticket);
        int code = call_write(call, told);
        json_decref(told);
        return code;
    }
    (void)fprintf(call->streams.out, "%s\n", ticket);
    (void)fprintf(call->streams.err, "one-time code for %s (%s): fengsui enroll join --code CODE\n",
                  args_text(call->args, "id"), args_text(call->args, "name"));
    return CLI_DONE;
}

/* ---- enroll join ---- */

static int run_join(struct call *call)
{
    struct err err;
    struct config config;
    struct enrol_ticket ticket;
    enum errc rc = node_config_read(call, &config, &err);
    if (rc >= 0)
        rc = enrol_ticket_read(args_text(call->args, "code"), &ticket, &err);
    if (rc >= 0)
        rc = node_enrol_join(&config, call->env, &ticket, args_has(call->args, "ca"), call->arena, &err);
    if (rc < 0)
        return call_fail(call, &err);
    if (call->json) {
        json_t *told = json_pack("{s:s,s:s}", "node", config.node_id, "parent", ticket.parent);
        int code = call_write(call, told);
        json_decref(told);
        return code;
    }
    (void)fprintf(call->streams.out, "%s is enrolled under %s; next: fengsui serve\n", config.node_id,
                  ticket.parent);
    return CLI_DONE;
}

/* ---- peers ---- */

static const struct show_column PEER_COLUMNS[] = {
    {"节点 node", "id", SHOW_TEXT},           {"名称 name", "card.name", SHOW_TEXT},
    {"状态 state", "state", SHOW_TEXT},       {"最近联系 seen", "seen", SHOW_TIME},
    {"时钟差 skew ms", "skew_ms", SHOW_TEXT}, {"未送达 waiting", "outbox.queued", SHOW_TEXT},
    {"原因 why", "why", SHOW_TEXT},           {0},
};

static int run_peers(struct call *call)
{
    return show_list(call, "/api/v1/peers", PEER_COLUMNS);
}

static const struct show_column DELIVERY_COLUMNS[] = {
    {"序号 n", "n", SHOW_TEXT},         {"行为 act", "act", SHOW_TEXT},
    {"状态 state", "state", SHOW_TEXT}, {"排队 queued", "queued", SHOW_TIME},
    {"完成 done", "done", SHOW_TIME},   {"条款 clause", "clause", SHOW_TEXT},
    {"原因 why", "why", SHOW_TEXT},     {0},
};

static int run_outbox(struct call *call)
{
    const char *path = arena_printf(call->arena, "/api/v1/peers/%s/outbox", args_operand(call->args, 0));
    return show_list(call, path ? path : "", DELIVERY_COLUMNS);
}

/* ---- rows ---- */

static const struct option_row CREATE_OPTIONS[] = {
    {.name = "id", .kind = OPTION_TEXT, .value = "ID", .required = true, .text = "id of the new node"},
    {.name = "name",
     .kind = OPTION_TEXT,
     .value = "NAME",
     .required = true,
     .text = "its name, 浙江省通信管理局"},
    {.name = "tier",
     .kind = OPTION_CHOICE,
     .value = "province|enterprise|institution|vendor",
     .required = true,
     .text = "where it stands"},
    {.name = "region",
     .kind = OPTION_TEXT,
     .value = "CODE",
     .required = true,
     .text = "GB/T 2260; 000000 for the whole country"},
    {.name = "role",
     .kind = OPTION_TEXT,
     .value = "ROLE",
     .required = true,
     .repeated = true,
     .text = "what the law calls it: PCA, TEL, DNS, INT, PRO, SEC …"},
    {.name = "large", .text = "on the regulator's list of large internet enterprises"},
    {.name = "hours",
     .kind = OPTION_INT,
     .value = "N",
     .min = 1,
     .max = HOURS_MAX,
     .text = "how long the code holds; else 24"},
    CLIENT_OPTIONS,
    {0},
};

static const struct option_row JOIN_OPTIONS[] = {
    {.name = "code", .kind = OPTION_TEXT, .value = "CODE", .required = true, .text = "from the tier above"},
    {.name = "ca", .text = "ask for a certificate authority, too: provinces, who enrol others"},
    NODE_CONFIG_OPTIONS,
    {0},
};

static const struct option_row PEERS_OPTIONS[] = {CLIENT_OPTIONS, {0}};
static const struct option_row OUTBOX_OPTIONS[] = {SHOW_LIST_OPTIONS, {0}};

static const struct command ROWS[] = {
    {
        .name = "enroll create",
        .summary = "make the one-time code with which a node joins under this one",
        .options = CREATE_OPTIONS,
        .details =
            "Tell the code by a way that you trust, once: whoever has it becomes that node. It names this\n"
            "node's certificate, so that the new node knows whom it talks to.",
        .examples =
            (const struct example_row[]){
                {"fengsui enroll create --id pca-330000 --name 浙江省通信管理局 --tier province --region "
                 "330000 --role PCA",
                 "by the ministry"},
                {"fengsui enroll create --id demo-telecom-zj --name 演示电信 --tier enterprise --region "
                 "330000 --role TEL",
                 "by a province"},
                {0},
            },
        .run = run_create,
    },
    {
        .name = "enroll join",
        .summary = "join the tier above with its one-time code",
        .options = JOIN_OPTIONS,
        .details = "The node is made by 'fengsui init' before, and does not run meanwhile.",
        .examples =
            (const struct example_row[]){
                {"fengsui enroll join --code fs1:pca-330000:…", "an enterprise"},
                {"fengsui enroll join --ca --code fs1:miit:…", "a province"},
                {0},
            },
        .run = run_join,
    },
    {
        .name = "peers",
        .summary = "show whom the node exchanges with, and how that goes",
        .options = PEERS_OPTIONS,
        .examples = (const struct example_row[]){{"fengsui peers", "shows them"}, {0}},
        .run = run_peers,
    },
    {
        .name = "outbox",
        .summary = "show what became of every act for a peer: sent, acknowledged, refused, held",
        .operands = "PEER",
        .operands_min = 1,
        .operands_max = 1,
        .options = OUTBOX_OPTIONS,
        .examples = (const struct example_row[]){{"fengsui outbox pca-330000", "the newest of them"}, {0}},
        .run = run_outbox,
    },
    {0},
};

const struct command_group COMMANDS_peer = {"Other nodes", ROWS};
