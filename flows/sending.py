"""Bringing notices to their receivers: a webhook, and e-mail. A receiver that is down never fails a run.

Addresses and passwords are secrets: neither what is logged nor what is kept holds them, nor an error's text that
quotes them.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

import httpx
import stamina

from flows.notices import Notice
from flows.settings import Settings

Deliver = Callable[[Settings, Notice], None]
_PASSING = (httpx.HTTPError, smtplib.SMTPException, OSError)
KEPT = 100
"""So many notices are kept for a receiver that is down; older ones are let go."""


def channels(settings: Settings) -> dict[str, Deliver]:
    """Give the channels that are set up, by name."""
    found: dict[str, Deliver] = {}
    if settings.notify_webhook is not None:
        found["webhook"] = post
    if settings.notify_email and settings.smtp_host:
        found["e-mail"] = mail
    return found


def send(
    settings: Settings, notices: Iterable[Notice], owed: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Send new notices over every channel, and those that a channel still owes. Never raises.

    Gives what no receiver took, to be tried again by the next run, and one sentence on each channel that failed.
    """
    ways = channels(settings)
    waiting = [(str(one["channel"]), Notice(**one["notice"])) for one in owed if one["channel"] in ways]
    waiting += [(name, notice) for notice in notices for name in ways]
    unsent: list[dict[str, Any]] = []
    failures: dict[str, str] = {}
    for name, notice in waiting:
        if name not in failures:  # one that is down is not tried for each notice
            failure = _try(ways[name], settings, notice)
            if not failure:
                continue
            failures[name] = f"the {name} receiver took no notice: {failure}; the next run tries again"
        unsent.append({"channel": name, "notice": asdict(notice)})
    return unsent[-KEPT:], list(failures.values())


def _try(deliver: Deliver, settings: Settings, notice: Notice) -> str:
    """Deliver with some patience; give why not, without what is secret, or nothing."""
    try:
        for attempt in stamina.retry_context(
            on=_passing, attempts=settings.notify_attempts, wait_initial=0.5, wait_max=5.0, timeout=30.0
        ):
            with attempt:
                deliver(settings, notice)
    except _PASSING as error:
        return _plainly(error)
    return ""


def _passing(error: Exception) -> bool:
    """Tell whether a later try may help: not where the receiver refused what was sent."""
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code >= 500 or error.response.status_code == 429
    return isinstance(error, _PASSING) and not isinstance(error, smtplib.SMTPAuthenticationError)


def _plainly(error: Exception) -> str:
    """Say what failed. Texts of the libraries quote addresses, and servers quote what they were sent."""
    if isinstance(error, httpx.HTTPStatusError):
        return f"it answered {error.response.status_code}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it answered {error.smtp_code}"
    return type(error).__name__


def mail_patiently(settings: Settings, notice: Notice) -> str:
    """Send a notice by e-mail; give why it could not be, or nothing."""
    if not (settings.notify_email and settings.smtp_host):
        return "notify_email and smtp_host are not set where this runs"
    return _try(mail, settings, notice)


def post(settings: Settings, notice: Notice) -> None:
    """Post a notice as JSON: kind, subject, text, about, run, vintage; `text` alone is what chat services show."""
    if settings.notify_webhook is None:
        raise ValueError("no webhook is set")
    content = {**asdict(notice), "text": f"{notice.subject}\n{notice.text}"}
    answer = httpx.post(settings.notify_webhook.get_secret_value(), json=content, timeout=10.0)
    answer.raise_for_status()


def mail(settings: Settings, notice: Notice) -> None:
    """Send a notice as plain text over SMTP."""
    message = EmailMessage()
    message["Subject"] = f"[ictdev] {' '.join(notice.subject.split())}"
    message["From"] = settings.smtp_sender
    message["To"] = ", ".join(settings.notify_email)
    message["Message-ID"] = make_msgid(domain="ictdev.invalid")
    about = "\n".join(f"{name}: {text}" for name, text in (("run", notice.run), ("release", notice.vintage)) if text)
    message.set_content(f"{notice.text}\n\n{about}\n")
    with _connected(settings) as server:
        server.send_message(message)


def _connected(settings: Settings) -> smtplib.SMTP:
    """Connect as the settings say: encrypted from the start, encrypted after greeting, or plain."""
    place = (settings.smtp_host, settings.smtp_port)
    context = ssl.create_default_context()
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=10.0, context=context)
    else:
        server = smtplib.SMTP(*place, timeout=10.0)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user and settings.smtp_password is not None:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server
