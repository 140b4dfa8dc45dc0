"""Which services of Apprise may be told something, and what of their addresses may be shown."""

import re
from urllib.parse import unquote

from domain.errors import InvalidInput
from domain.text import one_line

# What begins the addresses of the services that ask servers by HTTP, in Apprise 2.3 (apprise/plugins). Left out are all
# that do something else: mail, IRC, XMPP, MQTT, AMQP, SMPP, syslog, the desktop; and those that want files of keys
# (fcm, vapid) or WebSockets (nostr).
SCHEMES = frozenset(
    """
    46elks acs apprise apprises atalk awswhatsapp azure bale bark barks betterstack bluesky brevo bsky bulksms bulkvs
    burstsms chanify clickatell clicksend cliq cm d7sms dapnet dingtalk discord dot eight00com elks emby embys enigma2
    enigma2s evolution evolutions exotel feishu firehydrant flock flowtriq flowtriqs fluxer fluxers form forms
    freemobile gchat github goalert goalerts gorush gorushs gotify gotifys groundmail groupme guilded gupshup hassio
    hassios httpsms humhub humhubs ifttt ilert incidentio infobip instagram jellyfin jellyfins jira join json jsons
    kakao kakaotalk kaleyra kavenegar klr kodi kodis kook kudosity kumulos lametric lametrics lark lauther lfg line
    mailersend mailgun mastodon mastodons matrix matrixs misskey misskeys mmost mmosts mobilemessage mobilemsg msg91
    msgbird ncloud nclouds nctalk nctalks nexmo notica noticas notifiarr notifico notificos notifyapp notifyre ntfy
    ntfys o365 octopush onebot onebots onesignal opsgenie opsimate opsimates pagerduty pagertree parsep parseps pbul
    pinglet pinglets pingram pjet pjets plivo postmark pover prowl psafer psafers push pushdeer pushdeers pushed pushme
    pushplus pushward pushy qq reddit resend revolt ringc rocket rockets ryver schan sendgrid sendpulse serwersms ses
    session sessions seven sfr signal signalgrid signals signl4 simplepush sinch slack smsc smseagle smseagles
    smsmanager smsmgr smstunnel smtp2go sns sogs sparkpost spike splunk spugpush spush squadcast stackfield strmlabs
    synology synologys telesign telnyx tgram threema toot toots trigv trigvs tweet twilio twist twitter viber
    victorops voipms vonage webex wechat wecom wecombot whapi whatsapp workflow workflows wpush wxpusher wxteams x xbmc
    xbmcs xmatters xml xmls youlmk zalo zcliq zohocliq zoom zulip
    """.split()  # noqa: SIM905 - a list of 230 lines reads worse
)
_LONGEST_URL = 2000
_SHOWN = 4
_LONG_ENOUGH = 16
_LONG_PART = 4
_FORM = re.compile(r"([A-Za-z0-9]{1,32})://(\S+)", re.ASCII)
_BETWEEN = re.compile(r"[/:@?&=,;#+]+")


def check_apprise_url(text: str) -> str:
    """The address as it is stored, if it begins as that of a service that may be told something.

    Raises: InvalidInput.
    """
    value = one_line(text, "value", most=_LONGEST_URL)
    found = _FORM.fullmatch(value)
    if found is None or found[1].lower() in ("http", "https"):
        raise InvalidInput("`value` must be an address of Apprise, such as ntfys://ntfy.example.com/topic.", ("value",))
    if found[1].lower() not in SCHEMES:
        raise InvalidInput(f"`value`: {found[1]}:// is no service of Apprise that works by HTTP.", ("value",))
    return value


def shown_apprise_url(value: str) -> str:
    """The address as it may be shown: what a secret is and what a host differs from service to service."""
    scheme, _, rest = value.partition("://")
    last = _BETWEEN.split(rest)[-1]
    return f"{scheme.lower()}://…{last[-_SHOWN:] if len(last) > _LONG_ENOUGH else ''}"


def without_parts(text: str, url: str) -> str:
    """The text with an ellipsis for each part of the address that it repeats, as it stands there or decoded."""
    _, _, rest = url.partition("://")
    parts = {form for part in _BETWEEN.split(rest) for form in (part, unquote(part)) if form}
    whole = {form for form in (rest, unquote(rest)) if form}
    for part in sorted(whole | parts, key=len, reverse=True):
        exact = re.escape(part)
        # What is short is found in many words.
        text = re.sub(exact if len(part) >= _LONG_PART else rf"(?<!\w){exact}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text
