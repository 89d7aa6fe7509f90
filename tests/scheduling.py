"""Which tests one worker runs together."""

from xdist.scheduler import LoadGroupScheduling

BROWSER = "tests/browser/"


class OneBrowser(LoadGroupScheduling):
    """All tests of the browser go to one worker, so that there is one installation and one Chromium.

    A group's mark alone does not do: xdist writes it into a test's id, and pytest's ids since 9.2 cannot be written to.
    """

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else super()._split_scope(nodeid)
