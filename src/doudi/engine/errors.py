"""Every refusal says what to do next.

A refusal is a Chinese template and its facts, so that a page can show it in the reader's language
and a test can look at the facts instead of the words.
"""

from __future__ import annotations


class DoudiError(Exception):
    """Something is refused: ``template`` says what is wrong and what to do next, ``facts`` fill it.

    Subclasses are named ``<Concept>Error``; a page may translate ``template`` and fill it itself.
    """

    def __init__(self, template: str, /, **facts: object) -> None:
        super().__init__(template)
        self.template = template
        self.facts = facts

    def __str__(self) -> str:
        return self.template.format(**self.facts)
