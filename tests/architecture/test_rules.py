"""Rules that no linter knows. Each failure says what to do."""

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

WORDINGS = {
    "_sentences",
    "_field_names",
    "file_problem",
}  # tables of sentences, written as functions to be translated when read
ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
OURS = [path for path in sorted(SRC.rglob("*.py")) if "migrations" not in path.parts]
REGISTRIES = re.compile(
    r"pypi\.org/simple|files\.pythonhosted|registry\.npmjs\.org|--index-url|--extra-index-url|\"resolved\": *\"https?://",
    re.IGNORECASE,
)


def tracked() -> list[Path]:
    """The text files of the project."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    binary = {".gz", ".woff2", ".png", ".svg", ".mo", ".webp", ".zst", ".parquet"}
    return [ROOT / name for name in listed.split("\0") if name and Path(name).suffix not in binary]


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """Every function of a file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node


def compiled(function: ast.FunctionDef) -> bool:
    """Whether it is a compiled kernel: one loop over arrays, where a call costs more than it says."""
    return any(isinstance(name, ast.Name) and name.id in {"kernel", "spread"} for name in function.decorator_list)


def models() -> list[type]:
    """Our models, history tables apart."""
    return [
        m for m in apps.get_models() if m.__module__.startswith("reciproque.") and not hasattr(m, "pgh_tracked_model")
    ]


def test_files_and_functions_keep_under_their_ceilings() -> None:
    long_files = [
        f"{p.relative_to(ROOT)}: {n} lines" for p in OURS if (n := len(p.read_text("utf-8").splitlines())) > 500
    ]
    long_functions = [
        f"{p.relative_to(ROOT)}:{f.lineno} {f.name}: {length} lines"
        for p in OURS
        for f in functions(p)
        if (length := (f.end_lineno or 0) - f.lineno + 1) > (150 if compiled(f) else 50) and f.name not in WORDINGS
    ]
    assert long_files == [], "Split the file by subject."
    assert long_functions == [], "Name a part of the function and take it out."


def views() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every view: a function that says which methods it answers."""
    for path in OURS:
        for function in functions(path):
            if any("require_" in ast.unparse(decorator) for decorator in function.decorator_list):
                yield f"{path.relative_to(SRC)}:{function.lineno} {function.name}", function


def test_views_read_through_a_policy() -> None:
    bad = [
        place
        for place, function in views()
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
    ]
    assert bad == [], "Start from policies.<things>.allowed(actor, action)."


def test_views_are_short() -> None:
    bad = [place for place, view in views() if (view.end_lineno or 0) - view.lineno + 1 > 25]
    assert bad == [], "A view fetches through a policy, fills a form, calls one operation, shows a page."


def test_no_reverse_accessor_across_modules() -> None:
    bad = [
        f"{m._meta.label}.{f.name}"
        for m in models()
        for f in m._meta.get_fields()
        if f.is_relation and not f.auto_created and f.related_model is not None
        and f.related_model.__module__.startswith("reciproque.")
        and f.related_model._meta.app_label != m._meta.app_label
        and not f.remote_field.hidden
    ]  # fmt: skip
    assert bad == [], "Write related_name='+': a lower module must not read an upper one through a reverse accessor."


def test_models_are_named_in_lower_case_french() -> None:
    bad = [m._meta.label for m in models() if not str(m._meta.verbose_name)[0].islower()]
    assert bad == []


def test_operations_are_named_after_their_module_and_take_an_actor() -> None:
    from django.urls import get_resolver

    from reciproque.foundation.operations import REGISTRY

    assert get_resolver().url_patterns  # every view is imported, and with it every operation
    assert len(REGISTRY) > 30
    for name, run in REGISTRY.items():
        module = run.__module__.split(".")[1]
        assert name == f"{module}.{run.__name__}", name
        parameters = inspect.signature(run).parameters
        assert next(iter(parameters)) == "actor", f"{name}: actor comes first"
        assert all(p.kind is not p.POSITIONAL_OR_KEYWORD for p in parameters.values()), (
            f"{name}: keyword arguments only"
        )


def test_what_is_held_about_people_is_declared() -> None:
    for config in apps.get_app_configs():
        if config.name.startswith("reciproque.") and (Path(config.path) / "privacy.py").exists():
            __import__(f"{config.name}.privacy")
    from reciproque.foundation.personal import REGISTER

    for label, about in REGISTER.items():
        model = apps.get_model(label)
        named = {f.name for f in model._meta.get_fields() if not f.auto_created or f.concrete}
        declared = {*about.fields, *about.other}
        known = {"id", "origins", "version", "created_at", "updated_at", "name_key", "email_key", "label", "city_key"}
        missing = {n for n in named if not n.endswith("_events") and n != "events"} - declared - known
        assert not declared - named, f"{label}: declared but absent: {declared - named}"
        assert not missing, f"{label}: neither declared personal nor looked at: {missing}"
    wanted = {
        "institution.user",
        "directory.person",
        "directory.position",
        "sourcing.sourcerecord",
        "sourcing.recordperson",
    }
    assert wanted <= set(REGISTER)


def test_nothing_is_marked_safe_outside_the_interface() -> None:
    bad = [
        f"{path.relative_to(ROOT)}"
        for path in [*OURS, *SRC.rglob("*.html")]
        if "foundation/ui" not in str(path)
        and re.search(r"\bmark_safe\b|\|\s*safe\b|autoescape off", path.read_text("utf-8"))
    ]
    assert bad == []


def test_no_address_of_a_registry_or_of_a_machine_is_recorded() -> None:
    machine = re.compile(r"(?<![\w./-])/(?:work|root|home/\w+)/")
    bad = []
    for path in tracked():
        if path == Path(__file__) or not path.is_file():
            continue
        text = path.read_text("utf-8", errors="ignore")
        bad += [
            f"{path.relative_to(ROOT)}: {found[0]}"
            for found in [REGISTRIES.search(text), machine.search(text)]
            if found
        ]
    assert bad == []


def test_names_say_their_subject() -> None:
    bad = [str(p.relative_to(SRC)) for p in OURS if p.stem in {"utils", "helpers", "misc", "common_utils"}]
    assert bad == [], "Name the file after its subject."


@pytest.mark.parametrize("path", sorted((SRC / "reciproque" / "engines").rglob("*.py")), ids=lambda p: p.stem)
def test_engines_have_no_clock(path: Path) -> None:
    text = path.read_text("utf-8")
    if path.parent.name == "tabular" and path.stem in {"process", "child"}:
        return  # reading a file in a child process has time limits
    assert not re.search(r"\b(datetime\.now|date\.today|time\.time|localdate)\(", text), "Today is an argument."


def test_short_months_are_those_a_french_reader_writes() -> None:
    """« jui » is two months, « Nov » is English: Django’s N, never M or b."""
    written = re.compile(r"""(?:date:|date_format\([^)"]*, )"[^"]*\b[Mb]\b""")
    wrong = [
        str(path.relative_to(ROOT))
        for path in (*OURS, *sorted(SRC.rglob("*.html")))
        if written.search(path.read_text("utf-8"))
    ]
    assert wrong == [], "Write « j N Y »."


def test_the_site_loads_nothing_heavy() -> None:
    """What takes a second to import is imported by whoever computes with it: a start stays a start."""
    heavy = ["numpy", "numba", "polars", "lightgbm", "icalendar", "openpyxl", "typst", "psutil"]
    code = (
        "import sys, django; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns; "
        f"from config.wsgi import application; print(sorted(set({heavy}) & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "[]", (
        f"imported at the start: {told.stdout}; import it inside the function that needs it"
    )


def test_no_two_pages_answer_to_the_same_key() -> None:
    from config.wiring import NAVIGATION

    keys = [entry.shortcut for entry in NAVIGATION if entry.shortcut]
    assert sorted(keys) == sorted(set(keys)), "« g » then the key opens one page."


def test_dates_in_words_are_written_in_one_place() -> None:
    """Django’s own writes « 1 septembre »: `foundation.dates` stands in its place."""
    wrong = [
        str(path.relative_to(ROOT))
        for path in OURS
        if path.name != "dates.py"
        and re.search(r"formats import .*date_format|formats\.date_format", path.read_text("utf-8"))
    ]
    assert wrong == [], "Import date_format from reciproque.foundation.dates."
