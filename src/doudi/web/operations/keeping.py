"""The commands that keep a town going and safe: served every day, checked, proven, copied and brought back."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from doudi.web.operations.console import HelpfulGroup, Meter, _, command, set_up, tell

if TYPE_CHECKING:
    from doudi.web.operations.backup_keys import OpeningKey


@command(
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
    from doudi.web.operations.serve import serve as run

    if _report_checks():
        raise click.ClickException(_("自检没有通过，没有启动。按上面的提示改好后再来。"))
    click.echo(_("正在 {url} 上服务，按 Ctrl-C 停止。").format(url=f"http://{host}:{port}"))
    run(host, port, with_timers=with_timers)


@command(
    "timers",
    _("只运行定时任务：通知、到期提醒、导入"),
    when=_("网页用 doudi serve --no-timers 开着，想把定时任务放在另一个进程或另一台机器上。两个同时开也不会重复。"),
    example="doudi timers",
    after=_("停止用 Ctrl-C 或 SIGTERM，手头的任务会先做完。"),
)
def timers() -> None:
    set_up()
    from doudi.web.operations.serve import run_timers
    from doudi.web.operations.services.town_keys import require_keys

    require_keys()
    click.echo(_("定时任务运行中，按 Ctrl-C 停止。"))
    run_timers()


@command(
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

    from doudi.web.operations.checks import look

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


@command(
    "fsck",
    _("逐条核对“永远成立”的事：一事一岗、事件与留痕、时限、兜底"),
    when=_("每天一次；恢复备份、异常断电、升级之后。只读，不影响正在办理。"),
    example="doudi fsck\ndoudi fsck --json > 核对.json",
    after=_("有问题时退出码是 1。先 doudi backup 留下现场，再按编号处理。"),
)
@click.option("--json", "as_json", is_flag=True, help=_("每个问题一行 JSON"))
def fsck(as_json: bool) -> None:
    set_up()
    from doudi.web.design.wording import say
    from doudi.web.fsck.queries import checks, examine
    from doudi.web.operations.founding import require_tables

    require_tables()
    says = {one.name: one.says for one in checks()}
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
            else _("{count} 项全部成立。").format(count=len(checks()))
        )
    sys.exit(1 if count else 0)


@command(
    "backup",
    _("备份数据库和文件，并当场验证"),
    when=_("每天一次，放到另一块盘；升级之前。大家可以照常办理。"),
    example="doudi backup --to /mnt/backup",
    after=_(
        "备份整个封着，用 keys/backup 那一行打开；打开姓名电话还要 keys/sealing。把 keys 文件夹另存一份，不要和备份放在一起。"
    ),
)
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), help=_("放到哪个目录（默认 数据目录/backups）")
)
@click.option("--with-keys", is_flag=True, help=_("把密钥也放进去：有备份钥匙那一行就能全部恢复"))
def backup(folder: Path | None, with_keys: bool) -> None:
    set_up()
    from django.conf import settings

    from doudi.web.operations.backup import backup as make

    path, manifest = make(folder or settings.DATA_DIR / "backups", with_keys=with_keys)
    told = _("已备份并验证：{path}（{count} 个文件，{size} MB，留痕 {links} 条）。")
    click.echo(
        told.format(
            path=path,
            count=len(manifest.members),
            size=f"{manifest.size / 1e6:.1f}",
            links=manifest.facts["journal"][0],
        )
    )
    if not with_keys:
        click.echo(
            _("备份里没有密钥：请把 {folder} 另存一份，和备份分开放。").format(folder=settings.DATA_DIR / "keys")
        )


@command(
    "restore",
    _("从备份恢复；原来的数据移到一旁保留"),
    when=_("换机器，或数据损坏。先停止 doudi serve 和 doudi timers。"),
    example="doudi restore doudi-20261124-033000.tar --keys /safe/keys",
    after=_("doudi fsck，然后 doudi serve。"),
)
@click.option(
    "--erasures",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("删除登记册：原机器数据目录 register/ 里的，或备份旁边的"),
)
@click.option("--erasures-lost", is_flag=True, help=_("删除登记册哪里都找不到了：认下删掉的会回来"))
@click.option("--unsealed", is_flag=True, help=_("旧版本做的备份，没有封住也没有签名，但确信来历"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help=_("这里已有数据也换掉；原来的移到 replaced-… 保留"))
@click.option(
    "--keys", type=click.Path(exists=True, file_okay=False, path_type=Path), help=_("原来那个镇的 keys 文件夹")
)
def restore(
    file: Path, replace: bool, keys: Path | None, unsealed: bool, erasures: Path | None, erasures_lost: bool
) -> None:
    set_up()
    from doudi.web.design.wording import moment_words
    from doudi.web.operations.backup import restore as bring_back

    done = bring_back(
        file, replace=replace, keys=keys, unsealed=unsealed, erasures=erasures, erasures_lost=erasures_lost
    )
    click.echo(
        _("已恢复“{town}”在 {moment} 的数据。").format(
            town=done.manifest.facts["town"], moment=moment_words(done.manifest.made_at)
        )
    )
    tell(_("原来的保留在 {place}。").format(place=place) for place in done.kept)
    if done.erased:
        click.echo(_("按删除登记册，{count} 张诉求单里删掉过的内容已再次删除或封存。").format(count=done.erased))
    click.echo(_("接下来：doudi fsck。"))


@command(
    "drill",
    _("恢复演练：做一份备份，在别处恢复并核对，不动现在的镇"),
    when=_("每季度一次，和换机器、改备份办法之后。大家可以照常办理；需要放得下两份数据的磁盘。"),
    example="doudi drill --to /mnt/backup",
    after=_("做过的日期会记下；超过 90 天没做，doudi check 会提醒。"),
)
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help=_("在哪个目录里演练（默认 数据目录/backups）"),
)
def drill(folder: Path | None) -> None:
    set_up()
    from django.conf import settings

    from doudi.web.operations.drill import drill as hold
    from doudi.web.operations.founding import require_tables

    require_tables()
    done = hold(folder or settings.DATA_DIR / "backups")
    told = _("演练通过：{size} MB 的备份用 {seconds} 秒恢复并核对，留痕 {links} 条全部接得上。")
    click.echo(told.format(size=f"{done.size / 1e6:.1f}", seconds=f"{done.seconds:.1f}", links=done.links))


@command(
    "migrate",
    _("升级后更新数据库结构"),
    when=_("装了新版本之后。先 doudi backup，并停止 doudi serve。"),
    example="doudi migrate",
    after=_("doudi check；doudi serve。"),
)
def migrate() -> None:
    set_up()
    from doudi.web.operations.founding import migrate as bring_up
    from doudi.web.reports.services import mend_contacts

    opening = bring_up()
    click.echo(_("数据库结构已是最新。"))
    if mended := mend_contacts():
        click.echo(_("更正了 {count} 张诉求单的先行联系：以前的版本把答复的时间记作了联系。").format(count=mended))
    if opening is not None:
        print_for_the_safe(opening)


@click.group(
    "rebuild",
    cls=HelpfulGroup,
    short_help=_("重建可以重建的：搜索索引、研判模型"),
    help=_("从记录本身重新建立；记录不会改变。"),
)
@click.help_option(help=_("显示这页帮助"))
def rebuild() -> None: ...


@command(
    "search",
    _("搜索索引：按事项、诉求单的原话重新建立"),
    when=_("doudi fsck 说搜索索引与原话不一致，或丢了 keys/search。网页可以照常开着，建好之前搜索会慢。"),
    example="doudi rebuild search",
    after="doudi fsck",
)
def rebuild_search() -> None:
    set_up()
    from doudi.web.search.services import make_anew, make_on, records

    meter, done, whole = Meter(), 0, records()
    make_anew()
    while some := make_on():
        done += some
        meter(_("搜索索引"), done, whole)
    meter.end()
    click.echo(_("搜索索引已建好，共 {count} 条。").format(count=done))


@command(
    "rotate",
    _("换一把密封钥匙，把姓名、电话、导入文件全部重新封好"),
    when=_("钥匙可能被人看到过，或换了管钥匙的人。大家可以照常办理；中断了再运行一次，从停下的地方接着做。"),
    example="doudi rotate\ndoudi rotate --backup",
    after=_("旧钥匙改名为 retired-…：以前的备份还要用它打开，等那些备份都不要了再销毁。另存一份新的 keys 文件夹。"),
)
@click.option("--backup", "of_backups", is_flag=True, help=_("换备份钥匙，打印一次供保险柜保存"))
@click.option("--lost", is_flag=True, help=_("密封钥匙哪里都找不到了：认下损失，换新的"))
def rotate(of_backups: bool, lost: bool) -> None:
    set_up()
    from doudi.web.operations.founding import require_tables

    require_tables()
    if lost:
        from doudi.web.operations.services.rotating import give_up_lost

        for mark in give_up_lost():
            click.echo(_("钥匙 {mark} 记为丢失：用它封的内容再也打不开。已换新钥匙。").format(mark=mark))
        return
    if of_backups:
        from doudi.web.operations.services.town_keys import renew_backup_keys

        print_for_the_safe(renew_backup_keys())
        return
    from doudi.web.operations.services.rotating import rotate as seal_anew

    meter = Meter()
    done = seal_anew(lambda done, total: meter(_("重新封存"), done, total))
    meter.end()
    if done.went_on:
        click.echo(_("接着做完了上次没有做完的更换。"))
    click.echo(
        _("已换上新的密封钥匙（指纹 {new}），{count} 处重新封好；旧钥匙 {old} 已停用。").format(
            new=done.new, count=done.sealed, old="、".join(done.retired)
        )
    )


@command(
    "erase",
    _("按规定删除：再做一遍登记册里的删除，或删除一张诉求单里的个人信息"),
    when=_("自检说 E036；或有人依法要求删除，而网页上一时办不了。平时到期的由定时任务每晚处理。"),
    example="doudi erase --again\ndoudi erase 20261124-0000001",
    after=_("doudi fsck；删除过的备份到期也要销毁。"),
)
@click.argument("number", required=False)
@click.option("--again", is_flag=True, help=_("再次删除登记册里写着、数据库里还有的内容"))
@click.option("--block", is_flag=True, help=_("按档案规定要保管的：只封存，不删除"))
def erase(number: str | None, again: bool, block: bool) -> None:
    set_up()
    from doudi.engine.numbers import parse_number
    from doudi.web.people.actor import SYSTEM
    from doudi.web.reports.models import Report
    from doudi.web.retention import services as retention

    if again:
        count = retention.erase_again(retention.register.lines())
        click.echo(_("已再次删除或封存 {count} 张诉求单里的内容。").format(count=count))
        return
    if not number:
        raise click.UsageError(_("请写明诉求单编号，或用 --again。"))
    report = Report.objects.filter(number=parse_number(number)).first()
    if report is None:
        raise click.ClickException(_("没有编号为 {number} 的诉求单。").format(number=number))
    (retention.block_report if block else retention.erase_report)(SYSTEM, report)
    click.echo(_("已封存。") if block else _("已删除，留痕里只留编号。"))


def print_for_the_safe(opening: OpeningKey) -> None:
    """Say once what opens backups, to be printed and locked away."""
    from doudi.web.sealing.keyring import folder

    click.secho(_("备份钥匙：请抄下或打印这一行，放进保险柜。只显示这一次。"), bold=True)
    click.echo(f"\n  {opening.line}\n")
    tell(
        (
            _("没有这一行，备份谁也打不开；它在 {path}。").format(path=folder() / "backup"),
            _("打开备份里的姓名电话还要 {path}：请把整个 keys 文件夹另存一份，和备份分开放。").format(
                path=folder() / "sealing"
            ),
        )
    )


@command(
    "kinds",
    _("研判模型：从事项目录和办结的件重新学习"),
    when=_("换了机器、丢了 models 文件夹，或改了事项目录不想等到夜里。网页可以照常开着。"),
    example="doudi rebuild kinds",
    after="doudi check",
)
def rebuild_kinds() -> None:
    set_up()
    from doudi.web.triage.services import teach_kinds

    model = teach_kinds()
    said = _("学成了，但不如正在用的模型，没有启用。") if model.refused else _("研判模型已学成并启用。")
    click.echo(said)


rebuild.add_command(rebuild_search)
rebuild.add_command(rebuild_kinds)
COMMANDS: tuple[click.Command, ...] = (
    serve,
    timers,
    check,
    fsck,
    backup,
    restore,
    drill,
    rotate,
    erase,
    migrate,
    rebuild,
)
