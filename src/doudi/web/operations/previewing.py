"""What would become of a file of orders, in lines for a terminal, before anything of it is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from doudi.engine.upstream.vocabulary import RowSort
from doudi.web.design.wording import say
from doudi.web.people.models import Post
from doudi.web.upstream.services import preview_file, survey

_SORTS = {
    RowSort.NEW: _later("新增"),
    RowSort.TWIN: _later("与前面一行是同一件"),
    RowSort.KNOWN: _later("以前已有，未变"),
    RowSort.CHANGED: _later("以前已有，内容有变"),
    RowSort.REFUSED: _later("未能读取"),
}


def preview_import(
    file: Path, system: str, columns: Mapping[str, Sequence[str]] | None, auto_dispatch: bool | None
) -> Iterator[str]:
    """How many rows would become what, then the first ten with who would hold them."""
    yield from map(say, survey(file, count=False).remarks)
    found, first = preview_file(file, system=system, columns=columns, auto_dispatch=auto_dispatch)
    told = _("预演，还没有存下：共 {done} 行，新增 {added}，已有 {known}，内容有变 {changed}，有误 {faulty}。")
    yield told.format(done=sum(found.values()), **(dict.fromkeys(("added", "known", "changed", "faulty"), 0) | found))
    posts = dict(Post.objects.filter(code__in={one.holder for one in first}).values_list("code", "name"))
    for one in first:
        said = [str(_SORTS[RowSort(one.sort)]), posts.get(one.holder, ""), *map(str, one.why)]
        yield _("第 {line} 行：{why}").format(line=one.line, why=" · ".join(filter(None, said)))
