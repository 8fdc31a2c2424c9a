"""How the town's people and its staff put things: sentences drawn from templates of our own.

A report is an opener, what is the matter and a closer; a grid worker writes shorter than a resident speaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from doudi.engine.matters.calling_back import Satisfaction
from doudi.web.demo.names import read
from doudi.web.demo.places import Place

TOPIC_FILES = ("streets", "homes", "town")


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """Something people report: the kind it is (empty: nobody can tell), where it happens, how it is said and remedied.

    ``weights`` say how often it comes by each channel.
    """

    kind: str
    remedy: str
    weights: Mapping[str, float]
    at: tuple[str, ...]
    patrol: tuple[str, ...]
    said: tuple[str, ...]
    nowhere: tuple[str, ...]

    def fits(self, unit_type: str) -> bool:
        """Whether it happens at places of this type; ``shop`` stands for every sort of shop."""
        return unit_type in self.at or unit_type.split(".")[0] in self.at


def topics() -> tuple[Topic, ...]:
    return tuple(
        Topic(
            row["kind"],
            row["remedy"],
            row["weights"],
            tuple(row["at"]),
            tuple(row.get("patrol", ())),
            tuple(row["said"]),
            tuple(row.get("nowhere", ())),
        )
        for name in TOPIC_FILES
        for row in read(f"topics/{name}")
    )


class Speaker:
    """Draws sentences; the same seed and the same questions give the same sentences."""

    def __init__(self, chance: Random, town_name: str) -> None:
        self._chance = chance
        self._town_name = town_name
        self._speech = read("speech")

    def reported(self, topic: Topic, channel: str, place: Place | None) -> str:
        """What a resident says by ``channel``."""
        said = topic.said if place or not topic.nowhere else topic.nowhere
        opener, closer = self._one(self._speech["openers"][channel]), self._one(self._speech["closers"][channel])
        body = self._filled(opener + self._one(said), place)
        return f"{body}。{closer}" if channel != "scan" or closer else body

    def also(self, topic: Topic, place: Place | None) -> str:
        """The second thing that a resident asks in the same breath."""
        return f"{self._one(self._speech['also'])}{self._filled(self._one(topic.said), place)}。"

    def patrolled(self, topic: Topic, place: Place) -> str:
        """What a grid worker notes on the round."""
        speech = self._speech
        found = self._one(topic.patrol or topic.said)
        return self._one(speech["patrol"]) + self._filled(found, place) + self._one(speech["patrol_ends"])

    def done(self, remedy: str) -> str:
        """How the work was done, as the holder writes it."""
        return self._filled(self._one(self._speech["done"][remedy]), None)

    def reply(self, remedy: str, topic: str, office: str, day: str, done: str) -> str:
        """The answer to the reporter."""
        template = self._one(self._speech["replies"]["explained" if remedy == "explain" else "solved"])
        return template.format(topic=topic or "相关", office=office, day=day, done=done)

    def satisfaction(self, asked: Satisfaction) -> dict[str, str]:
        """What somebody who is rung up answers: mostly the best of each question's words."""
        return {
            question: self._chance.choices(words, [8, *[1] * (len(words) - 1)])[0]
            for question, words in asked.questions.items()
        }

    def any_of(self, what: str) -> str:
        """One of the sentences listed under ``what`` in ``speech.yaml``."""
        return self._one(self._speech[what])

    def beside(self, evidence: str) -> str:
        """A text that the kind wants beside what was done; without chance, so that towns stay as they were."""
        return str(self._speech["beside"].get(evidence, "见处置经过。"))

    def _one(self, sentences: list[str] | tuple[str, ...]) -> str:
        return str(self._chance.choice(sentences) or "")

    def _filled(self, template: str, place: Place | None) -> str:
        where = self._where(place, beside_its_name="{shop}" in template) if place else "家附近"
        return template.format(
            place=where,
            shop=place.name if place else "那家店",
            compound=self._chance.choice(read("names")["compound_words"]) + "苑",
            village=place.village if place else "镇上",
            road=place.road if place else "那条路",
            count=self._chance.randint(2, 6),
            days=self._chance.randint(2, 9),
            hour=self._chance.choice([7, 8, 9, 10, 11]),
            early=self._chance.choice([5, 6, 7]),
        )

    def _where(self, place: Place, *, beside_its_name: bool) -> str:
        """A place as people name it: by its name, its address, or what is near."""
        address = place.address.removeprefix(self._town_name)
        if beside_its_name:
            return address
        if place.type in ("road_section", "road_red_line"):
            number = self._chance.randrange(3, 600)
            return self._chance.choice(
                [f"{place.road}{number}号附近", f"{place.road}{number}号门口", f"{place.road}上"]
            )
        if place.type.startswith("shop") or place.type in ("courier_station", "market_stall", "entertainment_venue"):
            return self._chance.choice([address, f"{address}{place.name}", f"{place.name}门口"])
        if place.type == "compound":
            return self._chance.choice(
                [place.name, place.name, f"{place.name}{self._chance.randrange(1, 40)}号楼", address]
            )
        return self._chance.choice([place.name, place.name, address])
