"""Keys under which partners are found again: derived, rebuilt at will."""

import hashlib
from functools import lru_cache

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reciproque.engines.linkage import Key


class MatchKey(models.Model):
    """One value under which a partner answers, by itself or by one of its sites: the certain ones (`engines.linkage.keys`) and those
    under which likeness is looked for (`engines.linkage.incremental.stored_keys`).

    Only a 64-bit digest of the value is kept: the index stays small, and the judge reads the partners themselves, so that two
    values of one digest do no harm.
    """

    follows_merges = False

    pk = models.CompositePrimaryKey("key", "partner_id")
    key = models.BigIntegerField()
    # Some thirty rows a partner: that it exists is checked once, by its `KeyedPartner`, without which none is written.
    partner = models.ForeignKey(
        "directory.Partner", models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        verbose_name = _("clé de rapprochement")
        indexes = [models.Index(fields=["partner"], name="match_key_by_partner")]

    def __str__(self) -> str:
        return f"{self.key} → {self.partner_id}"


class KeyedPartner(models.Model):
    """A partner whose keys are written, and the last change they take into account: a later one makes them stale.

    `compared_at` is the change up to which it was compared with the others, in search of duplicates; `alike` the lowest partner of
    the group that it was found to make with others, empty when alone.
    """

    follows_merges = False

    partner = models.OneToOneField("directory.Partner", models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField()
    compared_at = models.DateTimeField(null=True)
    alike = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("partenaire aux clés à jour")
        indexes = [models.Index(fields=["alike"], name="keyed_partner_by_group", condition=Q(alike__isnull=False))]

    def __str__(self) -> str:
        return f"{self.pk}, {self.at}"


class Likeness(models.Model):
    """How much two partners are alike, in log-odds: the pairs that the engine keeps, made anew when one of the two changes."""

    pk = models.CompositePrimaryKey("low", "high")
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    odds = models.FloatField()

    class Meta:
        verbose_name = _("ressemblance")
        indexes = [models.Index(fields=["high"], name="likeness_by_high")]
        constraints = [models.CheckConstraint(condition=Q(low__lt=F("high")), name="likeness_is_ordered")]

    def __str__(self) -> str:
        return f"{self.low} – {self.high}: {self.odds:.1f}"


class Census(models.Model):
    """What was counted over the whole network, the last time that all of it was compared: how common words, names, addresses,
    e-mail domains and groups of letters are (`engines.linkage.incremental.Counts`, as one file of arrays)."""

    counted_at = models.DateTimeField(auto_now_add=True)
    partners = models.PositiveIntegerField()
    held = models.BinaryField()

    class Meta:
        verbose_name = _("comptage du réseau")

    def __str__(self) -> str:
        return f"{self.counted_at}: {self.partners}"


@lru_cache(maxsize=1 << 14)
def digest(key: Key) -> int:
    """The number under which a key is kept."""
    text = f"{key.family}\0{key.value}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True)
