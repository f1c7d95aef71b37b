#include "main/demo_country.h"

#include "base/str.h"
#include "link/enrol.h"
#include "main/act_form.h"
#include "main/demo_process.h"
#include "main/node_enrol.h"
#include "main/node_setup.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { NODES_MAX = 64, REQUEST_BYTES = 16 << 20, PERSONS = 2 };

static const char OPERATOR[] = "演示·管理员";
static const char OFFICER[] = "演示·值班员";

struct resident {
    const struct demo_node *row;
    struct demo_process process;
    struct client_file at[PERSONS]; /* the operator's, the duty officer's */
    struct client *operator;
    struct client *officer;
    bool cut[NODES_MAX];
};

struct country {
    struct call call; /* with memory of its own, emptied after every request */
    struct arena request_arena;
    struct arena *arena; /* of the whole */
    struct resident residents[NODES_MAX];
    size_t count;
    int64_t ahead_ms;
    uint16_t next_port;
};

static enum errc find(struct country *country, const char *id, struct resident **out, struct err *err)
{
    for (size_t i = 0; id && i < country->count; i++)
        if (streq(country->residents[i].row->id, id)) {
            *out = &country->residents[i];
            return ERR_OK;
        }
    return err_field(err, ERR_NOT_FOUND, "node", "there is no node %s", id ? id : "");
}

/* ---- requests ---- */

/* *out is a new reference; NULL: the answer is not wanted. */
static enum errc ask(struct country *country, struct client *client, const struct client_request *request,
                     json_t **out, struct err *err)
{
    struct client_reply reply = {0};
    enum errc rc = client_send(client, request, &reply, err);
    if (rc >= 0 && out && !reply.doc)
        rc = err_set(err, ERR_SYNTAX, "the answer to %s is no document", request->path);
    if (rc >= 0 && out)
        *out = reply.doc;
    else
        json_decref(reply.doc);
    arena_reset(&country->request_arena);
    return rc;
}

static enum errc post(struct country *country, struct client *client, const char *path, json_t *body,
                      json_t **out, struct err *err)
{
    struct client_request request = {.method = "POST", .path = path, .body = body};
    enum errc rc = body ? ask(country, client, &request, out, err)
                        : err_set(err, ERR_NOMEM, "no memory for a request");
    json_decref(body);
    return rc;
}

static const char *path_of(const struct country_act *act, struct client *client)
{
    const struct act_form *form = act_form_of_kind(act->kind);
    const char *pattern = !form        ? NULL
                          : act->on    ? form->path_on
                          : act->under ? form->path_under
                                       : form->path_new;
    return pattern ? client_path(client, pattern, act->on ? act->on : act->under) : NULL;
}

enum errc country_act(struct country *country, const struct country_act *act, char *out_id, struct err *err)
{
    struct resident *resident = NULL;
    json_t *told = NULL;
    struct client_request request = {.method = "POST", .body = act->body};
    enum errc rc = find(country, act->node, &resident, err);
    if (rc < 0)
        return rc;
    request.path = path_of(act, resident->officer);
    rc = request.path ? ask(country, resident->officer, &request, &told, err)
                      : err_set(err, ERR_UNSUPPORTED, "the API has no place for %s like this", act->kind);
    if (rc < 0)
        return rc;
    const char *made = json_string_value(json_object_get(told, "subject"));
    (void)snprintf(out_id, UUID_TEXT_SIZE, "%s", made ? made : "");
    json_decref(told);
    return ERR_OK;
}

enum errc country_get(struct country *country, const char *node, const char *path, json_t **out,
                      struct err *err)
{
    struct resident *resident = NULL;
    struct client_request request = {.method = "GET", .path = path};
    enum errc rc = find(country, node, &resident, err);
    return rc < 0 ? rc : ask(country, resident->officer, &request, out, err);
}

/* ---- starting, stopping, cutting, setting the clock ---- */

/* A node that starts knows nothing of clocks and cuts any more. */
static enum errc tell(struct country *country, struct resident *resident, struct err *err)
{
    json_t *cut = json_array();
    for (size_t i = 0; i < country->count; i++)
        if (resident->cut[i])
            (void)json_array_append_new(cut, json_string(country->residents[i].row->id));
    return post(country, resident->operator, "/api/v1/demo",
                json_pack("{s:I,s:o}", "clock_offset_ms", (json_int_t)country->ahead_ms, "cut", cut), NULL,
                err);
}

static enum errc start(struct country *country, struct resident *resident, struct err *err)
{
    enum errc rc = demo_process_start(&resident->process, resident->operator, err);
    arena_reset(&country->request_arena);
    return rc < 0 ? rc : tell(country, resident, err);
}

enum errc country_start(struct country *country, const char *node, struct err *err)
{
    struct resident *resident = NULL;
    enum errc rc = find(country, node, &resident, err);
    return rc < 0 ? rc : start(country, resident, err);
}

enum errc country_stop(struct country *country, const char *node, bool kill, struct err *err)
{
    struct resident *resident = NULL;
    enum errc rc = find(country, node, &resident, err);
    if (rc >= 0 && resident->process.pid == 0)
        rc = err_field(err, ERR_WRONG_STATE, "node", "%s does not run", node);
    if (rc >= 0)
        demo_process_end(&resident->process, kill ? SIGKILL : SIGTERM);
    return rc;
}

static enum errc tell_all(struct country *country, struct err *err)
{
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc >= 0 && i < country->count; i++)
        if (country->residents[i].process.pid > 0)
            rc = tell(country, &country->residents[i], err);
    return rc;
}

enum errc country_cut(struct country *country, const char *node, const char *other, bool cut, struct err *err)
{
    struct resident *one = NULL;
    struct resident *two = NULL;
    enum errc rc = find(country, node, &one, err);
    if (rc >= 0 && other)
        rc = find(country, other, &two, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < country->count; i++) {
        struct resident *each = &country->residents[i];
        if (each == one || (two && each != two))
            continue;
        each->cut[one - country->residents] = cut;
        one->cut[i] = cut;
    }
    return tell_all(country, err);
}

enum errc country_forward(struct country *country, int64_t by_ms, struct err *err)
{
    if (by_ms <= 0)
        return err_set(err, ERR_INVALID, "the clock only goes forward");
    country->ahead_ms += by_ms;
    return tell_all(country, err);
}

/* ---- making them ---- */

static enum errc make_node(struct country *country, struct resident *resident, struct err *err)
{
    const struct demo_node *row = resident->row;
    struct node_card top = {.name = row->name, .tier = TIER_MINISTRY, .region = row->region};
    for (uint32_t i = 0; i < row->roles_count && i < ROLE_MAX; i++)
        top.roles[top.role_count++] = row->roles[i];
    struct node_setup setup = {.config = &resident->process.config,
                               .suite = SUITE_P256_SHA256,
                               .top = row->parent ? NULL : &top,
                               .person = OPERATOR,
                               .post = "系统管理员"};
    enum errc rc = node_setup(&setup, country->call.env, country->arena, err);
    return rc < 0 ? rc
                  : client_file_make(setup.config, country->call.env, setup.person, setup.post,
                                     country->arena, &resident->at[0], err);
}

static json_t *offer_of(const struct demo_node *row)
{
    json_t *roles = json_array();
    for (uint32_t i = 0; i < row->roles_count; i++)
        (void)json_array_append_new(roles, json_string(row->roles[i]));
    return json_pack("{s:s,s:s,s:s,s:s,s:b,s:o}", "id", row->id, "name", row->name, "tier", row->tier,
                     "region", row->region, "large", row->large, "roles", roles);
}

/* The tier above runs already: its code is asked for over its API, as an operator there would. */
static enum errc join(struct country *country, struct resident *resident, struct err *err)
{
    struct resident *above = NULL;
    struct enrol_ticket ticket;
    json_t *told = NULL;
    if (!resident->row->parent)
        return ERR_OK;
    enum errc rc = find(country, resident->row->parent, &above, err);
    if (rc >= 0)
        rc = post(country, above->operator, "/api/v1/enrolments", offer_of(resident->row), &told, err);
    if (rc < 0)
        return rc;
    const char *text = json_string_value(json_object_get(told, "ticket"));
    rc = enrol_ticket_read(text ? text : "", &ticket, err);
    if (rc >= 0)
        rc = node_enrol_join(&resident->process.config, country->call.env, &ticket,
                             streq(resident->row->tier, "province"), country->arena, err);
    json_decref(told);
    return rc;
}

static enum errc make_officer(struct country *country, struct resident *resident, struct err *err)
{
    json_t *told = NULL;
    enum errc rc = post(
        country, resident->operator, "/api/v1/tokens",
        json_pack("{s:s,s:s,s:s,s:b}", "role", "officer", "person", OFFICER, "post", "值班员", "marked", 1),
        &told, err);
    if (rc < 0)
        return rc;
    const char *token = json_string_value(json_object_get(told, "token"));
    const char *kept = arena_strdup(country->arena, token ? token : "");
    json_decref(told);
    if (!kept)
        return err_set(err, ERR_NOMEM, "no memory for a token");
    resident->at[1] = (struct client_file){resident->at[0].url, kept};
    return client_open_at(&country->call, &resident->at[1], &resident->officer, err);
}

static enum errc settle(struct country *country, const char *folder, const struct demo_node *row,
                        struct err *err)
{
    struct resident *resident = &country->residents[country->count++];
    resident->row = row;
    enum errc rc = demo_process_init(&resident->process, folder, row->id, &country->next_port, country->arena,
                                     err);
    if (rc >= 0)
        rc = make_node(country, resident, err);
    if (rc >= 0)
        rc = join(country, resident, err);
    if (rc >= 0)
        rc = client_open_at(&country->call, &resident->at[0], &resident->operator, err);
    if (rc >= 0)
        rc = start(country, resident, err);
    return rc < 0 ? rc : make_officer(country, resident, err);
}

enum errc country_open(struct call *call, const char *folder, const struct demo_script *script,
                       struct country **out, struct err *err)
{
    struct country *country = calloc(1, sizeof *country);
    if (!country)
        return err_set(err, ERR_NOMEM, "no memory for the demonstration");
    arena_init(&country->request_arena, REQUEST_BYTES);
    country->call = *call;
    country->call.arena = &country->request_arena;
    country->arena = call->arena;
    /* Somewhere else each time, so that two demonstrations hardly meet. */
    country->next_port = (uint16_t)(DEMO_PORT_FIRST +
                                    (env_now_ms(call->env) / 7) % (DEMO_PORT_END - DEMO_PORT_FIRST));
    enum errc rc = script->nodes_count > NODES_MAX
                       ? err_set(err, ERR_LIMIT, "more than %d nodes in a demonstration", NODES_MAX)
                       : ERR_OK;
    for (uint32_t i = 0; rc >= 0 && i < script->nodes_count; i++)
        rc = settle(country, folder, &script->nodes[i], err);
    if (rc < 0)
        country_close(country);
    else
        *out = country;
    return rc;
}

void country_close(struct country *country)
{
    if (!country)
        return;
    for (size_t i = country->count; i-- > 0;) {
        struct resident *resident = &country->residents[i];
        demo_process_end(&resident->process, SIGTERM);
        client_close(resident->officer);
        client_close(resident->operator);
    }
    arena_done(&country->request_arena);
    free(country);
}

size_t country_count(const struct country *country)
{
    return country->count;
}

struct country_place country_place(const struct country *country, size_t n)
{
    const struct resident *resident = &country->residents[n];
    return (struct country_place){.node = resident->row,
                                  .data = resident->process.data,
                                  .url = resident->at[0].url,
                                  .officer = resident->at[1].token,
                                  .runs = resident->process.pid > 0};
}
