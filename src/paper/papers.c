#include "paper/papers.h"

#include "base/str.h"
#include "base/yamldoc.h"

#include <stdlib.h>

enum { FILES_MAX = 64 };

/* What one file holds; each list may be absent. */
struct sheet {
    struct paper_house *house;
    struct paper_row *documents;
    uint32_t documents_count;
    struct word_row *words;
    uint32_t words_count;
    struct register_row *registers;
    uint32_t registers_count;
};

struct papers {
    struct sheet *sheets[FILES_MAX];
    size_t count;
    const struct paper_house *house;
};

/* --- schema --------------------------------------------------------------------------------------- */

#define VALUE_OF(type, fields)                                                                               \
    {                                                                                                        \
        CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, type, fields)                                                \
    }

static const cyaml_schema_field_t PART[] = {
    YAML_TEXT_OPTIONAL("heading", struct paper_part, heading),
    YAML_TEXT_OPTIONAL("sub", struct paper_part, sub),
    YAML_TEXT_OPTIONAL("text", struct paper_part, text),
    YAML_TEXT_OPTIONAL("field", struct paper_part, field),
    YAML_TEXT_OPTIONAL("each", struct paper_part, each),
    YAML_END,
};
static const cyaml_schema_value_t PART_VALUE = VALUE_OF(struct paper_part, PART);
static const cyaml_schema_field_t CAP[] = {
    YAML_TEXT_OPTIONAL("kind", struct paper_cap, kind),
    YAML_TEXT("event", struct paper_cap, event),
    YAML_TEXT("headline", struct paper_cap, headline),
    YAML_TEXT("description", struct paper_cap, description),
    YAML_TEXT_OPTIONAL("instruction", struct paper_cap, instruction),
    YAML_TEXT_OPTIONAL("contact", struct paper_cap, contact),
    YAML_TEXT("area", struct paper_cap, area),
    YAML_NAMES("regions", struct paper_cap, regions),
    YAML_END,
};
static const cyaml_schema_field_t DOCUMENT[] = {
    YAML_TEXT("document", struct paper_row, document),
    YAML_TEXT("zh", struct paper_row, zh),
    YAML_TEXT("en", struct paper_row, en),
    YAML_TEXT("of", struct paper_row, of),
    YAML_NAMES("acts", struct paper_row, acts),
    YAML_TEXT("clause", struct paper_row, clause),
    YAML_BOOL_OPTIONAL("upward", struct paper_row, upward),
    YAML_TEXT("head", struct paper_row, head),
    YAML_TEXT("title", struct paper_row, title),
    YAML_TEXT("to", struct paper_row, to),
    YAML_LIST("parts", struct paper_row, parts, &PART_VALUE),
    CYAML_FIELD_MAPPING_PTR("attachments", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct paper_row,
                            attachments, PART),
    YAML_TEXT_OPTIONAL("note", struct paper_row, note),
    YAML_TEXT_OPTIONAL("copies", struct paper_row, copies),
    CYAML_FIELD_MAPPING_PTR("cap", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct paper_row, cap, CAP),
    YAML_END,
};
static const cyaml_schema_value_t DOCUMENT_VALUE = VALUE_OF(struct paper_row, DOCUMENT);
static const cyaml_schema_field_t COLUMN[] = {
    YAML_TEXT("zh", struct paper_column, zh),
    YAML_TEXT("field", struct paper_column, field),
    YAML_INT_OPTIONAL("width", struct paper_column, width),
    YAML_END,
};
static const cyaml_schema_value_t COLUMN_VALUE = VALUE_OF(struct paper_column, COLUMN);
static const cyaml_schema_field_t REGISTER[] = {
    YAML_TEXT("register", struct register_row, name),
    YAML_TEXT("zh", struct register_row, zh),
    YAML_TEXT("en", struct register_row, en),
    YAML_TEXT("of", struct register_row, of),
    YAML_TEXT("clause", struct register_row, clause),
    YAML_LIST("columns", struct register_row, columns, &COLUMN_VALUE),
    YAML_END,
};
static const cyaml_schema_value_t REGISTER_VALUE = VALUE_OF(struct register_row, REGISTER);
static const cyaml_schema_field_t WORD[] = {
    YAML_TEXT("id", struct word_value, id),
    YAML_TEXT("zh", struct word_value, zh),
    YAML_END,
};
static const cyaml_schema_value_t WORD_VALUE = VALUE_OF(struct word_value, WORD);
static const cyaml_schema_field_t WORDS[] = {
    YAML_TEXT("field", struct word_row, field),
    YAML_TEXT_OPTIONAL("enum", struct word_row, list),
    YAML_LIST_OPTIONAL("values", struct word_row, values, &WORD_VALUE),
    YAML_END,
};
static const cyaml_schema_value_t WORDS_VALUE = VALUE_OF(struct word_row, WORDS);
static const cyaml_schema_field_t HOUSE[] = {
    YAML_TEXT("song", struct paper_house, song),
    YAML_TEXT("song_bold", struct paper_house, song_bold),
    YAML_TEXT("fang", struct paper_house, fang),
    YAML_TEXT("hei", struct paper_house, hei),
    YAML_TEXT("kai", struct paper_house, kai),
    YAML_TEXT("word_song", struct paper_house, word_song),
    YAML_TEXT("word_fang", struct paper_house, word_fang),
    YAML_TEXT("word_hei", struct paper_house, word_hei),
    YAML_TEXT("word_kai", struct paper_house, word_kai),
    YAML_NAMES("files", struct paper_house, files),
    YAML_TEXT("demo_prefix", struct paper_house, demo_prefix),
    YAML_TEXT("demo_name", struct paper_house, demo_name),
    YAML_TEXT("demo_label", struct paper_house, demo_label),
    YAML_TEXT("drill_label", struct paper_house, drill_label),
    YAML_TEXT("many", struct paper_house, many),
    YAML_INT_OPTIONAL("many_over", struct paper_house, many_over),
    YAML_END,
};
static const cyaml_schema_field_t SHEET[] = {
    CYAML_FIELD_MAPPING_PTR("house", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct sheet, house, HOUSE),
    YAML_LIST_OPTIONAL("documents", struct sheet, documents, &DOCUMENT_VALUE),
    YAML_LIST_OPTIONAL("words", struct sheet, words, &WORDS_VALUE),
    YAML_LIST_OPTIONAL("registers", struct sheet, registers, &REGISTER_VALUE),
    YAML_END,
};
static const cyaml_schema_value_t SHEET_VALUE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct sheet, SHEET)};

/* --- against the catalogue ------------------------------------------------------------------------ */

static enum errc check_document(const struct paper_row *row, const struct catalogue *catalogue,
                                struct err *err)
{
    if (!catalogue_subject(catalogue, row->of))
        return err_set(err, ERR_INVALID, "the document %s is of '%s', which is no type of matter",
                       row->document, row->of);
    for (uint32_t i = 0; i < row->acts.count; i++)
        if (!catalogue_act(catalogue, row->acts.at[i], NULL))
            return err_set(err, ERR_INVALID, "the document %s names the act '%s', which is not there",
                           row->document, row->acts.at[i]);
    return row->acts.count > 0 ? ERR_OK
                               : err_set(err, ERR_INVALID, "the document %s names no act", row->document);
}

static enum errc check(const struct sheet *sheet, const struct catalogue *catalogue, struct err *err)
{
    enum errc rc = ERR_OK;
    for (uint32_t i = 0; rc == ERR_OK && i < sheet->documents_count; i++)
        rc = check_document(&sheet->documents[i], catalogue, err);
    for (uint32_t i = 0; rc == ERR_OK && i < sheet->registers_count; i++)
        if (!catalogue_subject(catalogue, sheet->registers[i].of))
            rc = err_set(err, ERR_INVALID, "the register %s is of '%s', which is no type of matter",
                         sheet->registers[i].name, sheet->registers[i].of);
    return rc;
}

/* --- loading -------------------------------------------------------------------------------------- */

static enum errc load(struct papers *papers, const struct embed_file *file, const struct catalogue *catalogue,
                      struct err *err)
{
    void *data = NULL;
    if (papers->count == FILES_MAX)
        return err_set(err, ERR_LIMIT, "more than %d files of documents", FILES_MAX);
    enum errc rc = yamldoc_load(file->path, file->bytes, file->size_bytes, &SHEET_VALUE, &data, err);
    if (rc < 0 || !data)
        return rc;
    struct sheet *sheet = data;
    papers->sheets[papers->count++] = sheet;
    if (sheet->house)
        papers->house = sheet->house;
    return check(sheet, catalogue, err);
}

enum errc papers_load(const struct embed_set *files, const struct catalogue *catalogue, struct papers **out,
                      struct err *err)
{
    struct papers *papers = calloc(1, sizeof *papers);
    if (!papers)
        return err_set(err, ERR_NOMEM, "no memory for the documents");
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < files->count; i++)
        rc = load(papers, &files->files[i], catalogue, err);
    if (rc == ERR_OK && !papers->house)
        rc = err_set(err, ERR_INVALID, "no file of the documents holds the house's form");
    if (rc < 0) {
        papers_free(papers);
        return rc;
    }
    *out = papers;
    return ERR_OK;
}

void papers_free(struct papers *papers)
{
    if (!papers)
        return;
    for (size_t i = 0; i < papers->count; i++)
        yamldoc_free(&SHEET_VALUE, papers->sheets[i]);
    free(papers);
}

/* --- rows ----------------------------------------------------------------------------------------- */

const struct paper_house *papers_house(const struct papers *papers)
{
    return papers->house;
}

const struct paper_row *papers_at(const struct papers *papers, size_t index)
{
    for (size_t i = 0; i < papers->count; i++) {
        if (index < papers->sheets[i]->documents_count)
            return &papers->sheets[i]->documents[index];
        index -= papers->sheets[i]->documents_count;
    }
    return NULL;
}

const struct paper_row *papers_find(const struct papers *papers, const char *document)
{
    const struct paper_row *row;
    for (size_t i = 0; (row = papers_at(papers, i)); i++)
        if (streq(row->document, document))
            return row;
    return NULL;
}

const struct register_row *papers_register_at(const struct papers *papers, size_t index)
{
    for (size_t i = 0; i < papers->count; i++) {
        if (index < papers->sheets[i]->registers_count)
            return &papers->sheets[i]->registers[index];
        index -= papers->sheets[i]->registers_count;
    }
    return NULL;
}

const struct register_row *papers_register(const struct papers *papers, const char *name)
{
    const struct register_row *row;
    for (size_t i = 0; (row = papers_register_at(papers, i)); i++)
        if (streq(row->name, name))
            return row;
    return NULL;
}

const struct word_row *papers_word_at(const struct papers *papers, size_t index)
{
    for (size_t i = 0; i < papers->count; i++) {
        if (index < papers->sheets[i]->words_count)
            return &papers->sheets[i]->words[index];
        index -= papers->sheets[i]->words_count;
    }
    return NULL;
}
