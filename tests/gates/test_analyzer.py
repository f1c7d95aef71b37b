from sample import SOURCE, GateTest, main


def body(text):
    return {"src/base/a.c": "#include <stdlib.h>\n" + SOURCE.replace("    return x + y;", text)}


class AnalyzerTest(GateTest):
    gate = "analyzer"
    violations = [
        (body("    int *p = malloc(4);\n    if (!p)\n        return x;\n    *p = y;\n    return *p;"),
         "leak"),
        (body("    char *p = malloc(4);\n    free(p);\n    free(p);\n    return x + y;"), "double-‘free’"),
        (body("    int *p = malloc(4);\n    *p = x;\n    y += *p;\n    free(p);\n    return y;"), "NULL"),
    ]


main()
