"""Where each page of the route table is looked at; a route without a line here fails."""

from collections.abc import Callable, Mapping

from tests.browser.site import Site

Address = Callable[[Site, str], str]


def plain(path: str) -> Address:
    """A page without arguments; citizens' pages say the language first, the others ask for it."""

    def address(site: Site, language: str) -> str:
        return path.replace("{language}", language) if "{language}" in path else f"{path}?language={language}"

    return address


CASES: Mapping[str, Address] = {
    "auth.sign_in": plain("/auth/sign-in"),
    "auth.forgotten": plain("/auth/forgotten"),
    "desk.queue": plain("/desk"),
    "portal.home": plain("/{language}/"),
}

NOT_PAGES: Mapping[str, str] = {
    "static": "files",
    "api.describe": "JSON",
    "desk.rows": "a part of the queue",
    "desk.updates": "JSON",
    "live.live_stream": "a stream",
    "doors.front": "leads to the reader's language",
    "doors.enter": "leads to the reader's language",
}
