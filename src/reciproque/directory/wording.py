"""What is said to people about a value that cannot be kept: one sentence for each code of `engines.identifiers`."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reciproque.engines.identifiers import Problem

SENTENCES = {
    "null_word": _("« %(text)s » a été lu comme une absence de valeur."),
    "spreadsheet_error": _("« %(text)s » est une erreur de tableur : rien n’a été retenu."),
    "formula": _("« %(text)s » est une formule de tableur : écrivez la valeur elle-même."),
    "mojibake_repaired": _("Les accents de « %(text)s » ont été rétablis."),
    "mojibake_doubtful": _("« %(text)s » semble avoir perdu ses accents. Vouliez-vous écrire « %(suggestion)s » ?"),
    "mojibake_lost": _("Des caractères de « %(text)s » ont été perdus : corrigez-les."),
    "number_suffix": _("Les décimales inutiles de « %(text)s » ont été retirées."),
    "scientific_exact": _("« %(text)s » a été remis en chiffres."),
    "leading_zero": _("Les zéros perdus au début de « %(text)s » ont été remis."),
    "siren_rounded": _("« %(text)s » a été arrondi par un tableur : retrouvez les neuf chiffres du SIREN."),
    "siren_format": _("Un SIREN s’écrit avec neuf chiffres ; « %(text)s » contient autre chose."),
    "siren_length": _("Un SIREN a neuf chiffres ; « %(text)s » en a %(length)s."),
    "siren_checksum": _(
        "« %(text)s » n’est pas un SIREN : la clé de contrôle est fausse. Un chiffre est sans doute erroné."
    ),
    "siret_in_siren": _("Un SIRET était écrit : son SIREN a été retenu."),
    "vat_in_siren": _("Un numéro de TVA était écrit : son SIREN a été retenu."),
    "siret_rounded": _("« %(text)s » a été arrondi par un tableur : retrouvez les quatorze chiffres du SIRET."),
    "siret_format": _("Un SIRET s’écrit avec quatorze chiffres ; « %(text)s » contient autre chose."),
    "siret_length": _("Un SIRET a quatorze chiffres ; « %(text)s » en a %(length)s."),
    "siret_checksum": _(
        "« %(text)s » n’est pas un SIRET : la clé de contrôle est fausse. Un chiffre est sans doute erroné."
    ),
    "siren_in_siret": _("« %(siren)s » est un SIREN : écrivez-le dans son champ, ou complétez les quatorze chiffres."),
    "rna_format": _("Un numéro RNA s’écrit W suivi de neuf caractères ; « %(text)s » ne convient pas."),
    "rna_letter": _("Le W du numéro RNA a été remis."),
    "siren_in_rna": _("« %(siren)s » est un SIREN, pas un numéro RNA : écrivez-le dans son champ."),
    "uai_format": _("Un code UAI s’écrit avec sept chiffres et une lettre ; « %(text)s » ne convient pas."),
    "uai_checksum": _("La lettre du code UAI « %(text)s » devrait être « %(expected)s » : vérifiez-le."),
    "vat_format": _("« %(text)s » n’a pas la forme d’un numéro de TVA de ce pays."),
    "vat_checksum": _("« %(text)s » n’est pas un numéro de TVA : la clé de contrôle est fausse."),
    "vat_country": _("Le pays du numéro de TVA « %(text)s » n’est pas connu : il est gardé sans contrôle."),
    "vat_prefix": _("Les lettres FR du numéro de TVA ont été remises."),
    "siren_in_vat": _("« %(siren)s » est un SIREN, pas un numéro de TVA : écrivez-le dans son champ."),
    "phone_zero": _("Le zéro perdu au début du numéro a été remis."),
    "phone_rounded": _("« %(text)s » a été arrondi par un tableur : retrouvez le numéro."),
    "phone_format": _("« %(text)s » n’est pas un numéro de téléphone."),
    "phone_length": _("« %(text)s » n’a pas le bon nombre de chiffres pour un numéro de téléphone."),
    "phone_short": _("« %(text)s » est un numéro court : écrivez le numéro complet."),
    "phone_unassigned": _("Aucun numéro ne commence ainsi aujourd’hui : vérifiez « %(text)s »."),
    "phone_extension": _("Le poste « %(extension)s » a été mis de côté."),
    "phone_several": _("Plusieurs numéros étaient écrits : le premier est retenu."),
    "email_format": _("« %(text)s » n’est pas une adresse électronique (exemple : prenom.nom@organisme.fr)."),
    "email_cleaned": _("L’adresse électronique a été nettoyée."),
    "email_domain": _("Le domaine de « %(text)s » semble mal écrit. Vouliez-vous écrire « %(suggestion)s » ?"),
    "email_several": _("Plusieurs adresses étaient écrites : la première est retenue."),
    "url_format": _("« %(text)s » n’est pas une adresse web (exemple : www.organisme.fr)."),
    "email_in_url": _("« %(email)s » est une adresse électronique : écrivez-la dans son champ."),
    "postcode_zero": _("Le zéro perdu au début du code postal a été remis."),
    "postcode_cleaned": _("La ville écrite avec le code postal a été retirée."),
    "postcode_format": _("Un code postal français a cinq chiffres ; « %(text)s » ne convient pas."),
    "naf_zero": _("Le zéro perdu au début du code NAF a été remis."),
    "naf_cleaned": _("Le libellé écrit avec le code NAF a été retiré."),
    "naf_format": _("Un code NAF s’écrit comme 62.01Z ; « %(text)s » ne convient pas."),
    "naf_old": _("« %(text)s » est un code NAF d’avant 2008 : cherchez son équivalent actuel."),
    "country_unknown": _("« %(text)s » n’est pas un pays connu."),
}


class _Facts(dict[str, str]):
    """Facts of a problem; one that is missing is said to be missing rather than breaking the sentence."""

    def __missing__(self, key: str) -> str:
        return gettext("inconnu")


def sentence(problem: Problem) -> str:
    """What to tell people about this problem."""
    return str(SENTENCES[problem.code]) % _Facts(problem.detail)
