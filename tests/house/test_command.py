"""The command: in French, with codes that mean something, JSON alone on standard output where a machine reads."""

import argparse
import json
import re
from pathlib import Path

import pytest

from reciproque.cli.parser import CODES, build
from tests.house.place import Place

VERBS = [
    "demo", "serve", "worker", "stop", "migrate", "import", "export", "backup", "restore", "verify-backup", "check", "jobs", "urls",
    "seed", "generate", "mode", "dedupe", "train-linkage", "index", "qualify", "sirene",
]  # fmt: skip
ENGLISH = re.compile(
    r"\b(usage|options(?=:)|positional arguments|optional|show this help|error|the following|required|invalid)\b"
)


def helped(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What `--help` says."""
    with pytest.raises(SystemExit) as end:
        build().parse_args([*words, "--help"])
    assert end.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_every_verb_explains_itself_in_french(capsys, verb):
    text = helped(capsys, *verb.split())
    assert not ENGLISH.search(text), ENGLISH.search(text)
    assert "utilisation :" in text
    assert " ".join(text.split()).endswith(CODES)


def test_there_is_no_other_verb(capsys):
    listed = re.findall(r"^    ([a-z-]+)(?:  |$)", helped(capsys), re.MULTILINE)
    assert sorted(listed) == sorted(VERBS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nimporte"], "« nimporte » n’est pas"),
        (["import", "fichier.csv"], "--source"),
        (["generate", "--partners", "beaucoup"], "beaucoup"),
        (["generate", "--partners", "-5"], "« -5 » n’est pas un nombre entier d’au moins 1"),
        (["seed", "--profile", "autre"], "autre"),
        (["urls", "--jason"], "--jason"),
        ([], "COMMANDE"),
    ],
)
def test_what_is_badly_asked_is_said_in_french(capsys, words, said):
    with pytest.raises(SystemExit) as end:
        build().parse_args(words)
    assert end.value.code == 2
    text = capsys.readouterr().err
    assert said in text
    assert not ENGLISH.search(text), ENGLISH.search(text)


def test_what_ends_a_command_is_told_without_a_trace(capsys, monkeypatch, tmp_path):
    """A file that is not there, a base never migrated; a defect keeps its trace."""
    from django.db import ProgrammingError

    from reciproque import cli
    from reciproque.foundation.errors import DomainError

    def ends(error: Exception) -> str:
        def raises(_options: object) -> int:
            raise error

        built = build()
        monkeypatch.setattr(cli, "build", lambda: built)
        monkeypatch.setattr(built, "parse_args", lambda _words: argparse.Namespace(run=raises, prepare=lambda _o: None))
        assert cli.main([]) == 1
        return capsys.readouterr().err.strip()

    with pytest.raises(FileNotFoundError) as absent:
        (tmp_path / "rien.csv").open()
    assert ends(absent.value) == f"« {tmp_path}/rien.csv » : ce fichier ou ce dossier n’existe pas."
    assert ends(ProgrammingError('relation "x" does not exist')) == "La base n’est pas à niveau : reciproque migrate."
    assert ends(DomainError("Non.")) == "Non."
    with pytest.raises(ZeroDivisionError):
        ends(ZeroDivisionError())


def test_addresses_for_a_machine(tmp_path: Path):
    routes = Place(tmp_path / "home").answer("urls", "--json")
    assert {"pattern", "name", "methods", "roles", "public", "changes", "personal"} <= set(routes[0])
    by_name = {route["name"]: route for route in routes}
    assert by_name["directory:partner"]["personal"]
    assert by_name["directory:partner_archive"]["methods"] == ["POST"]
    assert by_name["directory:partner_archive"]["changes"]
    assert by_name["healthz"]["public"]
    assert len(by_name) == len({route["pattern"] for route in routes}) == len(routes), "one address, one line, one view"


@pytest.mark.slow
def test_canaries_and_accounts_for_a_machine(tmp_path: Path):
    place = Place(tmp_path / "home")
    first = place.answer("seed", "--profile", "canary")
    assert place.answer("seed", "--profile", "canary") == first, "the same at each seeding"
    assert {account["role"] for account in first["accounts"]} == {
        "", "reader", "member", "manager", "data_steward", "steering", "dpo", "administrator",
    }  # fmt: skip
    words = [secret["text"] for secret in first["secrets"]]
    assert len(set(words)) == len(words), "one word, one place"
    assert all(
        {"text", "model", "object_id", "field", "unit", "sharing", "readable_by"} == set(s) for s in first["secrets"]
    )
    assert "states" in place.answer("jobs", "--json")
    report = place.answer("check", "--json")
    assert {"database", "migrations", "jobs", "worker", "disk", "settings", "backup", "mode", "outside"} == set(
        report["parts"]
    )
    asked = place.run("import", str(tmp_path / "absent.csv"), "--source", "essai", "--json")
    assert asked.returncode == 2
    assert "absent.csv" in json.loads(asked.stdout)["error"]
    for words_, unknown in (
        (["--as", "personne"], "Aucun compte « personne »"),
        (["--unit", "nulle-part"], "Aucune entité « nulle-part »"),
    ):
        (tmp_path / "f.csv").write_text("Nom\nÉlan\n")
        asked = place.run("import", str(tmp_path / "f.csv"), "--source", "essai", *words_, "--json")
        assert asked.returncode == 2
        assert unknown in json.loads(asked.stdout)["error"]
    assert not (place.home / "postgres" / "data" / "postmaster.pid").exists(), "no server is left behind"
