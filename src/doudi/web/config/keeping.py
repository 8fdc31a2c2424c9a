"""The commands that keep a town going and safe: served every day, checked, proven, copied and brought back."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from doudi.web.config.console import Meter, _, lesson, set_up, tell


@lesson(
    "serve",
    _("打开网页，并在同一组进程里运行定时任务"),
    when=_("平时一直开着。启动前会做自检，不安全就不开。"),
    example="doudi serve --host 127.0.0.1 --port 8000",
    after=_("正式启用时在前面放带证书的反向代理，并设置 DOUDI_SITE_URL、DOUDI_HOSTS、DOUDI_PROXIES。"),
)
@click.option("--port", default=8000, show_default=True, help=_("端口"))
@click.option("--host", default="127.0.0.1", show_default=True, help=_("地址"))
@click.option("--no-timers", is_flag=True, help=_("定时任务另由 doudi timers 运行"))
def serve(port: int, host: str, no_timers: bool) -> None:
    set_up()
    start(host, port, with_timers=not no_timers)


def start(host: str, port: int, *, with_timers: bool) -> None:
    from doudi.web.config.serve import serve as run

    if _report_checks():
        raise click.ClickException(_("自检没有通过，没有启动。按上面的提示改好后再来。"))
    click.echo(_("正在 {url} 上服务，按 Ctrl-C 停止。").format(url=f"http://{host}:{port}"))
    run(host, port, with_timers=with_timers)


@lesson(
    "timers",
    _("只运行定时任务：通知、到期提醒、导入"),
    when=_("网页用 doudi serve --no-timers 开着，想把定时任务放在另一个进程或另一台机器上。两个同时开也不会重复。"),
    example="doudi timers",
    after=_("停止用 Ctrl-C 或 SIGTERM，手头的任务会先做完。"),
)
def timers() -> None:
    set_up()
    from doudi.web.config.serve import run_timers

    click.echo(_("定时任务运行中，按 Ctrl-C 停止。"))
    run_timers()


@lesson(
    "check",
    _("启动自检：会不会丢数据、有没有人兜底、日历够不够"),
    when=_("启用前、改设置后、升级后。doudi serve 启动时也会做。"),
    example="doudi check",
    after=_("E 开头的必须改，W 开头的建议改。记录本身对不对用 doudi fsck。"),
)
def check() -> None:
    set_up()
    if _report_checks():
        sys.exit(1)


def _report_checks() -> int:
    """Say what the start-up checks found; returns how many of them forbid the start."""
    from django.core.checks import ERROR

    from doudi.web.config.checks import look

    found = look()
    for one in found:
        colour = "red" if one.level >= ERROR else "yellow"
        click.secho(f"[{str(one.id).removeprefix('doudi.')}] {one.msg}", fg=colour)
        click.echo(f"       {one.hint}")
    errors = sum(one.level >= ERROR for one in found)
    if not found:
        click.echo(_("自检通过。"))
    elif not errors:
        click.echo(_("可以启动；有 {count} 条建议。").format(count=len(found)))
    return errors


@lesson(
    "fsck",
    _("逐条核对“永远成立”的事：一事一岗、事件与留痕、时限、兜底"),
    when=_("每天一次；恢复备份、异常断电、升级之后。只读，不影响正在办理。"),
    example="doudi fsck\ndoudi fsck --json > 核对.json",
    after=_("有问题时退出码是 1。先 doudi backup 留下现场，再按编号处理。"),
)
@click.option("--json", "as_json", is_flag=True, help=_("每个问题一行 JSON"))
def fsck(as_json: bool) -> None:
    set_up()
    from doudi.web.config.founding import require_tables
    from doudi.web.design.wording import say
    from doudi.web.fsck.queries import CHECKS, examine

    require_tables()
    says = {one.name: one.says for one in CHECKS}
    meter, count = Meter(), 0
    for fault in examine(lambda name, done, total: meter(_(says[name]), done, total)):
        count += 1
        meter.end()
        if as_json:
            click.echo(
                json.dumps({"code": fault.code, "about": fault.about, "words": say(fault.words)}, ensure_ascii=False)
            )
        else:
            click.secho(f"[{fault.code}] {fault.about}: {say(fault.words)}", fg="red")
    meter.end()
    if not as_json:
        click.echo(
            _("发现 {count} 个问题。").format(count=count)
            if count
            else _("{count} 项全部成立。").format(count=len(CHECKS))
        )
    sys.exit(1 if count else 0)


@lesson(
    "backup",
    _("备份数据库和文件，并当场验证"),
    when=_("每天一次，放到另一块盘；升级之前。大家可以照常办理。"),
    example="doudi backup --to /mnt/backup",
    after=_("把数据目录里的 keys 文件夹另存一份，不要和备份放在一起：没有它打不开姓名电话。"),
)
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), help=_("放到哪个目录（默认 数据目录/backups）")
)
@click.option("--with-keys", is_flag=True, help=_("把密钥也放进去（备份本身要锁好）"))
def backup(folder: Path | None, with_keys: bool) -> None:
    set_up()
    from django.conf import settings

    from doudi.web.config.backup import backup as make

    path, manifest = make(folder or settings.DATA_DIR / "backups", with_keys=with_keys)
    told = _("已备份并验证：{path}（{count} 个文件，{size} MB，留痕 {links} 条）。")
    click.echo(
        told.format(
            path=path, count=len(manifest.members), size=f"{manifest.size / 1e6:.1f}", links=manifest.told["journal"][0]
        )
    )
    if not with_keys:
        click.echo(
            _("备份里没有密钥：请把 {folder} 另存一份，和备份分开放。").format(folder=settings.DATA_DIR / "keys")
        )


@lesson(
    "restore",
    _("从备份恢复；原来的数据移到一旁保留"),
    when=_("换机器，或数据损坏。先停止 doudi serve 和 doudi timers。"),
    example="doudi restore doudi-20261124-033000.tar --keys /safe/keys",
    after=_("doudi fsck，然后 doudi serve。"),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help=_("这里已有数据也换掉；原来的移到 replaced-… 保留"))
@click.option(
    "--keys", type=click.Path(exists=True, file_okay=False, path_type=Path), help=_("原来那个镇的 keys 文件夹")
)
def restore(file: Path, replace: bool, keys: Path | None) -> None:
    set_up()
    from doudi.web.config.backup import restore as bring_back
    from doudi.web.design.wording import moment_words

    done = bring_back(file, replace=replace, keys=keys)
    click.echo(
        _("已恢复“{town}”在 {moment} 的数据。").format(
            town=done.manifest.told["town"], moment=moment_words(done.manifest.made_at)
        )
    )
    tell(_("原来的保留在 {place}。").format(place=place) for place in done.kept)
    click.echo(_("接下来：doudi fsck。"))


@lesson(
    "drill",
    _("恢复演练：做一份备份，在别处恢复并核对，不动现在的镇"),
    when=_("每季度一次，和换机器、改备份办法之后。大家可以照常办理；需要放得下两份数据的磁盘。"),
    example="doudi drill --to /mnt/backup",
    after=_("做过的日期会记下；超过 90 天没做，doudi check 会提醒。"),
)
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), help=_("在哪个目录里演练（默认 数据目录/backups）")
)
def drill(folder: Path | None) -> None:
    set_up()
    from django.conf import settings

    from doudi.web.config.drill import drill as hold
    from doudi.web.config.founding import require_tables

    require_tables()
    done = hold(folder or settings.DATA_DIR / "backups")
    told = _("演练通过：{size} MB 的备份用 {seconds} 秒恢复并核对，留痕 {links} 条全部接得上。")
    click.echo(told.format(size=f"{done.size / 1e6:.1f}", seconds=f"{done.seconds:.1f}", links=done.links))


@lesson(
    "migrate",
    _("升级后更新数据库结构"),
    when=_("装了新版本之后。先 doudi backup，并停止 doudi serve。"),
    example="doudi migrate",
    after=_("doudi check；doudi serve。"),
)
def migrate() -> None:
    set_up()
    from doudi.web.config.founding import migrate as bring_up

    bring_up()
    click.echo(_("数据库结构已是最新。"))


COMMANDS: tuple[click.Command, ...] = (serve, timers, check, fsck, backup, restore, drill, migrate)
