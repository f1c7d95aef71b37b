/* paper/xml.h — text inside XML.
 *
 * Layer    paper: pure.   Owns nothing.   Threads any.
 * Tests    tests/unit/paper/test_xml.c
 */
#ifndef PAPER_XML_H
#define PAPER_XML_H

#include "base/buf.h"

/* Escaped for content and for attributes in double quotes; what XML 1.0 forbids becomes U+FFFD. */
void xml_text(struct buf *out, const char *text);

/* <name>text</name>; nothing for NULL and "". */
void xml_element(struct buf *out, const char *name, const char *text);

#endif
