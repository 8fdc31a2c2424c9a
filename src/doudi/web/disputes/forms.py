"""What people fill in about a dispute. What was typed always stays before their eyes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from doudi.web.actions.fields import words_field
from doudi.web.design.fields import offer
from doudi.web.disputes.models import Statement
from doudi.web.people.queries import active_posts, posts_that_may_hold
from doudi.web.registry.choices import labelled

LONGEST = 4000
#: a drawn signature is a few strokes; more is no signature
LONGEST_SIGNATURE = 20_000


class AskForm(forms.Form):
    """``step`` keeps the ids of the many forms of one page apart without changing the names that are sent."""

    def __init__(self, *args: Any, step: str = "", **options: Any) -> None:
        options["auto_id"] = f"{step}-%s"
        super().__init__(*args, **options)


def post_choices(*, holding: bool) -> list[tuple[str, str]]:
    """The posts that may hold, or all, by office."""
    rows = posts_that_may_hold() if holding else active_posts().order_by("office__name", "name")
    return [(post.code, f"{post.office.name} · {post.name}") for post in rows]


class StatementForm(AskForm):
    """What a post says, signed with the name of whoever is signed in; ``drawn``: the strokes of a finger."""

    stance = forms.ChoiceField(
        label=gettext_lazy("您的意见"),
        choices=labelled(Statement.STANCE_LABELS),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一种意见。")},
    )
    words = words_field(
        gettext_lazy("理由"), required=False, rows=4, example=gettext_lazy("写事实：现场是什么、在哪一侧、以前谁管过")
    )
    basis = words_field(
        gettext_lazy("依据"), required=False, rows=2, example=gettext_lazy("文件名和条款，或职责清单第几项")
    )
    drawn = forms.CharField(required=False, max_length=LONGEST_SIGNATURE, widget=forms.HiddenInput)
    delegate = forms.CharField(
        label=gettext_lazy("代谁陈述"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("替别人说的，写明替谁；本人陈述的不填。"),
    )

    def strokes(self) -> str:
        return str(self.cleaned_data["drawn"]).strip()


class BodyStatementForm(StatementForm):
    """What a body outside says; it has no account, so that it writes its name."""

    signature = forms.CharField(
        label=gettext_lazy("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    def signed(self) -> str:
        """The name, and the strokes below it if somebody drew them."""
        return f"{self.cleaned_data['signature'].strip()}\n{self.strokes()}".strip()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["delegate"]
        # A body outside holds nothing here: it agrees, helps or objects.
        kept = [(value, label) for value, label in labelled(Statement.STANCE_LABELS) if value != Statement.Stance.TAKE]
        offer(self, "stance", kept)
