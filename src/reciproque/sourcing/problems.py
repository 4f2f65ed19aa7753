"""What each kind of problem means for the rows of a file, and what to do: one sentence a code, for whole columns at once."""

from django.utils.translation import gettext as _


def problem_sentence(code: str) -> str:
    """What is wrong with a value and what to do about it; a code that is not known is said as it is."""
    sentence = _sentences().get(code)
    return str(sentence) if sentence else code


def _sentences() -> dict[str, str]:
    return {
        "null_word": _("Mot qui veut dire « rien » : lu comme une cellule vide."),
        "spreadsheet_error": _(
            "Erreur du tableur (#N/A…) : lue comme une cellule vide. Corrigez la formule dans le fichier."
        ),
        "formula": _("Formule au lieu d’une valeur : collez les valeurs dans le tableur."),
        "mojibake_repaired": _("Accents abîmés : réparés."),
        "mojibake_doubtful": _("Accents peut-être abîmés : vérifiez ce texte."),
        "mojibake_lost": _("Caractères perdus lors d’une conversion : retapez ce texte."),
        "number_suffix": _("Décimales inutiles retirées du numéro."),
        "scientific_exact": _("Numéro remis en chiffres (le tableur l’avait mis en puissance de dix)."),
        "leading_zero": _("Zéro du début rétabli."),
        "siren_rounded": _(
            "SIREN arrondi par le tableur : des chiffres sont perdus. Redemandez le fichier avec la colonne en texte."
        ),
        "siren_format": _("Ce n’est pas un SIREN : neuf chiffres sont attendus."),
        "siren_length": _("Un SIREN a neuf chiffres : complétez-le ou videz la cellule."),
        "siren_checksum": _("SIREN faux : la clé de contrôle ne correspond pas. Corrigez-le ou videz la cellule."),
        "siret_in_siren": _("SIRET dans la colonne SIREN : le SIREN en est tiré."),
        "vat_in_siren": _("Numéro de TVA dans la colonne SIREN : le SIREN en est tiré."),
        "siret_rounded": _(
            "SIRET arrondi par le tableur : des chiffres sont perdus. Redemandez le fichier avec la colonne en texte."
        ),
        "siret_format": _("Ce n’est pas un SIRET : quatorze chiffres sont attendus."),
        "siret_length": _("Un SIRET a quatorze chiffres : complétez-le ou videz la cellule."),
        "siret_checksum": _("SIRET faux : la clé de contrôle ne correspond pas. Corrigez-le ou videz la cellule."),
        "siren_in_siret": _("SIREN dans la colonne SIRET : l’organisation est reconnue, pas l’établissement."),
        "rna_format": _("Un numéro RNA est fait de W et de neuf caractères."),
        "rna_letter": _("Lettre W rétablie devant le numéro RNA."),
        "siren_in_rna": _("SIREN à la place du numéro RNA : pris comme SIREN."),
        "uai_format": _("Un UAI est fait de sept chiffres et d’une lettre."),
        "uai_checksum": _("La lettre de l’UAI n’est pas celle que donnent ses chiffres : vérifiez-le."),
        "vat_format": _("Ce n’est pas la forme d’un numéro de TVA de ce pays."),
        "vat_checksum": _("Numéro de TVA faux : sa clé ne correspond pas."),
        "vat_country": _("Numéro de TVA d’un pays que l’on ne sait pas vérifier : gardé tel quel."),
        "vat_prefix": _("Lettres du pays rétablies devant le numéro de TVA."),
        "siren_in_vat": _("SIREN à la place du numéro de TVA : pris comme SIREN."),
        "phone_zero": _("Zéro du début du téléphone rétabli."),
        "phone_rounded": _("Téléphone arrondi par le tableur : des chiffres sont perdus."),
        "phone_format": _("Ce n’est pas un numéro de téléphone."),
        "phone_length": _("Ce numéro de téléphone n’a pas le bon nombre de chiffres."),
        "phone_short": _("Numéro court (39 49…) : il ne peut pas être gardé comme téléphone."),
        "phone_unassigned": _("Aucun numéro n’existe dans cette tranche : vérifiez-le."),
        "phone_extension": _("Numéro de poste mis de côté."),
        "phone_several": _("Plusieurs numéros dans la cellule : le premier est retenu, les autres gardés."),
        "email_format": _("Ce n’est pas une adresse de courriel."),
        "email_cleaned": _("Adresse de courriel nettoyée."),
        "email_domain": _("Le domaine de l’adresse semble mal tapé : vérifiez-le."),
        "email_several": _("Plusieurs adresses dans la cellule : la première est retenue, les autres gardées."),
        "url_format": _("Ce n’est pas une adresse de site."),
        "email_in_url": _("Adresse de courriel dans la colonne du site : prise comme courriel."),
        "postcode_zero": _("Zéro du début du code postal rétabli : vérifiez que la ville correspond."),
        "postcode_cleaned": _("Ville ou pays retirés du code postal."),
        "postcode_format": _("Un code postal français a cinq chiffres."),
        "naf_zero": _("Zéro du début du code NAF rétabli."),
        "naf_cleaned": _("Libellé retiré du code NAF."),
        "naf_format": _("Un code NAF s’écrit 62.01Z."),
        "naf_old": _("Code NAF d’avant 2008 : il n’a pas d’équivalent certain."),
        "country_unknown": _("Pays inconnu : écrivez son nom français ou son code à deux lettres."),
        "no_identity": _("Ni nom ni identifiant : complétez la ligne ou écartez-la."),
        "siren_siret_differ": _(
            "Le SIREN et le SIRET de la ligne ne sont pas de la même entreprise : corrigez l’un des deux."
        ),
        "nir": _("Numéro de sécurité sociale : il n’est ni lu ni gardé."),
        "name_is_number": _("Un nombre à la place du nom : vérifiez-le."),
        "identifier_in_name": _("Identifiant dans la colonne du nom : pris comme identifiant."),
        "address_split": _("Adresse en une ligne : rue, code postal et ville séparés."),
        "postcode_in_city": _("Code postal retiré du nom de la ville."),
        "date_serial": _("Date écrite comme un nombre : remise en date."),
        "date_format": _("Ce n’est pas une date."),
        "year_format": _("Ce n’est pas une année."),
        "department_unknown": _("Département inconnu."),
        "civility_unknown": _("Civilité inconnue : « Mme » ou « M. »."),
        "total_line": _("Ligne de total : elle n’est pas une organisation."),
    }
