"""Which sentences people may see, and whether each has its English; ``make words`` brings the catalogue up to date.

The source is Chinese. Templates and ``_()`` are found as gettext finds them. The engine does not know gettext: there, and in
what a service refuses, a sentence is a literal that is said through ``msg``, a fault or an error, or that ends as
a sentence does.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests.contracts.house import WEB, Code, dotted, python_files

PO = WEB / "locale" / "en" / "LC_MESSAGES" / "django.po"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"。$|\{[a-z_]+\}")
#: What counts an amount has a singular in English.
COUNTED = re.compile(r"^(还剩 )?\{amount\} ")
FACT = re.compile(r"\{[a-z_]*[^}]*\}|%\([a-z_]+\)[sd]|%%")
#: Ours, because babel's would name the day and the tool.
HEADER = r"""msgid ""
msgstr ""
"Language: en\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""
GETTEXT = {"_", "_now", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "gettext_noop"}
SAYS = {
    "msg",
    "Message",
    "sentence",
    "fault",
    "_fault",
    "Check",
    "EventKind",
    "PublicTitle",
    "HealthCheck",
    "JobKind",
    "NavItem",
    "NoticeKind",
    "Bound",
    "_step",
    "_rung",
    "Step",
    "ApplicationType",
    "OrderRow",
    "Described",
    "WorkKind",
}
#: What these hold are words to recognise or names of a fictional town; nobody is told them.
NOT_SAID = re.compile(
    r"^web/(demo|upstream/(columns|fields|rows|moments)|tables/(cells|formulas|encodings))\b|/migrations/|^rulebook/"
)
#: Sentences of those files that are said all the same, because they refuse something.
REFUSALS = re.compile(r"Error$")

Msgid = str | tuple[str, str]


def in_code(file: Code) -> Iterator[Msgid]:
    """Each Chinese sentence of a Python file that people may see."""
    spoken: set[int] = set()
    for call in file.calls():
        name = dotted(call.func).split(".")[-1]
        texts = [arg for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name.startswith("ngettext") and len(texts) >= 2:
            yield texts[0].value, texts[1].value
            spoken.update(map(id, texts[:2]))
        elif name in GETTEXT | SAYS or REFUSALS.search(name):
            said = texts if name in SAYS else texts[:1]
            yield from (text.value for text in said if CHINESE.search(text.value))
            spoken.update(map(id, texts))
    if not NOT_SAID.search(file.path):
        silent = spoken | set(_silent(file.tree))
        for node in ast.walk(file.tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in silent:
                continue
            if CHINESE.search(node.value) and SENTENCE.search(node.value):
                yield node.value


def _silent(tree: ast.Module) -> Iterator[int]:
    """Docstrings, and the pieces of f-strings, which no catalogue could hold."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            yield id(node.value)
        elif isinstance(node, ast.JoinedStr):
            yield from (id(part) for part in ast.walk(node))


def in_template(text: str) -> Iterator[Msgid]:
    """Each sentence that a template translates."""
    from django.utils.translation.template import templatize

    # What is left of the page keeps its indents, and Python would read blocks into them.
    flat = "\n".join(line.lstrip() for line in templatize(text).splitlines())
    code = io.BytesIO(flat.encode())
    for _line, message, _comments, _context in extract("python", code, options={"encoding": "utf-8"}):
        if message:
            yield (message[0], message[1]) if isinstance(message, tuple) else message


def spoken() -> dict[Msgid, list[str]]:
    """Every sentence with the files that say it, in the order of the files."""
    found: dict[Msgid, list[str]] = {}
    templates = sorted(WEB.glob("*/templates/**/*.*"))
    said = [(file.path, list(in_code(file))) for file in python_files()]
    said += [
        (path.relative_to(WEB.parent).as_posix(), list(in_template(path.read_text(encoding="utf-8"))))
        for path in templates
    ]
    for path, sentences in said:
        for sentence in sentences:
            counts = isinstance(sentence, str) and COUNTED.match(sentence)
            places = found.setdefault((sentence, sentence) if counts else sentence, [])
            if path not in places:
                places.append(path)
    return found


def catalogue(path: Path = PO) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="en")


def untranslated(sentences: Iterable[Msgid], english: Catalog) -> list[str]:
    """Each sentence without its English, or whose English speaks of other facts."""
    wrong = []
    for sentence in sentences:
        message = english.get(sentence)
        first = sentence if isinstance(sentence, str) else sentence[0]
        if message is None or message.fuzzy or not all(_strings(message)):
            wrong.append(f"no English: {first}")
        elif any(set(FACT.findall(text)) != set(FACT.findall(first)) for text in _strings(message)):
            wrong.append(f"other facts in the English: {first}")
    return wrong


def _strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


class _Timeless(Catalog):
    """Compiles to the same bytes on every day: babel's own heading would name the minute."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        lines = re.findall(r'"(.+): (.+)\\n"', HEADER)
        return [(name, value) for name, value in lines]


def compiled(english: Catalog) -> bytes:
    timeless = _Timeless(locale="en")
    for message in english:
        if message.id:
            timeless[message.id] = message
    out = io.BytesIO()
    write_mo(out, timeless)
    return out.getvalue()


def renewed(sentences: Mapping[Msgid, list[str]], known: Catalog | None) -> Catalog:
    """The catalogue with exactly these sentences; what was translated stays."""
    fresh = Catalog(locale="en", project="doudi", version="1", charset="utf-8")
    for sentence, places in sentences.items():
        old = known.get(sentence) if known else None
        blank = "" if isinstance(sentence, str) else ("", "")
        string = old.string if old and isinstance(old.id, str) == isinstance(sentence, str) else blank
        flags = ["python-format"] if "%(" in str(sentence) else []
        fresh.add(sentence, string, locations=[(place, None) for place in places[:3]], flags=flags)
    return fresh


def write(path: Path = PO) -> list[str]:
    """Write the renewed catalogue and its compiled form beside it. Returns what still lacks its English."""
    sentences = spoken()
    english = renewed(sentences, catalogue(path) if path.exists() else None)
    path.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, english, width=0, omit_header=True)
    path.write_text(HEADER + out.getvalue().decode().lstrip("\n"), encoding="utf-8")
    path.with_suffix(".mo").write_bytes(compiled(catalogue(path)))
    return untranslated(sentences, english)


if __name__ == "__main__":
    lacking = write()
    print(f"{PO.relative_to(WEB.parent.parent.parent)}: {len(spoken())} sentences, {len(lacking)} to be translated")  # noqa: T201
