#!/usr/bin/env python3
"""embed.py ROOT OUT.S OUT.cpp FILE…: an assembler file that .incbins each file, and its table."""
import pathlib
import sys

root, asm, table, *files = sys.argv[1:]
names = sorted(pathlib.Path(f).relative_to(root).as_posix() for f in files)
with open(asm, "w", encoding="utf-8") as out:
    out.write('.section .note.GNU-stack,"",@progbits\n.section .rodata\n')
    for i, name in enumerate(names):
        out.write(f'.global embedded_{i}\n.global embedded_{i}_end\n.balign 16\nembedded_{i}:\n'
                  f'.incbin "{root}/{name}"\nembedded_{i}_end:\n.byte 0\n')
with open(table, "w", encoding="utf-8") as out:
    out.write('#include <string_view>\n#include "service/embedded.h"\nextern "C" {\n')
    for i in range(len(names)):
        out.write(f"extern const char embedded_{i}[], embedded_{i}_end[];\n")
    out.write("}\nnamespace tingchao::service {\nconst Embedded* embedded_table(std::size_t& count) {\n"
              "  static const Embedded table[] = {\n")
    for i, name in enumerate(names):
        out.write(f'      {{"{name}", embedded_{i}, embedded_{i}_end}},\n')
    out.write(f"  }};\n  count = {len(names)};\n  return table;\n}}\n}}  // namespace tingchao::service\n")
