"""Does the mail server answer?"""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import unquote, urlsplit

import aiosmtplib

from cli.checks import Finding

_WITHIN_S = 10.0


async def check_mail(url: str | None) -> AsyncIterator[Finding]:
    """Greet the mail server, and sign in where the URL holds a name; nothing is sent."""
    if url is None:
        yield Finding("warn", "Mail", "off: set TOCSIN_SMTP_URL, so that those concerned get mails.")
        return
    parts = urlsplit(url)
    client = aiosmtplib.SMTP(
        hostname=parts.hostname,
        port=parts.port,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=parts.scheme == "smtps",
        timeout=_WITHIN_S,
    )
    try:
        async with asyncio.timeout(_WITHIN_S), client:
            yield Finding("ok", "Mail", f"{parts.hostname} answers")
    except (OSError, TimeoutError, aiosmtplib.SMTPException) as error:
        yield Finding("FAIL", "Mail", f"{parts.hostname} does not take us ({error}): check TOCSIN_SMTP_URL.")
