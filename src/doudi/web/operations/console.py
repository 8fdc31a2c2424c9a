"""How the command `doudi` speaks: in the reader's language, teaching what each command is for and what comes next.

Read before Django is set up, so that asking for help makes no files anywhere.
"""

from __future__ import annotations

import gc
import gettext as catalogues
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from doudi.engine.errors import DoudiError

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def language() -> str:
    """``DOUDI_LANGUAGE``, else English where the machine speaks English, else Chinese: ``en`` or ``zh-hans``."""
    chosen = os.environ.get("DOUDI_LANGUAGE") or next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    return "en" if chosen.lower().startswith("en") else "zh-hans"


_catalogue = catalogues.translation(
    "django", LOCALE, languages=["en"] if language() == "en" else ["zh_Hans"], fallback=True
)


def _(text: str) -> str:
    """``text`` in the reader's language, from the same catalogue as the pages."""
    return _catalogue.gettext(text) if text else ""


class HelpfulCommand(click.Command):
    """A command whose help says when one needs it, shows an example and names what comes next."""

    def __init__(self, *args: Any, when: str = "", example: str = "", after: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.when, self.example, self.after = when, example, after

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx)).replace("[OPTIONS]", _("[选项]"))
        formatter.write(f"{_('用法')}: {ctx.command_path} {pieces}\n")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, text in (
            ("", self.help),
            (_("什么时候用"), self.when),
            (_("例子"), self.example),
            (_("接下来"), self.after),
        ):
            if not text:
                continue
            formatter.write("\n")
            if title:
                formatter.write(f"{title}:\n")
            for line in text.strip().splitlines():
                formatter.write(f"  {line.strip()}\n" if line.strip() else "\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [record for parameter in self.get_params(ctx) if (record := parameter.get_help_record(ctx)) is not None]
        if rows:
            with formatter.section(_("选项")):
                formatter.write_dl(rows)


def command(
    name: str, short: str, *, when: str = "", example: str = "", after: str = ""
) -> Callable[[Any], HelpfulCommand]:
    """A command that teaches: ``short`` for the list of commands, the rest for its own help."""

    def made(function: Any) -> HelpfulCommand:
        function = click.help_option(help=_("显示这页帮助"))(function)
        return click.command(
            name, cls=HelpfulCommand, short_help=short, help=short, when=when, example=example, after=after
        )(function)

    return made


def tell(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(f"  {line}")


class HelpfulGroup(click.Group):
    """The commands in the order in which a town meets them, under headings."""

    def __init__(self, *args: Any, chapters: dict[str, tuple[str, ...]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chapters = chapters or {}

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write(f"{_('用法')}: {ctx.command_path} {_('命令 [选项]')}\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in (self.chapters or {_("命令"): tuple(self.commands)}).items():
            with formatter.section(title):
                formatter.write_dl([(name, self.commands[name].short_help or "") for name in names])

    def invoke(self, ctx: click.Context) -> Any:
        """A refusal becomes its sentence and exit code 1; anything else is a fault of ours and shows where."""
        try:
            return super().invoke(ctx)
        except DoudiError as error:
            raise Refusal(error) from error


class Refusal(click.ClickException):
    """A refusal, said in the reader's language."""

    def __init__(self, error: DoudiError) -> None:
        super().__init__(str(error))
        self.error = error

    def show(self, file: Any = None) -> None:
        from doudi.web.design.wording import say

        click.secho(f"{_('没有办成')}: {say(self.error)}", fg="red", err=True)


class Meter:
    """Says how far something is: one line that grows on a screen, one line per phase in a log."""

    def __init__(self) -> None:
        self._phase, self._shown = "", -1
        self._live = sys.stderr.isatty()

    def __call__(self, phase: str, done: int, total: int) -> None:
        if phase != self._phase:
            self.end()
            self._phase, self._shown = phase, -1
            if not self._live:
                click.echo(phase, err=True)
        percent = done * 100 // total if total else 0
        if self._live and percent != self._shown:
            self._shown = percent
            click.echo(f"\r{phase} {percent:3d}%" if total else f"\r{phase}", nl=False, err=True)

    def end(self) -> None:
        if self._live and self._phase:
            click.echo(err=True)
        self._phase = ""


def set_up(profile: str = "", data_dir: str = "", **defaults: str) -> None:
    """Choose where the data lies, then let Django read its settings and speak the reader's language."""
    if profile:
        os.environ["DOUDI_PROFILE"] = profile
    if data_dir:
        os.environ.setdefault("DOUDI_DATA_DIR", data_dir)
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doudi.web.config.settings")
    import django

    # Nothing that a start makes goes away again: to look for rings among it costs an eighth of the start.
    gc.disable()
    try:
        django.setup()
    finally:
        gc.enable()
    from django.utils import translation

    translation.activate(language())
