"""Many tickets hit one service within minutes: proposed, declared, everybody told once, resolved, reviewed, closed."""

import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.site import Site

Visit = Callable[..., Page]
SOON = 30_000
TITLE = {"el": "Έπεσαν δέντρα σε πολλούς δρόμους", "en": "Trees are down in many streets"}
NEWS = {"el": "Τα συνεργεία ανοίγουν τους δρόμους.", "en": "The crews are clearing the streets."}
END = {"el": "Οι δρόμοι είναι ανοιχτοί.", "en": "The streets are open."}


def reported(site: Site, times: int) -> list[str]:
    """So many people report the same within a minute, the last of them in English; two tickets are one person's.

    About a service that no other test reports on: one proposal about it may stand.
    """
    service, mark = "tree-danger", uuid4().hex[:8]
    numbers = []
    for at in range(times):
        person = {"name": f"Πολίτης {at}", "email": f"j7-{mark}-{max(at, 1)}@example.org"}
        body = {
            "subject": f"Έπεσε δέντρο {mark} {at}", "text": "Έκλεισε ο δρόμος.", "service": service, "type": "incident",
            "language": "en" if at == times - 1 else "el", "requester": person,
        }  # fmt: skip
        numbers.append(str(site.api("POST", "/tickets", body)["number"]))
    return numbers


def fill_both(page: Page, name: str, texts: dict[str, str]) -> None:
    for language, text in texts.items():
        page.fill(f"#{name}_{language}", text)


def letters(site: Site, number: str) -> list[str]:
    """What citizens read on a ticket that a person wrote."""
    items = site.api("GET", f"/tickets/{number}/messages?limit=50")["items"]
    return [one["text"] for one in items if one["direction"] == "outbound" and not one["automatic"]]


def carries_letter(site: Site, number: str) -> bool:
    """Whether what was told everybody went out by mail from that ticket, too."""
    items = site.api("GET", f"/tickets/{number}/messages?limit=50")["items"]
    return any(one["delivery"] for one in items if one["direction"] == "outbound" and not one["automatic"])


def test_a_major_incident_from_the_proposal_to_the_closed_ticket(visit: Visit, site: Site) -> None:
    numbers = reported(site, 6)
    boss = visit(role="administrator")
    boss.goto("/supervise/board?language=en")
    proposal = boss.locator(".gravest.proposed", has_text=re.compile("|".join(numbers)))
    expect(proposal).to_have_count(1)
    expect(boss.locator(".gravest.lasting")).to_have_count(0)
    proposal.get_by_role("link", name="Look and declare").click()

    parent = re.search(r"/tickets/(\d+)/", boss.url)
    assert parent is not None
    fill_both(boss, "title", TITLE)
    fill_both(boss, "summary", {"el": "Το ψάχνουμε.", "en": "We are looking into it."})
    boss.get_by_role("button", name="Declare it a major incident").click()
    expect(boss.locator("h1")).to_have_text(TITLE["en"])
    expect(boss.locator(".badge.lasting")).to_be_visible()

    citizen = visit()
    citizen.goto("/el/")
    expect(citizen.locator("body")).to_contain_text(TITLE["el"])
    assert TITLE["en"] in [one["title"] for one in site.api("GET", "/announcements?language=en")["items"]]
    agent = visit(role="administrator")
    agent.goto("/desk?view=all&language=en")
    expect(agent.locator("[id^=t1]").first).to_have_attribute("id", f"t{parent[1]}")

    fill_both(boss, "text", NEWS)
    boss.get_by_role("button", name="Tell everybody").click()
    expect(boss.locator(".told")).to_contain_text(NEWS["en"])
    others = [number for number in numbers if number != parent[1]]
    _wait(boss, lambda: all(len(letters(site, number)) == 1 for number in numbers))
    assert letters(site, numbers[-1]) == [NEWS["en"]]
    assert letters(site, numbers[0]) == [NEWS["el"]]
    assert sum(carries_letter(site, number) for number in numbers[:2]) == 1  # one person sent both

    boss.goto(f"/desk/tickets/{parent[1]}/major?language=en")
    boss.locator("details.end > summary").click()
    fill_both(boss, "end", END)
    boss.get_by_role("button", name="Resolve it with all that is linked").click()
    expect(boss.locator(".badge.over")).to_be_visible()
    _wait(boss, lambda: all(site.api("GET", f"/tickets/{one}")["status"] == "resolved" for one in others))
    citizen.goto("/el/")
    expect(citizen.locator("body")).not_to_contain_text(TITLE["el"])

    boss.goto(f"/desk/tickets/{parent[1]}?language=en")
    expect(boss.locator(".gravest")).to_contain_text("its review is missing")
    boss.get_by_role("link", name="Open the major incident").click()
    boss.get_by_role("link", name="Write the review").click()
    for name, words in (("cause", "A storm."), ("went_well", "Quick."), ("went_badly", "One crane only.")):
        boss.fill(f"#{name}", words)
    boss.locator("[name=action-0-text]").fill("Hire a second crane")
    boss.locator("[name=action-0-owner_id]").select_option(index=1)
    boss.locator("[name=action-0-due_on]").fill("2027-01-15")
    boss.get_by_role("button", name="Save the review").click()
    expect(boss.locator(".badge.reviewed")).to_be_visible()
    expect(boss.locator("main")).to_contain_text("Hire a second crane")
    document = boss.context.request.get(boss.get_by_role("link", name="As a PDF").get_attribute("href") or "")
    assert document.ok and document.body().startswith(b"%PDF-")
    site.api("POST", f"/tickets/{parent[1]}/actions/close", {})
    assert site.api("GET", f"/tickets/{parent[1]}")["status"] == "closed"


def _wait(page: Page, holds: Callable[[], bool]) -> None:
    for _ in range(SOON // 500):
        if holds():
            return
        page.wait_for_timeout(500)
    raise AssertionError("it never came to be so")
