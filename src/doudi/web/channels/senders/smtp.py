"""A mail server: one connection for as many messages as there are."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime

from doudi.web import clock
from doudi.web.channels.errors import ChannelError, SendError
from doudi.web.channels.models import Channel
from doudi.web.channels.senders.message import Message

SECONDS = 5.0
_TLS_PORT = 465


def checked_server(text: str) -> tuple[str, int]:
    """Host and port of ``mail.example.cn:465``; 465 where none is said. Raises ChannelError."""
    host, _colon, port = text.strip().partition(":")
    number = int(port) if port.isdecimal() and port.isascii() else 0 if port else _TLS_PORT
    if not host or not 0 < number < 65536 or any(sign.isspace() or sign == "/" for sign in host):
        raise ChannelError("邮件服务器请写成 主机名:端口，例如 mail.example.cn:465。")
    return host, number


class Smtp:
    """465 speaks TLS from the first byte; elsewhere STARTTLS where the server offers it, and before any password always."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self._server: smtplib.SMTP | None = None

    def send(self, message: Message) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.channel.sender, message.to, message.subject
        mail["Date"] = format_datetime(clock.wall())
        mail["Message-ID"] = f"<{message.id}@{self.channel.sender.rpartition('@')[2] or 'doudi'}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        try:
            self._connected().send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise SendError("邮件服务器不收这个地址（{code}）。", code=code, again=400 <= code < 500) from error
        except smtplib.SMTPAuthenticationError as error:
            raise SendError("邮件服务器不认账号或密码（{code}）。", code=error.smtp_code, all_wait=True) from error
        except smtplib.SMTPResponseException as error:
            passing = 400 <= error.smtp_code < 500
            raise SendError("邮件服务器回答 {code}。", code=error.smtp_code, again=passing, all_wait=passing) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise SendError("连不上邮件服务器：{why}。", why=type(error).__name__, all_wait=True) from error

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            host, port = checked_server(str(self.channel.address))
            context = ssl.create_default_context()
            if port == _TLS_PORT:
                server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
            else:
                server = smtplib.SMTP(host, port, timeout=SECONDS)
                server.ehlo()
                if server.has_extn("starttls"):
                    server.starttls(context=context)
                elif self.channel.account:
                    server.close()
                    raise SendError("邮件服务器不提供加密，密码不能明文发送。", all_wait=True)
            if self.channel.account:
                server.login(self.channel.account, str(self.channel.secret))
            self._server = server
        return self._server

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
