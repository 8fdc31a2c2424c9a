"""Signing in, and how a person likes to read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from doudi.web.people.models import Person


class LoginForm(AuthenticationForm):
    """Name and password; a wrong one of either is told in the same words."""

    error_messages = {
        "invalid_login": _("账号或密码不对。密码区分大小写；忘记密码请联系系统管理员重置。"),
        "inactive": _("账号或密码不对。密码区分大小写；忘记密码请联系系统管理员重置。"),
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].label = _("账号")
        self.fields["password"].label = _("密码")


class ReadingForm(forms.Form):
    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    text = forms.ChoiceField(
        label=_("字号"), choices=[("normal", _("标准字号")), ("large", _("大字"))], widget=forms.RadioSelect
    )


class PasswordForm(forms.Form):
    """A new password for oneself; whether it is good enough is for the service to say."""

    old = forms.CharField(label=_("现在的密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    new = forms.CharField(label=_("新密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    again = forms.CharField(label=_("新密码再输一次"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, person: Person, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.person.check_password(old):
            raise forms.ValidationError(_("现在的密码不对。"))
        return old

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError(_("两次输入的新密码不一样。"))
        return again
