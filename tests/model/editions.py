"""What changes around the matters: a version of the rules that says what waits for a helper, and sheets that are loaded."""

from __future__ import annotations

from hypothesis.stateful import precondition, rule

from doudi.web.areas.models import Area
from doudi.web.areas.services import NewArea, save_areas
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.matters import services as matters
from doudi.web.matters.services.bonding import Adopted
from doudi.web.people.models import Post
from doudi.web.people.services import NewPost, save_posts
from doudi.web.rulebook.models import Version
from tests.model import beliefs
from tests.model.beliefs import may
from tests.model.desk import DRAW, beside
from tests.model.disputing import Disputing
from tests.model.records import Matter
from tests.web.matters.test_bonds import next_version
from tests.web.town import EAST_GRID, FOUNDED

_NAME = frozenset({"name"})


class Editions(Disputing):
    @rule()
    @precondition(lambda self: self.busy >= 2 and self.book == 1 and len(self.matters) > 2)
    def the_town_says_what_waits_for_a_helper(self) -> None:
        """Stalls only inform the committee from now on; what was accepted goes on under the version it came under."""
        self.busy = 0

        def then(_: object) -> None:
            self.book = 2

        # Each walk is taken back, and numbers of versions with it.
        assert Version.objects.count() == 1
        self.attempt(True, _publish, then)

    @rule(draw=DRAW)
    @precondition(lambda self: self.busy >= 1 and self.book == 2)
    def the_desk_moves_open_matters_over(self, draw: int) -> None:
        name = self.someone(draw, lambda posts: may(posts, "dispatch"))
        posts = self.posts_of(name)
        moved = {
            matter.pk: bonds
            for matter in self.matters
            if matter.open and self.on(posts, "dispatch", matter) and (bonds := self._unsaid(matter))
        }

        def then(done: Adopted) -> None:
            assert (done.matters, done.supports) == (len(moved), sum(map(len, moved.values())))
            for pk, bonds in moved.items():
                matter = self.matter(pk)
                for one in matter.supports:
                    if one.until is None and one.post in bonds and one.bond == "":
                        one.bond = bonds[one.post]
                for running in matter.clocks:
                    if running.which == "support" and running.stage in bonds:
                        running.end(self.now, cancelled=True)
                matter.happened("bonds_adopted")

        self.attempt(may(posts, "dispatch"), lambda: matters.adopt_bonds(self.actor(name)), then)

    def _unsaid(self, matter: Matter) -> dict[str, str]:
        """The helpers of whom its version said nothing, with what the version in force says of them."""
        said = self.duty(matter.kind, matter.unit, matter.area, matter.accepted, book=2).bonds
        unsaid = {one.post for one in matter.supports if one.until is None and one.bond == ""}
        return {post: bond for post, bond in said.items() if post in unsaid and bond}

    @rule(draw=DRAW)
    @beside
    def a_sheet_with_few_columns_is_loaded(self, draw: int) -> None:
        """It names posts and a grid, and nothing else of them changes; no matter does."""
        self.busy = 0
        code = sorted(beliefs.POST)[draw % len(beliefs.POST)]
        name = f"{beliefs.POST[code].name}{'（改名）' * (draw % 2)}"
        before = _bare(Post, code), _bare(Area, EAST_GRID)

        def act() -> None:
            save_posts([NewPost(code, "", name, "", FOUNDED, given=_NAME)])
            save_areas([NewArea(EAST_GRID, f"东苑{draw % 3}网格", "", None, FOUNDED, given=_NAME)])

        self.attempt(True, act)
        assert (_bare(Post, code), _bare(Area, EAST_GRID)) == before, "what does not stand in the sheet has changed"
        assert Post.objects.get(pk=code).name == name
        self._somebody_answers()


@unit_of_work()
def _publish() -> None:
    made = next_version("committee.staff:informs")
    append(Fact.new("rulebook_published", f"rulebook/{made.number}", {"digest": made.digest}))


def _bare(table: type[Post] | type[Area], code: str) -> dict[str, object]:
    return {
        name: value for name, value in table._default_manager.filter(pk=code).values().get().items() if name != "name"
    }
