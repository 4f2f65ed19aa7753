"""The shipped reference data say what INSEE says, and find the commune that people mean."""

import os
import re
import runpy
import time
from pathlib import Path

import pytest

from reciproque.directory import reference

ROOT = Path(__file__).resolve().parents[2]


def test_the_lists_are_whole() -> None:
    assert len(reference.activities()) == 732
    assert [sum(node.level == level for node in reference.naf_tree().values()) for level in range(1, 6)] == [
        21,
        88,
        272,
        615,
        732,
    ]
    assert len(reference.activities_2025()) == 747
    assert len(reference.sections()) == 21
    assert len(reference.divisions()) == 88
    assert len(reference.headcount_bands()) == 16
    assert len(reference.outlines()) == 101
    assert len(reference.departments()) == 109
    assert len(reference.regions()) == 26
    assert len(reference.street_types()) == 63
    assert sum(not commune.kind for commune in reference.communes().values()) == 34_969


def test_activities_at_every_level() -> None:
    assert reference.naf_label("62.01Z") == "Programmation informatique"
    assert reference.activities()["62.01Z"].section == "J"
    assert [node.code for node in reference.naf_path("62.01Z")] == ["J", "62", "62.0", "62.01", "62.01Z"]
    assert reference.naf_label("J") == "Information et communication"
    assert reference.naf_section("25.62B") == "C"
    assert reference.naf("62.01Z") == ("62.01Z", "Programmation informatique", "62.01")
    assert reference.naf("99.99X") is None
    assert reference.naf_path("99.99X") == ()
    assert (reference.naf_label("99.99X"), reference.naf_section("99.99X")) == ("", "")
    assert reference.naf2025_label("01.12Y") == "Culture du riz"


def test_legal_categories_and_headcounts() -> None:
    assert reference.legal_label("7383").lower().startswith("établissement public national à caractère scientifique")
    category = reference.legal_category("5710")
    assert category is not None
    assert (category.level, "actions simplifiée" in category.label) == (3, True)
    band, none = reference.headcount_band("12"), reference.headcount_band("NN")
    assert band is not None
    assert none is not None
    assert (none.order, band.label, reference.headcount_label("NN")) == (0, "20 à 49 salariés", "Sans salarié")
    assert reference.headcount_band("99") is None


def test_labels_have_the_apostrophe_of_print() -> None:
    labels = [node.label for node in reference.naf_tree().values()]
    labels += [*reference.regions().values(), *reference.legal_categories().values()]
    labels += [department.name for department in reference.departments().values()]
    assert not [label for label in labels if "'" in label]


def test_places() -> None:
    angers = reference.communes()["49007"]
    assert (angers.name, angers.department, angers.region, angers.postcodes) == (
        "Angers",
        "49",
        "52",
        ("49000", "49100"),
    )
    assert angers.latitude == pytest.approx(47.48, abs=0.02)
    assert reference.regions()[angers.region] == "Pays de la Loire"
    assert reference.departments()["49"].academy == "Nantes"
    assert reference.departments()["974"].name == "La Réunion"
    assert reference.department_label("22") == "Côtes-d’Armor (22)"
    assert reference.commune("99999") is None
    assert "99999" not in reference.communes()
    paris = reference.commune("75056")
    assert paris is not None
    assert paris.latitude == pytest.approx(48.86, abs=0.02)


@pytest.mark.parametrize(
    ("postcode", "city", "code"),
    [
        ("49000", "Angers", "49007"),
        ("49045", "ANGERS CEDEX 01", "49007"),
        ("49240", "AVRILLE", "49015"),
        ("44600", "ST NAZAIRE", "44184"),
        ("44600", "Saint-Nazaire", "44184"),
        ("44230", "ST SEBASTIEN S/ LOIRE", "44190"),
        ("44350", "guérande (44)", "44069"),
        ("85000", "ROCHE SUR YON", "85191"),
        ("69003", "LYON 03", "69123"),
        ("75012", "Paris 12e arrondissement", "75056"),
        ("97400", "SAINT DENIS", "97411"),
        ("20000", "AJACCIO", "2A004"),
        ("49600", "Beaupréau-en", "49023"),
        ("", "Brest", "29019"),
        ("", "Saint-Denis", None),
        ("75056", "", None),
        ("", "", None),
        ("49000", "Atlantis", None),
    ],
)
def test_a_commune_is_found_however_it_is_typed(postcode: str, city: str, code: str | None) -> None:
    found = reference.commune_of(postcode, city)
    assert (found.code if found else None) == code


def test_every_commune_is_found_by_its_own_postcode_and_capitals() -> None:
    for commune in reference.communes().values():
        if not commune.kind and commune.postcodes:
            found = reference.commune_of(commune.postcodes[0], commune.name.upper().replace("-", " "))
            assert found is not None, commune
            assert reference.place_key(found.name) == reference.place_key(commune.name)


def test_communes_of_a_name() -> None:
    named = reference.communes_named("st denis")
    assert named[0].code == "97411"
    assert reference.communes_named("Saint-Denis", "93")[0].code == "93066"
    assert reference.communes_named("Baugé", postcode="49150")[0].name == "Baugé"


def test_twenty_thousand_lookups_take_less_than_a_second() -> None:
    asked = [(c.postcodes[0], c.name.upper()) for c in reference.communes().values() if c.postcodes][:20_000]
    began = time.process_time()
    for postcode, city in asked:
        reference.commune_of(postcode, city)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("postcode", "department"),
    [("49000", "49"), ("20000", "2A"), ("20200", "2B"), ("97400", "974"), ("4900", ""), ("ABCDE", "")],
)
def test_the_departement_of_a_postcode(postcode: str, department: str) -> None:
    assert reference.department_of(postcode) == department


def polygons(path: str) -> list[list[tuple[float, float]]]:
    found = []
    for part in path.rstrip("z").split("z"):
        first, steps = part.lstrip("M").split("l")
        x, y = map(float, first.split())
        line = [(x, y)]
        numbers = [float(number) for number in re.split(r"\s+", steps)]
        for across, down in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + across, y + down
            line.append((x, y))
        found.append(line)
    return found


def inside(point: tuple[float, float], path: str) -> bool:
    x, y = point
    crossings = 0
    for line in polygons(path):
        for (ax, ay), (bx, by) in zip(line, [*line[1:], line[0]], strict=True):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                crossings += 1
    return crossings % 2 == 1


@pytest.mark.parametrize(
    "code", ["75056", "29019", "2A004", "97411", "49007", "13055", "69123", "67482", "59350", "97105", "97209", "97302"]
)
def test_towns_fall_within_their_departement_on_the_map(code: str) -> None:
    commune = reference.communes()[code]
    assert commune.latitude is not None
    assert commune.longitude is not None
    point = reference.project(commune.latitude, commune.longitude, commune.department)
    assert point is not None
    assert [found for found, path in reference.outlines().items() if inside(point, path)] == [commune.department]


def test_the_map_stays_in_its_frame_and_neighbours_share_their_border() -> None:
    left, top, width, height = reference.VIEW_BOX
    edges: dict[frozenset[tuple[int, int]], int] = {}
    for code, path in reference.outlines().items():
        box = reference.insets().get(code)
        for line in polygons(path):
            assert all(left <= x <= left + width and top <= y <= top + height for x, y in line)
            if box:
                assert all(box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height for x, y in line), code
            grid = [(round(x * 10), round(y * 10)) for x, y in line]
            for one, other in zip(grid, [*grid[1:], grid[0]], strict=True):
                edges[frozenset((one, other))] = edges.get(frozenset((one, other)), 0) + 1
    assert max(edges.values()) == 2
    assert sum(count == 2 for count in edges.values()) > 2_000
    assert reference.project(46.78, -56.18, "975") is None


@pytest.mark.skipif(not os.environ.get("SHARED_DATA"), reason="SHARED_DATA does not say where the open files are")
def test_the_files_are_those_that_the_script_makes(tmp_path: Path) -> None:
    build = runpy.run_path(str(ROOT / "scripts" / "build_reference.py"))["build"]
    build(Path(os.environ["SHARED_DATA"]), tmp_path)
    shipped = ROOT / "src" / "reciproque" / "directory" / "reference"
    for made in tmp_path.iterdir():
        assert made.read_bytes() == (shipped / made.name).read_bytes(), made.name
