"""How many of the people in real lists are found, and how many found are people.

The sample was read by hand, every list of people in the notes of `CAFE_CORPUS`.
Each person is a name as it stands in the list, and a handle if a valid one is there.
Meetings without a list have nobody: neither a sign-up for a breakout room
nor the names of speakers say who signed in.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from cafe_site.notes import archive
from cafe_site.notes.reader import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# One line is one person; a name that is not followed by a handle has none.
SAMPLE = {
    "cafe/2023-11-21": "",
    "cafe/2023-10-17": "",
    "cafe/2023-09-19": "",
    "cafe/2023-07-18": "",
    "cafe/2023-06-20": "",
    "cafe/2023-05-16": "",
    "cafe/2023-04-18": "",
    "cafe/2023-03-21": "",
    "cafe/2024-11-19": """
        Min @minrk
        Samuel @sgaist
        Simon @manics
        Jonah @jduckles
        Dan @dsholler
        Erik @consideRatio
        Sarah @sgibson91
        Yuvi @yuvipanda
        Beth @bduckles
        """,
    "cafe/2024-10-15": "",
    "cafe/2024-09-17": """
        Min @minrk
        Samuel Gaist @sgaist
        Sarah Gibson @sgibson91
        Erik Sundell @consideratio
        Arnim Bleier @arnim
        Dan Sholler @dsholler
        shane knapp @shaneknapp
        Kirstie Whitaker @KirstieJane
        Raniere Silva @rgaiacs
        """,
    "cafe/2024-08-20": """
        Sarah Gibson
        Min @minrk
        Erik @consideratio
        """,
    "cafe/2024-07-17": """
        Sarah Gibson @sgibson91
        Diogo Castro @diocas
        Simon Li @manics
        Samuel Gaist @sgaist
        Min RK @minrk
        """,
    "cafe/2024-06": "",
    "cafe/2024-05-22": """
        Sarah @sgibson91
        Min @minrk
        Erik @consideratio
        Simon @manics
        Blessing @bl-aire
        Samuel @sgaist
        Shaun @qcaas-nhs-sjt
        """,
    "cafe/2024-04": "",
    "cafe/2024-03-19": """
        Min @minrk
        Sarah Gibson @sgibson91
        Mike Krassowski @krassowski
        Erik @consideratio
        """,
    "cafe/2024-02-20": """
        Min @minrk
        Sarah @sgibson91
        Samuel @sgaist
        Kirstie @KirstieJane
        Simon @manics
        Steve @stevejpurves
        """,
    "cafe/2024-01-16": """
        Min @minrk
        Samuel @sgaist
        Simon @manics
        Raniere @rgaiacs
        Erik @consideRatio
        """,
    "team/2018-01-04": "",
    "team/2018-02-08": """
        Tim @betatim
        J Forde @jzf2101
        Carol @willingc
        Erik Sundell @consideRatio
        Chris H @choldgraf
        M Pacer @mpacer
        """,
    "team/2019-06-19": """
        Tim @betatim
        Sarah @sgibson91
        John @johnjarmitage
        Arnim @arnim
        David @davidrpugh
        Erik @consideratio
        Kirstie @KirstieJane
        Min @minrk
        Yuvi @yuvipanda
        """,
    "team/2019-08-15": """
        Tim Head @betatim
        Sarah Gibson @sgibson91
        Carol Willing @willingc
        """,
    "team/2020-05-21": """
        Sarah @sgibson91
        Simon @manics
        Tim @betatim
        Erik @consideRatio
        Dan Lester @danlester
        Richard Darst @rkdarst
        Chico Venancio @chicocvenancio
        Wayne Decatur @fomightez
        Chris Holdgraf @choldgraf
        Min RK @minrk
        Arnim @arnim
        """,
    "team/2021-06-17": """
        Sarah Gibson @sgibson91
        Simon Li @manics
        Tim Head @betatim
        Min Ragan-Kelley @minrk
        Callum Mole @callummole
        Ivana @IvanaH8
        Isabela Presedo-Floyd @isabela-pf
        Samuel Gaist @sgaist
        Mridul @MridulS
        Yuvi @yuvipanda
        Omar @0mar
        """,
    "team/2022-04-21": """
        Simon Li @manics
        Tim Head @betatim
        Luke Hare @lukehare
        Mridul Seth @MridulS
        """,
    # The last one is in a second list, of people who are new; another newcomer is in both,
    # with the full name in the second.
    "team/2023-01-17": """
        Min @minrk
        Blessing @bl-aire
        Sarah @sgibson91
        Erik @consideRatio
        Simon @manics
        Eskild @iameskild
        Wayne @fomightez
        Yuvi @yuvipanda
        Sheila Kahwai @Sheila-nk
        Morgan Radic
        """,
    "hpc/2020-11-04": """
        Rollin @rcthomas
        Shreyas Cholia @shreddd
        Zach Price
        Mike Milligan @mbmilligan
        Kevin Paul @kmpaul
        Félix-Antoine Fortin @cmd-ntrf
        Jeffrey Miller @millerjl1701
        Ryan Prout
        Spencer Ward
        """,
    # What the second one gives for a handle has a dot in it, so it is none of GitHub's.
    "hpc/2021-11-03": """
        Min RK @minrk
        Jens Henrik Göbbert
        Zach Price
        Shreyas Cholia @shreddd
        Richard Darst @rkdarst
        Michael Milligan @mbmilligan
        Félix-Antoine Fortin @cmd-ntrf
        Simon Li @manics
        """,
    "hpc/2022-01-05": """
        Rollin Thomas @rcthomas
        Michael Milligan @mbmilligan
        Zach Price
        Eskild Eriksen @iameskild
        """,
    "hpc/2023-04-05": """
        Rollin Thomas @rcthomas
        Mridul Seth @MridulS
        Michael Milligan @mbmilligan
        Félix-Antoine Fortin @cmd-ntrf
        """,
    "hpc/2023-06-07": """
        Rollin Thomas @rcthomas
        Ryan Lovett @ryanlovett
        Michael Milligan @mbmilligan
        Mridul Seth @MridulS
        Cory Sherman @cccsss01
        Rick Wagner @rpwagner
        Kellen Leland @kellenrl
        Mike Whitney
        """,
}


def by_hand() -> Counter[tuple[str, str, str | None]]:
    """Return the sample as meeting, name and handle."""
    result: Counter[tuple[str, str, str | None]] = Counter()
    for meeting, people in SAMPLE.items():
        for line in people.strip().splitlines():
            name, _, handle = line.strip().partition(" @")
            result[meeting, name, handle or None] += 1
    return result


def by_code(corpus: Path) -> tuple[Counter[tuple[str, str, str | None]], int]:
    """Return whom the reader finds, and in how many meetings it looked."""
    result: Counter[tuple[str, str, str | None]] = Counter()
    count = 0
    for path in sorted(corpus.glob("*/*.md")):
        date, text = path.stem.removesuffix("_report"), path.read_text(encoding="utf-8")
        if path.parent.name != "cafe":
            text = f"## {date}\n\n{text}"
        for meeting in read(text, int(date[:4])).meetings:
            count += 1
            for person in meeting.attendees:
                result[f"{path.parent.name}/{meeting.id}", person.name, person.handle] += 1
    return result, count


@pytest.fixture
def sample(corpus: Path, figure: Callable[[str], None]) -> tuple[Counter, Counter]:
    """Return who is in the lists and who was found, and say how well the two agree."""
    expected = by_hand()
    found, count = by_code(corpus)
    assert count == len(SAMPLE) >= 20
    true = (expected & found).total()
    figure(
        f"people: precision {true / found.total():.3f}, recall {true / expected.total():.3f} "
        f"over {expected.total()} people in {count} meetings"
    )
    return expected, found


def test_the_people_of_real_lists_are_found(sample) -> None:
    expected, found = sample
    true = (expected & found).total()
    assert true / found.total() >= 0.98, found - expected
    assert true / expected.total() >= 0.98, expected - found


def test_nobody_is_missed_or_invented(corpus: Path) -> None:
    expected, (found, _) = by_hand(), by_code(corpus)
    assert found == expected


def test_the_people_of_four_years_are_as_many_as_they_are(
    corpus: Path, archives: Path, figure: Callable[[str], None]
) -> None:
    files = [*sorted((corpus / "cafe").glob("*.md")), archives / "cafe" / "2025.md"]
    meetings = [
        (path.stem, meeting)
        for path in files
        for meeting in read(path.read_text(encoding="utf-8"), int(path.stem)).meetings
    ]
    found = {person.name: person.handle for person in archive.people(meetings)}
    figure(f"people of {len(meetings)} meetings as separate persons: {len(found)}")
    first = {name.split()[0] for name in found}
    # Two of one first name have two handles; all others are one.
    twice = [name for name in first if sum(other.split()[0] == name for other in found) > 1]
    assert twice == []
