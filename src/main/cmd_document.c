/* Documents, registers and statistics as files, from the record of a node on this machine. */
#include "base/str.h"
#include "desk/query.h"
#include "main/call.h"
#include "main/lawbook.h"
#include "main/node_config.h"
#include "main/node_dir.h"
#include "main/show.h"

#include <errno.h>
#include <string.h>

/* The record is read, never written: the node may run meanwhile. */
struct shelf {
    struct call *call;
    struct lawbook law;
    struct store *store;
};

static enum errc open_shelf(struct call *call, struct shelf *shelf, struct err *err)
{
    struct config config;
    struct node_dir dir;
    *shelf = (struct shelf){.call = call};
    enum errc rc = node_config_read(call, &config, err);
    if (rc == ERR_OK)
        rc = node_dir_of(config.node_data, call->arena, &dir, err);
    if (rc == ERR_OK)
        rc = lawbook_open(config.rules_folder, &shelf->law, err);
    if (rc < 0)
        return rc;
    struct store_options options = {.dir = dir.real, .read_only = true};
    return store_open(&options, &shelf->store, err);
}

static void close_shelf(struct shelf *shelf)
{
    store_close(shelf->store);
    lawbook_close(&shelf->law);
}

/* --- what is asked ---------------------------------------------------------------------------------- */

/* The form is what the file's name ends with, unless it is said. */
static const char *form(const struct args *args)
{
    const char *said = args_text(args, "format");
    const char *path = args_text(args, "output");
    const char *dot = path ? strrchr(path, '.') : NULL;
    return said ? said : dot ? dot + 1 : "pdf";
}

static const char *param(const void *context, const char *name)
{
    const struct args *args = context;
    static const char *const OPTIONS[] = {"act",    "from",  "until",  "state", "level",
                                          "colour", "owner", "region", NULL};
    if (streq(name, "document") || streq(name, "register"))
        return args_operand(args, 0);
    if (streq(name, "id"))
        return args_operand(args, 1);
    if (streq(name, "format"))
        return form(args);
    if (streq(name, "secrets"))
        return args_has(args, "secrets") ? "true" : NULL;
    for (size_t i = 0; OPTIONS[i]; i++)
        if (streq(OPTIONS[i], name))
            return args_text(args, name);
    return NULL;
}

static enum errc ask(struct shelf *shelf, const char *name, struct query_told *out, struct err *err)
{
    struct call *call = shelf->call;
    const struct query_reader reader = {shelf->store, shelf->law.catalogue, shelf->law.packs, call->env,
                                        shelf->law.papers};
    const struct query_ask question = {name, NULL, param, call->args, NULL};
    return query_run(&reader, &question, call->arena, out, err);
}

/* --- files ------------------------------------------------------------------------------------------ */

static enum errc write_new(const char *path, bool replace, const struct query_told *told, struct err *err)
{
    FILE *out = fopen(path, replace ? "we" : "wxe");
    if (!out)
        return err_set(err, errno == EEXIST ? ERR_CONFLICT : ERR_IO, "%s cannot be made: %s%s", path,
                       strerror(errno), errno == EEXIST ? "; --force replaces it" : "");
    bool written = fwrite(told->bytes, 1, told->size_bytes, out) == told->size_bytes;
    bool closed = fclose(out) == 0;
    return written && closed ? ERR_OK
                             : err_set(err, ERR_IO, "%s cannot be written: %s", path, strerror(errno));
}

static enum errc write_here(FILE *out, const struct query_told *told, struct err *err)
{
    bool written = fwrite(told->bytes, 1, told->size_bytes, out) == told->size_bytes && fflush(out) == 0;
    return written ? ERR_OK : err_set(err, ERR_IO, "standard output cannot be written: %s", strerror(errno));
}

static enum errc write_file(struct call *call, const struct query_told *told, struct err *err)
{
    const char *path = args_text(call->args, "output");
    if (path && streq(path, "-"))
        return write_here(call->streams.out, told, err);
    path = path ? path : told->file;
    enum errc rc = write_new(path, args_has(call->args, "force"), told, err);
    if (rc == ERR_OK)
        (void)fprintf(call->streams.err, "%s: %zu bytes\n", path, told->size_bytes);
    return rc;
}

/* A document is about a matter; a register and the statistics are not. */
static enum errc choose(const struct shelf *shelf, const char **out, struct err *err)
{
    const struct args *args = shelf->call->args;
    const char *kind = args_operand(args, 0);
    if (papers_find(shelf->law.papers, kind)) {
        *out = "document";
        return args_operand(args, 1) ? ERR_OK
                                     : err_set(err, ERR_USAGE, "%s: which matter? its id is missing", kind);
    }
    *out = streq(kind, "statistics") ? "statistics_book" : "register";
    return ERR_OK;
}

static enum errc list(struct shelf *shelf, json_t **out, struct err *err)
{
    struct query_told documents = {0};
    struct query_told registers = {0};
    enum errc rc = ask(shelf, "documents", &documents, err);
    if (rc == ERR_OK)
        rc = ask(shelf, "registers", &registers, err);
    if (rc == ERR_OK)
        *out = json_pack("{s:O,s:O}", "documents", json_object_get(documents.doc, "items"), "registers",
                         json_object_get(registers.doc, "items"));
    json_decref(documents.doc);
    json_decref(registers.doc);
    return rc;
}

static int show(struct call *call, json_t *lists)
{
    static const struct show_column DOCUMENTS[] = {
        {"DOCUMENT", "document", SHOW_TEXT}, {"", "zh", SHOW_TEXT},           {"OF", "of", SHOW_TEXT},
        {"CLAUSE", "clause", SHOW_TEXT},     {"FORMS", "formats", SHOW_TEXT}, {0}};
    static const struct show_column REGISTERS[] = {{"REGISTER", "register", SHOW_TEXT},
                                                   {"", "zh", SHOW_TEXT},
                                                   {"OF", "of", SHOW_TEXT},
                                                   {"CLAUSE", "clause", SHOW_TEXT},
                                                   {0}};
    int code = CLI_DONE;
    if (call->json)
        code = call_write(call, lists);
    else if ((code = show_rows(call, json_object_get(lists, "documents"), DOCUMENTS)) == CLI_DONE)
        code = show_rows(call, json_object_get(lists, "registers"), REGISTERS);
    json_decref(lists);
    return code;
}

static int run_document(struct call *call)
{
    struct err err;
    struct shelf shelf;
    struct query_told told = {0};
    json_t *lists = NULL;
    const char *query = NULL;
    bool listing = !args_operand(call->args, 0);
    enum errc rc = open_shelf(call, &shelf, &err);
    if (rc == ERR_OK && listing)
        rc = list(&shelf, &lists, &err);
    if (rc == ERR_OK && !listing)
        rc = choose(&shelf, &query, &err);
    if (rc == ERR_OK && query)
        rc = ask(&shelf, query, &told, &err);
    if (rc == ERR_OK && query)
        rc = write_file(call, &told, &err);
    close_shelf(&shelf);
    if (rc < 0)
        return call_fail(call, &err);
    return lists ? show(call, lists) : CLI_DONE;
}

/* --- rows ------------------------------------------------------------------------------------------- */

static const struct option_row OPTIONS[] = {
    NODE_CONFIG_OPTIONS,
    {.name = "output",
     .letter = 'o',
     .kind = OPTION_TEXT,
     .value = "FILE",
     .text = "where to; its ending chooses the form; - is standard output; else a name of its own"},
    {.name = "format",
     .kind = OPTION_CHOICE,
     .value = "pdf|docx|xml",
     .text = "form of a document; xml is CAP 1.2, of warnings"},
    {.name = "act", .kind = OPTION_TEXT, .value = "ID", .text = "the act it is about; else the newest"},
    {.name = "secrets", .text = "with what travels beside the acts, such as 联系人"},
    {.name = "force", .text = "replace a file that is there"},
    {.name = "from", .kind = OPTION_TEXT, .value = "TIME", .text = "register: opened at or after"},
    {.name = "until", .kind = OPTION_TEXT, .value = "TIME", .text = "register: opened before"},
    {.name = "state", .kind = OPTION_TEXT, .value = "STATES", .text = "register: in these states"},
    {.name = "level", .kind = OPTION_CHOICE, .value = "I|II|III|IV", .text = "register: of this level"},
    {.name = "colour",
     .kind = OPTION_CHOICE,
     .value = "red|orange|yellow|blue",
     .text = "register: of this colour"},
    {.name = "owner", .kind = OPTION_TEXT, .value = "NODE", .text = "register: of this node"},
    {.name = "region", .kind = OPTION_TEXT, .value = "CODE", .text = "register: of this region"},
    {0},
};

static const struct command ROWS[] = {
    {
        .name = "document",
        .summary = "documents (GB/T 9704), registers and statistics as files",
        .operands = "[KIND [MATTER]]",
        .operands_max = 2,
        .options = OPTIONS,
        .details =
            "Without KIND it tells what there is. A document is about the newest act of its kind in the\n"
            "matter. The same record gives the same bytes. A register or 'statistics' needs no matter.",
        .examples =
            (const struct example_row[]){
                {"fengsui document --data /var/lib/fengsui", "what can be made"},
                {"fengsui document incident-report 0190f1c2-… --data /var/lib/fengsui -o report.pdf",
                 "a report in the form of GB/T 9704"},
                {"fengsui document warning 0190f1c3-… --data /var/lib/fengsui -o warning.xml",
                 "a warning in CAP 1.2"},
                {"fengsui document incidents --data /var/lib/fengsui --from 2026-01-01 -o incidents.xlsx",
                 "a register"},
                {0},
            },
        .run = run_document,
    },
    {0},
};

const struct command_group COMMANDS_document = {"Documents", ROWS};
