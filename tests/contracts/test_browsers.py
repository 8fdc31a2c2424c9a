"""Scripts and styles use nothing newer than the oldest browsers we promise, or are whole without it.

The promise (docs/operating.md): Chromium 86, as 360, 奇安信 and 麒麟 ship it and WeChat's view on Android is newer than,
and Safari 14. A style may use what stands in ``OLD``; what is newer stands in ``NEWER`` with what a page is like without
it. Scripts are written in the language of 2017, with no syntax and no name of ``NEWER_IN_SCRIPTS``, unless the file asks
first whether the browser has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.contracts.house import WEB

#: what Chromium 86 and Safari 14.0 both know, by the kind of thing it is
OLD: dict[str, set[str]] = {
    "property": set(
        """
        align-content align-items align-self animation animation-delay animation-duration animation-iteration-count
        animation-name animation-timing-function background background-color background-image background-position
        background-repeat background-size border border-bottom border-bottom-color border-bottom-left-radius
        border-bottom-right-radius border-bottom-style border-bottom-width border-collapse border-color border-left
        border-left-color border-left-width border-radius border-right border-right-color border-right-width
        border-spacing border-style border-top border-top-color border-top-left-radius border-top-right-radius
        border-top-width border-width bottom box-shadow box-sizing break-after break-before break-inside caption-side
        clear clip-path color color-scheme column-count column-gap columns content counter-increment counter-reset cursor
        direction display fill fill-opacity filter flex flex-basis flex-direction flex-flow flex-grow flex-shrink
        flex-wrap float font font-family font-feature-settings font-size font-style font-variant-numeric font-weight
        gap grid grid-area grid-auto-columns grid-auto-flow grid-auto-rows grid-column grid-column-end grid-column-start
        grid-row grid-template grid-template-areas grid-template-columns grid-template-rows height hyphens
        justify-content justify-items justify-self left letter-spacing line-break line-height list-style
        list-style-type margin margin-block-end margin-block-start margin-bottom margin-inline-end margin-inline-start
        margin-left margin-right margin-top max-height max-width min-height min-width mix-blend-mode object-fit
        object-position opacity order orphans outline outline-color outline-offset outline-style outline-width overflow
        overflow-wrap overflow-x overflow-y padding padding-bottom padding-inline-end padding-inline-start padding-left
        padding-right padding-top page-break-after page-break-before page-break-inside place-content place-items
        place-self pointer-events position quotes resize right row-gap scroll-margin-top scroll-padding-top
        scroll-snap-align scroll-snap-type stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
        stroke-opacity stroke-width tab-size table-layout text-align text-anchor text-decoration text-decoration-color
        text-decoration-line text-decoration-style text-indent text-overflow text-rendering text-shadow
        text-transform top touch-action transform transform-origin transition transition-delay transition-duration
        transition-property transition-timing-function unicode-bidi vertical-align visibility white-space widows width
        will-change word-break word-spacing writing-mode z-index
        -webkit-appearance -webkit-font-smoothing -webkit-line-clamp -webkit-mask-image -webkit-overflow-scrolling
        -webkit-tap-highlight-color -webkit-text-size-adjust -webkit-user-select
        """.split()
    ),
    "function": set(
        """
        attr calc clamp counter counters cubic-bezier ellipse env fit-content hsl hsla inset linear-gradient matrix max
        min minmax polygon radial-gradient repeat rgb rgba rotate scale scaleX scaleY skew translate translateX
        translateY url var
        """.split()
    ),
    "pseudo": set(
        """
        :active :any-link :checked :disabled :empty :enabled :first-child :first-of-type :focus :focus-within :hover
        :indeterminate :invalid :lang :last-child :last-of-type :link :not :nth-child :nth-last-child :nth-of-type
        :only-child :optional :placeholder-shown :read-only :required :root :target :valid :visited
        ::after ::before ::first-letter ::first-line ::placeholder ::selection ::-webkit-details-marker
        ::-webkit-progress-bar ::-webkit-progress-value ::-webkit-scrollbar ::-webkit-search-cancel-button
        """.split()
    ),
    "at-rule": set("@charset @font-face @import @keyframes @media @page @supports".split()),
    "media feature": set(
        """
        any-hover any-pointer aspect-ratio height hover max-height max-width min-height min-width orientation pointer
        prefers-color-scheme prefers-reduced-motion resolution width
        """.split()
    ),
    "unit": set("ch cm deg dpi dppx em ex fr in mm ms pc pt px rad rem s turn vh vmax vmin vw x %".split()),
}

#: what is newer than one of the two, and what a page is like without it
NEWER: dict[str, str] = {
    "property accent-color": "ticks are drawn in the browser's own colour",
    "property appearance": "-webkit-appearance beside it does the same",
    "property aspect-ratio": "pictures and the place to sign keep the shape that they have themselves",
    "property field-sizing": "a box for words keeps its height and is drawn larger by its corner",
    "property mask-image": "-webkit-mask-image beside it does the same",
    "property scrollbar-width": "the bar below a row of tabs shows",
    "property text-decoration-thickness": "the line below a link is as thick as the font has it",
    "property text-size-adjust": "-webkit-text-size-adjust beside it does the same",
    "property text-underline-offset": "the line below a link lies where the font has it",
    "property text-wrap": "lines break where they are full",
    "property user-select": "-webkit-user-select beside it does the same",
    "flex gap": "Safari before 14.1: neighbours in a row stand close, each still whole and to be pressed",
    "value overflow-wrap: anywhere": "the page's own break-word stands",
    "pseudo :focus-visible": "the browser's own ring shows where the keyboard is",
    "pseudo :has": "what it adds is a hint: the choice itself is drawn by its input, the call is shown by public.js",
    "pseudo ::file-selector-button": "the browser's own button",
    "pseudo ::-moz-progress-bar": "a line for another family of browsers, apart from the others",
    "media feature prefers-contrast": "lines stay as they are for everybody",
}

#: values that are newer than the property they stand with
NEW_VALUES = re.compile(
    r"\b(overflow-wrap: ?anywhere|overflow(?:-[xy])?: ?clip|width: ?stretch|(?:align|justify)-[a-z]+: ?(?:safe|unsafe) )"
)
_BOTH_WAYS = ("appearance", "mask-image", "text-size-adjust", "user-select")

#: names and forms newer than the promise (MDN's tables of compatibility), as a script would write them
NEWER_IN_SCRIPTS: dict[str, str] = {
    "a private member": r"[\w)\]]\.#\w|^\s*(?:static\s+)?#\w+\s*[=(;]",
    "a field of a class": r"^\s*static\s*\{|\bstatic\s+\w+\s*=",
    "await outside a function": r"^await\s",
    "looking behind in a pattern": r"\(\?<[=!]",
    "the flags d and v of a pattern": r"/[gimsuy]*[dv][gimsuy]*(?=[.,;)\s])(?<=[^*/\s]/[dv])",
    "a module by import with attributes": r"\bimport\b[^;\n]*\b(?:assert|with)\s*\{",
    **{
        name: rf"\.{name}\s*\("
        for name in (
            "at findLast findLastIndex toSorted toReversed toSpliced groupBy hasOwn fromAsync isSubsetOf withResolvers "
            "structuredClone randomUUID replaceAllWith showPicker showPopover hidePopover togglePopover requestSubmit "
            "showModal startViewTransition getHTML setHTMLUnsafe checkVisibility arrayBufferStream canParse any timeout "
            "throwIfAborted moveBefore scheduler postTask requestIdleCallback"
        ).split()
    },
    **{
        name: rf"\b{name}\b"
        for name in (
            "structuredClone WeakRef FinalizationRegistry AggregateError createImageBitmap OffscreenCanvas "
            "BroadcastChannel CompressionStream DecompressionStream EyeDropper ReportingObserver requestIdleCallback "
            "TransformStream Temporal BarcodeDetector showOpenFilePicker showSaveFilePicker ElementInternals "
            "URLPattern CloseWatcher Sanitizer Highlight adoptedStyleSheets visualViewportSegments submitter "
            "randomUUID userAgentData locks wakeLock BigInt64Array"
        ).split()
    },
}

#: (file, what it uses) that the file asks for first, with the words by which it asks
ASKED_FIRST: dict[tuple[str, str], str] = {
    ("photos.js", "createImageBitmap"): "if (!window.createImageBitmap ",
    ("photos.js", "requestSubmit"): "!HTMLFormElement.prototype.requestSubmit) { return; }",
    ("photos.js", "submitter"): "!HTMLFormElement.prototype.requestSubmit) { return; }",
    (
        "street.js",
        "BarcodeDetector",
    ): "if (!reading || !window.BarcodeDetector || !window.createImageBitmap) { return; }",
    (
        "street.js",
        "createImageBitmap",
    ): "if (!reading || !window.BarcodeDetector || !window.createImageBitmap) { return; }",
    ("htmx.min.js", "moveBefore"): "if(e.moveBefore){",
    ("htmx.min.js", "startViewTransition"): "&&document.startViewTransition){",
}


def used_by_style(text: str) -> Iterator[str]:
    """What a style sheet uses, each as ``kind name``, and ``flex gap`` apart."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\"[^\"]*\"|'[^']*'", '""', text)
    for head, body in re.findall(r"([^{}]+)\{(?=([^{}]*))", text):
        if "@" in head:
            yield from (f"at-rule {name}" for name in re.findall(r"@[\w-]+", head))
            yield from (f"media feature {name}" for name in re.findall(r"\(\s*([a-z-]+)", head))
            if re.search(r"\(\s*[\w.-]*\s*[<>]", head):
                yield "media feature range"
            if "@page" not in head and "@font-face" not in head:
                continue
        else:
            yield from (f"pseudo {name}" for name in re.findall(r"::?[a-z-]+", head))
            if re.search(r":not\([^()]*,", head):
                yield "pseudo :not of a list"
        lines = [line.partition(":") for line in body.split(";") if ":" in line]
        properties = {name.strip(): value.strip() for name, _, value in lines}
        for name, value in properties.items():
            if name.startswith("--"):
                continue
            yield f"property {name}"
            yield from (f"function {one}" for one in re.findall(r"([\w-]+)\(", value))
            bare = re.sub(r"#[0-9a-fA-F]+|[\w-]+\([^()]*\)", " ", value)
            yield from (f"unit {one}" for one in re.findall(r"(?<![\w-])-?\d*\.?\d+([a-z%]+)", bare))
        if "flex" in properties.get("display", "") and {"gap", "row-gap", "column-gap"} & properties.keys():
            yield "flex gap"
        yield from (f"value {one}" for one in NEW_VALUES.findall(body))


def too_new_in_style(text: str) -> list[str]:
    """What of it neither is old nor stands in ``NEWER``."""
    return sorted(
        {
            one
            for one in used_by_style(text)
            if one not in NEWER and one.rpartition(" ")[2] not in OLD.get(one.rpartition(" ")[0], set())
        }
    )


def torn_rules(text: str) -> list[str]:
    """Lists of selectors in which a newer one takes the older ones down: a browser drops the whole rule."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    found = []
    for head in re.findall(r"([^{}@]+)\{", text):
        parts = [
            any(f"pseudo {name}" in NEWER for name in re.findall(r"::?[a-z-]+", one))
            for one in re.split(r",(?![^()]*\))", head)
        ]
        if any(parts) and not all(parts):
            found.append(" ".join(head.split()))
    return found


def without_its_other(text: str) -> list[str]:
    """Rules that say a newer property without the older spelling on which we rely."""
    rules = re.findall(r"\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
    return [
        f"{name} without -webkit-{name}"
        for body in rules
        for name in _BOTH_WAYS
        if re.search(rf"(?<![\w-]){name}:", body) and f"-webkit-{name}:" not in body
    ]


def too_new_in_script(name: str, text: str) -> list[str]:
    """What a script uses that is newer, and that it does not ask for first."""
    plain = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    return [
        what
        for what, form in NEWER_IN_SCRIPTS.items()
        if re.search(form, plain, re.MULTILINE) and ASKED_FIRST.get((name, what), "\0") not in plain
    ]


STYLES = sorted(WEB.glob("*/static/**/*.css"))
SCRIPTS = sorted(WEB.glob("*/static/**/*.js"))


def test_no_style_needs_a_newer_browser() -> None:
    assert len(STYLES) > 5
    texts = {path.name: path.read_text(encoding="utf-8") for path in STYLES}
    assert {name: found for name, text in texts.items() if (found := too_new_in_style(text))} == {}
    assert {name: found for name, text in texts.items() if (found := torn_rules(text))} == {}
    assert {name: found for name, text in texts.items() if (found := without_its_other(text))} == {}


def test_no_script_needs_a_newer_browser() -> None:
    """Those of others too: what we ship, people's browsers have to read."""
    assert len(SCRIPTS) > 5
    texts = {path.name: path.read_text(encoding="utf-8") for path in SCRIPTS}
    assert {name: found for name, text in texts.items() if (found := too_new_in_script(name, text))} == {}


def test_nothing_is_excused_that_nobody_uses() -> None:
    used = {one for path in STYLES for one in used_by_style(path.read_text(encoding="utf-8"))}
    assert set(NEWER) - used == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (".a { inset: 0; }", "property inset"),
        (".a { margin-inline: auto; }", "property margin-inline"),
        (".a { height: 100dvh; }", "unit dvh"),
        (".a { color: color-mix(in srgb, red, blue); }", "function color-mix"),
        (".a:is(.b) { color: red; }", "pseudo :is"),
        (".a:not(.b, .c) { color: red; }", "pseudo :not of a list"),
        ("@media print { .a { inset: 0; } .b { rotate: 1deg; } }", "property rotate"),
        ("@layer base { .a { color: red; } }", "at-rule @layer"),
        ("@media (width >= 40rem) { .a { color: red; } }", "media feature range"),
        (".a { overflow: clip; }", "value overflow: clip"),
    ],
)
def test_a_newer_style_is_found(text: str, found: str) -> None:
    assert found in too_new_in_style(text)


def test_a_rule_that_a_newer_selector_takes_down_is_found() -> None:
    assert torn_rules(".shown, .a:has(b) { display: block; }") == [".shown, .a:has(b)"]
    assert torn_rules(".shown { display: block; } .a:has(b, c), .b:has(d) { display: block; }") == []
    assert without_its_other(".a { user-select: all; }") == ["user-select without -webkit-user-select"]


@pytest.mark.parametrize(
    "line",
    [
        "var last = rows.at(-1);",
        "class A { #hidden = 1; }\n  #hidden = 1;",
        "var id = crypto.randomUUID();",
        "dialog.showModal();",
        "var copy = structuredClone(row);",
        "var found = /(?<=a)b/.exec(text);",
        "form.requestSubmit();",
    ],
)
def test_a_newer_script_is_found(line: str) -> None:
    assert too_new_in_script("other.js", line) != []


def test_what_a_script_asks_for_first_is_free() -> None:
    asks = "if (!window.createImageBitmap || !HTMLFormElement.prototype.requestSubmit) { return; }\n"
    assert too_new_in_script("photos.js", f"{asks}createImageBitmap(file); form.requestSubmit(event.submitter);") == []
    assert too_new_in_script("photos.js", "createImageBitmap(file);") == ["createImageBitmap"]
