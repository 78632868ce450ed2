"""Notes in other languages than English are understood like those in English."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cafe_site.notes.reader import read
from cafe_site.vocabulary import vocabulary

if TYPE_CHECKING:
    from cafe_site.notes.model import Meeting
    from tests.conftest import Site

GERMAN = """\
# Notizen 2026

## Dienstag, 10. November 2026

### Anwesend

- Ada Lovelace / @ada-l
- Grace Hopper (Gast)
- Jürgen Müller

Entschuldigt: Konrad Zuse

### Tagesordnung

1. **Ada (10 Min.):** Umzug des Servers in das neue Rechenzentrum
2. Jürgen (5 Minuten): Plakate für das Herbstfest
3. Beleuchtung der Werkstatt

### Beschlüsse

- Der Server zieht im Dezember um.

### Aufgaben

- [ ] Jürgen bestellt die Plakate
- [x] @ada-l kündigt den alten Vertrag

### Verschiedenes

Nächstes Treffen: 24. November 2026

## 27. Oktober: Treffen abgesagt

Wegen der Ferien.

## 13.10.2026

Es wurde nur geplaudert.
"""
GERMAN_FILE = """\
# Protokoll der Sitzung vom 3. März 2026

**Teilnehmende:** Ada Lovelace, Jürgen Müller und Grace Hopper

## Themen

### Neue Werkbank

Beschluss: Wir kaufen die große Werkbank.

TODO Jürgen: drei Angebote einholen
"""


@pytest.fixture
def german(site: Site) -> dict[str, Any]:
    """Return what a German site with both layouts publishes about its meetings."""
    site.write("notes/2026.md", GERMAN)
    site.write("notes/vorstand/2026-03-03-sitzung.md", GERMAN_FILE)
    build = site.build(overrides={"language": "de", "cafe_today": "2026-12-31"})
    data = json.loads((build.outdir / "meetings.json").read_text(encoding="utf-8"))
    return {meeting["date"]: meeting for meeting in data["meetings"]}


def test_a_german_site_has_all_meetings(german: dict[str, Any]) -> None:
    assert sorted(german) == ["2026-03-03", "2026-10-13", "2026-10-27", "2026-11-10"]
    assert [day for day in sorted(german) if german[day]["canceled"]] == ["2026-10-27"]


def test_a_german_list_of_people(german: dict[str, Any]) -> None:
    people = [(one["name"], one["handle"]) for one in german["2026-11-10"]["attendees"]]
    assert people == [("Ada Lovelace", "ada-l"), ("Grace Hopper", None), ("Jürgen Müller", None)]
    names = [one["name"] for one in german["2026-03-03"]["attendees"]]
    assert names == ["Ada Lovelace", "Jürgen Müller", "Grace Hopper"]


def test_a_german_agenda(german: dict[str, Any]) -> None:
    topics = [(one["title"], one["speaker"]) for one in german["2026-11-10"]["topics"]]
    assert topics[:3] == [
        ("Umzug des Servers in das neue Rechenzentrum", "Ada"),
        ("Plakate für das Herbstfest", "Jürgen"),
        ("Beleuchtung der Werkstatt", None),
    ]
    assert [one["title"] for one in german["2026-03-03"]["topics"]] == ["Neue Werkbank"]


def test_german_decisions_and_actions(german: dict[str, Any]) -> None:
    outcomes = [
        (one["kind"], one["text"], one["done"]) for one in german["2026-11-10"]["outcomes"]
    ]
    assert outcomes == [
        ("decision", "Der Server zieht im Dezember um.", False),
        ("action", "Jürgen bestellt die Plakate", False),
        ("action", "@ada-l kündigt den alten Vertrag", True),
    ]
    found = german["2026-03-03"]["outcomes"]
    assert [(one["kind"], one["text"], one["owner"]) for one in found] == [
        ("decision", "Wir kaufen die große Werkbank.", None),
        ("action", "Jürgen: drei Angebote einholen", "Jürgen"),
    ]


OTHERS = {
    "fr": """\
## mardi 10 novembre 2026

**Présent·e·s :** Ada Lovelace, Grace Hopper et Jean Dupont

**Excusés :** Marie Curie

### Ordre du jour

- Ada (10 min) : Déménagement du serveur
- Nouvelles affiches

### Décisions

- Le serveur déménage en décembre.

### À faire

- [ ] Jean : commander les affiches
""",
    "es": """\
## martes, 10 de noviembre de 2026

### Asistentes

- Ada Lovelace
- Grace Hopper
- Juan Pérez

### Orden del día

- Ada (10 min): Traslado del servidor
- Carteles nuevos

### Acuerdos

- El servidor se traslada en diciembre.

### Tareas

- [ ] Juan: encargar los carteles
""",
    "pt": """\
## terça-feira, 10 de novembro de 2026

### Presentes

- Ada Lovelace
- Grace Hopper
- João Silva

### Pauta

- Ada (10 min): Mudança do servidor
- Cartazes novos

### Decisões

- O servidor muda em dezembro.

### Encaminhamentos

- [ ] João: encomendar os cartazes
""",
}


@pytest.mark.parametrize("language", OTHERS)
def test_another_language(language: str) -> None:
    meeting: Meeting
    (meeting,) = read(OTHERS[language], 2026, vocabulary=vocabulary(language)).meetings
    assert meeting.date.iso == "2026-11-10"
    assert len(meeting.attendees) == 3
    assert [person.name for person in meeting.attendees][:2] == ["Ada Lovelace", "Grace Hopper"]
    assert len(meeting.about) == 2
    assert [topic.minutes for topic in meeting.topics if topic.minutes] == ["10 min"]
    assert [outcome.kind for outcome in meeting.outcomes] == ["decision", "action"]
