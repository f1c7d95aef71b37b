/* Commands that prove, copy and check what a node has recorded, without the node. */
#include "base/str.h"
#include "main/call.h"
#include "main/ledger_file.h"
#include "main/node.h"
#include "main/node_config.h"
#include "main/receipt_file.h"
#include "main/verify.h"

#include <errno.h>
#include <string.h>

/* ---- verify ---- */

static void tell_problems(struct call *call, const json_t *report)
{
    size_t i;
    json_t *problem;
    json_array_foreach(json_object_get(report, "problems"), i, problem)
    {
        const char *act = json_string_value(json_object_get(problem, "act"));
        const char *why = json_string_value(json_object_get(problem, "why"));
        json_t *pos = json_object_get(problem, "pos");
        (void)fprintf(call->streams.out, "  ");
        if (pos)
            (void)fprintf(call->streams.out, "act number %lld ", (long long)json_integer_value(pos));
        if (act)
            (void)fprintf(call->streams.out, "(%s) ", act);
        (void)fprintf(call->streams.out, "%s%s\n", pos || act ? ": " : "", why ? why : "");
    }
}

static void tell_report(struct call *call, const json_t *report)
{
    FILE *out = call->streams.out;
    bool ok = json_is_true(json_object_get(report, "ok"));
    const char *root = json_string_value(json_object_get(report, "root"));
    const char *node = json_string_value(json_object_get(report, "node"));
    const char *key = json_string_value(json_object_get(report, "key"));
    (void)fprintf(out, "%s%s%s: %s, %lld acts, tree of %lld, root %s\n",
                  call_style(call->colour_out, ok ? STYLE_GREEN : STYLE_RED), ok ? "sound" : "NOT SOUND",
                  call_style(call->colour_out, STYLE_PLAIN), node ? node : "?",
                  (long long)json_integer_value(json_object_get(report, "acts")),
                  (long long)json_integer_value(json_object_get(report, "tree_size")), root ? root : "");
    if (key && *key)
        (void)fprintf(out, "  key %s\n", key);
    size_t i;
    json_t *witness;
    json_array_foreach(json_object_get(report, "witnesses"), i, witness)
    {
        (void)fprintf(out, "  witnessed by %s: %lld acts, %s\n",
                      json_string_value(json_object_get(witness, "node")),
                      (long long)json_integer_value(json_object_get(witness, "size")),
                      json_string_value(json_object_get(witness, "time")));
    }
    tell_problems(call, report);
    json_t *drill;
    json_array_foreach(json_object_get(report, "drills"), i, drill)
    {
        tell_report(call, drill);
    }
}

static int run_verify(struct call *call)
{
    struct err err;
    json_t *report = NULL;
    if (verify_path(args_operand(call->args, 0), call->arena, &report, &err) < 0)
        return call_fail(call, &err);
    bool ok = json_is_true(json_object_get(report, "ok"));
    int code = CLI_DONE;
    if (call->json || !call->colour_out)
        code = call_write(call, report);
    else
        tell_report(call, report);
    json_decref(report);
    return code != CLI_DONE ? code : ok ? CLI_DONE : CLI_FAILED;
}

/* ---- export ---- */

static enum errc open_out(struct call *call, const char *path, FILE **out, struct err *err)
{
    *out = call->streams.out;
    if (!path || streq(path, "-"))
        return ERR_OK;
    *out = fopen(path, "wxe");
    return *out ? ERR_OK
                : err_set(err, errno == EEXIST ? ERR_CONFLICT : ERR_IO, "%s cannot be made: %s", path,
                          strerror(errno));
}

static enum errc close_out(struct call *call, const char *path, FILE *out, enum errc rc, struct err *err)
{
    if (out == call->streams.out)
        return rc;
    bool written = fclose(out) == 0;
    return rc >= 0 && !written ? err_set(err, ERR_IO, "%s cannot be written: %s", path, strerror(errno)) : rc;
}

static enum errc open_record(struct call *call, struct store **out, struct err *err)
{
    struct config config;
    struct node_dir dir;
    enum errc rc = node_config_read(call, &config, err);
    if (rc >= 0)
        rc = node_dir_of(config.node_data, call->arena, &dir, err);
    if (rc < 0)
        return rc;
    struct store_options options = {.dir = dir.real, .read_only = true};
    return store_open(&options, out, err);
}

static enum errc write_receipt(struct call *call, struct store *store, const char *act, FILE *out,
                               struct err *err)
{
    struct buf line;
    json_t *doc = NULL;
    buf_init(&line, DOC_BYTES_MAX);
    enum errc rc = receipt_file_make(store, act, call->arena, &doc, err);
    if (rc >= 0)
        rc = doc_write(doc, &line, err);
    if (rc >= 0 && fprintf(out, "%s\n", line.data) < 0)
        rc = err_set(err, ERR_IO, "the receipt cannot be written: %s", strerror(errno));
    json_decref(doc);
    buf_done(&line);
    return rc;
}

static int run_export(struct call *call)
{
    struct err err;
    struct store *store = NULL;
    FILE *out = NULL;
    const char *path = args_text(call->args, "output");
    const char *act = args_text(call->args, "receipt");
    enum errc rc = open_record(call, &store, &err);
    if (rc >= 0)
        rc = open_out(call, path, &out, &err);
    if (rc >= 0) {
        rc = act ? write_receipt(call, store, act, out, &err)
                 : ledger_file_write(store, call->env, args_has(call->args, "secrets"), out, &err);
        rc = close_out(call, path, out, rc, &err);
    }
    store_close(store);
    return rc < 0 ? call_fail(call, &err) : CLI_DONE;
}

/* ---- rows ---- */

static const struct option_row EXPORT_OPTIONS[] = {
    NODE_CONFIG_OPTIONS,
    {.name = "output",
     .letter = 'o',
     .kind = OPTION_TEXT,
     .value = "FILE",
     .text = "a new file; else standard output"},
    {.name = "receipt",
     .kind = OPTION_TEXT,
     .value = "ACT",
     .text = "only this act, with the receipts of those who have it"},
    {.name = "secrets", .text = "with the secret values that travel beside acts"},
    {0},
};

static const struct command ROWS[] = {
    {
        .name = "verify",
        .summary = "prove offline that nothing was altered, and name what was",
        .operands = "PATH",
        .operands_min = 1,
        .operands_max = 1,
        .details = "PATH is a node's data directory, an exported ledger or a receipt. Every act is hashed "
                   "again, every\n"
                   "signed root, signature, proof of a peer's act and witness is checked. Exit code 1 when "
                   "something\n"
                   "does not hold. Trust begins with the first cards: compare the key that is shown with the "
                   "one that\n"
                   "you know. A running node may be verified: nothing is written.",
        .examples =
            (const struct example_row[]){
                {"fengsui verify /var/lib/fengsui", "a node's own record"},
                {"fengsui verify --json ledger.jsonl", "a ledger that was exported"},
                {0},
            },
        .run = run_verify,
    },
    {
        .name = "export",
        .summary = "write the ledger as a file that proves itself",
        .options = EXPORT_OPTIONS,
        .details = "JSON lines: cards, acts with the proofs of their makers, signed heads, witnesses. "
                   "'fengsui verify'\n"
                   "checks it anywhere. Secret values stay here unless they are asked for.",
        .examples =
            (const struct example_row[]){
                {"fengsui export --output ledger.jsonl", "for an auditor"},
                {"fengsui export --receipt 01936f6e-0000-7000-8000-000000000000",
                 "proof that it was received"},
                {0},
            },
        .run = run_export,
    },
    {0},
};

const struct command_group COMMANDS_proof = {"Proof", ROWS};
