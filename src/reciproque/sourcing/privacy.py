"""What source records hold about people, why and for how long."""

from django.utils.translation import gettext_lazy as _

from reciproque.foundation.personal import declare
from reciproque.sourcing.models import (
    AutomaticRun,
    Check,
    Import,
    ImportEffect,
    ImportFile,
    Judgement,
    MatchingSettings,
    RecordPerson,
    Refusal,
    RegisterProposal,
    Source,
    SourceRecord,
    TrainedModel,
)

PURPOSE = _("garder la preuve de ce que chaque service a fourni, et d’où vient chaque valeur de l’annuaire")
BASIS = "RGPD art. 6-1-e"
RETENTION = _("autant que la personne reste dans l’annuaire : trois ans après le dernier échange")
SOURCE = _("les fichiers des entités")

declare(
    SourceRecord,
    purpose=PURPOSE, basis=BASIS, retention=RETENTION, source=SOURCE,
    fields=("cells", "corrections", "draft", "problems", "row_key", "decided_by"),
    other=(
        "import_run", "source", "unit", "line", "observed_on", "problem_codes", "state", "decision", "candidate", "leader", "score",
        "reasons", "change", "before", "current", "partner", "site", "applied_at", "kept",
    ),
)  # fmt: skip
declare(
    RecordPerson,
    purpose=PURPOSE,
    basis=BASIS,
    retention=RETENTION,
    source=SOURCE,
    fields=("person", "record"),
    other=("rank",),
)
declare(
    ImportEffect, purpose=_("pouvoir annuler un import"), basis=BASIS, retention=_("30 jours après l’import"), source=SOURCE,
    fields=("before", "after"), other=("import_run", "model", "object_id", "created", "version", "fate", "settled"),
)  # fmt: skip
declare(
    ImportFile, purpose=PURPOSE, basis=BASIS, retention=_("un an après l’import"), source=SOURCE,
    fields=("path", "inspection", "uploaded_by", "original_name"), other=("sha256", "size", "uploaded_at"),
)  # fmt: skip
declare(
    Import, purpose=_("suivre les imports"), basis=BASIS, retention=_("autant que ses lignes"), source=SOURCE,
    fields=("author",),
    other=(
        "source", "unit", "file", "sheet", "options", "mapping", "observed_on", "state", "total", "done", "counts", "stop_asked",
        "problem", "created_at", "moved_at", "finished_at",
    ),
)  # fmt: skip
declare(
    Source, purpose=_("nommer les fichiers des entités"), basis=BASIS, retention=_("sans limite"), source=SOURCE, fields=(),
    other=("code", "name", "kind", "unit", "mapping", "created_at"),
)  # fmt: skip
declare(
    Judgement, purpose=_("ne pas proposer deux fois un doublon écarté, savoir qui a réuni quoi"), basis=BASIS,
    retention=_("autant que les fiches"), source=_("la comparaison des fiches, les agents"), fields=("decided_by",),
    other=("kind", "low", "high", "score", "reasons", "gain", "verdict", "found_at", "decided_at", "until", "kept",
           "likelihood", "model", "weighed_at", "zone", "withheld", "run"),
)  # fmt: skip
declare(
    Refusal, purpose=_("ne pas proposer de nouveau un doublon écarté quand un import annulé est refait"), basis=BASIS,
    retention=_("jusqu’à ce que les fiches reviennent, autant que les lignes"), source=_("les agents"), fields=("row", "facing_row", "decided_by"),
    other=("kind", "rank", "facing_rank", "facing", "decided_at"),
)  # fmt: skip
declare(
    MatchingSettings, purpose=_("savoir qui a réglé les seuils de rapprochement"), basis=BASIS, retention=_("sans limite"),
    source=_("les agents"), fields=("changed_by",),
    other=("merges_alone", "automatic", "review", "most", "checked", "changed_at"),
)  # fmt: skip
declare(
    AutomaticRun, purpose=_("savoir ce qui a été réuni sans demander, et qui l’a défait"), basis=BASIS, retention=_("autant que les fiches"),
    source=_("la comparaison des fiches, les agents"), fields=("undone_by",),
    other=("state", "started_at", "ended_at", "model", "automatic", "most", "merged", "undone_at"),
)  # fmt: skip
declare(
    Check, purpose=_("mesurer la justesse des réunions automatiques"), basis=BASIS, retention=_("autant que les fiches"),
    source=_("les agents"), fields=("by",), other=("run", "merge", "judgement", "stratum", "weight", "answer", "at"),
)  # fmt: skip
declare(
    TrainedModel, purpose=_("savoir qui a mis un modèle en service"), basis=BASIS, retention=_("sans limite"), source=_("les agents"),
    fields=("asked_by", "decided_by"), other=("state", "code", "asked_at", "trained_at", "report", "decided_at"),
)  # fmt: skip
declare(
    RegisterProposal, purpose=_("suivre la vie des entreprises au registre, ne pas proposer deux fois un fait refusé"), basis=BASIS,
    retention=_("autant que la fiche du partenaire"), source=_("le registre SIRENE, les agents"),
    fields=("decided_by", "candidates", "changes", "before"),
    other=(
        "partner", "site", "kind", "fact", "siren", "siret", "score", "state", "found_on", "until", "decided_at", "record",
    ),
)  # fmt: skip
