"""The words that structure notes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sphinx.errors import ConfigError

from cafe_site.community import CommunityError, read_community
from cafe_site.vocabulary import KEYS, folded, languages, vocabulary

if TYPE_CHECKING:
    from tests.conftest import Site


def test_the_languages_that_the_documentation_promises_are_there() -> None:
    assert languages() == ("de", "en", "es", "fr", "pt")


@pytest.mark.parametrize("language", languages())
def test_a_language_has_words_for_every_key(language: str) -> None:
    found = vocabulary(language)
    english = vocabulary("en")
    assert set(found.words) == set(KEYS)
    # Cancellations in English are recognized by their grammar.
    for key in set(KEYS) - {"canceled"}:
        assert found.words[key], key
    for key, words in found.words.items():
        assert all(folded(word) for word in words), key
        assert set(english.words[key]) <= set(words), "English is always included"


def test_a_region_has_the_words_of_its_language() -> None:
    assert vocabulary("pt_BR") is vocabulary("pt-br") is vocabulary("pt")


def test_a_language_without_a_table_has_english_words_and_its_own_months() -> None:
    found = vocabulary("nl")
    assert found.languages == ("nl", "en")
    assert found.words == vocabulary("en").words


@pytest.mark.parametrize("text", ["Tagesordnung", "TAGESORDNUNG:", "📋 Tagesordnung", "*Agenda*"])
def test_case_and_punctuation_do_not_matter(text: str) -> None:
    assert vocabulary("de").has("agenda", text)


def test_accents_do_not_matter() -> None:
    assert vocabulary("fr").has("attendees", "Presents")
    assert vocabulary("fr").has("attendees", "PRÉSENT·E·S :")


def test_an_asterisk_stands_for_further_words_only() -> None:
    words = vocabulary("en", {"standing": ["greetings *"]})
    assert words.has("standing", "Greetings to everybody")
    assert words.has("standing", "Greetings")
    assert not words.has("standing", "Greetingscard")


def test_a_pattern_prefers_longer_words() -> None:
    pattern = re.compile(vocabulary("en").pattern("actions"), re.IGNORECASE)
    assert pattern.match("Action item: build it")[0] == "Action item"  # type: ignore[index]
    assert pattern.match("To-do: build it")[0] == "To-do"  # type: ignore[index]


def test_a_key_without_words_matches_nothing() -> None:
    assert re.search(vocabulary("en").pattern("canceled"), "canceled") is None


def test_a_community_adds_words_of_its_own() -> None:
    text = "name: Example\nvocabulary:\n  attendees: [the usual suspects]\n"
    words = vocabulary("en", read_community(text).vocabulary)
    assert words.has("attendees", "The usual suspects")
    assert words.has("attendees", "Attendees")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("vocabulary: {atendees: [a]}", "vocabulary.atendees: unknown key; did you mean 'atten"),
        ("vocabulary: {attendees: a}", "vocabulary.attendees: must be a list, not 'a'"),
        ("vocabulary: {attendees: [' ']}", "vocabulary.attendees[0]: must not be empty"),
        ("vocabulary: [a]", "vocabulary: must be a mapping, not a list"),
    ],
)
def test_invalid_words_are_reported(text: str, problem: str) -> None:
    with pytest.raises(CommunityError) as error:
        read_community(f"name: Example\n{text}\n")
    assert f"community.yaml:2: {problem}" in str(error.value)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"atendees": ["a"]}, "cafe_vocabulary: unknown key 'atendees'; the keys are attendees, "),
        ({"attendees": "a"}, "cafe_vocabulary must be a dictionary with lists of strings"),
        (["attendees"], "cafe_vocabulary must be a dictionary with lists of strings"),
    ],
)
def test_invalid_words_in_conf_py_stop_the_build(site: Site, value: object, problem: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(problem)):
        site.build(overrides={"cafe_vocabulary": value})
