"""Stories of one installation are told in the order they are written: each chapter takes up what the one before left."""

import pytest

STORIES = ("test_killed_site.py", "test_side_by_side.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of each story back in their order; those of other files stay where chance put them."""
    for story in STORIES:
        places = [place for place, item in enumerate(items) if item.path.name == story]
        told = sorted((items[place] for place in places), key=lambda item: item.location[1] or 0)
        for place, item in zip(places, told, strict=True):
            items[place] = item
