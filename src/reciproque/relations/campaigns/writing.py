"""The message of a campaign: its text with variables, as plain text and as simple HTML, and the headers of mass mailing."""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproque.foundation.inbound.keeping import LOCAL
from reciproque.foundation.mail_frame import framed
from reciproque.relations.models import Campaign

VARIABLES: Mapping[str, Any] = {
    "prenom": gettext_lazy("prénom de la personne"),
    "nom": gettext_lazy("nom de la personne"),
    "civilite": gettext_lazy("civilité : M. ou Mme"),
    "organisation": gettext_lazy("nom de l’organisation"),
    "fonction": gettext_lazy("fonction de la personne"),
}
VARIABLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)»’]")
BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
MAIL_ID = re.compile(r"<?c(\d{1,18})\.([0-9a-f]{32})@")
SALT = "relations.unsubscribe"
RETURNS = "retours"
"""What follows « suivi+ » in the address to which mail servers send messages back."""


@dataclass(frozen=True, slots=True)
class Written:
    """What one person receives."""

    subject: str
    text: str
    html: str


def check(text: str, field: str) -> None:
    """Raise ValidationError, naming it, when the text has a variable that does not exist, or braces that are not closed."""
    unknown = [name for name in (found.strip() for found in VARIABLE.findall(text)) if name not in VARIABLES]
    if unknown:
        known = ", ".join(f"{{{{ {name} }}}}" for name in VARIABLES)
        said = _("La variable « %(name)s » n’existe pas. Variables possibles : %(known)s.")
        raise ValidationError({field: said % {"name": unknown[0], "known": known}})
    left = VARIABLE.sub("", text)
    if "{{" in left or "}}" in left:
        raise ValidationError({field: _("Une variable n’est pas fermée : elle s’écrit {{ prenom }}.")})


def fill(text: str, values: Mapping[str, str], *, shown: Callable[[str], str] = str) -> str:
    """The text with the values in place of the variables. Values are never read again: what looks like a variable in one stays."""
    return VARIABLE.sub(lambda found: shown(values.get(found[1].strip(), "")), text)


def write(subject: str, body: str, values: Mapping[str, str]) -> Written:
    """What one person reads, before the foot."""
    return Written(
        " ".join(fill(subject, values).split()),
        fill(as_text(body), values),
        fill(as_html(body), values, shown=html.escape),
    )


def for_colleagues(campaign: Campaign) -> str:
    """The subject as colleagues read it on the timeline: « … » for variables, so that it names nobody whom some may not read."""
    left = " ".join(VARIABLE.sub("…", campaign.subject).split()).strip(" …,;:-–")
    return left if len(left) > 3 else campaign.title


def as_html(body: str) -> str:
    """Paragraphs, lists of « - » lines, bold and links; everything else is escaped."""
    blocks = []
    for block in re.split(r"\n\s*\n", body.replace("\r\n", "\n").strip()):
        lines = block.split("\n")
        if all(line.lstrip().startswith("- ") for line in lines):
            items = "".join(f"<li>{_inline(line.lstrip()[2:])}</li>" for line in lines)
            blocks.append(f"<ul>{items}</ul>")
        else:
            blocks.append(f"<p>{'<br>'.join(_inline(line) for line in lines)}</p>")
    return "\n".join(blocks)


def as_text(body: str) -> str:
    """The same without the marks of bold, for those who read plain text."""
    return BOLD.sub(r"\1", body)


def _inline(line: str) -> str:
    parts, place = [], 0
    for found in LINK.finditer(line):
        parts.append(_bold(line[place : found.start()]))
        address = html.escape(found[0])
        parts.append(f'<a href="{address}">{address}</a>')
        place = found.end()
    return "".join([*parts, _bold(line[place:])])


def _bold(text: str) -> str:
    return BOLD.sub(r"<strong>\1</strong>", html.escape(text))


def unsubscribe_url(recipient_id: int) -> str:
    """The address by which this person wants no more campaigns: signed, so that none can be made up."""
    token = signing.Signer(salt=SALT).sign_object({"r": recipient_id})
    return str(settings.PUBLIC_URL) + reverse("relations:unsubscribe", args=[token])


def recipient_of_token(token: str) -> int | None:
    """Whom an address of unsubscription is about; None for one that we did not make."""
    try:
        held = signing.Signer(salt=SALT).unsign_object(token)
        return int(held["r"])
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        return None


def message_id(recipient_id: int) -> str:
    """The identifier of the one message of a recipient: always the same, and nobody else can make it up."""
    return f"<c{recipient_id}.{_mark(recipient_id)}@{settings.MAIL_IN_DOMAIN}>"


def recipient_of_message(mail_id: str) -> int | None:
    """Whose message bears this identifier; None when it is not one of ours."""
    found = MAIL_ID.match(mail_id.strip())
    if not found or not constant_time_compare(found[2], _mark(int(found[1]))):
        return None
    return int(found[1])


def _mark(recipient_id: int) -> str:
    return salted_hmac("relations.campaign", str(recipient_id)).hexdigest()[:32]


def envelope_sender() -> str:
    """Where mail servers send back what they cannot deliver: our own door when it is open."""
    if settings.MAIL_IN_PORT:
        return f"{LOCAL}+{RETURNS}@{settings.MAIL_IN_DOMAIN}"
    return str(settings.DEFAULT_FROM_EMAIL)


class Letterhead:
    """What the messages of one campaign have in common: who writes, whom to answer, the foot."""

    def __init__(self, campaign: Campaign, establishment: str) -> None:
        who = f"{campaign.author} – {campaign.unit}" if campaign.author else str(campaign.unit)
        self.sender = formataddr((who.replace("\n", " "), settings.DEFAULT_FROM_EMAIL))
        self.reply_to = campaign.reply_to or (campaign.author.email if campaign.author else "")
        self.subject = campaign.subject
        self.as_html, self.as_text = as_html(campaign.body), as_text(campaign.body)
        self.why = _("%(establishment)s vous écrit au titre de votre relation avec l’université.") % {
            "establishment": establishment
        }
        self.how = _("Ne plus recevoir ces messages :")

    def message(self, recipient_id: int, email: str, values: Mapping[str, str]) -> EmailMultiAlternatives:
        """The message of one recipient, ready to hand over."""
        url = unsubscribe_url(recipient_id)
        text = f"{fill(self.as_text, values)}\n\n-- \n{self.why}\n{self.how} {url}\n"
        page = fill(self.as_html, values, shown=html.escape)
        foot = f'<hr><p><small>{html.escape(self.why)} <a href="{html.escape(url)}">{html.escape(self.how.rstrip(" :"))}</a></small></p>'
        message = EmailMultiAlternatives(
            " ".join(fill(self.subject, values).split()), text, self.sender, [email],
            reply_to=[self.reply_to] if self.reply_to else None,
            headers={
                "Message-ID": message_id(recipient_id),
                "List-Unsubscribe": f"<{url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Precedence": "bulk",
                "Auto-Submitted": "auto-generated",
            },
        )  # fmt: skip
        message.attach_alternative(framed(page + foot, lang=settings.LANGUAGE_CODE), "text/html")
        return message
