"""What a reader calls the parts of a rulebook: its layers, lanes, checks, evidence, and the figures a town sets."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from doudi.engine.messages import Message, msg

LAYERS: Mapping[str, Promise] = {
    "tie_break": _("交叉裁定"),
    "statute": _("法规与履职清单"),
    "town_rule": _("镇级规则"),
    "gap_ruling": _("空白裁定"),
}
LANES: Mapping[str, Promise] = {"life": _("生命安全"), "urgent": _("紧急"), "normal": _("普通")}
VERIFICATIONS: Mapping[str, Promise] = {
    "second_person": _("另一人核查"),
    "sampled": _("抽查"),
    "upstream": _("上级核查"),
}
EVIDENCE: Mapping[str, Promise] = {
    "before_photo": _("处置前照片"),
    "after_photo": _("处置后照片"),
    "arrival_photo": _("到场照片"),
    "cordon_photo": _("围挡照片"),
    "verify_photo": _("核查照片"),
    "notice_photo": _("公告照片"),
    "record_text": _("处置记录"),
    "reply_text": _("答复内容"),
    "referral_text": _("转办内容"),
    "minutes_text": _("会商记录"),
    "enquiry_text": _("权属问询记录"),
    "contact_record": _("联系记录"),
}
#: who does a task module
DOERS: Mapping[str, Promise] = {
    "holder": _("承办岗"),
    "answerer": _("答复岗"),
    "other": _("没有参与处置的人"),
    "desk": _("值班岗"),
}
#: how far a post with a role reaches
LEVELS: Mapping[str, Promise] = {
    "town": _("全镇"),
    "village_group": _("几个村居"),
    "village": _("一个村居"),
    "grid": _("一个网格"),
}


def space_names() -> dict[str, str]:
    """The axes over which a version is proven, and those of their values that no document names, in the reader's language."""
    return {
        "kind=": gettext("事项"),
        "unit_type=": gettext("场所类型"),
        "unit_type=unknown": gettext("场所类型不明"),
        "area=": gettext("区域"),
        "hours=": gettext("时段"),
        "hours=work": gettext("工作时间"),
        "hours=off": gettext("非工作时间"),
        "day=": gettext("日期"),
    }


ANY_KIND = msg("任何事项")
AT = gettext_noop("，在{names}")
ONLY_IN = gettext_noop("，限{names}")
WHEN = gettext_noop("，{names}")
HOURS: Mapping[str, Message] = {"work": msg("，工作时间"), "off": msg("，非工作时间")}
WITH_SUPPORT = gettext_noop("，{names}协办")
#: a role that supports, by its bond
BONDS: Mapping[str, str] = {
    "informs": gettext_noop("{name}（知会）"),
    "before_handled": gettext_noop("{name}（处置前）"),
    "before_closed": gettext_noop("{name}（结案前）"),
}
RULE = gettext_noop("{kinds}{place}{area}{hours}{facts}：由{holder}承办{supports}。")
#: a module's term that stands elsewhere
BY_KIND = msg("按事项的时限")
BY_PARAMETER = gettext_noop("按参数“{name}”")

#: the names of parameters, by their path; one without a name here is shown by its path
FIGURES: Mapping[str, Promise] = {
    "take_by.life": _("接单：生命安全"),
    "take_by.urgent": _("接单：紧急"),
    "take_by.normal": _("接单：普通"),
    "take_by": _("接单"),
    "on_site_by.life": _("到场：生命安全"),
    "tell_by.life": _("通知到人：生命安全"),
    "tell_by.urgent": _("通知到人：紧急"),
    "tell_danger.life": _("生命安全要通知谁"),
    "tell_danger.urgent": _("紧急要通知谁"),
    "make_safe_by.life": _("排险：生命安全"),
    "make_safe_by.urgent": _("排险：紧急"),
    "make_safe_by.normal": _("排险：普通"),
    "support_by.life": _("协办：生命安全"),
    "support_by.urgent": _("协办：紧急"),
    "support_by.normal": _("协办：普通"),
    "support_margin.life": _("协办比承办提前：生命安全"),
    "support_margin.urgent": _("协办比承办提前：紧急"),
    "support_margin.normal": _("协办比承办提前：普通"),
    "contact_by": _("首次联系诉求人"),
    "contact_tries": _("联系不上最多试几次"),
    "unclear_by": _("情况不明的，值班岗多久定下"),
    "verify_by": _("核查"),
    "reply_by.any": _("答复：一般"),
    "reply_by": _("答复"),
    "reply_by.hotline": _("答复：热线工单"),
    "reply_by.enquiry": _("答复：咨询"),
    "reply_by.redo": _("答复：重办"),
    "reply_by.complex": _("答复：疑难"),
    "call_back_by.any": _("回访：一般"),
    "call_back_tries": _("回访不通最多打几次"),
    "warning_by": _("预警多久了结"),
    "satisfaction.any": _("回访问什么"),
    "dissatisfied": _("哪些回答要预警"),
    "answer_by.return_of_order": _("退单申请多久答复"),
    "answer_by.desk_decision": _("值班岗裁定"),
    "answer_by.on_site_meeting": _("现场会商"),
    "answer_by.town_panel": _("镇级会商"),
    "upstream_buffer": _("比上级时限提前"),
    "verify_sample_percent": _("抽查比例（%）"),
    "verify_sample_percent_after_fraud": _("发现作假后的抽查比例（%）"),
    "days_after_fraud": _("发现作假后，多少天里按那个比例抽查"),
    "auto_dispatch": _("自动派遣"),
    "publishing.approvals": _("版本发布前要哪些审批"),
    "similar_days": _("多少天内的算相似事项"),
    "likely_kinds_most": _("研判最多给几个可能的事项"),
    "photos.most": _("照片最多几张"),
    "photos.megabytes_each": _("每张照片最大（MB）"),
    "photos.longest_side_pixels": _("照片长边（像素）"),
    "quarantine.words": _("只有这些词的先甄别"),
    "quarantine.most_per_hour_from_one_source": _("同一来源每小时超过多少件先甄别"),
    "quarantine.most_per_hour_at_one_plaque": _("同一码牌每小时超过多少件，雷同的先甄别"),
    "quarantine.most_per_hour_in_town": _("全镇每小时超过多少件，雷同的先甄别"),
    "quarantine.same_danger_minutes": _("同一来源、同一地点的同一险情，多少分钟里只响一次（0 为每次都响）"),
    "quarantine.photos_per_day_from_one_source": _("同一来源每天最多收多少张照片"),
    "quarantine.photos_per_day_at_one_plaque": _("同一码牌每天最多收多少张照片"),
    "quarantine.photos_per_day_in_town": _("全镇每天最多收多少张照片"),
    "retention_days.public_scans": _("扫码记录保留（天）"),
    "retention_days.reporter_phone_after_close": _("办结后诉求人电话保留（天）"),
    "retention_days.patrol_tracks": _("巡查轨迹保留（天）"),
    "retention_days.import_files": _("导入的原文件保留（天）"),
    "retention_days.import_rows": _("更正或放弃的导入行保留（天）"),
    "retention_days.photographs_after_close": _("办结后诉求照片保留（天）"),
    "retention_days.dismissed_reports": _("甄别办结、没有立件的内容保留（天）"),
    "retention_days.case_files_in_use": _("办结后多少天封存案卷（天）"),
    "retention_days.case_files": _("办结后案卷保管（天）"),
    "answer_by.personal_request": _("个人信息请求多久答复"),
    "phones.hotline": _("电话：热线"),
    "phones.police": _("电话：报警"),
    "phones.fire": _("电话：火警"),
    "phones.ambulance": _("电话：急救"),
    "phones.traffic": _("电话：交通事故"),
    "phones.gas": _("电话：燃气抢修"),
    "phones.power": _("电话：供电"),
    "phones.water": _("电话：供水抢修"),
    "phones.lift": _("电话：电梯救援"),
    "source": _("来源"),
}
