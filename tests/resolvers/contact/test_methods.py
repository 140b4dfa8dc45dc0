"""Where people can be reached: made, shown by a code, used, and taken away."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from core.clock import ManualClock
from domain.access import Role
from domain.contact import MOST_METHODS
from domain.errors import Conflict, InvalidInput, NotFound
from domain.notification import Channel
from models import AuditEntry, ContactMethod
from resolvers.contact.listing import contact_methods_by_developer_id, contact_methods_by_id
from resolvers.contact.methods import create_contact_method, delete_contact_method, update_contact_method
from resolvers.contact.verify import send_verification_code, verify_contact_method
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.contact import make_contact
from tests.support.factories.developer import make_developer
from tests.support.mailbox import Mailbox, body
from tests.support.rows import all_rows, only_row


async def sent_code(mailbox: Mailbox) -> str:
    found = re.search(r"Your code is (\d{6})\.", body(mailbox.mails[-1]))
    assert found
    return found[1]


async def test_a_method_is_of_use_once_its_code_was_given_back(
    mailing: Resources, mailbox: Mailbox, clock: ManualClock
):
    actor = acting(await make_developer(mailing))
    new = await create_contact_method(mailing, actor, channel=Channel.EMAIL, value="ada@home.example")
    assert (new.secret, new.method.verified_at) == (None, None)
    await send_verification_code(mailing, actor, method_id=new.method.id)
    code = await sent_code(mailbox)
    assert mailbox.recipients == ["ada@home.example"]
    assert code.encode() not in (await only_row(mailing, ContactMethod)).code_digest
    wrong = "000000" if code != "000000" else "111111"
    with pytest.raises(InvalidInput) as refused:
        await verify_contact_method(mailing, actor, method_id=new.method.id, code=wrong)
    assert refused.value.path == ("code",)
    assert (await only_row(mailing, ContactMethod)).code_tries == 1
    verified = await verify_contact_method(mailing, actor, method_id=new.method.id, code=code)
    assert (verified.verified_at, verified.code_digest) == (clock.now(), None)
    with pytest.raises(Conflict):
        await send_verification_code(mailing, actor, method_id=new.method.id)


async def test_a_code_is_good_for_ten_minutes_and_five_tries(mailing: Resources, mailbox: Mailbox, clock: ManualClock):
    actor = acting(await make_developer(mailing))
    method = (await create_contact_method(mailing, actor, channel=Channel.EMAIL, value="a@b.example")).method
    await send_verification_code(mailing, actor, method_id=method.id)
    code = await sent_code(mailbox)
    for _ in range(5):
        with pytest.raises(InvalidInput):
            await verify_contact_method(mailing, actor, method_id=method.id, code="x")
    with pytest.raises(Conflict):
        await verify_contact_method(mailing, actor, method_id=method.id, code=code)
    await clock.advance(timedelta(minutes=2))
    await send_verification_code(mailing, actor, method_id=method.id)
    await clock.advance(timedelta(minutes=10))
    with pytest.raises((Conflict, InvalidInput)):
        await verify_contact_method(mailing, actor, method_id=method.id, code=await sent_code(mailbox))
    assert (await only_row(mailing, ContactMethod)).verified_at is None


async def test_what_cannot_be_sent_is_said(res: Resources):
    actor = acting(await make_developer(res))
    method = (await create_contact_method(res, actor, channel=Channel.EMAIL, value="a@b.example")).method
    with pytest.raises(Conflict, match="TOCSIN_SMTP_URL"):
        await send_verification_code(res, actor, method_id=method.id)


async def test_a_webhook_has_a_secret_that_is_shown_once_and_never_audited(res: Resources):
    actor = acting(await make_developer(res))
    url = "https://hooks.example.com/services/very-secret-part-of-the-address"
    new = await create_contact_method(res, actor, channel=Channel.WEBHOOK, value=url)
    assert new.secret
    (entry,) = await all_rows(res, AuditEntry)
    assert "very-secret" not in str(entry.after)
    assert new.secret not in str(entry.after)


async def test_people_set_their_own_and_administrators_everybodys(res: Resources):
    ada, eve = await make_developer(res), await make_developer(res)
    admin = acting(await make_developer(res, role=Role.ADMIN))
    theirs = await make_contact(res, eve)
    for change in (
        update_contact_method(res, acting(ada), method_id=theirs.id, is_enabled=False),
        delete_contact_method(res, acting(ada), method_id=theirs.id),
        send_verification_code(res, acting(ada), method_id=theirs.id),
        verify_contact_method(res, acting(ada), method_id=theirs.id, code="1"),
        create_contact_method(res, acting(ada), channel=Channel.SMS, value="+491511234567", developer_id=eve.id),
    ):
        with pytest.raises(NotFound):
            await change
    assert await contact_methods_by_id(res, acting(ada), [theirs.id]) == [None]
    assert await contact_methods_by_developer_id(res, acting(ada), [eve.id, ada.id]) == [[], []]
    assert [row.id for row in (await contact_methods_by_developer_id(res, admin, [eve.id]))[0]] == [theirs.id]
    assert not (await update_contact_method(res, admin, method_id=theirs.id, is_enabled=False)).is_enabled
    await delete_contact_method(res, acting(eve), method_id=theirs.id)
    assert await all_rows(res, ContactMethod) == []
    with pytest.raises(NotFound):
        await delete_contact_method(res, admin, method_id=uuid4())


async def test_one_has_each_once_and_not_too_many(res: Resources):
    ada = await make_developer(res)
    await create_contact_method(res, acting(ada), channel=Channel.SMS, value="+491511234567")
    with pytest.raises(Conflict, match="already"):
        await create_contact_method(res, acting(ada), channel=Channel.SMS, value="+49 151 1234567")
    for _ in range(MOST_METHODS - 1):
        await make_contact(res, ada)
    with pytest.raises(Conflict, match=f"at most {MOST_METHODS}"):
        await create_contact_method(res, acting(ada), channel=Channel.SMS, value="+491511234568")
