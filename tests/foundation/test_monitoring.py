"""Who may read the figures of an installation."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Host": "127.0.0.1:8000"}, 200),
        ({"Host": "localhost"}, 200),
        ({"Host": "reciproque.univ.example"}, 403),
        ({"Host": "127.0.0.1", "X-Forwarded-Proto": "https"}, 403),
        ({"Host": "127.0.0.1", "X-Forwarded-For": "192.0.2.1"}, 403),
        ({"Host": "127.0.0.1", "Authorization": "Bearer devine"}, 403),
    ],
)
def test_the_figures_are_for_the_machine_itself_not_for_what_its_proxy_passes_on(
    client, settings, headers, code
) -> None:
    settings.METRICS_TOKEN = "jeton" if "Authorization" in headers else ""
    assert client.get("/metrics", headers=headers).status_code == code


def test_or_for_who_has_the_token(client, settings) -> None:
    settings.METRICS_TOKEN = "jeton"
    headers = {"Host": "reciproque.univ.example", "Authorization": "Bearer jeton"}
    assert client.get("/metrics", headers=headers).status_code == 200
