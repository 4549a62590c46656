"""A note in which no program finds anything of an article to run.

Plugins of Obsidian run blocks of code by the language that a page may name, spans of code by how
they begin, and commands of templates where a note is new: with the reader's files and network. A
sign that shows nothing stands in each, and goes when the note is read, so that all comes back to
the letter. Every line is looked at that may open a block, also one within a block: which line does
is read in one way here and in another there, where quotes, lists and HTML are left open.
"""

from __future__ import annotations

import re

_SIGN = "\u034f"
_NAMES = """
1c abap abnf actionscript ada ahk antlr apache apacheconf apex applescript arduino arkts arm armasm
asciidoc asm asp aspnet aspx assembly autohotkey autoit awk ballerina bash basic bat batch bicep
bitbake bnf brainfuck c c# c++ c51 cairo cangjie cc cfg cjs clj clojure cmake cmd cobol code coffee
coffeescript conf config console cpp crystal cs csharp cshtml csp css csv cu cuda cxx cypher cython
d dart delphi diff django dns docker docker-compose dockerfile dos dotenv dts ebnf elisp elixir elm
env erb erl erlang ets excel f# f90 fish forth fortran fs fsharp gcode gdscript gherkin git
gitignore glsl gn go golang gradle graphql groovy h haml handlebars haskell haxe hbs hcl hive hlsl
hpp hs html http ignore ini ino java javascript jinja jinja2 jl js json json5 jsonc jsonl jsp julia
kotlin kql kt kts latex ld ldif less lisp llvm log logs lua m make makefile mako markdown markup
mathematica matlab md mdx mermaid metal mips mjs mk ml mojo mongodb move mysql nasm nginx nim nix
nodejs nsis obj-c objc objective-c objectivec ocaml opencl openscad output pascal patch perl pgsql
php pine pinescript pl plain plaintext plsql postgres postgresql powershell processing prolog promql
properties proto protobuf ps ps1 pseudocode pug puppet purescript pwsh py pycon pytb python python2
python3 qml r racket raku rb razor redis reg regex rego riscv rs rst ruby rust sas sass scala scheme
scss sed sh shader shell shell-session solidity sparql splunk spl sql stata stylus svelte sv swift
systemd systemverilog tcl template terminal terraform tex text tf toml ts tsql tsv tsx turtle twig
txt typescript vala vb vb.net vba vbnet vbs vbscript verilog vhd vhdl vim viml vue vyper wasm wat
wgsl wolfram wsdl wxml wxs wxss xaml xhtml xml xpath xquery xsl xslt yaml yara yml zig zsh
"""
_LANGUAGES = frozenset(_NAMES.split())
"""Languages of code that programs for notes show, and none of them runs."""

_RUN = (
    re.compile(  # what opens a block of code, and its language
        r"^(?P<before>(?:[ \t>]|[-+*][ \t]|[0-9]{1,9}+[.)][ \t]|\[\^[^\]\n]{1,99}+\]:)*+"
        r"(?:`{3,}+(?=[^`\n]*+$)|~{3,}+))(?P<rest>[^\n]++)",
        re.MULTILINE,
    ),
    re.compile(rf"(?<!`)(?P<before>`++[\s>]*+)(?P<rest>{_SIGN}*+(?:\$=|jsx:))"),
    re.compile(  # of templates; directives and expressions of JSP are no commands, nor can be
        rf"(?P<before><)(?P<rest>{_SIGN}*+%(?!=|@\s*+[a-z]++\s++[a-z]++\s*+=))", re.IGNORECASE
    ),
)


def inert(note: str) -> str:
    """The note with a sign in all that a program may run."""
    for pattern in _RUN:
        note = pattern.sub(_marked, note)
    return note


def as_said(note: str) -> str:
    """The note of which `inert` made this one."""
    for pattern in reversed(_RUN):
        note = pattern.sub(_unmarked, note)
    return note


def _marked(match: re.Match[str]) -> str:
    words = match["rest"].split(maxsplit=1)
    is_shown = not words or words[0].lower() in _LANGUAGES
    return match[0] if is_shown else f"{match['before']}{_SIGN}{match['rest']}"


def _unmarked(match: re.Match[str]) -> str:
    return match["before"] + match["rest"].removeprefix(_SIGN)
