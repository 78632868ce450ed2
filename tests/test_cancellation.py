"""Which titles and sentences say that a meeting did not take place, and which do not."""

from __future__ import annotations

import random
import time

import pytest

from cafe_site.notes.cancellation import text_says_so, title_says_so
from cafe_site.notes.reader import read
from cafe_site.vocabulary import vocabulary

TITLES = """
(cancelled)
(canceled)
[CANCELED]
Cancelled
CANCELLED
CANCELED: holiday
Canceled - holidays
cancelled – see you next week
Cancelled, see you in January
Cancelled!
❌ Cancelled
No meeting
no meeting this week
No meeting (Thanksgiving)
Thanksgiving: no meeting
No meeting due to holidays
No meeting: public holiday
No community call today
No meetings this week
Meeting canceled due to snow
Meeting cancelled
Meeting did not take place
Meeting was skipped
Community call cancelled
Weekly sync: cancelled
Weekly sync – cancelled
Planning (cancelled, Ada is ill)
Planning (no meeting)
CANCELLED Community call
Community call CANCELLED
Cancelled because of holidays
Cancelled due to lack of attendees
Canceled meeting
This week's meeting was canceled
did not take place
was skipped
Skipped
Called off
The call didn't happen
Café cancelled
Collaboration Café canceled
Office hours canceled this week
""".strip().splitlines()

OTHER_TITLES = """
How we cancelled our GKE account
Planning
Cancelled subscriptions and what to do about them
Canceled workflows in CI
Why GitHub cancelled the sponsorship
Cancelling jobs
Cancellation policy
Un-cancelled
Not cancelled
No meeting notes
No meeting minutes template
No meeting room
What to do when no meeting takes place
How to announce that a meeting is cancelled
Next week's meeting is cancelled
The next meeting is canceled
Last meeting was cancelled
Tomorrow's call is cancelled
The release was cancelled
Release 2.0 cancelled the deprecations
Discuss cancelled events
Retrospective: no meeting culture
Event cancellation: who pays
What if the meeting was cancelled
The meeting we cancelled
Meeting cancelled notifications do not arrive
Cancelled runs: what now
When the cafe was cancelled
Skipped tests
Tests skipped on Windows
The job was skipped
Called off by one errors
Remove no meeting days
All meetings in December
The meeting was not cancelled
Did not take off
CANCELLATION POLICY FOR EVENTS WE CANCELLED LAST YEAR IN BERLIN
""".strip().splitlines()

SENTENCES = """
This meeting was cancelled.
This meeting was canceled due to illness.
The meeting was cancelled
The meeting was cancelled by the host.
The meeting has been cancelled, see you in January.
The meeting had to be cancelled at short notice.
Today's meeting is cancelled.
Today's call was unfortunately cancelled.
This week's community call was canceled because of the holidays.
Cancelled because of holidays.
Canceled: most people are on vacation.
Canceled.
CANCELLED
**CANCELLED**
Cancelled this week.
Cancelled for lack of interest.
Cancelled as nobody could come.
Cancelled and moved to January.
No meeting this week
No meeting due to lack of attendees.
No meeting today, happy holidays!
No meeting, for want of attendees.
There was no meeting this week.
There was no meeting
We had no meeting.
We had no call this week.
No meeting was held.
Because of the holidays, there was no meeting. See you.
Due to illness, this meeting was cancelled.
Unfortunately, the meeting was cancelled.
Unfortunately the call did not take place.
Meeting cancelled due to low attendance.
Meeting canceled.
The café did not take place.
The meeting didn't happen.
The meeting was not held.
It was cancelled.
We cancelled this meeting.
We cancelled because of the strike.
We had to cancel this week's call.
We did not meet this week.
We skipped this week.
Today canceled.
Note: meeting cancelled
🎄 No meeting, enjoy the break!
""".strip().splitlines()

OTHER_SENTENCES = """
We talked about the cancelled release.
We met. The trip was cancelled.
The release was cancelled.
The trip was cancelled, so we had time for questions.
Ada cancelled her account.
We cancelled the release.
We cancelled our GKE account because of the costs.
We cancelled the trip this week.
Next week's meeting is cancelled.
The next meeting is cancelled because of the holidays.
The meeting next week is cancelled.
The meeting on Tuesday was cancelled.
The December 30 meeting is cancelled.
Last week's meeting was cancelled, so there was a lot to talk about.
The previous call was cancelled.
Since the last meeting was cancelled, we began with the agenda of November.
The meeting was almost cancelled.
The meeting was not cancelled.
The meeting was nearly called off.
Meetings can be cancelled by the host.
If a meeting is cancelled, say so in the notes.
No meeting notes were taken.
No meeting link had been sent, so we began late.
There is no meeting room yet.
No decisions were made.
It was cancelled software that broke the build.
Cancelled jobs fill the queue.
Cancelled runs are shown in red.
Canceled our subscription.
Skipped the roadmap.
We skipped the roadmap because of the time.
We skipped the check-in.
The check-in was skipped.
Ada said that the meeting was cancelled.
Who cancelled the booth?
Another meeting was cancelled.
One of the meetings was cancelled.
The booth at PyCon did not take place.
The workshop did not happen.
A short meeting.
We did not meet the deadline.
The meeting cancelled by mistake last week took place today.
""".strip().splitlines()


@pytest.mark.parametrize("title", TITLES)
def test_a_title_that_says_so(title: str) -> None:
    assert title_says_so(title, vocabulary())
    assert read(f"## 2025-12-16 {title}\n\n- Hello\n", 2025).meetings[0].canceled


@pytest.mark.parametrize("title", OTHER_TITLES)
def test_a_title_about_something_else(title: str) -> None:
    assert not title_says_so(title, vocabulary())
    assert not read(f"## 2025-12-16 {title}\n\n- Hello\n", 2025).meetings[0].canceled


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_first_sentence_that_says_so(sentence: str) -> None:
    assert text_says_so(sentence.strip("*"), vocabulary())
    assert read(f"## 2025-12-16\n\n{sentence}\n\nWe meet in January.\n", 2025).meetings[0].canceled


@pytest.mark.parametrize("sentence", OTHER_SENTENCES)
def test_a_first_sentence_about_something_else(sentence: str) -> None:
    assert not text_says_so(sentence, vocabulary())
    assert not read(f"## 2025-12-16\n\n{sentence}\n", 2025).meetings[0].canceled


def test_a_date_that_is_struck_through() -> None:
    assert read("## ~~2025-12-16~~ cancelled\n", 2025).meetings[0].canceled


def test_the_tables_are_long_enough_to_mean_something() -> None:
    tables = (TITLES, OTHER_TITLES, SENTENCES, OTHER_SENTENCES)
    assert all(len(set(table)) == len(table) >= 30 for table in tables)


def test_long_texts_take_no_time() -> None:
    words = [*"the no meeting was canceled this week's due CANCELED café".split(), *",:()-a"]  # noqa: SIM905
    draw = random.Random(1)
    started = time.process_time()
    for _ in range(300):
        text = " ".join(draw.choice(words) for _ in range(400))
        title_says_so(text, vocabulary())
        text_says_so(text, vocabulary())
    for word in words:
        title_says_so(f"{word} " * 1000, vocabulary())
        title_says_so(word * 1000, vocabulary())
    assert time.process_time() - started < 60


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("de", "Abgesagt"),
        ("de", "Treffen abgesagt"),
        ("de", "Plenum (fällt aus)"),
        ("de", "Kein Treffen wegen Feiertag"),
        ("de", "Das Treffen wurde abgesagt"),
        ("de", "Cancelled"),
        ("fr", "Réunion annulée"),
        ("fr", "Pas de réunion (vacances)"),
        ("es", "Reunión cancelada"),
        ("es", "No hubo reunión"),
        ("pt", "Reunião cancelada"),
        ("pt", "Não houve reunião"),
    ],
)
def test_a_cancellation_in_the_language_of_the_site(language: str, title: str) -> None:
    assert title_says_so(title, vocabulary(language))


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Treffen abgesagt"),
        ("de", "Warum die Konferenz in Oslo abgesagt wurde und was wir daraus lernen wollen"),
        ("de", "Nächstes Treffen abgesagt"),
        ("de", "Kurs abgesagt"),
        ("de", "Treffen abgesagt?"),
        ("fr", "Abonnement annulé"),
        ("fr", "La prochaine réunion est annulée"),
        ("es", "La suscripción fue cancelada"),
        ("pt", "Próxima reunião cancelada"),
    ],
)
def test_something_else_that_was_canceled_in_another_language(language: str, title: str) -> None:
    assert not title_says_so(title, vocabulary(language))
