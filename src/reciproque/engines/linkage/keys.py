"""The keys under which candidates are looked for."""

from reciproque.engines.linkage.mentions import Key, Mention
from reciproque.engines.linkage.names import name_key

_PUBLIC_MAIL_DOMAINS_TEXT = (
    "gmail.com googlemail.com orange.fr wanadoo.fr free.fr laposte.net hotmail.com hotmail.fr hotmail.be outlook.com "
    "outlook.fr outlook.be live.com live.fr live.be msn.com yahoo.com yahoo.fr yahoo.co.uk ymail.com rocketmail.com "
    "sfr.fr neuf.fr cegetel.net club-internet.fr numericable.fr numericable.com noos.fr bbox.fr aliceadsl.fr alice.fr "
    "aol.com aol.fr icloud.com me.com mac.com gmx.fr gmx.com gmx.de gmx.net protonmail.com proton.me pm.me "
    "tutanota.com mailo.com netcourrier.com caramail.com caramail.fr voila.fr libertysurf.fr tiscali.fr nordnet.fr "
    "dbmail.com zoho.com yandex.com mail.com mail.ru skynet.be telenet.be bluewin.ch wanadoo.com orange.com.fr "
    "infonie.fr 9online.fr 9business.fr freesbee.fr cario.fr akeonet.com ozone.net lilo.org riseup.net"
)
PUBLIC_MAIL_DOMAINS = frozenset(_PUBLIC_MAIL_DOMAINS_TEXT.split())
"""Domains anybody may have an address in: never a sign that two organisations are one."""


def siren_of(mention: Mention) -> str:
    """The SIREN, else the one its SIRET begins with."""
    return mention.siren or mention.siret[:9]


def domain_of(mention: Mention) -> str:
    """The e-mail domain, "" when it is everybody's."""
    return "" if mention.email_domain in PUBLIC_MAIL_DOMAINS else mention.email_domain


def keys(mention: Mention) -> tuple[Key, ...]:
    """From the surest to the vaguest. Two mentions that share none need not be compared."""
    name = name_key(mention.name).strip()
    place = (
        Key("name_postcode", f"{name}|{mention.postcode}") if name and mention.postcode else None,
        Key("name_city", f"{name}|{mention.city_code}") if name and mention.city_code else None,
        Key("name_department", f"{name}|{mention.department}") if name and mention.department else None,
        Key("name", name) if name else None,
    )
    sure = (
        Key("siret", mention.siret),
        Key("siren", siren_of(mention)),
        Key("rna", mention.rna),
        Key("uai", mention.uai),
        Key("domain", domain_of(mention)),
    )
    return tuple(key for key in (*sure, *place) if key is not None and key.value)
