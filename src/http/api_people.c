/* First run, one-time codes, locks: what concerns accounts and is no act by itself. */
#include "http/api_internal.h"

#include "desk/login.h"
#include "desk/people.h"
#include "desk/view.h"
#include "store/nodes.h"

#include <string.h>

enum { CODE_CHARS_MAX = 64, NAME_CHARS_MAX = 64, PERSON_CHARS_MAX = 60, REASON_CHARS_MAX = 1000 };

/* ---- the first run --------------------------------------------------------------------------------- */

void api_setup_state(struct api_call *call, struct api_reader *reader)
{
    const struct store_identity *identity = store_identity(reader->query.store);
    struct node_card card;
    struct err err;
    bool first = false;
    enum errc rc = people_first_run(reader->query.store, &first, &err);
    if (rc >= 0)
        rc = nodes_load(reader->query.store, identity->node, &call->exchange->arena, &card, NULL, &err);
    bool known = rc == ERR_OK;
    if (rc < 0 && rc != ERR_NOT_FOUND) {
        api_refuse(call, &err);
        return;
    }
    json_t *doc = json_pack("{s:b,s:b,s:s,s:s?,s:s?,s:s?}", "open", (int)first, "enrolled", (int)known,
                            "node", identity->node, "name", known ? card.name : NULL, "tier",
                            known ? tier_name(card.tier) : NULL, "region", known ? card.region : NULL);
    api_answer(call, 200, doc);
    json_decref(doc);
    http_reply_send(call->exchange);
}

struct setup {
    struct api_call *call;
    const char *code;
    struct administrator admins[PEOPLE_ADMINISTRATORS];
    char hashes[PEOPLE_ADMINISTRATORS][PASSWORD_TEXT_SIZE];
};

static enum errc read_administrator(struct setup *setup, size_t at, json_t *doc, struct err *err)
{
    static const char *const NAMES[] = {"role", "name", "person", "password"};
    struct administrator *admin = &setup->admins[at];
    const struct access_policy *policy = setup->call->api->policy;
    const char *password = NULL;
    enum errc rc = doc_only(doc, NAMES, sizeof NAMES / sizeof NAMES[0], err);
    if (rc >= 0)
        rc = doc_text(doc, "role", DOC_REQUIRED, NAME_CHARS_MAX, &admin->role, err);
    if (rc >= 0)
        rc = doc_text(doc, "name", DOC_REQUIRED, NAME_CHARS_MAX, &admin->name, err);
    if (rc >= 0)
        rc = doc_text(doc, "person", DOC_REQUIRED, PERSON_CHARS_MAX, &admin->person, err);
    if (rc >= 0)
        rc = doc_text(doc, "password", DOC_OPTIONAL, PASSWORD_BYTES_MAX, &password, err);
    if (rc >= 0 && password)
        rc = policy_check_text(policy, admin->name, password, err);
    admin->password = password;
    return rc;
}

static enum errc hash_passwords(struct setup *setup, struct err *err)
{
    const struct api *api = setup->call->api;
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc >= 0 && i < PEOPLE_ADMINISTRATORS; i++) {
        struct administrator *admin = &setup->admins[i];
        if (!admin->password)
            continue;
        rc = password_hash(admin->password, &api->policy->cost, api->parts.env, setup->hashes[i], err);
        admin->password = setup->hashes[i];
    }
    return rc;
}

static enum errc read_setup(struct setup *setup, json_t *body, struct err *err)
{
    static const char *const NAMES[] = {"code", "administrators"};
    json_t *list = NULL;
    enum errc rc = doc_only(body, NAMES, 2, err);
    if (rc >= 0)
        rc = doc_text(body, "code", DOC_REQUIRED, CODE_CHARS_MAX, &setup->code, err);
    if (rc >= 0)
        rc = doc_array(body, "administrators", DOC_REQUIRED, PEOPLE_ADMINISTRATORS, &list, err);
    if (rc >= 0 && json_array_size(list) != PEOPLE_ADMINISTRATORS)
        rc = err_field(err, ERR_INVALID, "administrators", "three are needed, each of another role");
    for (size_t i = 0; rc >= 0 && i < PEOPLE_ADMINISTRATORS; i++) {
        char field[32];
        json_t *one = json_array_get(list, i);
        rc = json_is_object(one) ? read_administrator(setup, i, one, err)
                                 : err_field(err, ERR_INVALID, "", "an object is expected");
        (void)snprintf(field, sizeof field, "administrators[%zu]", i);
        if (rc < 0)
            err_field_prefix(err, field);
    }
    return rc;
}

static enum errc run_setup(void *context, struct desk *desk, struct err *err)
{
    struct setup *setup = context;
    return people_setup(desk, setup->call->api->policy, setup->code, setup->admins, err);
}

static void tell_setup(const struct setup *setup)
{
    struct api_call *call = setup->call;
    json_t *list = json_array();
    for (size_t i = 0; i < PEOPLE_ADMINISTRATORS; i++) {
        const struct administrator *admin = &setup->admins[i];
        bool coded = admin->code.text[0] != '\0';
        (void)json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s,s:s?,s:o}", "user", admin->user, "role",
                                                    admin->role, "name", admin->name, "person", admin->person,
                                                    "code", coded ? admin->code.text : NULL, "expires",
                                                    view_time(coded ? admin->code.expires_ms : 0)));
    }
    json_t *doc = json_pack("{s:o}", "administrators", list);
    api_answer(call, 201, doc);
    json_decref(doc);
    http_reply_send(call->exchange);
}

void api_setup_run(struct api_call *call, struct api_reader *reader)
{
    struct err err;
    json_t *body = NULL;
    struct setup *setup = arena_alloc(&call->exchange->arena, sizeof *setup);
    struct api_try try = {.call = call, .login = {.name = "setup"}};
    enum errc rc = setup ? api_body(call, &body, &err) : err_set(&err, ERR_NOMEM, "no memory for the setup");
    if (rc >= 0) {
        setup->call = call;
        rc = read_setup(setup, body, &err);
    }
    if (rc >= 0)
        rc = api_try_hashing(&try, reader, &err);
    if (rc >= 0) {
        rc = hash_passwords(setup, &err);
        api_try_hashed(&try);
    }
    if (rc >= 0)
        rc = api_write(call, run_setup, setup, &err);
    if (rc == ERR_AUTH)
        api_try_failed(&try);
    if (rc < 0)
        api_try_refuse(&try, &err);
    else
        tell_setup(setup);
    json_decref(body);
}

/* ---- one's first password -------------------------------------------------------------------------- */

struct activation {
    const char *name;
    const char *code;
    const char *password;
    char hash[PASSWORD_TEXT_SIZE];
};

static enum errc read_activation(struct activation *out, json_t *body, struct err *err)
{
    static const char *const NAMES[] = {"name", "code", "password"};
    enum errc rc = doc_only(body, NAMES, 3, err);
    if (rc >= 0)
        rc = doc_text(body, "name", DOC_REQUIRED, NAME_CHARS_MAX, &out->name, err);
    if (rc >= 0)
        rc = doc_text(body, "code", DOC_REQUIRED, CODE_CHARS_MAX, &out->code, err);
    return rc < 0 ? rc : doc_text(body, "password", DOC_REQUIRED, PASSWORD_BYTES_MAX, &out->password, err);
}

/* The code first: only who has it learns what is wrong with the password. */
static enum errc prepare(struct activation *activation, struct api_call *call, struct api_reader *reader,
                         struct err *err)
{
    struct api *api = call->api;
    struct account account;
    enum errc rc = people_code_check(reader->query.store, activation->name, activation->code,
                                     env_now_ms(api->parts.env), &call->exchange->arena, &account, err);
    if (rc >= 0)
        rc = policy_check(api->policy, &account, activation->password, err);
    return rc < 0 ? rc
                  : password_hash(activation->password, &api->policy->cost, api->parts.env, activation->hash,
                                  err);
}

static enum errc run_activation(void *context, struct desk *desk, struct err *err)
{
    const struct activation *activation = context;
    return people_activate(desk, activation->name, activation->code, activation->hash, err);
}

void api_activate(struct api_call *call, struct api_reader *reader)
{
    struct err err;
    json_t *body = NULL;
    struct activation activation = {0};
    struct api_try try = {.call = call};
    enum errc rc = api_body(call, &body, &err);
    if (rc >= 0)
        rc = read_activation(&activation, body, &err);
    if (rc >= 0) {
        try.login.name = activation.name;
        rc = api_try_hashing(&try, reader, &err);
    }
    if (rc >= 0) {
        rc = prepare(&activation, call, reader, &err);
        api_try_hashed(&try);
    }
    if (rc >= 0)
        rc = api_write(call, run_activation, &activation, &err);
    if (rc == ERR_AUTH)
        api_try_failed(&try);
    if (rc == ERR_INVALID && try.login.name)
        api_try_right(&try);
    if (rc < 0) {
        api_try_refuse(&try, &err);
    } else {
        http_reply_status(call->exchange, 204);
        http_reply_send(call->exchange);
    }
    json_decref(body);
}

/* ---- an administrator about somebody --------------------------------------------------------------- */

struct about {
    struct api_call *call;
    struct people_by by;
    struct one_time_code code;
};

/* Both undo what protects an account: they need a second factor as user.posted does, and nobody has them for
 * himself. */
static enum errc read_about(struct about *about, struct api_call *call, json_t **out_body, struct err *err)
{
    static const char *const NAMES[] = {"reason"};
    const struct api_caller *caller = &call->caller;
    *about = (struct about){.call = call, .by = {.person = caller->person, .post = caller->post}};
    enum errc rc = api_body(call, out_body, err);
    if (rc >= 0)
        rc = doc_only(*out_body, NAMES, 1, err);
    if (rc >= 0)
        rc = doc_text(*out_body, "reason", DOC_REQUIRED, REASON_CHARS_MAX, &about->by.reason, err);
    if (rc < 0)
        return rc;
    if (*caller->standing.user && streq(caller->standing.user, route_param(&call->match, "id")))
        return err_set(err, ERR_PERMISSION, "nobody resets his own account; ask another administrator");
    if (!caller->standing.confirmed)
        return err_field(err, ERR_SECOND_FACTOR, "code", "this needs a second factor");
    return ERR_OK;
}

static enum errc run_code(void *context, struct desk *desk, struct err *err)
{
    struct about *about = context;
    return people_code(desk, about->call->api->policy, route_param(&about->call->match, "id"), &about->by,
                       &about->code, err);
}

static enum errc run_unlock(void *context, struct desk *desk, struct err *err)
{
    const struct about *about = context;
    return people_unlock(desk, route_param(&about->call->match, "id"), &about->by, err);
}

void api_user_code(struct api_call *call, struct api_reader *reader)
{
    struct err err;
    json_t *body = NULL;
    struct about about;
    (void)reader;
    enum errc rc = read_about(&about, call, &body, &err);
    if (rc >= 0)
        rc = api_write(call, run_code, &about, &err);
    if (rc < 0) {
        api_refuse_body(call, &err);
    } else {
        json_t *doc = json_pack("{s:s,s:o}", "code", about.code.text, "expires",
                                view_time(about.code.expires_ms));
        api_answer(call, 201, doc);
        json_decref(doc);
        http_reply_send(call->exchange);
    }
    explicit_bzero(&about.code, sizeof about.code);
    json_decref(body);
}

void api_user_unlock(struct api_call *call, struct api_reader *reader)
{
    struct err err;
    json_t *body = NULL;
    struct about about;
    (void)reader;
    enum errc rc = read_about(&about, call, &body, &err);
    if (rc >= 0)
        rc = api_write(call, run_unlock, &about, &err);
    if (rc < 0) {
        api_refuse_body(call, &err);
    } else {
        http_reply_status(call->exchange, 204);
        http_reply_send(call->exchange);
    }
    json_decref(body);
}
