/* Documents: the act they are about is found, its node's names are read, and the paper is made in memory. */
#include "desk/query_internal.h"
#include "domain/act.h"
#include "paper/cap.h"
#include "paper/docx.h"
#include "paper/pdf.h"
#include "store/acts.h"
#include "store/nodes.h"

#include <string.h>

enum { DOCUMENT_BYTES_MAX = 16 << 20 };

/* --- what a document is made from ----------------------------------------------------------------- */

struct drawer {
    struct paper_facts facts;
    struct directory dir;
    struct subject matter;
    struct subject root;
    struct act act;
};

static void drop_doc(void *doc)
{
    json_decref(doc);
}

/* Values that travel beside the act are shown only to whoever asks on this machine itself: the API has no
 * such parameter. */
static enum errc unseal(struct asked *asked, const struct stored_act *stored, struct act *act)
{
    json_t *annex = NULL;
    const char *name;
    json_t *sealed;
    bool secrets = false;
    enum errc rc = asked_bool(asked, "secrets", &secrets);
    if (rc < 0 || !secrets || stored->annex_bytes == 0)
        return rc;
    rc = doc_parse_object(stored->annex, stored->annex_bytes, &annex, asked->err);
    if (rc < 0)
        return rc;
    json_object_foreach(annex, name, sealed)
    {
        (void)json_object_set(act->body, name, json_object_get(sealed, "value"));
    }
    json_decref(annex);
    return ERR_OK;
}

static enum errc read_act(struct asked *asked, const struct stored_act *stored, struct act *out)
{
    json_t *doc = NULL;
    enum errc rc = act_read(stored->act.bytes, stored->act.size_bytes, asked->arena, out, &doc, asked->err);
    if (rc < 0)
        return rc;
    if (!arena_tie(asked->arena, drop_doc, doc))
        return err_set(asked->err, ERR_NOMEM, "no memory for an act");
    return unseal(asked, stored, out);
}

/* The newest act of the matter that the document is about; pos -1 when there is none. */
static enum errc newest(struct asked *asked, const char *matter, const struct paper_row *row,
                        struct stored_act *out)
{
    enum errc rc = ERR_OK;
    out->pos = -1;
    for (uint32_t i = 0; rc == ERR_OK && i < row->acts.count; i++) {
        struct act_page page = {0};
        const struct act_filter filter = {
            .subject = matter, .kind = row->acts.at[i], .after_pos = -1, .newest_first = true, .limit = 1};
        rc = acts_list(asked->reader->store, &filter, asked->arena, &page, asked->err);
        if (rc == ERR_OK && page.count > 0 && page.items[0].pos > out->pos)
            *out = page.items[0];
    }
    return rc;
}

static enum errc find_act(struct asked *asked, const struct paper_row *row, struct drawer *drawer)
{
    const char *id = asked_text(asked, "act");
    struct stored_act stored = {.pos = -1};
    enum errc rc = id ? acts_get(asked->reader->store, id, asked->arena, &stored, asked->err)
                      : newest(asked, drawer->matter.id, row, &stored);
    if (rc == ERR_NOT_FOUND ||
        (rc == ERR_OK && (stored.pos < 0 || strcmp(stored.act.subject, drawer->matter.id) != 0)))
        return err_field(asked->err, ERR_NOT_FOUND, "document",
                         "this matter has no act that the document %s is about", row->document);
    return rc < 0 ? rc : read_act(asked, &stored, &drawer->act);
}

static enum errc read_names(struct asked *asked, struct drawer *drawer)
{
    struct node_card *cards = NULL;
    size_t count = 0;
    enum errc rc = nodes_list(asked->reader->store, asked->arena, &cards, &count, asked->err);
    if (rc == ERR_OK)
        directory_init(&drawer->dir, cards, count);
    return rc;
}

static enum errc read_matters(struct asked *asked, const struct paper_row *row, struct drawer *drawer)
{
    const char *id = asked_id(asked, "id");
    enum errc rc = subjects_load(asked->reader->store, id, asked->arena, &drawer->matter, asked->err);
    if (rc == ERR_NOT_FOUND || (rc == ERR_OK && strcmp(drawer->matter.type, row->of) != 0))
        return err_field(asked->err, ERR_NOT_FOUND, "id", "there is no %s %.60s here", row->of, id);
    return rc < 0 ? rc
                  : subjects_load(asked->reader->store, drawer->matter.root, asked->arena, &drawer->root,
                                  asked->err);
}

static enum errc fill_drawer(struct asked *asked, const struct paper_row *row, struct drawer *drawer)
{
    const struct query_reader *reader = asked->reader;
    drawer->facts = (struct paper_facts){.papers = reader->papers,
                                         .catalogue = reader->catalogue,
                                         .packs = reader->packs,
                                         .dir = &drawer->dir,
                                         .matter = &drawer->matter,
                                         .root = &drawer->root,
                                         .act = &drawer->act};
    enum errc rc = read_matters(asked, row, drawer);
    if (rc == ERR_OK)
        rc = read_names(asked, drawer);
    return rc < 0 ? rc : find_act(asked, row, drawer);
}

/* --- forms ---------------------------------------------------------------------------------------- */

typedef enum errc (*form_fn)(struct asked *asked, const struct paper_row *row, struct drawer *drawer,
                             struct buf *out);

static enum errc make_pdf(struct asked *asked, const struct paper_row *row, struct drawer *drawer,
                          struct buf *out)
{
    struct paper paper;
    enum errc rc = compose(&drawer->facts, row, asked->arena, &paper, asked->err);
    return rc < 0 ? rc : pdf_write(&paper, papers_house(asked->reader->papers), out, asked->err);
}

static enum errc make_docx(struct asked *asked, const struct paper_row *row, struct drawer *drawer,
                           struct buf *out)
{
    struct paper paper;
    enum errc rc = compose(&drawer->facts, row, asked->arena, &paper, asked->err);
    return rc < 0 ? rc : docx_write(&paper, papers_house(asked->reader->papers), out, asked->err);
}

/* What an update or a cancellation refers to: the newest act of the plain alert of this type of matter. */
static enum errc find_original(struct asked *asked, const struct drawer *drawer, struct act *act,
                               const struct act **out)
{
    const struct paper_row *row;
    for (size_t i = 0; (row = papers_at(asked->reader->papers, i)); i++) {
        struct stored_act stored;
        if (!row->cap || row->cap->kind || strcmp(row->of, drawer->matter.type) != 0)
            continue;
        enum errc rc = newest(asked, drawer->matter.id, row, &stored);
        if (rc == ERR_OK && stored.pos >= 0)
            rc = read_act(asked, &stored, act);
        if (rc < 0)
            return rc;
        *out = stored.pos >= 0 ? act : NULL;
    }
    return ERR_OK;
}

static enum errc make_cap(struct asked *asked, const struct paper_row *row, struct drawer *drawer,
                          struct buf *out)
{
    struct act act;
    const struct act *original = NULL;
    bool refers = row->cap && row->cap->kind;
    enum errc rc = refers ? find_original(asked, drawer, &act, &original) : ERR_OK;
    return rc < 0 ? rc : cap_write(&drawer->facts, row, original, out, asked->err);
}

static const struct {
    const char *ending;
    const char *media;
    form_fn make;
} FORMS[] = {
    {"pdf", "application/pdf", make_pdf},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", make_docx},
    {"xml", "application/cap+xml", make_cap},
};
static const char *const FORM_NAMES[] = {"pdf", "docx", "xml", NULL};

enum errc told_file(struct asked *asked, const struct buf *bytes, const char *media, const char *file)
{
    asked->out->bytes = arena_strndup(asked->arena, bytes->data, bytes->size_bytes);
    asked->out->size_bytes = bytes->size_bytes;
    asked->out->media = media;
    asked->out->file = file;
    return asked->out->bytes && file ? ERR_OK : err_set(asked->err, ERR_NOMEM, "no memory for the file");
}

static enum errc document(struct asked *asked)
{
    const struct papers *papers = asked->reader->papers;
    const char *name = asked_id(asked, "document");
    const struct paper_row *row = papers ? papers_find(papers, name) : NULL;
    struct drawer drawer;
    struct buf bytes;
    int form = 0;
    if (!row)
        return err_field(asked->err, ERR_NOT_FOUND, "document", "there is no document '%.60s'", name);
    enum errc rc = asked_word(asked, "format", FORM_NAMES, &form);
    if (rc == ERR_OK)
        rc = fill_drawer(asked, row, &drawer);
    if (rc < 0)
        return rc;
    buf_init(&bytes, DOCUMENT_BYTES_MAX);
    rc = FORMS[form].make(asked, row, &drawer, &bytes);
    if (rc == ERR_OK)
        rc = told_file(
            asked, &bytes, FORMS[form].media,
            arena_printf(asked->arena, "%s-%s.%s", row->document, drawer.act.id, FORMS[form].ending));
    buf_done(&bytes);
    return rc;
}

/* --- the list ------------------------------------------------------------------------------------- */

static json_t *view_document(const struct paper_row *row)
{
    json_t *acts = json_array();
    json_t *formats = row->cap ? json_pack("[s,s,s]", "pdf", "docx", "xml")
                               : json_pack("[s,s]", "pdf", "docx");
    for (uint32_t i = 0; i < row->acts.count; i++)
        (void)json_array_append_new(acts, json_string(row->acts.at[i]));
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:o,s:o}", "document", row->document, "zh", row->zh, "en", row->en,
                     "of", row->of, "clause", row->clause, "acts", acts, "formats", formats);
}

static enum errc documents(struct asked *asked)
{
    const struct papers *papers = asked->reader->papers;
    const struct paper_row *row;
    json_t *items = json_array();
    for (size_t i = 0; papers && (row = papers_at(papers, i)); i++)
        (void)json_array_append_new(items, view_document(row));
    return told_list(asked, items, NULL);
}

const struct query_row QUERIES_PAPER[] = {
    {"documents", documents},
    {"document", document},
    {"registers", query_registers},
    {"register", query_register},
    {"statistics_book", query_statistics},
    {NULL, NULL},
};
