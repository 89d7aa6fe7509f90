"""The articles and the graded questions: what they are, and a body that has the articles."""

import csv
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpdesk.permissions import SYSTEM
from helpdesk.services import catalogue, handbook
from helpdesk.services.demo import departments, offers, shelf
from helpdesk.services.demo.phrasings import PHRASINGS
from tests import builders

HERE = Path(__file__).parent
DEMO = Path(shelf.__file__).with_name("articles")


@dataclass(frozen=True)
class Question:
    """A graded question.

    ``view``: ``near`` the articles' wording or with a slip of it (``typo``); ``own`` where it was written without it,
    and ``fresh`` the same, later, by titles alone, after the retriever was there.
    """

    kind: str
    language: str
    view: str
    expected: str
    text: str

    @property
    def held_back(self) -> bool:
        """Whether it is of the half that nothing was tuned on: by a digest of its text, so that nobody chose."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 1


def questions(*kinds: str, held_back: bool | None = None) -> list[Question]:
    """The graded questions of some kinds, of one half or of both."""
    with (HERE / "questions.tsv").open(encoding="utf-8", newline="") as file:
        rows = [
            Question(row["kind"], row["language"], row["view"], row["expected"], row["question"])
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]
    return [one for one in rows if one.kind in kinds and held_back in (None, one.held_back)]


def fill() -> Mapping[int, str]:
    """A body with the demo's departments and services and all the articles; the articles' keys by id."""
    houses = {
        one["key"]: builders.a_department(key=one["key"], names=one["names"]).id for one in departments.DEPARTMENTS
    }
    for one in offers.SERVICES:
        wanted = {name: one[name] for name in ("key", "names", "descriptions")}
        place = houses[one["department"]]
        builders.a_service(**wanted, department_id=place, fields=one.get("fields", []), type=one.get("type", "request"))
    return {_kept(**given): key for key, given in _articles(houses)}


def tend(keys: Mapping[int, str]) -> None:
    """Leaves the demo's articles only, with the other ways to ask for them that the demo has."""
    for id_, key in keys.items():
        row, ways = handbook.find("article", id_), PHRASINGS.get(key, {})
        assert row is not None
        told = {name: getattr(row, name) for name in ("titles", "bodies", "department_id", "service_id")}
        handbook.save(SYSTEM, "article", id_, builders.NOON, phrasings=ways, published=key in PHRASINGS, **told)


def _articles(houses: Mapping[str, int]) -> Iterable[tuple[str, dict[str, Any]]]:
    for key, about in shelf.ABOUT.items():
        told = {code: (DEMO / f"{key}.{code}.md").read_text(encoding="utf-8") for code in ("el", "en")}
        parts = {code: text.removeprefix("# ").split("\n", 1) for code, text in told.items()}
        service = catalogue.service(about) if about else None
        yield (
            key,
            {
                "titles": {code: title for code, (title, _) in parts.items()},
                "bodies": {code: body.strip() for code, (_, body) in parts.items()},
                "service_id": service.id if service else None,
                "department_id": service.department_id if service else None,
            },
        )
    for key, one in tomllib.loads((HERE / "articles.toml").read_text(encoding="utf-8")).items():
        titles, bodies = {"el": one["el_title"], "en": one["en_title"]}, {"el": one["el"], "en": one["en"]}
        yield key, {"titles": titles, "bodies": bodies, "department_id": houses[one["department"]], "service_id": None}


def _kept(**given: Any) -> int:
    return handbook.save(SYSTEM, "article", None, builders.NOON, published=True, **given)
