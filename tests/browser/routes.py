"""Where each page of the route table is looked at; a route without a line here fails."""

from collections.abc import Callable, Mapping
from uuid import uuid4

from playwright.sync_api import Page

from tests.browser.site import Site

Address = Callable[[Page, Site, str], str]
"""Leads a signed-in browser to a page in a language; the address to open, or empty where it is there already."""

KINDS_OF_THINGS = (
    "departments", "teams", "services", "categories", "customers", "suppliers", "canned-replies", "articles", "outages",
)  # fmt: skip


def in_language(path: str, language: str) -> str:
    """Citizens' pages say the language in their path, the others are asked for it."""
    if path.startswith(("/el", "/en")):
        return f"/{language}{path[3:]}"
    return f"{path}{'&' if '?' in path else '?'}language={language}"


def plain(path: str) -> Address:
    """A page without arguments."""
    return lambda page, site, language: in_language(path, language)


def linked(path: str, link: str) -> Address:
    """The first page that this one links to by such an address."""

    def address(page: Page, site: Site, language: str) -> str:
        page.goto(in_language(path, language))
        found = page.locator(f"main a[href*='{link}']:not([href*='/new'])").first.get_attribute("href")
        assert found is not None
        return in_language(found.split("?")[0], language)

    return address


def ticket(page: Page, site: Site, language: str) -> str:
    """A ticket with a story."""
    return in_language(f"/desk/tickets/{_told(site)}", language)


def _told(site: Site) -> str:
    """The number of a ticket that was answered."""
    items = site.api("GET", "/tickets?limit=50")["items"]
    return str(next((item for item in items if item["first_response_at"]), items[0])["number"])


def declared(page: Page, site: Site, language: str) -> str:
    """The form that declares a ticket a major incident."""
    return in_language(f"/desk/tickets/{_told(site)}/major", language)


def monitored(page: Page, site: Site, language: str) -> str:
    """The account of a monitoring system that was just added."""
    page.goto(in_language("/admin/monitoring", language))
    page.fill("#name", f"Prometheus {uuid4().hex[:4]}")
    page.click("main form.admin-form button")
    page.wait_for_selector("code")
    return linked("/admin/monitoring", "/admin/monitoring/")(page, site, language)


def ledger(page: Page, site: Site, language: str) -> str:
    """The ledger of that ticket."""
    return in_language(f"/desk/tickets/{_told(site)}/ledger", language)


def told(page: Page, site: Site, language: str) -> str:
    """What people were told about that ticket."""
    return in_language(f"/desk/tickets/{_told(site)}/told", language)


def sent(page: Page, site: Site, language: str) -> str:
    """What is seen after a form was sent: the browser may follow that request from now on."""
    page.goto(f"/{language}/ask/other")
    if "/ask/other" not in page.url or page.locator("#subject").count() == 0:
        page.goto(linked("/en/ask", "/ask/")(page, site, language))
    page.fill("#subject", f"Παγκάκι {uuid4().hex[:6]}")
    page.fill("#description", "Λείπουν δύο σανίδες.")
    page.fill("#name", "Άννα Ιωάννου")
    page.click("form[data-autosave] button.govuk-button >> nth=0")
    page.wait_for_selector(".govuk-panel")
    return ""


def followed(page: Page, site: Site, language: str) -> str:
    """The page of a request that was just sent."""
    sent(page, site, language)
    page.click("a.govuk-button")
    page.wait_for_selector(".timeline")
    return ""


def _application(site: Site) -> str:
    """A ticket that is an application by law: it has a number of the protocol."""
    services = site.api("GET", "/services?limit=100")["items"]
    service = next(item["key"] for item in services if item["application"])
    given = {"subject": "Πιστοποιητικό", "text": "Για σχολείο.", "service": service, "requester": {"name": "Άννα"}}
    return str(site.api("POST", "/tickets", given)["number"])


def receipt(page: Page, site: Site, language: str) -> str:
    """The receipt of an application, for the counter."""
    return in_language(f"/desk/tickets/{_application(site)}/receipt", language)


def receipt_of_mine(page: Page, site: Site, language: str) -> str:
    """The receipt of an application that was sent by the form of its service."""
    services = site.api("GET", "/services?limit=100")["items"]
    page.goto(f"/{language}/ask/{next(item['key'] for item in services if item['application'])}")
    for box in page.locator("form[data-autosave] :is(input[type='text'], textarea):visible").all():
        box.fill("Πιστοποιητικό")
    for choice in page.locator("form[data-autosave] select").all():
        choice.select_option(index=1)
    page.click("form[data-autosave] button.govuk-button >> nth=0")
    page.wait_for_selector(".govuk-panel")
    return str(page.locator("a[href$='/receipt']").first.get_attribute("href"))


def settled(answer: str) -> Address:
    """The question that a letter's link leads to, of a request that was just sent and resolved."""

    def address(page: Page, site: Site, language: str) -> str:
        followed(page, site, language)
        number = page.url.split("/requests/")[1].split("?")[0]
        site.api("POST", f"/tickets/{number}/actions/resolve", {"code": "solved", "text": "Οι σανίδες μπήκαν."})
        return f"/{language}/requests/{number}/{answer}"

    return address


def saved(page: Page, site: Site, language: str) -> str:
    """What is seen after a form was saved for later."""
    page.goto(linked("/en/ask", "/ask/")(page, site, language))
    page.fill("#subject", "Για αργότερα")
    page.click("button[formaction]")
    page.wait_for_selector(".resume")
    return ""


def letter(page: Page, site: Site, language: str) -> str:
    """A letter in the sink: the answer to a request that was just made."""
    asked = {"name": "Anna", "email": f"anna-{uuid4().hex[:8]}@example.org"}
    site.api("POST", "/tickets", {"subject": "Bench", "text": "A board is missing.", "requester": asked})
    page.goto("/admin/mail-sink")
    for _ in range(40):
        if page.get_by_text(asked["email"]).count():
            break
        page.wait_for_timeout(500)
        page.reload()
    return linked("/admin/mail-sink", "/admin/mail-sink/")(page, site, language)


def rules(kind: str, further: str = "") -> Address:
    """The first version of a kind in the rulebook, or a page below it."""

    def address(page: Page, site: Site, language: str) -> str:
        page.goto(in_language("/admin/rulebook", language))
        part = page.locator(f"section[aria-labelledby='kind-{kind}'] tbody a").first
        found = part.get_attribute("href")
        assert found is not None
        return in_language(f"{found}{further}", language)

    return address


def trial(page: Page, site: Site, language: str) -> str:
    """The page of a trial of the promises in force that has ended."""
    page.goto(rules("policy", "/try")(page, site, "en"))
    page.click("button[value='past']")
    page.wait_for_url("**/rulebook/runs/*")
    page.wait_for_selector("#kept", timeout=150_000)
    return in_language("/admin" + page.url.partition("/admin")[2].partition("?")[0], language)


def routing_trial(page: Page, site: Site, language: str) -> str:
    """The page of routing rules tried on past requests."""
    page.goto(rules("ruleset", "/try-routing")(page, site, "en"))
    page.click("button[value='past']")
    page.wait_for_url("**/routing-trials/*")
    page.wait_for_selector("[data-ended]", timeout=150_000)
    return in_language("/admin" + page.url.partition("/admin")[2].partition("?")[0], language)


CASES: Mapping[str, tuple[Address, ...]] = {
    "portal.home": (plain("/el/"),),
    "portal.ask": (plain("/el/ask"),),
    "portal.ask_form": (linked("/el/ask", "/ask/"),),
    "portal.ask_saved": (saved,),
    "portal.contact": (plain("/el/contact"),),
    "portal.help": (plain("/el/help"),),
    "portal.help_article": (linked("/el/help", "/help/"),),
    "portal.privacy": (plain("/el/privacy"),),
    "portal.accessibility": (plain("/el/accessibility"),),
    "portal.track": (plain("/el/track"),),
    "portal.track_list": (plain("/el/requests"),),
    "portal.track_received": (sent,),
    "portal.track_request": (followed,),
    "portal.track_receipt": (receipt_of_mine,),
    "portal.track_ask_confirm": (settled("confirm"),),
    "portal.track_ask_reject": (settled("reject"),),
    "stats.figures": (plain("/stats"),),
    "auth.sign_in": (plain("/auth/sign-in"),),
    "auth.forgotten": (plain("/auth/forgotten"),),
    "auth.new_password": (plain("/auth/new-password/an-old-link"),),
    "auth.account": (plain("/auth/account"),),
    "desk.queue": (plain("/desk"), plain("/desk?view=all"), plain("/desk?q=zzzzzz")),
    "desk.new": (plain("/desk/new"),),
    "desk.ticket": (ticket,),
    "desk.ledger": (ledger,),
    "desk.priorities": (plain("/desk/priorities"),),
    "desk.receipt": (receipt,),
    "desk.told": (told,),
    "desk.moves": (plain("/desk/moves"),),
    "desk.absences_page": (plain("/desk/absences"),),
    "desk.approvals": (plain("/desk/approvals"),),
    "desk.problem_list": (plain("/desk/problems"), plain("/desk/problems?view=review")),
    "desk.problem": (linked("/desk/problems", "/desk/problems/"),),
    "desk.new_problem": (plain("/desk/problems/new"),),
    "desk.presence_page": (plain("/desk/presence"),),
    "desk.major": (linked("/supervise/majors", "/major"), declared),
    "desk.major_review": (linked("/supervise/majors", "/major/review"),),
    "supervise.majors_list": (plain("/supervise/majors"),),
    "supervise.figures": (plain("/supervise"),),
    "supervise.figure": (linked("/supervise", "/supervise/figures/"),),
    "supervise.now_board": (plain("/supervise/board"),),
    "supervise.risk": (plain("/supervise/risk"),),
    "supervise.routing_report": (plain("/supervise/routing"),),
    "supervise.waiting_list": (plain("/supervise/waiting"),),
    "supervise.escalation_report": (plain("/supervise/escalation-report"),),
    "supervise.models_report": (plain("/supervise/models"),),
    "supervise.waiting_report": (plain("/supervise/waiting-report"),),
    "supervise.post": (plain("/supervise/post"),),
    "supervise.held_post": (plain("/supervise/post/held"),),
    "supervise.raw_post": (linked("/supervise/post", "/supervise/post/"),),
    "admin.overview": (plain("/admin"),),
    "admin.log": (plain("/admin/log"),),
    "admin.settings": (plain("/admin/settings"),),
    "admin.assignments": (plain("/admin/assignment"),),
    "admin.department_assignment": (linked("/admin/assignment", "/admin/assignment/"),),
    "admin.things": tuple(plain(f"/admin/{kind}") for kind in KINDS_OF_THINGS),
    "admin.thing": tuple(linked(f"/admin/{kind}", f"/admin/{kind}/") for kind in KINDS_OF_THINGS[:3]),
    "admin.new_thing": tuple(plain(f"/admin/{kind}/new") for kind in KINDS_OF_THINGS),
    "admin.people": (plain("/admin/people"),),
    "admin.person": (linked("/admin/people", "/admin/people/"),),
    "admin.escalation": (plain("/admin/escalation"),),
    "admin.department_duties": (linked("/admin/escalation", "/admin/escalation/"),),
    "admin.new_person": (plain("/admin/people/new"),),
    "admin.monitoring": (plain("/admin/monitoring"),),
    "admin.monitoring_account": (monitored,),
    "admin.mail_accounts": (plain("/admin/mail-accounts"),),
    "admin.senders": (plain("/admin/senders"),),
    "admin.mail_account": (linked("/admin/mail-accounts", "/admin/mail-accounts/"),),
    "admin.new_mail_account": (plain("/admin/mail-accounts/new"),),
    "admin.mail_sink": (plain("/admin/mail-sink"),),
    "admin.fallen_letter": (letter,),
    "admin.rulebook_": (plain("/admin/rulebook"),),
    "admin.rulebook_version": tuple(rules(kind) for kind in ("calendar", "matrix", "policy", "ruleset")),
    "admin.edit_version": tuple(rules(kind, "/edit") for kind in ("calendar", "matrix", "policy", "ruleset")),
    "admin.new_rules": (plain("/admin/rulebook/new/calendar"), plain("/admin/rulebook/new/policy?kind=ola")),
    "admin.agreements_": (plain("/admin/agreements"),),
    "admin.special_days": (rules("calendar", "/special-days"),),
    "admin.try_version": (rules("policy", "/try"), rules("calendar", "/try")),
    "admin.trial": (trial,),
    "admin.try_routing": (rules("ruleset", "/try-routing"),),
    "admin.routing_trial": (routing_trial,),
    "admin.verification": (plain("/admin/verification"),),
}

NOT_PAGES: Mapping[str, str] = {
    "static": "files",
    "api.describe": "JSON",
    "stats.as_csv": "CSV",
    "stats.as_json": "JSON",
    "desk.rows": "a part of the queue",
    "desk.updates": "JSON",
    "desk.receipt_pdf": "a document",
    "portal.track_receipt_pdf": "a document",
    "desk.attachment": "a file",
    "desk.major_review_pdf": "a file",
    "desk.as_sent": "somebody's mail with its own look, on a page of its own",
    "portal.track_file": "a file",
    "files.signed": "a file",
    "live.live_stream": "a stream",
    "desk.presence_bar": "a part of the bar",
    "supervise.board_rows": "a part of the board",
    "supervise.raw_file": "a file",
    "supervise.waiting_csv": "CSV",
    "supervise.waiting_json": "JSON",
    "admin.trial_progress": "a part of a trial",
    "admin.application_progress": "a part of an application",
    "admin.verification_progress": "a part of a verification",
    "admin.trial_csv": "CSV",
    "admin.application": "what came of applying; tests/web looks at it",
    "admin.agreement": "leads to the version that holds",
    "admin.letter_page": "somebody's letter, in a frame of its own",
    "auth.first": "over in a demo; the empty start's journey looks at it",
    "doors.front": "leads to the reader's language",
    "doors.enter": "leads to the reader's language",
}
