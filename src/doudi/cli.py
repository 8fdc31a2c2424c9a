"""The command `doudi`: found a town, serve it, keep it safe. Each command only asks the platform below to do it."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

import click

from doudi.web.operations import keeping
from doudi.web.operations.console import HelpfulGroup, Meter, _, command, set_up, tell

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

_CHAPTERS = {
    _("开始"): ("demo", "init", "load", "import", "password"),
    _("每天"): ("serve", "timers"),
    _("保管"): ("check", "fsck", "backup", "restore", "drill", "rotate", "erase", "migrate", "rebuild"),
}


@click.group(
    cls=HelpfulGroup,
    chapters=_CHAPTERS,
    help=_(
        "兜底：每个地方一个码，每件事时刻有且只有一个承办岗。\n\n"
        "第一次看：doudi demo。建真实的镇：doudi init，然后 doudi serve。每个命令加 --help 有例子。\n\n"
        "数据放在 DOUDI_DATA_DIR（默认 ./var），数据库由 DOUDI_DATABASE_URL 选择（默认 SQLite）。"
    ),
)
@click.version_option(version("doudi"), prog_name="doudi", help=_("显示版本"))
@click.help_option(help=_("显示这页帮助"))
def main() -> None: ...


@command(
    "demo",
    _("虚构的演示镇：建好并打开，随便试"),
    when=_("想看看兜底是什么样子，或给同事演示。数据单独放在 var/demo，不影响真实的镇。"),
    example="doudi demo --port 8000",
    after=_("按打印出来的账号登录，或打开扫码地址当一回群众。再次运行会保留做过的事。"),
)
@click.option("--port", default=8000, show_default=True, help=_("端口"))
@click.option("--host", default="127.0.0.1", show_default=True, help=_("本机或本地网络的地址"))
@click.option("--create-only", is_flag=True, help=_("只建镇，不打开网页"))
def demo(port: int, host: str, create_only: bool) -> None:
    site = f"http://{host}:{port}"
    set_up(
        "demo",
        str(Path("var") / "demo"),
        DOUDI_SITE_URL=site,
        DOUDI_HOSTS=f"127.0.0.1,localhost,[::1],{host.strip('[]')}",
    )
    from doudi.web.demo.services import accounts, create_town, scan_address
    from doudi.web.operations.founding import migrate as bring_up
    from doudi.web.timers.running import run_due

    bring_up()
    meter = Meter()
    created = create_town(meter)
    meter.end()
    run_due()
    click.secho(_("演示镇已建好。") if created else _("演示镇已在，大家做过的事都保留着。"), bold=True)
    click.echo(f"\n  {_('网址')}: {site}\n  {_('扫码地址')}: {scan_address()}\n\n  {_('演示账号')}:")
    for username, password, who in accounts():
        click.echo(f"    {username:<12} {password:<12} {who}")
    click.echo()
    if not create_only:
        keeping.start(host, port, with_timers=True)


@command(
    "init",
    _("建一个真实的镇：镇名、区域、单位岗位、场所、规则手册、第一位管理员"),
    when=_("正式启用前做一次。没有给的先用最简单的；再次运行只补没有做的，不会重复。"),
    example=(
        "doudi init --town 示范镇 --code 310199101000 --admin zhang\n"
        "doudi init --town 示范镇 --areas 区域.geojson --offices 单位岗位.yaml --units 场所.xlsx --rulebook 手册 --admin zhang"
    ),
    after=_("doudi check 看还缺什么；doudi serve 打开网页。"),
)
@click.option("--town", default="", help=_("镇名"))
@click.option("--hotline", default="", help=_("印在码牌上的热线（默认 12345）"))
@click.option("--code", default="", help=_("镇的 12 位区划代码（没有区域文件时用）"))
@click.option("--areas", "areas_file", type=_FILE, help=_("区域：GeoJSON、CSV 或 XLSX"))
@click.option("--offices", "offices_file", type=_FILE, help=_("单位、岗位、人员：YAML、CSV 或 XLSX"))
@click.option("--units", "units_file", type=_FILE, help=_("场所：CSV 或 XLSX"))
@click.option("--rulebook", type=_FOLDER, help=_("规则手册文件夹（默认用附带的示范手册）"))
@click.option("--admin", default="", help=_("第一位管理员的登录名"))
@click.option("--admin-name", default="", help=_("管理员姓名"))
@click.option("--password-stdin", is_flag=True, help=_("从标准输入读密码（给脚本用）"))
def init(
    town: str,
    hotline: str,
    code: str,
    areas_file: Path | None,
    offices_file: Path | None,
    units_file: Path | None,
    rulebook: Path | None,
    admin: str,
    admin_name: str,
    password_stdin: bool,
) -> None:
    set_up()
    from doudi.web.operations import founding

    opening = founding.migrate()
    if sys.stdin.isatty() and not password_stdin and not founding.is_founded():
        town = town or click.prompt(_("镇名"))
        code = code or ("" if areas_file else click.prompt(_("镇的 12 位区划代码")))
        admin = admin or click.prompt(_("第一位管理员的登录名"))
    plan = founding.Plan(
        town=town,
        hotline=hotline,
        code=code,
        areas=areas_file,
        offices=offices_file,
        units=units_file,
        rulebook=rulebook,
        admin=admin,
        admin_name=admin_name,
    )
    tell(founding.found(plan, lambda: _ask_password(password_stdin)))
    if opening is not None:
        keeping.print_for_the_safe(opening)
    click.secho(_("好了。接下来：doudi check，然后 doudi serve。"), bold=True)


def _ask_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt(_("密码（至少 12 位）"), hide_input=True, confirmation_prompt=_("再输一次")))


@command(
    "password",
    _("给一个账号设密码"),
    when=_("人员从文件载入后第一次登录，或忘了密码。"),
    example="doudi password zhang",
    after=_("请本人登录后在“我的”里改成自己的密码。"),
)
@click.argument("login")
@click.option("--password-stdin", is_flag=True, help=_("从标准输入读密码（给脚本用）"))
def password(login: str, password_stdin: bool) -> None:
    set_up()
    from doudi.web.operations.founding import give_password

    give_password(login, _ask_password(password_stdin))
    click.echo(_("密码已设好。"))


@click.group(
    "load",
    cls=HelpfulGroup,
    short_help=_("载入镇自己的区域、单位岗位、场所"),
    help=_("把镇自己整理的表载入；再载入一次只更新，不重复。"),
)
@click.help_option(help=_("显示这页帮助"))
def load() -> None: ...


@command(
    "areas",
    _("区域：镇、村居、网格"),
    when=_("启用前一次；网格调整后再来一次。GeoJSON 带边界，CSV/XLSX 只有代码和名称。"),
    example=_("doudi load areas 网格.geojson\n表头：代码,名称,类型,上级,启用日期"),
    after=_("doudi load offices"),
)
@click.argument("file", type=_FILE)
def load_areas(file: Path) -> None:
    set_up()
    from doudi.web.setup.loading import load_areas as load_file

    tell(load_file(file))


@command(
    "offices",
    _("单位、岗位、兜底岗、人员"),
    when=_("启用前一次；机构、人员调整后再来一次。"),
    example=_(
        "doudi load offices 单位岗位.yaml\n"
        "或三张表：单位（代码,名称,关系）、岗位（代码,单位,名称,角色,权限,区域,可承办,兜底区域）、"
        "人员（登录名,姓名,岗位）"
    ),
    after=_("doudi password 登录名；doudi load units"),
)
@click.argument("file", type=_FILE)
def load_offices(file: Path) -> None:
    set_up()
    from doudi.web.setup.loading import load_offices as load_file

    tell(load_file(file))


@command(
    "units",
    _("场所：店铺、小区、设施、交界、无主点位"),
    when=_("启用前一次；以后零星的在网页上加。每个场所得到自己的一码。"),
    example=_("doudi load units 场所.xlsx\n表头：类型,名称,网格,地址,经度,纬度,坐标系,情况,主管单位,权属单位,养护单位"),
    after=_("在网页上打印码牌。"),
)
@click.argument("file", type=_FILE)
def load_units(file: Path) -> None:
    set_up()
    from doudi.web.setup.loading import load_units as load_file

    tell(load_file(file))


@command(
    "names",
    _("地名：道路、老地名、俗称、地标、镇外地名"),
    when=_("启用前一次；以后随时补。工单里的地址按这些名称找到网格和场所。"),
    example=_("doudi load names 地名.xlsx\n表头：地名,类别,场所编码,区域代码,现名,启用日期,停用日期,来源"),
    after=_("再导入的工单按新地名定位。"),
)
@click.argument("file", type=_FILE)
def load_names(file: Path) -> None:
    set_up()
    from doudi.web.setup.loading import load_names as load_file

    tell(load_file(file))


@command(
    "systems",
    _("上级系统：会什么、申请期限和每季额度、谁签发"),
    when=_("有上级工单之前一次；上级改规矩时再来。没有登记的系统什么都可以选。"),
    example=_(
        "doudi load systems 上级系统.csv\n表头：系统,动作,期限,每季额度,审核次数,理由代码,编号格式,要什么,签发,签发岗,满意度用语,依据"
    ),
    after=_("在工单页上看还剩几次、最晚什么时候申请。"),
)
@click.argument("file", type=_FILE)
def load_systems(file: Path) -> None:
    set_up()
    from doudi.web.setup.loading import load_systems as load_file

    tell(load_file(file))


@command(
    "import",
    _("导入上级系统或热线的工单表（CSV、XLSX）"),
    when=_("上级系统没有接口、只给表格时。同一张表导两次不会重复；错行单独留下，不影响别的行。"),
    example="doudi import 工单.xlsx --system 区12345 --yes\ndoudi import posts.csv --system forum --map external_id=id --map words=body",
    after=_("在网页“导入”里改错行；doudi fsck。"),
)
@click.argument("file", type=_FILE)
@click.option("--system", required=True, help=_("来自哪个系统；同一系统始终写同一个名称"))
@click.option("--map", "pairs", multiple=True, metavar=_("栏目=列名"), help=_("指明哪一列是什么，会记住"))
@click.option(
    "--auto-dispatch/--to-desk", default=None, help=_("规则明确的直接派到承办岗 / 都先由值班岗确认（默认按规则手册）")
)
@click.option("--yes", is_flag=True, help=_("不看预演，直接导入"))
def import_(file: Path, system: str, pairs: tuple[str, ...], auto_dispatch: bool | None, yes: bool) -> None:
    columns: dict[str, list[str]] = {}
    for pair in pairs:
        field, sign, header = pair.partition("=")
        if not sign:
            raise click.BadParameter(_("请写成 栏目=列名"), param_hint="--map")
        columns.setdefault(field, []).append(header)
    set_up()
    from doudi.web.operations.services.town_keys import require_keys
    from doudi.web.upstream.models import ImportFault
    from doudi.web.upstream.services import import_file

    require_keys()
    if not yes:
        from doudi.web.operations.previewing import preview_import

        tell(preview_import(file, system, columns or None, auto_dispatch))
        click.confirm(_("这样导入吗？"), abort=True)
    meter = Meter()
    batch = import_file(
        file,
        system=system,
        columns=columns or None,
        auto_dispatch=auto_dispatch,
        progress=lambda batch: meter(_("导入"), batch.done, batch.total),
    )
    meter.end()
    told = _("共 {done} 行：新增 {added}，已有 {known}，内容有变 {changed}，有误 {faulty}。")
    if yes and batch.words:
        click.echo(batch.words)
    click.echo(
        told.format(done=batch.done, added=batch.added, known=batch.known, changed=batch.changed, faulty=batch.faulty)
    )
    faults = ImportFault.objects.filter(batch=batch).order_by("line")
    tell(_("第 {line} 行：{why}").format(line=one.line, why=one.reason) for one in faults[:10])
    if faults.count() > 10:
        click.echo(_("其余的在网页“导入”里看，可以逐行改。"))


for group in (load_areas, load_offices, load_units, load_names, load_systems):
    load.add_command(group)
for one in (demo, init, load, import_, password, *keeping.COMMANDS):
    main.add_command(one)

if __name__ == "__main__":
    main()
