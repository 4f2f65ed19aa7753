"""Forms of the keys that open an account, in the words of the interface: django-allauth leaves some of theirs in English."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy as _


class NewKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A key, or the device in hand, under a name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Nom de la clé")
        self.fields["name"].help_text = _("Pour la reconnaître parmi les autres : « Téléphone », « Poste du bureau »…")
        self.fields["passwordless"].label = _("Se connecter sans mot de passe")


class KeyForm(EditWebAuthnForm):  # type: ignore[misc]
    """The name of a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Nom de la clé")
