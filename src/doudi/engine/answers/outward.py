"""What a colleague noted, as it may be told to whoever reported: without numbers, others' names and what is for the house."""

from __future__ import annotations

import re
from collections.abc import Collection

from doudi.engine.secrecy.masking import without_person

#: a sentence with one of these was written for colleagues
_INWARD = re.compile(
    r"内部|不对外|勿外传|不要外传|勿告|不要告诉|不便告知|保密|举报人|投诉人|信访人|领导(?:批示|要求|交办)|考核"
)
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；\n]?")
#: from here on stand texts that the kind wants under names of their own (`【会议纪要】…`)
_NAMED = re.compile(r"^【[^】]*】.*", re.MULTILINE | re.DOTALL)
_CALLED = "(?:先生|女士|小姐|阿姨|叔叔|老师|师傅|老板|大爷|大妈|大伯|奶奶|爷爷|某)"


def outward(note: str, names: Collection[str] = ()) -> str:
    """The sentences of a note that may be told on. ``names``: of other reporters; a sentence that names one is left out."""
    named = [re.escape(one) for one in names if len(one) > 1]
    called = [f"{re.escape(one[0])}{_CALLED}" for one in names if one]
    someone = re.compile("|".join([*named, *called])) if named or called else None
    kept = [
        sentence
        for sentence in _SENTENCE.findall(_NAMED.sub("", note))
        if not _INWARD.search(sentence) and not (someone and someone.search(sentence))
    ]
    text = "".join(kept)
    # Whatever still names somebody is no sentence to send without a look: it goes as a whole.
    return "".join(one for one in _SENTENCE.findall(text) if without_person(one) == one).strip()
