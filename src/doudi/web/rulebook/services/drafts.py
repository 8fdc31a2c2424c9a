"""Drafts: rules are added, replaced and removed here, and nowhere else; what is published is never touched.

A rule that names what nobody registered, or that contradicts statute or 上级收回, does not come in: the refusal names it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

from doudi.engine.duties.checks import RuleFault
from doudi.engine.duties.layers import Layer
from doudi.engine.duties.rules import Rule
from doudi.engine.messages import msg
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.journal.services import unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.rulebook.documents import digest_of, mark_of, with_rules
from doudi.web.rulebook.errors import DraftError, RuleCellsError, RuleContradictionError
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.proving import prove
from doudi.web.rulebook.queries import Rulebook, faults_of, newest_version, rulebook_of, used_ids
from doudi.web.rulebook.services.steps import step
from doudi.web.rulebook.services.versions import Documents, locked, next_number, rewrite

_REUSED = "编号 {id} 在以前的版本里用过，请换一个从未用过的编号。"
_BOUND = frozenset((Layer.TOWN_RULE, Layer.GAP_RULING, Layer.TIE_BREAK))


@unit_of_work()
def begin_draft(
    actor: Actor, title: str, *, base: Version | None = None, source: str = "", valid_from: date | None = None
) -> Version:
    """A draft that says what ``base`` says (default: the version that comes into force last), to be changed from there."""
    actor.require(Power.MANAGE_RULEBOOK)
    base = base or newest_version()
    if base is None or base.state not in Version.FIXED:
        raise DraftError("草案要从一个已发布的版本开始；还没有已发布的规则手册，请先载入一套。")
    if not title.strip():
        raise DraftError("请写明这次修订的名称，如“夜间噪声职责调整”。")
    book = rulebook_of(base.number)
    documents = with_rules(book.version.documents, book.rules)
    version = Version.objects.create(
        number=next_number(),
        title=title.strip()[:80],
        state=Version.State.DRAFT,
        base=base,
        documents=documents,
        digest=digest_of(documents),
        source=source.strip()[:200] or book.version.source,
        valid_from=valid_from or clock.today() + timedelta(days=1),
    )
    step(actor, version, "draft_begun", {"base": base.number, "digest": version.digest})
    return version


@unit_of_work()
def describe(actor: Actor, draft: Version, *, title: str, source: str, valid_from: date) -> None:
    """Name the draft, its source, and the day from which it is meant to hold."""
    actor.require(Power.MANAGE_RULEBOOK)
    row = locked(draft, Version.State.DRAFT)
    if not title.strip() or not source.strip():
        raise DraftError("名称和来源都要写明：来源是依据的文件或会议。")
    row.title, row.source, row.valid_from = title.strip()[:80], source.strip()[:200], valid_from
    row.save(update_fields=["title", "source", "valid_from"])
    step(
        actor,
        row,
        "draft_described",
        {"title": row.title, "source": row.source, "valid_from": valid_from.isoformat()},
    )


@unit_of_work()
def declare_fact_value(actor: Actor, draft: Version, fact: str, label: str, value: str, name: str) -> None:
    """Let rules of the draft ask whether ``fact`` is ``value``: a ruling on one spot speaks of a place that no rule knew."""
    actor.require(Power.MANAGE_RULEBOOK)
    row = locked(draft, Version.State.DRAFT)
    declared = [dict(one) for one in row.documents["facts"]]
    entry = next((one for one in declared if one["fact"] == fact), None)
    if entry is None:
        entry = {"fact": fact, "label": label, "values": {}}
        declared.append(entry)
    if value in entry["values"]:
        return
    entry["values"] = {**entry["values"], value: name}
    rewrite(row, row.documents | {"facts": declared})
    step(actor, row, "fact_declared", {"digest": row.digest, "fact": fact, "value": value})


def add_rules(actor: Actor, draft: Version, rules: Sequence[Rule]) -> None:
    """Add rules with ids that were never used. Raises RuleCellsError, RuleContradictionError, DraftError."""

    def added(now: dict[str, Rule]) -> dict[str, Rule]:
        if taken := [rule.id for rule in rules if rule.id in now]:
            raise DraftError("编号 {rule} 已有规则，请换一个从未用过的编号。", rule=taken[0])
        return now | {rule.id: rule for rule in rules}

    _change(actor, draft, added)


def replace_rules(
    actor: Actor, draft: Version, rules: Sequence[Rule], *, seen: Mapping[str, str] | None = None
) -> None:
    """Put rules in the place of those with their ids. ``seen``: the marks of the rules as the editor saw them."""

    def replaced(now: dict[str, Rule]) -> dict[str, Rule]:
        _require_there(now, [rule.id for rule in rules])
        _require_unchanged(now, seen or {})
        return now | {rule.id: rule for rule in rules}

    _change(actor, draft, replaced)


def remove_rules(actor: Actor, draft: Version, ids: Collection[str]) -> None:
    """Take rules out of the draft; earlier versions keep them. A ruling that names one must go with it."""

    def removed(now: dict[str, Rule]) -> dict[str, Rule]:
        _require_there(now, ids)
        return {code: rule for code, rule in now.items() if code not in set(ids)}

    _change(actor, draft, removed)


def change_rules(
    actor: Actor,
    draft: Version,
    put: Sequence[Rule],
    remove: Collection[str] = (),
    *,
    seen: Mapping[str, str] | None = None,
) -> None:
    """Several changes at once: rules added or replaced by id, others removed. ``seen`` as in ``replace_rules``."""

    def changed(now: dict[str, Rule]) -> dict[str, Rule]:
        _require_there(now, remove)
        _require_unchanged(now, seen or {})
        return {code: rule for code, rule in now.items() if code not in set(remove)} | {rule.id: rule for rule in put}

    _change(actor, draft, changed)


def take_over(actor: Actor, draft: Version, rules: Sequence[Rule], *, seen: str = "") -> None:
    """Let the draft have exactly these rules, as a whole table brings them. ``seen``: the digest it was compared with."""

    def exactly(now: dict[str, Rule]) -> dict[str, Rule]:
        if seen and rulebook_of(draft.number).version.digest != seen:
            raise DraftError("比较之后草案又被改过，请重新上传，再看一遍改动。")
        return {rule.id: rule for rule in rules}

    _change(actor, draft, exactly)


def _require_unchanged(now: Mapping[str, Rule], seen: Mapping[str, str]) -> None:
    for code, mark in seen.items():
        if code in now and mark_of(now[code]) != mark:
            raise DraftError("规则 {rule} 刚刚被别人改过，请刷新后再改；您写的内容还在。", rule=code)


def _require_there(now: Mapping[str, Rule], ids: Iterable[str]) -> None:
    if missing := [code for code in ids if code not in now]:
        raise DraftError("草案里没有规则 {rule}，可能刚被别人删除；请刷新页面。", rule=missing[0])


@unit_of_work()
def _change(actor: Actor, draft: Version, change: Callable[[dict[str, Rule]], dict[str, Rule]]) -> None:
    actor.require(Power.MANAGE_RULEBOOK)
    row = locked(draft, Version.State.DRAFT)
    before = {rule.id: rule for rule in Rulebook(row).rules}
    after = change(before)
    touched = [rule for code, rule in after.items() if before.get(code) != rule]
    gone = sorted(before.keys() - after.keys())
    if not touched and not gone:
        return
    documents = with_rules(row.documents, after.values())
    check_rules(row, documents, touched, fresh=after.keys() - before.keys())
    rewrite(row, documents)
    added = sorted(after.keys() - before.keys())
    payload = {
        "digest": row.digest,
        "added": added,
        "removed": gone,
        "changed": sorted(rule.id for rule in touched if rule.id in before),
    }
    step(actor, row, "rules_changed", payload)


def check_rules(draft: Version, documents: Documents, touched: Sequence[Rule], fresh: Collection[str] = ()) -> None:
    """Refuse what names the unknown and what contradicts the layers above. Raises RuleCellsError, RuleContradictionError."""
    book = Rulebook(
        Version(number=draft.number, documents=documents, digest=digest_of(documents), valid_from=draft.valid_from)
    )
    if reused := sorted(used_ids(draft.base_id) & set(fresh)):
        raise RuleCellsError([RuleFault(code, "id", msg(_REUSED, id=code)) for code in reused])
    # A ruling may be left behind by what was removed, so faults of rules that nobody touched count too.
    if faults := faults_of(book):
        raise RuleCellsError(faults)
    bound = {rule.id for rule in touched if rule.layer in _BOUND}
    if bound:
        against = [one for one in prove(book).proof.contradictions if one.rule in bound]
        if against:
            raise RuleContradictionError([one.reason for one in against], [one.rule for one in against])
