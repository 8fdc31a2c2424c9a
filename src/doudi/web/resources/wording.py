"""How it came that somebody answers for a post."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ANSWERS_AS = {
    "rostered": _("正在值班"),
    "appointed": _("在岗"),
    "acting": _("代岗"),
    "head": _("单位负责人代接"),
    "duty_desk": _("城运值班岗代接"),
    "nobody": _("暂无在岗人员，请打单位电话"),
}
