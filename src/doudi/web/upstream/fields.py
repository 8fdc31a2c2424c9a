"""What a row of a foreign table may tell of a report, and how such columns are usually called."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a row may tell. ``names`` are its usual headers, the surest first; ``joins``: several columns may
    tell it together."""

    name: str
    label: str
    names: tuple[str, ...]
    joins: bool = False


def _field(name: str, label: str, names: str, *, joins: bool = False) -> Field:
    return Field(name, label, tuple(names.split()), joins)


FIELDS: tuple[Field, ...] = (
    _field(
        "external_id",
        _("工单编号"),
        """
        工单编号 工单号 热线工单号 受理编号 受理单号 案件编号 任务编号 诉求编号 信件编号 登记编号 流水号 单号 编号
        tid msg_id order_id ticket_id service_request_id case_id id
        """,
    ),
    _field(
        "received_at",
        _("受理时间"),
        """
        受理时间 来电时间 受理日期 来电日期 诉求时间 登记时间 上报时间 创建时间 留言时间 发布时间 提交时间 建单时间
        派单时间 派单日期 登记日期 上报日期 创建日期 留言日期 发布日期 提交日期 建单日期 诉求日期 接单时间
        日期 时间 received_at requested_datetime created_at created datetime date time
        """,
        joins=True,
    ),
    _field("title", _("标题"), "标题 工单标题 诉求标题 主题 诉求主题 留言标题 title subject"),
    _field(
        "words",
        _("诉求内容"),
        """
        诉求内容 来电内容 诉求描述 问题描述 工单内容 反映内容 留言内容 详细内容 诉求详情 事件描述 主要内容 来信内容
        具体内容 内容 描述 正文 words body content description message text
        """,
    ),
    _field(
        "address",
        _("事发地址"),
        """
        区县 所属区县 行政区 district 街镇 所属街镇 街道 乡镇 street 河道 river 路段 事发地址 发生地址 事发地点
        发生地点 诉求地址 问题地址 详细地址 地址 地点 位置 address location
        """,
        joins=True,
    ),
    _field(
        "area",
        _("村居或网格"),
        """
        网格编码 网格编号 网格 所属网格 村居 所属村居 居村 村居委 居村委 居委 居委会 社区 所属社区 村 area
        """,
    ),
    _field(
        "name",
        _("联系人"),
        """
        联系人 来电人 诉求人 诉求人姓名 来电人姓名 市民姓名 反映人 投诉人 姓名 contact name
        """,
    ),
    _field(
        "phone",
        _("联系电话"),
        """
        联系电话 来电号码 联系方式 手机 手机号 手机号码 联系手机 来电电话 电话 电话号码 mobile phone tel
        """,
    ),
    _field(
        "channel",
        _("来源渠道"),
        """
        来源渠道 诉求渠道 受理渠道 诉求来源 工单来源 信息来源 来源 渠道 channel source
        """,
    ),
    _field("kind", _("事项类别"), "事项 事项名称 事项编码 案件小类 小类 事项小类 kind_code service_code"),
    _field(
        "upstream_due",
        _("办理时限"),
        """
        办理时限 要求办结时间 截止时间 办结时限 处置时限 处理时限 到期时间 截止日期 应办结时间 答复时限 时限
        办理时限日期 办理时限时间 截止时刻 due upstream_due deadline
        """,
        joins=True,
    ),
    _field("secret", _("是否保密"), "是否保密 保密 要求保密 信息保密 secret"),
    _field("unit_code", _("场所码"), "场所码 码牌编号 一码通用 unit_code"),
    _field("longitude", _("经度"), "经度 lng lon long longitude"),
    _field("latitude", _("纬度"), "纬度 lat latitude"),
    _field("coordinate_system", _("坐标系"), "坐标系 坐标系统 坐标类型 coordinate_system crs"),
)
BY_NAME = {field.name: field for field in FIELDS}

_VAGUE = """
    编号 单号 流水号 id tid 日期 时间 date time created 内容 描述 正文 text 时限 来源 渠道 村 姓名 name 电话 位置 地点
"""
#: names that say little by themselves: they count only when the cells agree
VAGUE = frozenset(_VAGUE.split())
