#!/usr/bin/env python3
"""confusables.py: prints src/sensor/confusables.def — letters that look like one of a to z or 0 to 9.

From Unicode's own names: "LATIN SMALL LETTER B WITH HOOK" looks like b. Letters of other scripts, and Latin
ones with a name of their own, are listed here.
"""
import re
import sys
import unicodedata

NAME = re.compile(r"LATIN (?:SMALL |CAPITAL )?LETTER "
                  r"(?:SMALL CAPITAL |SCRIPT |DOTLESS |TURNED |LONG )?([A-Z])(?: WITH .*)?")
OTHERS = {
    "a": "ɑаαə", "b": "ƅьв", "c": "сϲ", "d": "ԁ", "e": "еєε", "g": "ԍ", "h": "һн",
    "i": "іιɩ", "j": "јϳ", "k": "кκ", "l": "ӏ", "m": "м", "n": "пη", "o": "оοσө",
    "p": "рρƿ", "q": "ԛʠ", "r": "г", "s": "ѕ", "t": "тτ", "u": "υʉ", "v": "ѵν",
    "w": "ԝωш", "x": "хχ", "y": "уγү", "z": "ᴢ", "2": "ƻ", "3": "зʒ", "5": "ƽ",
}
LAST = 0x1FFFF


def main():
    looks = {}
    for code in range(0x80, LAST):
        char = chr(code)
        match = NAME.fullmatch(unicodedata.name(char, ""))
        base = unicodedata.normalize("NFKD", char)[0]
        if match:
            looks[code] = match[1].lower()
        elif base.isascii() and base.isalnum():
            looks[code] = base.lower()
    for base, chars in OTHERS.items():
        looks.update({ord(c): base for c in chars})
    print("/* confusables.def — made by tools/confusables.py. CONFUSABLE(code point, what it looks like). */")
    rows = [f"CONFUSABLE(0x{code:X}, '{base}')" for code, base in sorted(looks.items()) if code < 0x2C80 or
            0xA720 <= code < 0xA800 or 0xFF00 <= code < 0xFFF0]
    for at in range(0, len(rows), 4):
        print(" ".join(rows[at:at + 4]))


sys.exit(main())
