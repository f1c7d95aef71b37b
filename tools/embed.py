#!/usr/bin/env python3
"""embed.py NAME FOLDER OUT PATH…: writes files as the C source of `const struct embed_set EMBED_<NAME>`.

Paths are relative to FOLDER; they are sorted here, because embed_find() searches by halves.
"""
import sys

PIECE_BYTES = 4000  # a string literal a line; compilers join them


def literal(data):
    """Bytes as C string literals; octal escapes of three digits cannot run into what follows."""
    plain = {byte: chr(byte) for byte in range(32, 127) if chr(byte) not in '"\\?'}
    for start in range(0, len(data), PIECE_BYTES):
        piece = data[start:start + PIECE_BYTES]
        yield '    "' + "".join(plain.get(byte) or f"\\{byte:03o}" for byte in piece) + '"'


def main(name, folder, out, *paths):
    paths = sorted(paths, key=lambda path: path.encode())
    with open(out, "w", encoding="ascii", errors="strict") as file:
        file.write('/* Made by tools/embed.py. */\n#include "base/embed.h"\n\n')
        file.write(f"extern const struct embed_set EMBED_{name};\n\n")
        sizes = []
        for number, path in enumerate(paths):
            with open(f"{folder}/{path}", "rb") as source:
                data = source.read()
            sizes.append(len(data))
            file.write(f"static const char FILE_{number}[] =\n" + "\n".join(literal(data) or []) +
                       ("" if data else '    ""') + ";\n")
        file.write("\nstatic const struct embed_file FILES[] = {\n")
        for number, (path, size) in enumerate(zip(paths, sizes)):
            name_text = "".join(literal(path.encode())).strip()
            file.write(f"    {{{name_text}, FILE_{number}, {size}}},\n")
        file.write("};\n\n" + f"const struct embed_set EMBED_{name} = {{FILES, {len(paths)}}};\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
