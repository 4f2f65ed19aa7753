"""Keys under which partners are found again: derived, rebuilt at will."""

import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _

from reciproque.engines.linkage import Key


class MatchKey(models.Model):
    """One value (`engines.linkage.keys`) under which a partner answers, by itself or by one of its sites.

    Only a 64-bit digest of the value is kept: the index stays small, and the judge reads the partners themselves, so that two
    values of one digest do no harm.
    """

    follows_merges = False

    pk = models.CompositePrimaryKey("key", "partner_id")
    key = models.BigIntegerField()
    partner = models.ForeignKey("directory.Partner", models.CASCADE, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("clé de rapprochement")
        indexes = [models.Index(fields=["partner"], name="match_key_by_partner")]

    def __str__(self) -> str:
        return f"{self.key} → {self.partner_id}"


class KeyedPartner(models.Model):
    """A partner whose keys are written, and the last change they take into account: a later one makes them stale.

    `compared_at` is the change up to which it was compared with the others, in search of duplicates.
    """

    follows_merges = False

    partner = models.OneToOneField("directory.Partner", models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField()
    compared_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("partenaire aux clés à jour")

    def __str__(self) -> str:
        return f"{self.pk}, {self.at}"


def digest(key: Key) -> int:
    """The number under which a key is kept."""
    text = f"{key.family}\0{key.value}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True)
