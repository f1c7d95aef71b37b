#include "paper/docx.h"

#include "base/civil.h"
#include "base/str.h"
#include "paper/xml.h"
#include "paper/zip.h"

/* Lengths are in twentieths of a point, as the format has them: A4, 天头 37 mm, 订口 28 mm, 版心 156 × 225. */
enum { TWIPS_WIDTH = 8844, HEAD_HALF_PT_MAX = 96, PARTS = 10, PART_BYTES = 4 << 20 };

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define W "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define R "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define OOXML "application/vnd.openxmlformats-officedocument.wordprocessingml."

static const char TYPES[] = DECLARATION
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
    "<Default Extension=\"rels\" "
    "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
    "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    "<Override PartName=\"/word/document.xml\" ContentType=\"" OOXML "document.main+xml\"/>"
    "<Override PartName=\"/word/styles.xml\" ContentType=\"" OOXML "styles+xml\"/>"
    "<Override PartName=\"/word/settings.xml\" ContentType=\"" OOXML "settings+xml\"/>"
    "<Override PartName=\"/word/header1.xml\" ContentType=\"" OOXML "header+xml\"/>"
    "<Override PartName=\"/word/footer1.xml\" ContentType=\"" OOXML "footer+xml\"/>"
    "<Override PartName=\"/word/footer2.xml\" ContentType=\"" OOXML "footer+xml\"/>"
    "<Override PartName=\"/docProps/core.xml\" "
    "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>";

#define RELATIONSHIPS "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
static const char RELATIONS[] = DECLARATION RELATIONSHIPS
    "<Relationship Id=\"rId1\" Type=\"" R "/officeDocument\" Target=\"word/document.xml\"/>"
    "<Relationship Id=\"rId2\" "
    "Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" "
    "Target=\"docProps/core.xml\"/></Relationships>";
static const char DOCUMENT_RELATIONS[] = DECLARATION RELATIONSHIPS
    "<Relationship Id=\"rId1\" Type=\"" R "/styles\" Target=\"styles.xml\"/>"
    "<Relationship Id=\"rId2\" Type=\"" R "/settings\" Target=\"settings.xml\"/>"
    "<Relationship Id=\"rId3\" Type=\"" R "/header\" Target=\"header1.xml\"/>"
    "<Relationship Id=\"rId4\" Type=\"" R "/footer\" Target=\"footer1.xml\"/>"
    "<Relationship Id=\"rId5\" Type=\"" R "/footer\" Target=\"footer2.xml\"/></Relationships>";
static const char SETTINGS[] = DECLARATION
    "<w:settings xmlns:w=\"" W "\"><w:evenAndOddHeaders/>"
    "<w:characterSpacingControl w:val=\"compressPunctuation\"/></w:settings>";
/* The footer must not reach into the type area, or it takes a row. */
static const char SECTION[] =
    "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId3\"/>"
    "<w:headerReference w:type=\"even\" r:id=\"rId3\"/>"
    "<w:footerReference w:type=\"default\" r:id=\"rId4\"/><w:footerReference w:type=\"even\" r:id=\"rId5\"/>"
    "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"
    "<w:pgMar w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1588\" w:header=\"851\" "
    "w:footer=\"1247\" w:gutter=\"0\"/><w:docGrid w:type=\"lines\" w:linePitch=\"579\"/></w:sectPr>";

/* --- styles --------------------------------------------------------------------------------------- */

enum face { FACE_SONG, FACE_FANG, FACE_HEI, FACE_KAI };

/* Each element of a paper, named so that no style of a reader's own is meant; sizes in half points, spacing
 * of characters in twentieths. */
static const struct style {
    const char *id;
    enum face face;
    int size;
    int spacing;
    const char *colour;
    const char *paragraph;
} STYLES[] = {
    {"GwHead", FACE_SONG, HEAD_HALF_PT_MAX, 0, "DB000D",
     "<w:spacing w:before=\"1984\" w:line=\"240\" w:lineRule=\"auto\"/><w:jc w:val=\"center\"/>"},
    {"GwNumber", FACE_FANG, 32, -5, NULL,
     "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"12\" w:space=\"11\" w:color=\"DB000D\"/></w:pBdr>"
     "<w:tabs><w:tab w:val=\"right\" w:pos=\"8528\"/></w:tabs><w:spacing w:before=\"1158\" w:line=\"579\" "
     "w:lineRule=\"exact\"/>"},
    {"GwTitle", FACE_SONG, 44, 0, NULL,
     "<w:keepNext/><w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"1158\" w:after=\"579\" w:line=\"579\" "
     "w:lineRule=\"exact\"/>"
     "<w:jc w:val=\"center\"/>"},
    {"GwTo", FACE_FANG, 32, -5, NULL, "<w:spacing w:line=\"579\" w:lineRule=\"exact\"/>"},
    {"GwText", FACE_FANG, 32, -5, NULL,
     "<w:spacing w:line=\"579\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"200\" w:firstLine=\"632\"/>"
     "<w:jc w:val=\"both\"/>"},
    {"GwHeading", FACE_HEI, 32, -5, NULL,
     "<w:keepNext/><w:spacing w:line=\"579\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"200\" "
     "w:firstLine=\"632\"/>"},
    {"GwSubheading", FACE_KAI, 32, -5, NULL,
     "<w:keepNext/><w:spacing w:line=\"579\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"200\" "
     "w:firstLine=\"632\"/>"},
    {"GwAttachment", FACE_FANG, 32, -5, NULL,
     "<w:spacing w:line=\"579\" w:lineRule=\"exact\"/><w:ind w:left=\"1579\" w:hanging=\"947\"/>"},
    {"GwSignature", FACE_FANG, 32, -5, NULL,
     "<w:keepNext/><w:spacing w:line=\"579\" w:lineRule=\"exact\"/><w:jc w:val=\"right\"/>"},
    {"GwImprint", FACE_FANG, 28, 0, NULL,
     "<w:pBdr>"
     "<w:top w:val=\"single\" w:sz=\"8\" w:space=\"1\" w:color=\"auto\"/>"
     "<w:bottom w:val=\"single\" w:sz=\"8\" w:space=\"1\" w:color=\"auto\"/>"
     "<w:between w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"auto\"/></w:pBdr>"
     "<w:tabs><w:tab w:val=\"right\" w:pos=\"8564\"/></w:tabs>"
     "<w:spacing w:line=\"579\" w:lineRule=\"exact\"/><w:ind w:left=\"280\" w:right=\"280\"/>"},
    {"GwLabel", FACE_HEI, 28, 0, "DB000D", "<w:jc w:val=\"center\"/>"},
    {"GwFolioOdd", FACE_SONG, 28, 0, NULL, "<w:ind w:right=\"280\"/><w:jc w:val=\"right\"/>"},
    {"GwFolioEven", FACE_SONG, 28, 0, NULL, "<w:ind w:left=\"280\"/>"},
};

static const char *face_name(const struct paper_house *house, enum face face)
{
    const char *const names[] = {house->word_song, house->word_fang, house->word_hei, house->word_kai};
    return names[face];
}

static void write_styles(const struct paper_house *house, struct buf *out)
{
    buf_adds(out, DECLARATION "<w:styles xmlns:w=\"" W "\">");
    for (size_t i = 0; i < sizeof STYLES / sizeof STYLES[0]; i++) {
        const struct style *style = &STYLES[i];
        buf_addf(out,
                 "<w:style w:type=\"paragraph\" w:styleId=\"%s\"><w:name w:val=\"%s\"/><w:pPr>%s</w:pPr>",
                 style->id, style->id, style->paragraph);
        buf_addf(out, "<w:rPr><w:rFonts w:ascii=\"%s\" w:hAnsi=\"%s\" w:eastAsia=\"%s\"/>",
                 face_name(house, style->face), face_name(house, style->face), face_name(house, style->face));
        if (style->colour)
            buf_addf(out, "<w:color w:val=\"%s\"/>", style->colour);
        if (style->spacing)
            buf_addf(out, "<w:spacing w:val=\"%d\"/>", style->spacing);
        buf_addf(out,
                 "<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/><w:lang w:eastAsia=\"zh-CN\"/></w:rPr></w:style>",
                 style->size, style->size);
    }
    buf_adds(out, "</w:styles>");
}

/* --- paragraphs ----------------------------------------------------------------------------------- */

static void run(struct buf *out, const char *text, const char *properties)
{
    buf_addf(out, "<w:r><w:rPr>%s</w:rPr><w:t xml:space=\"preserve\">", properties);
    xml_text(out, text);
    buf_adds(out, "</w:t></w:r>");
}

static void begin(struct buf *out, const char *style, const char *properties)
{
    buf_addf(out, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s</w:pPr>", style, properties);
}

static void paragraph(struct buf *out, const char *style, const char *text)
{
    begin(out, style, "");
    run(out, text, "");
    buf_adds(out, "</w:p>");
}

static void blank(struct buf *out)
{
    buf_adds(out, "<w:p><w:pPr><w:pStyle w:val=\"GwTo\"/></w:pPr></w:p>");
}

/* The head's characters are as large as the type area allows. */
static void write_head(const struct paper *paper, const struct paper_house *house, struct buf *out)
{
    char size[60];
    char kai[200];
    size_t count = utf8_count(paper->head, strlen(paper->head));
    int half_pt = count > 0 ? (int)(2 * (TWIPS_WIDTH / 20) / count) : HEAD_HALF_PT_MAX;
    half_pt = half_pt < HEAD_HALF_PT_MAX ? half_pt : HEAD_HALF_PT_MAX;
    (void)snprintf(size, sizeof size, "<w:sz w:val=\"%d\"/>", half_pt);
    begin(out, "GwHead", "");
    run(out, paper->head, size);
    buf_adds(out, "</w:p>");
    begin(out, "GwNumber", paper->signer ? "" : "<w:jc w:val=\"center\"/>");
    run(out, paper->signer ? "　" : "", ""); /* no indent: the red rule would begin there too */
    run(out, paper->number, "");
    if (paper->signer) {
        (void)snprintf(kai, sizeof kai, "<w:rFonts w:eastAsia=\"%.100s\"/>", house->word_kai);
        buf_adds(out, "<w:r><w:tab/></w:r>");
        run(out, "签发人：", "");
        run(out, paper->signer, kai);
    }
    buf_adds(out, "</w:p>");
}

static void write_body(const struct paper *paper, struct buf *out)
{
    static const char *const OF[] = {
        [PAPER_TEXT] = "GwText", [PAPER_HEADING] = "GwHeading", [PAPER_SUBHEADING] = "GwSubheading"};
    for (size_t i = 0; i < paper->line_count; i++)
        paragraph(out, OF[paper->lines[i].kind], paper->lines[i].text);
    if (paper->attachment_count > 0)
        blank(out);
    for (size_t i = 0; i < paper->attachment_count; i++) {
        char lead[60];
        bool many = paper->attachment_count > 1;
        (void)snprintf(lead, sizeof lead, "%s", i == 0 ? "附件：" : "");
        begin(out, "GwAttachment", i == 0 ? "" : "<w:ind w:left=\"1579\" w:hanging=\"0\"/>");
        if (many)
            (void)snprintf(lead, sizeof lead, "%s%zu．", i == 0 ? "附件：" : "", i + 1);
        run(out, lead, "");
        run(out, paper->attachments[i], "");
        buf_adds(out, "</w:p>");
    }
}

/* As in the PDF; widths are counted in characters, digits as half of one. */
static int width_chars(const char *text)
{
    int halves = 0;
    for (const char *p = text; *p; p++)
        halves += (*p & 0x80) == 0 ? 1 : (*p & 0xC0) == 0xC0 ? 2 : 0;
    return (halves + 1) / 2;
}

static void write_signature(const struct paper *paper, struct buf *out)
{
    enum { CHAR_TWIPS = 316 };
    char indent[80];
    int name = width_chars(paper->organisation);
    int date = width_chars(paper->date);
    int name_right = 2;
    int date_right = name - date;
    if (date_right < 2) {
        date_right = 2;
        name_right = date + 4 - name > 2 ? date + 4 - name : 2;
    }
    blank(out);
    blank(out);
    (void)snprintf(indent, sizeof indent, "<w:ind w:right=\"%d\"/>", name_right * CHAR_TWIPS);
    begin(out, "GwSignature", indent);
    run(out, paper->organisation, "");
    buf_adds(out, "</w:p>");
    (void)snprintf(indent, sizeof indent, "<w:ind w:right=\"%d\"/>", date_right * CHAR_TWIPS);
    begin(out, "GwSignature", indent);
    run(out, paper->date, "");
    buf_adds(out, "</w:p>");
    if (paper->note) {
        begin(out, "GwText", "");
        run(out, "（", "");
        run(out, paper->note, "");
        run(out, "）", "");
        buf_adds(out, "</w:p>");
    }
}

/* Readers take a frame from the paragraph itself, not from its style. */
static const char AT_THE_FOOT[] = "<w:framePr w:w=\"8844\" w:wrap=\"around\" w:vAnchor=\"margin\" "
                                  "w:hAnchor=\"margin\" w:xAlign=\"left\" w:yAlign=\"bottom\"/>";

static void write_imprint(const struct paper *paper, struct buf *out)
{
    if (paper->copies) {
        begin(out, "GwImprint", AT_THE_FOOT);
        run(out, "抄送：", "");
        run(out, paper->copies, "");
        run(out, "。", "");
        buf_adds(out, "</w:p>");
    }
    begin(out, "GwImprint", AT_THE_FOOT);
    run(out, paper->organisation, "");
    buf_adds(out, "<w:r><w:tab/></w:r>");
    run(out, paper->printed_on, "");
    run(out, "印发", "");
    buf_adds(out, "</w:p>");
}

/* --- parts ---------------------------------------------------------------------------------------- */

static void write_document(const struct paper *paper, const struct paper_house *house, struct buf *out)
{
    buf_adds(out, DECLARATION "<w:document xmlns:w=\"" W "\" xmlns:r=\"" R "\"><w:body>");
    write_head(paper, house, out);
    paragraph(out, "GwTitle", paper->title);
    if (paper->to) {
        begin(out, "GwTo", "");
        run(out, paper->to, "");
        run(out, "：", "");
        buf_adds(out, "</w:p>");
    }
    write_body(paper, out);
    write_signature(paper, out);
    write_imprint(paper, out);
    buf_addf(out, "%s</w:body></w:document>", SECTION);
}

static void write_header(const struct paper *paper, const struct paper_house *house, struct buf *out)
{
    (void)house;
    buf_adds(out, DECLARATION "<w:hdr xmlns:w=\"" W "\">");
    paragraph(out, "GwLabel", paper->label ? paper->label : "");
    buf_adds(out, "</w:hdr>");
}

static void write_folio(const char *style, struct buf *out)
{
    buf_adds(out, DECLARATION "<w:ftr xmlns:w=\"" W "\">");
    begin(out, style, "");
    run(out, "— ", "");
    buf_adds(out, "<w:fldSimple w:instr=\" PAGE \"><w:r><w:t>1</w:t></w:r></w:fldSimple>");
    run(out, " —", "");
    buf_adds(out, "</w:p></w:ftr>");
}

static void write_folio_odd(const struct paper *paper, const struct paper_house *house, struct buf *out)
{
    (void)paper;
    (void)house;
    write_folio("GwFolioOdd", out);
}

static void write_folio_even(const struct paper *paper, const struct paper_house *house, struct buf *out)
{
    (void)paper;
    (void)house;
    write_folio("GwFolioEven", out);
}

static void write_faces(const struct paper *paper, const struct paper_house *house, struct buf *out)
{
    (void)paper;
    write_styles(house, out);
}

static void write_core(const struct paper *paper, const struct paper_house *house, struct buf *out)
{
    struct civil_date day = civil_date_at(paper->date_ms, 0);
    (void)house;
    buf_adds(out, DECLARATION
             "<cp:coreProperties "
             "xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" "
             "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" "
             "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">");
    xml_element(out, "dc:title", paper->title);
    xml_element(out, "dc:creator", paper->organisation);
    xml_element(out, "dc:subject", paper->subject);
    xml_element(out, "dc:identifier", paper->trace);
    buf_addf(out,
             "<dcterms:created xsi:type=\"dcterms:W3CDTF\">%04d-%02d-%02dT00:00:00Z</dcterms:created>"
             "</cp:coreProperties>",
             day.year, day.month, day.day);
}

/* A part is either fixed or written. */
static const struct part {
    const char *path;
    const char *fixed;
    void (*write)(const struct paper *paper, const struct paper_house *house, struct buf *out);
} PART_ROWS[PARTS] = {
    {"[Content_Types].xml", TYPES, NULL},
    {"_rels/.rels", RELATIONS, NULL},
    {"docProps/core.xml", NULL, write_core},
    {"word/document.xml", NULL, write_document},
    {"word/_rels/document.xml.rels", DOCUMENT_RELATIONS, NULL},
    {"word/styles.xml", NULL, write_faces},
    {"word/settings.xml", SETTINGS, NULL},
    {"word/header1.xml", NULL, write_header},
    {"word/footer1.xml", NULL, write_folio_odd},
    {"word/footer2.xml", NULL, write_folio_even},
};

enum errc docx_write(const struct paper *paper, const struct paper_house *house, struct buf *out,
                     struct err *err)
{
    struct buf texts[PARTS];
    struct zip_part parts[PARTS];
    enum errc rc = ERR_OK;
    for (size_t i = 0; i < PARTS; i++) {
        buf_init(&texts[i], PART_BYTES);
        if (PART_ROWS[i].write)
            PART_ROWS[i].write(paper, house, &texts[i]);
        else
            buf_adds(&texts[i], PART_ROWS[i].fixed);
        if (rc == ERR_OK)
            rc = buf_check(&texts[i], err);
        parts[i] = (struct zip_part){PART_ROWS[i].path, texts[i].data, texts[i].size_bytes};
    }
    if (rc == ERR_OK)
        rc = zip_write(parts, PARTS, out, err);
    for (size_t i = 0; i < PARTS; i++)
        buf_done(&texts[i]);
    return rc;
}
