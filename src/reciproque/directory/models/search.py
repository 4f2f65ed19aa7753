"""What the search reads: one line per partner and per person, and the words that exist, to mend mistyped ones."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from reciproque.directory.models.partners import Partner
from reciproque.directory.models.people import Person


class SearchEntry(models.Model):
    """Derived and rebuilt at will (`directory/search.py`); holds nothing that is not in the records.

    `document` weighs A names, B identifiers, C places and addresses, D the people of a partner.
    `rank` is a prior: bigger and better known first.
    """

    follows_merges = False

    partner = models.OneToOneField(Partner, models.CASCADE, null=True, related_name="+")
    person = models.OneToOneField(Person, models.CASCADE, null=True, related_name="+")
    key = models.TextField(db_collation="C")
    document = SearchVectorField()
    rank = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(partner__isnull=False, person=None) | Q(partner=None, person__isnull=False),
                name="search_entry_is_of_one_thing",
            )
        ]
        indexes = [
            GinIndex(fields=["document"], name="search_partner_document", condition=Q(partner__isnull=False)),
            GinIndex(fields=["document"], name="search_person_document", condition=Q(person__isnull=False)),
            models.Index(fields=["key", "partner"], name="search_partner_by_key", condition=Q(partner__isnull=False)),
            models.Index(fields=["key", "person"], name="search_person_by_key", condition=Q(person__isnull=False)),
            models.Index(fields=["-rank", "partner"], name="search_partner_rank", condition=Q(partner__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.key


class SearchWord(models.Model):
    """A word that some entry holds, and in how many; the vocabulary against which mistyped words are mended."""

    word = models.TextField(primary_key=True, db_collation="C")
    partners = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_word_alike")]

    def __str__(self) -> str:
        return self.word


class SearchIndex(models.Model):
    """The index of type-ahead kept on disk, when there is one: `token` names its folder (`directory/search/swift`)."""

    follows_merges = False

    token = models.CharField(max_length=32)
    ready = models.BooleanField(default=False)
    built_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.token


class SearchChange(models.Model):
    """A record whose search entry has changed, or gone, since the index on disk last took it in. Written with the change itself."""

    follows_merges = False

    partner = models.BigIntegerField(null=True)
    person = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(partner__isnull=False, person=None) | Q(partner=None, person__isnull=False),
                name="search_change_is_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner or ''}/{self.person or ''}"
