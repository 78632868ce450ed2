"""Secrets and mess in notes: what is warned about, and what must not be."""

from __future__ import annotations

import time

import pytest

from cafe_site.notes.model import ProblemKind
from cafe_site.notes.reader import read
from cafe_site.vocabulary import vocabulary

SECRETS = {
    ProblemKind.PASSCODE,
    ProblemKind.EMAIL_ADDRESS,
    ProblemKind.PHONE_NUMBER,
    ProblemKind.EDITABLE_PAD,
}
MESS = {ProblemKind.TEMPLATE_TEXT, ProblemKind.UNSTRUCTURED}


def found(text: str, language: str = "en") -> list[tuple[str, int]]:
    """Return the kinds and lines of secrets and mess in a meeting with a text."""
    notes = read(f"## 2025-12-16\n{text}", 2025, vocabulary=vocabulary(language))
    return [(p.kind.value, p.line) for p in notes.problems if p.kind in SECRETS | MESS]


# --- passcodes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Join: https://zoom.us/j/93112345678?pwd=TXlTZWNyZXQ",
        "[Join](https://eu.zoom.us/j/93112345678?from=x&pwd=TXlTZWNyZXQ.1)",
        "<https://video.example.org/room?password=tulip>",
        "zoom.us/j/93112345678?pwd=TXlTZWNyZXQ",
        "![QR](https://zoom.us/j/93112345678?pwd=abc)",
        "`https://zoom.us/j/93112345678?pwd=abc`",
        "```\nhttps://zoom.us/j/93112345678?pwd=abc\n```",
        "Passcode: 123456",
        "- **Passcode:** 123456",
        "- **Password**: 0042",
        "Meeting ID: 931 1234 5678, passcode: tulip7",
        "Meeting ID: 931 1234 5678\nPasscode: Tu!ip-7",
        "https://meet.google.com/abc-defg-hij (password: tulip)",
        "```\nMeeting ID: 931 1234 5678\nPasscode: 123456\n```",
        "| Meeting ID | 931 |\n|---|---|\n| x | Passcode: 123456 |",
    ],
)
def test_a_passcode_of_a_meeting_is_found(text: str) -> None:
    assert [kind for kind, _ in found(text)] == ["passcode"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Kenncode: 123456"),
        ("de", "Meeting-ID: 931 1234 5678\nKennwort: Tulpe"),
        ("fr", "Code secret : 123456"),
        ("fr", "ID de réunion : 931 1234 5678\nMot de passe : tulipe"),
        ("es", "Código de acceso: 123456"),
        ("es", "ID de reunión: 931 1234 5678\nContraseña: tulipán"),
        ("pt", "Senha: 123456"),
        ("pt", "ID da reunião: 931 1234 5678\nSenha de acesso: tulipa"),
        ("de", "Passcode: 123456"),
    ],
)
def test_a_passcode_is_found_in_each_language(language: str, text: str) -> None:
    assert [kind for kind, _ in found(text, language)] == ["passcode"]


@pytest.mark.parametrize(
    "text",
    [
        "https://zoom.us/j/93112345678",
        "https://zoom.us/j/93112345678?pwd=",
        "https://zoom.us/j/93112345678?pwd=xxxx",
        "https://zoom.us/j/93112345678?pwd=<passcode>",
        "https://zoom.us/j/93112345678?pwd=***",
        "https://example.org/docs#password-hashing",
        "Passcode: TBD",
        "Passcode: (ask in the chat)",
        "- Password: hashing, and how we store it",
        "- Password: reset",
        "Password hashing API",
        "https://meet.google.com/abc-defg-hij\n\nPassword: see the invitation",
        "```yaml\nadmin:\n  password: 12345678\n```",
        "The passcode is in the invitation.",
        "PIN: 1",
        "Meeting ID: 931 1234 5678",
    ],
)
def test_what_is_no_passcode(text: str) -> None:
    assert found(text) == []


# --- email addresses ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Write to ada@lovelace.name.",
        "- Ada Lovelace (ada.l+cafe@mail.lovelace.name)",
        "[Ada](mailto:ada@lovelace.name?subject=Hello)",
        "<ada@lovelace.name>",
        "`ada@lovelace.name`",
        "| Ada | ada@lovelace.co.uk |\n|---|---|",
        "Email:ada@lovelace.name",
    ],
)
def test_an_email_address_is_found(text: str) -> None:
    assert [kind for kind, _ in found(text)] == ["email_address"]


@pytest.mark.parametrize(
    "text",
    [
        "@ada and @ada/looms",
        "@ada@mastodon.social",
        "git@github.com:jupyter/notebook.git",
        "ssh://ada@server.lovelace.name",
        "`ssh ada@server.lovelace.name`",
        "```\nssh ada@server.lovelace.name\n```",
        "https://medium.com/@ada.lovelace",
        "https://ada:secret@lovelace.name/x and postgres://ada:secret@lovelace.name/x",
        "https://calendar.google.com/calendar?cid=abc@group.calendar.google.com",
        "abc123@group.calendar.google.com",
        "looms@googlegroups.com",
        "looms@lists.lovelace.name",
        "security@lovelace.name",
        "12345+ada@users.noreply.github.com",
        "ada@example.org",
        "logo@2x.png",
        "react@18.2.0 and actions/checkout@v4",
        "93112345678@zoomcrc.com",
        "a @ b.org",
    ],
)
def test_what_is_no_email_address_of_a_person(text: str) -> None:
    assert found(text) == []


# --- phone numbers --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "+1 646 555 0123",
        "+1 (646) 555-0123",
        "+16465550123,,93112345678#,,,,*123456#",
        "+49 30 12345678",
        "+49 (0)30 1234567",
        "+44-20-7946-0000",
        "+33 1 23 45 67 89",
        "+55 11 91234-5678",
        "+45 12 34 56 78",
        "(646) 555-0123",
        "646-555-0123",
        "1-888-555-0123",
        "646.555.0123",
        "Tel. 030: x, Tel.: 030 1234567",
        "Phone: 0171 1234567",
        "[Call](tel:+493012345678)",
        "```\n+1 646 555 0123 US (New York)\n```",
    ],
)
def test_a_phone_number_is_found(text: str) -> None:
    assert [kind for kind, _ in found(text)] == ["phone_number"]


@pytest.mark.parametrize(
    ("language", "label"),
    [("de", "Telefon"), ("fr", "Téléphone "), ("es", "Teléfono"), ("pt", "Telemóvel")],
)
def test_a_phone_number_is_found_by_its_label(language: str, label: str) -> None:
    assert [kind for kind, _ in found(f"{label}: 030 123 45 67", language)] == ["phone_number"]


@pytest.mark.parametrize(
    "text",
    [
        "#1234567890 and jupyter/hub#12345678901",
        "https://discord.com/channels/1083088970059096114/1427721090083328021",
        "2025-12-16 10:00 to 2025-12-17 11:00",
        "UTC+1 2025-12-16 10 and UTC +1 2025-12-16",
        "10.5281/zenodo.1234567890",
        "0000-0002-1825-0097",
        "978-3-16-148410-0",
        "Meeting ID: 646 555 0123",
        "Meeting ID: 931 1234 5678",
        "version 646.555.01234",
        "192.168.100.1000",
        "+1 and +1, +1 from me",
        "+15000000 downloads",
        "+48.137154, +11.576124",
        "+20 30 40",
        "+1,234,567,890",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "```diff\n@@ -1,50 +1,70 @@\n+1234567890\n```",
        "Phone: 2025-12-16",
        "Phone: later",
        "1646555012312345",
        "€1.234.567,89",
    ],
)
def test_what_is_no_phone_number(text: str) -> None:
    assert found(text) == []


def test_a_list_of_numbers_to_dial_in_counts_once() -> None:
    lines = "\n".join(f"- +1 646 555 01{n:02}" for n in range(30))
    notes = read(f"## 2025-12-16\n\nDial in:\n\n{lines}\n\nAda: +49 30 1234567\n", 2025)
    assert [p.message.rpartition("(")[2] for p in notes.problems] == [
        "2 in this meeting: lines 5, 36)"
    ]


# --- pads -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://hackmd.io/0123456789abcdefghij_A?both",
        "https://hackmd.io/@looms/SkPqRst1?edit",
        "https://hackmd.io/@looms/SkPqRst1/edit",
        "https://notes.lovelace.name/0123456789?edit",
        "https://docs.google.com/document/d/1abcdefghijk/edit?usp=sharing",
        "https://docs.google.com/document/u/0/d/1abcdefghijk/edit#heading=h.1",
        "https://docs.google.com/spreadsheets/d/1abcdefghijk/edit",
        "https://etherpad.lovelace.name/p/looms",
        "https://public.etherpad-mozilla.org/p/looms",
        "https://mypads2.framapad.org/p/looms-1",
        "https://board.net/p/looms",
        "https://cryptpad.fr/pad/#/2/pad/edit/abcdefgh/",
    ],
)
def test_a_pad_that_allows_editing_is_found(url: str) -> None:
    assert [kind for kind, _ in found(f"[Pad]({url}) and {url}")] == ["editable_pad"]


@pytest.mark.parametrize(
    "url",
    [
        "https://hackmd.io/0123456789abcdefghij_A",
        "https://hackmd.io/0123456789abcdefghij_A?view",
        "https://hackmd.io/@looms/SkPqRst1",
        "https://docs.google.com/document/d/1abcdefghijk",
        "https://docs.google.com/document/d/e/2PACX-1abc/pub",
        "https://docs.google.com/forms/d/e/1FAIpQL/viewform",
        "https://etherpad.lovelace.name/p/r.0123456789abcdef",
        "https://etherpad.org/",
        "https://cryptpad.fr/pad/#/2/pad/view/abcdefgh/",
        "https://github.com/jupyter/hub/edit/main/README.md",
        "https://en.wikipedia.org/w/index.php?title=Loom&action=edit",
        "https://www.instagram.com/p/abcdefghijk/",
        "https://[x/p/",
    ],
)
def test_what_is_no_pad_that_allows_editing(url: str) -> None:
    assert found(f"[Pad]({url}) and {url}") == []


# --- templates ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "- Your name / GitHub handle",
        "- [ ] Your name",
        "1. *Add your name here*",
        "- \\<Your name>",
        "- [name=Your name] (5m) Topic",
        "| Name | Topic |\n|---|---|\n| your name | |",
        "### YYYY-MM-DD",
        "Date: YYYY-MM-DD",
        "- **Date:** DD/MM/YYYY",
        "<!-- Add the agenda above this line -->",
        "Text <!-- not shown, it is thought -->",
    ],
)
def test_what_is_left_of_a_template_is_found(text: str) -> None:
    assert [kind for kind, _ in found(text)] == ["template_text"]


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "- Dein Name"), ("fr", "- Votre nom"), ("es", "- Tu nombre"), ("pt", "- Seu nome")],
)
def test_a_template_is_found_in_each_language(language: str, text: str) -> None:
    assert [kind for kind, _ in found(text, language)] == ["template_text"]


@pytest.mark.parametrize(
    "text",
    [
        "Your name / GitHub handle / affiliation:\n\n- Ada",
        "| Your name | GitHub handle |\n|---|---|\n| Ada | @ada |",
        "- Your names for the loom: Jacquard, Dobby",
        "- TBD",
        "- none",
        "- nobody",
        "- Name",
        "- [name=Ada] Topic",
        "- Use YYYY-MM-DD in the names of files",
        "### Dates as YYYY-MM-DD",
        "- `YYYY-MM-DD`",
        "`<!-- comment -->`",
        "```html\n<!-- comment -->\n- Your name\n```",
        "a <!- b",
    ],
)
def test_what_is_not_left_of_a_template(text: str) -> None:
    assert found(text) == []


# --- exports without structure --------------------------------------------------------------

PROSE = "Ada explained how cards move the threads of a loom. " * 30


def test_a_long_meeting_without_structure_is_found() -> None:
    assert found(f"\n{PROSE}\n") == [("unstructured", 1)]
    assert found(f"\n```\n{PROSE}\n```\n") == [("unstructured", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "Short.",
        f"### Looms\n\n{PROSE}",
        f"{PROSE}\n\n- Cards",
        f"{PROSE}\n\n1. Cards",
        f"| Looms |\n|---|\n| Cards |\n\n{PROSE}",
        f"Decision: buy cards\n\n{PROSE}",
        # Code has a form of its own.
        f"```sh\n{PROSE}\n```",
    ],
)
def test_a_meeting_with_structure_is_not_found(text: str) -> None:
    assert found(f"\n{text}\n") == []


# --- all kinds ------------------------------------------------------------------------------


def test_each_kind_is_told_once_for_each_meeting_with_the_lines() -> None:
    mails = "\n".join(f"- ada{n}@lovelace.name" for n in range(8))
    text = f"ada@lovelace.name\n\n## 2025-12-16\n\n{mails}\n\n## 2025-12-02\n\nada@lovelace.name\n"
    assert [(p.line, p.message.partition("public")[2]) for p in read(text, 2025).problems] == [
        (1, ""),
        (5, " (8 in this meeting: lines 5, 6, 7, 8, 9, …)"),
        (16, ""),
    ]


def test_no_message_repeats_a_secret() -> None:
    text = (
        "## 2025-12-16\n\nhttps://zoom.us/j/931?pwd=tulip Passcode: 424242\n\n"
        "ada@lovelace.name +49 30 987654321 https://hackmd.io/0123456789?both\n"
    )
    problems = read(text, 2025).problems
    assert {p.kind for p in problems} == SECRETS
    for secret in ("tulip", "424242", "lovelace", "987654321", "0123456789"):
        assert not any(secret in problem.message for problem in problems)


def test_lines_are_those_of_the_file() -> None:
    text = (
        "\nIntroduction,\nada@lovelace.name\n\n- Item\n  646-555-0123\n\n"
        "```\nhttps://zoom.us/j/1?pwd=abc\n```\n\n    https://board.net/p/a\n"
    )
    assert found(text) == [
        ("email_address", 4),
        ("phone_number", 7),
        ("passcode", 10),
        ("editable_pad", 13),
    ]


def test_a_section_that_is_not_shown_is_not_searched() -> None:
    from cafe_site.notes.model import Privacy
    from cafe_site.notes.sections import section_key

    text = "## 2025-12-16\n\n### Contacts\n\nada@lovelace.name\n"
    privacy = Privacy(drop_sections=frozenset({section_key("Contacts")}))
    assert read(text, 2025, privacy=privacy).problems == ()


@pytest.mark.parametrize(
    "unit",
    ["a", "a@", "@a.", "a.", "1", "+1 ", "1-", "(646) ", "+1(", "https://", "a/", "?pwd=", "pin:",
     "<!--", "[name=", "YYYY-MM-", "tel:", "Passcode: ", "://x/p/", "*_ "],
)  # fmt: skip
def test_time_is_linear_in_the_length_of_a_line(unit: str) -> None:
    def seconds(count: int) -> float:
        text = f"## 2025-12-16\n\n```\n{unit * count}\n```\n\n{unit * count}\n"
        start = time.process_time()
        read(text, 2025)
        return time.process_time() - start

    seconds(1000)
    # Quadratic time would take far longer.
    assert seconds(200_000 // len(unit)) < 5
